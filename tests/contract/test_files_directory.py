"""The directory adapter: the contract, and what only a disk can do wrong."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import signal
import stat
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from portal.files.directory import DirectoryFiles
from portal.files.port import Damaged, FilesFull, HashMismatch
from portal.files.signing import Refusal, Signer
from portal.files.tickets import DownloadTicket, UploadTicket, read_download, read_upload

pytest.register_assert_rewrite("tests.contract.files_contract")

from tests.contract.files_contract import (  # noqa: E402 - after its asserts are set up to be rewritten
    CONTENT,
    ORG,
    FilesContract,
    read,
    receive,
    sha256,
    store,
)

SIGNER = Signer(b"k" * 32)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "files"


@pytest.fixture
def files(root: Path) -> DirectoryFiles:
    return DirectoryFiles(root, SIGNER)


def regular_files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


class TestDirectoryFiles(FilesContract):
    """Run the contract on the directory adapter."""


class TestLayout:
    """What lies on the disk."""

    def test_places(self, files: DirectoryFiles, root: Path) -> None:
        """The store is addressed by content, the quarantine by upload."""
        digest = store(files, upload="u1").sha256
        receive(files, b"waiting", "u2")
        assert {path.relative_to(root / ORG).as_posix() for path in regular_files(root)} == {
            f"{digest[:2]}/{digest[2:4]}/{digest}",
            f"incoming/u2/{sha256(b'waiting')}",
        }

    def test_modes(self, files: DirectoryFiles, root: Path) -> None:
        """Files can be read by their owner only and written by nobody; directories are the owner's."""
        store(files)
        receive(files, b"waiting", "u2")
        modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in [root, *root.rglob("*")]}
        assert modes == {(True, 0o700), (False, 0o400)}

    def test_nothing_left_after_refusal(self, files: DirectoryFiles, root: Path) -> None:
        """A refused upload leaves neither a file nor a directory of its own."""
        with pytest.raises(HashMismatch):
            files.receive(ORG, "u1", io.BytesIO(b"a"), length=1, sha256=sha256(b"b"))
        assert list((root / ORG / "incoming").iterdir()) == []

    def test_stored_file_is_never_replaced(self, files: DirectoryFiles, root: Path) -> None:
        """The same content sent again leaves the first file untouched."""
        digest = store(files, upload="u1").sha256
        path = root / ORG / digest[:2] / digest[2:4] / digest
        before = path.stat()
        store(files, upload="u2")
        assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_damaged_copy_is_reported(self, files: DirectoryFiles, root: Path) -> None:
        """A stored copy of the wrong length is reported, and the good bytes stay in quarantine."""
        digest = store(files, upload="u1").sha256
        path = root / ORG / digest[:2] / digest[2:4] / digest
        path.chmod(0o600)
        path.write_bytes(b"cut")
        receive(files, upload="u2")
        with pytest.raises(Damaged):
            files.promote(ORG, "u2", digest)
        assert files.received(ORG, "u2")

    def test_opened_file_has_a_descriptor(self, files: DirectoryFiles) -> None:
        """A server can send an opened file without copying it."""
        with files.open(ORG, store(files).sha256) as opened:
            assert os.fstat(opened.fileno()).st_size == len(CONTENT)

    def test_sweep_takes_leftovers(self, files: DirectoryFiles, root: Path) -> None:
        """Parts that a crash left and empty upload directories are swept; foreign names are left alone."""
        incoming = root / ORG / "incoming"
        (incoming / "u1").mkdir(parents=True)
        (incoming / "u1" / ".part-00").write_bytes(b"half")
        (incoming / "u2").mkdir()
        (incoming / "Not ours").mkdir()
        assert files.sweep(time.time() + 1) == 2
        assert [path.name for path in incoming.iterdir()] == ["Not ours"]


