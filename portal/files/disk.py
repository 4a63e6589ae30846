"""Durable steps on a local disk: create, write, sync, and one meaning for a disk that is full."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from portal.files.port import FilesFull, NoSuchFile

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def errors_named() -> Iterator[None]:
    """Turn the system's errors into the port's: no room into FilesFull, no entry into NoSuchFile."""
    try:
        yield
    except FileNotFoundError as error:
        raise NoSuchFile from error
    except OSError as error:
        if error.errno in _FULL:
            raise FilesFull from error
        raise


def make_directories(path: Path) -> None:
    """Create a directory and its missing parents with mode 0700, each durable before the next is made."""
    if path.is_dir():
        return
    make_directories(path.parent)
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the entries of a directory survive a power failure."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def create(path: Path) -> int:
    """Create a file that only its owner can read and nobody can change later; return it open for writing."""
    for _ in range(8):
        make_directories(path.parent)
        # Somebody tidying up may have removed the directory in between, hence again.
        with suppress(FileNotFoundError):
            return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o400)
    raise NoSuchFile


def write_all(handle: int, piece: memoryview) -> None:
    """Write every byte of a piece; the system may take it in several turns."""
    written = os.write(handle, piece)
    while written < len(piece):
        written += os.write(handle, piece[written:])


def room(path: Path) -> int:
    """Return the bytes an ordinary user can still write on the disk that holds `path`."""
    disk = os.statvfs(path)
    return disk.f_bavail * disk.f_frsize
