"""Keep evidence bytes in a directory, addressed by their SHA-256 inside one organisation.

    root/<organisation>/ab/cd/<sha256>               the store; an entry is created once and never changed
    root/<organisation>/incoming/<upload>/<sha256>   quarantine, complete
    root/<organisation>/incoming/<upload>/.part-…    quarantine, being written or left by a crash until swept

An entry is in place only after its bytes are synced, so what a crash leaves is complete or a `.part-`.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from math import inf
from pathlib import Path
from typing import BinaryIO

from portal.files import disk
from portal.files.names import safe_filename
from portal.files.port import (
    AlreadyReceived,
    BadAddress,
    Damaged,
    Empty,
    FilesFull,
    HashMismatch,
    NoSuchFile,
    ReadableStream,
    Stored,
    Target,
)
from portal.files.pump import pump
from portal.files.signing import Signer
from portal.files.tickets import DownloadTicket, UploadTicket, seal

RESERVE = 64 << 20
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_TWO = re.compile(r"[0-9a-f]{2}", re.ASCII)
_INCOMING = "incoming"
_PART = ".part-"


class DirectoryFiles:
    """Implement the files port on a local disk.

    Bytes pass through the server itself, at `url_prefix` + a signed token. `reserve` bytes of the disk are
    left free, so that a full file store never stops the records kept beside it.
    """

    def __init__(
        self, root: Path, signer: Signer, *, url_prefix: str = "/api/files/", reserve: int = RESERVE
    ) -> None:
        self._root = Path(root)
        self._signer = signer
        self._url_prefix = url_prefix
        self._reserve = reserve

    def upload_target(
        self, organisation: str, upload: str, *, length: int, sha256: str, expires_at: int, holder: str = ""
    ) -> Target:
        """Return a signed URL of this server for one upload."""
        self._place(organisation, upload)
        ticket = UploadTicket(organisation, upload, length, _hash(sha256), holder)
        url = self._url_prefix + seal(self._signer, ticket, expires_at)
        return Target("PUT", url, expires_at, {"Content-Type": "application/octet-stream"})

    def download_target(
        self, organisation: str, sha256: str, *, filename: str, expires_at: int, holder: str = ""
    ) -> Target:
        """Return a signed URL of this server for one stored file."""
        self._path(organisation, sha256)
        ticket = DownloadTicket(organisation, sha256, safe_filename(filename), holder)
        return Target("GET", self._url_prefix + seal(self._signer, ticket, expires_at), expires_at)

    def receive(
        self, organisation: str, upload: str, stream: ReadableStream, *, length: int, sha256: str
    ) -> None:
        """Write the stream to a temporary name, sync it, and only then give it its place in quarantine."""
        place, sha256 = self._place(organisation, upload), _hash(sha256)
        if length < 1:
            raise Empty
        held = self.received(organisation, upload)
        if held and held.sha256 != sha256:
            raise AlreadyReceived
        part = place / f"{_PART}{secrets.token_hex(8)}"
        try:
            self._write(part, stream, length, sha256)
            with disk.errors_named():
                part.replace(place / sha256)
                disk.sync_directory(place)
        except BaseException:
            _remove(part)
            raise

    def received(self, organisation: str, upload: str) -> Stored | None:
        """Return the complete entry in this upload's quarantine, if any."""
        for entry in _entries(self._place(organisation, upload)):
            if _SHA256.fullmatch(entry.name):
                return Stored(organisation, entry.name, entry.stat().st_size)
        return None

    def promote(self, organisation: str, upload: str, sha256: str) -> Stored:
        """Link the received file into the store; a link is create-only and costs no second copy."""
        target = self._path(organisation, sha256)
        held = self.received(organisation, upload)
        if not held:
            raise NoSuchFile
        if held.sha256 != sha256:
            raise HashMismatch(sha256, held.sha256)
        with disk.errors_named():
            disk.make_directories(target.parent)
            with suppress(FileExistsError):
                os.link(self._place(organisation, upload) / sha256, target)
            disk.sync_directory(target.parent)
        if self.size(organisation, sha256) != held.length:
            raise Damaged(sha256)
        return held

    def discard(self, organisation: str, upload: str) -> None:
        """Remove this upload's quarantine."""
        for entry in _entries(self._place(organisation, upload)):
            _remove(Path(entry.path))

    def open(self, organisation: str, sha256: str) -> BinaryIO:
        """Open a stored file; it has a `fileno`, so that a server can send it without copying."""
        with disk.errors_named():
            return open(self._path(organisation, sha256), "rb")

    def size(self, organisation: str, sha256: str) -> int:
        """Return a stored file's length in bytes."""
        with disk.errors_named():
            return self._path(organisation, sha256).stat().st_size

    def exists(self, organisation: str, sha256: str) -> bool:
        """Tell whether the store holds this content."""
        return self._path(organisation, sha256).is_file()

    def list_hashes(self, organisation: str) -> Iterator[str]:
        """Yield the stored hashes in ascending order, one subdirectory in memory at a time."""
        home = self._home(organisation)
        for first in _names(home, _TWO):
            for second in _names(home / first, _TWO):
                yield from _names(home / first / second, _SHA256)

    def sweep(self, older_than: float) -> int:
        """Remove quarantined uploads whose directory and entries are all older than `older_than`."""
        homes = [self._root / name for name in _names(self._root, _ID)]
        places = [home / _INCOMING / name for home in homes for name in _names(home / _INCOMING, _ID)]
        stale = [place for place in places if _touched(place) < older_than]
        for place in stale:
            for entry in _entries(place):
                _remove(Path(entry.path))
            with suppress(OSError):
                place.rmdir()
        return len(stale)

    def _write(self, part: Path, stream: ReadableStream, length: int, sha256: str) -> None:
        with disk.errors_named():
            handle = disk.create(part)
        try:
            if disk.room(part.parent) < length + self._reserve:
                raise FilesFull
            arrived = pump(stream, length, lambda piece: _write_all(handle, piece))
            if arrived != sha256:
                raise HashMismatch(sha256, arrived)
            with disk.errors_named():
                os.fsync(handle)
        finally:
            os.close(handle)

    def _home(self, organisation: str) -> Path:
        if not _ID.fullmatch(organisation):
            raise BadAddress("an organisation")
        return self._root / organisation

    def _place(self, organisation: str, upload: str) -> Path:
        if not _ID.fullmatch(upload):
            raise BadAddress("an upload")
        return self._home(organisation) / _INCOMING / upload

    def _path(self, organisation: str, sha256: str) -> Path:
        digits = _hash(sha256)
        return self._home(organisation) / digits[:2] / digits[2:4] / digits


def _hash(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise BadAddress("a SHA-256 in lower-case hexadecimal")
    return sha256


def _write_all(handle: int, piece: memoryview) -> None:
    with disk.errors_named():
        disk.write_all(handle, piece)


def _entries(place: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return list(entries)
    except FileNotFoundError:
        return []


def _names(place: Path, shape: re.Pattern[str]) -> list[str]:
    return sorted(entry.name for entry in _entries(place) if shape.fullmatch(entry.name))


def _touched(place: Path) -> float:
    """Return when a quarantined upload last changed, in epoch seconds; infinity for one just gone."""
    times = []
    for path in (place, *(Path(entry.path) for entry in _entries(place))):
        with suppress(FileNotFoundError):
            times.append(path.stat().st_mtime)
    return max(times, default=inf)


def _remove(path: Path) -> None:
    """Remove a quarantined file, and its upload's directory once that is empty."""
    path.unlink(missing_ok=True)
    with suppress(OSError):
        path.parent.rmdir()