class TestTargets:
    """The server's own URLs."""

    def test_upload_url(self, files: DirectoryFiles) -> None:
        """An upload URL carries the upload, its length, its hash and its holder, until it expires."""
        target = files.upload_target(ORG, "u1", length=7, sha256=sha256(b"a"), expires_at=900, holder="ada")
        token = target.url.removeprefix("/api/files/")
        assert read_upload(SIGNER, token, 899) == UploadTicket(ORG, "u1", 7, sha256(b"a"), "ada")
        assert read_upload(SIGNER, token, 900) == Refusal("expired")
        assert read_download(SIGNER, token, 899) == Refusal("forged")

    def test_download_url(self, files: DirectoryFiles) -> None:
        """A download URL carries the file under a name that is safe to save."""
        target = files.download_target(ORG, sha256(b"a"), filename="../Plän.pdf", expires_at=60)
        token = target.url.removeprefix("/api/files/")
        assert read_download(SIGNER, token, 59) == DownloadTicket(ORG, sha256(b"a"), "Plän.pdf")
        assert read_upload(SIGNER, token, 59) == Refusal("forged")


def failing(real: Callable, when: Callable[[], bool], code: int) -> Callable:
    def call(*args: object, **kwargs: object) -> object:
        if when():
            raise OSError(code, os.strerror(code))
        return real(*args, **kwargs)

    return call


class TestDiskFull:
    """A disk without room."""

    def test_refused_before_reading(self, root: Path) -> None:
        """A file that would take the last room is refused before one byte of it is read."""
        stream = io.BytesIO(CONTENT)
        files = DirectoryFiles(root, SIGNER, reserve=1 << 60)
        with pytest.raises(FilesFull):
            files.receive(ORG, "u1", stream, length=len(CONTENT), sha256=sha256(CONTENT))
        assert stream.tell() == 0
        assert regular_files(root) == []

    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
    @pytest.mark.parametrize("step", ["mkdir", "open", "write", "fsync", "replace"])
    def test_full_while_receiving(
        self, files: DirectoryFiles, root: Path, monkeypatch: pytest.MonkeyPatch, step: str, code: int
    ) -> None:
        """Whichever step of receiving finds the disk full, the error says so and no file remains."""
        with monkeypatch.context() as broken:
            broken.setattr(os, step, failing(getattr(os, step), lambda: True, code))
            with pytest.raises(FilesFull):
                receive(files)
        assert regular_files(root) == []
        assert files.received(ORG, "u1") is None
        assert store(files).length == len(CONTENT)

    def test_full_in_the_middle(
        self, files: DirectoryFiles, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A large file that fills the disk half-way leaves nothing."""
        turns = iter(range(100))
        monkeypatch.setattr(os, "write", failing(os.write, lambda: next(turns) == 6, errno.ENOSPC))
        with pytest.raises(FilesFull):
            receive(files, bytes(12 << 20))
        assert regular_files(root) == []

    @pytest.mark.parametrize("step", ["mkdir", "link", "fsync"])
    def test_full_while_promoting(
        self, files: DirectoryFiles, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        """A promotion that finds the disk full says so and can be repeated."""
        digest = receive(files)
        with monkeypatch.context() as broken:
            broken.setattr(os, step, failing(getattr(os, step), lambda: True, errno.ENOSPC))
            with pytest.raises(FilesFull):
                files.promote(ORG, "u1", digest)
        files.promote(ORG, "u1", digest)
        assert read(files, digest) == CONTENT

    def test_other_errors_come_through(self, files: DirectoryFiles, monkeypatch: pytest.MonkeyPatch) -> None:
        """A disk that fails otherwise is not called full."""
        monkeypatch.setattr(os, "fsync", failing(os.fsync, lambda: True, errno.EIO))
        with pytest.raises(OSError, match="Input/output"):
            receive(files)

    def test_short_writes(self, files: DirectoryFiles, monkeypatch: pytest.MonkeyPatch) -> None:
        """A system that writes a piece in several turns loses nothing."""
        real = os.write
        monkeypatch.setattr(os, "write", lambda handle, piece: real(handle, piece[:7]))
        assert read(files, store(files).sha256) == CONTENT


class Zeros:
    """Give a number of zero bytes without holding them."""

    def __init__(self, length: int) -> None:
        self.left = length

    def read(self, size: int) -> bytes:
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


def test_memory_is_constant(files: DirectoryFiles) -> None:
    """Receiving 300 MB takes a few pieces of memory, whatever the length."""
    length, digest = 300 << 20, hashlib.sha256()
    for _ in range(300):
        digest.update(bytes(1 << 20))
    tracemalloc.start()
    files.receive(ORG, "u1", Zeros(length), length=length, sha256=digest.hexdigest())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    files.discard(ORG, "u1")
    assert peak < 8 << 20


def test_racing_uploads(files: DirectoryFiles, root: Path) -> None:
    """Ten threads sending and promoting the same content at once all succeed, with one file."""
    failures: list[BaseException] = []

    def send(number: int) -> None:
        try:
            store(files, upload=f"u{number % 3}x{number}")
            receive(files, upload="shared")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files.discard(ORG, "shared")
    assert failures == []
    assert [path.name for path in regular_files(root)] == [sha256(CONTENT)]


KILLS = 30
SIZE = 9 << 20


class Telling:
    """Give a content piece by piece and tell a pipe of each."""

    def __init__(self, content: bytes, pipe: int) -> None:
        self._inner, self._pipe = io.BytesIO(content), pipe

    def read(self, size: int) -> bytes:
        os.write(self._pipe, b".")
        return self._inner.read(min(size, 1 << 20))


def content_of(upload: str) -> bytes:
    """Return a large content for every second upload, hashed in a thread, and a small one for the others."""
    size = SIZE if int(upload[-1]) % 2 else 1000
    return upload.encode().ljust(size, b"-")


def upload_until_killed(root: Path, prefix: str, pipe: int) -> None:
    """Receive and promote, telling of each piece and of each acknowledged upload."""
    files = DirectoryFiles(root, SIGNER)
    for number in range(1000):
        upload = f"{prefix}n{number}"
        content = content_of(upload)
        digest = sha256(content)
        files.receive(ORG, upload, Telling(content, pipe), length=len(content), sha256=digest)
        os.write(pipe, b"r")
        files.promote(ORG, upload, digest)
        os.write(pipe, b"p")


def killed_writer(root: Path, prefix: str, events: int, spin: float) -> tuple[int, int]:
    """Kill a writer after some events and a moment; return how many uploads it received and promoted."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            upload_until_killed(root, prefix, writing)
        finally:
            os._exit(1)
    os.close(writing)
    told = b""
    while len(told) < events:
        told += os.read(reading, 1) or pytest.fail("the writer ended by itself")
    end = time.perf_counter() + spin
    while time.perf_counter() < end:
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    while more := os.read(reading, 4096):
        told += more
    os.close(reading)
    return told.count(b"r"), told.count(b"p")


def check_after_kill(root: Path, prefix: str, received: int, promoted: int) -> None:
    files = DirectoryFiles(root, SIGNER)
    for number in range(received + 2):
        upload = f"{prefix}n{number}"
        content = content_of(upload)
        digest = sha256(content)
        held = files.received(ORG, upload)
        assert held is None or (held.sha256, held.length) == (digest, len(content))
        assert held or number >= received
        assert files.exists(ORG, digest) or number >= promoted
        if files.exists(ORG, digest):
            assert read(files, digest) == content
        elif held:
            path = root / ORG / "incoming" / upload / digest
            assert path.read_bytes() == content


# From 3.12 on Python warns of threads at a fork; the child uses nothing that another thread could hold.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_kill_while_receiving(root: Path) -> None:
    """After each of 30 kills every upload is complete or absent, none acknowledged lost; a sweep tidies."""
    chance = Random(20000)
    for kill in range(KILLS):
        prefix = f"k{kill}"
        told = killed_writer(root, prefix, 1 + chance.randrange(28), chance.random() * 0.006)
        check_after_kill(root, prefix, *told)
    files = DirectoryFiles(root, SIGNER)
    files.sweep(time.time() + 1)
    assert list((root / ORG / "incoming").iterdir()) == []
    assert {path.name for path in regular_files(root)} == set(files.list_hashes(ORG))
