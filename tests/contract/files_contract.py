"""What every adapter of the files port must do; subclass `FilesContract` and give it a `files` fixture."""

from __future__ import annotations

import hashlib
import io
import time

import pytest

from portal.files.port import (
    AlreadyReceived,
    BadAddress,
    Empty,
    Files,
    HashMismatch,
    LengthMismatch,
    NoSuchFile,
    Stored,
    TooLarge,
)

ORG, OTHER = "northwind", "contoso"
CONTENT = b"Service management plan, version 3\n"
HOSTILE = ["", ".", "..", "../x", "a/b", "A", "a\0", "a\n", "é", "-a", "x" * 65]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def receive(files: Files, content: bytes = CONTENT, upload: str = "u1", organisation: str = ORG) -> str:
    digest = sha256(content)
    files.receive(organisation, upload, io.BytesIO(content), length=len(content), sha256=digest)
    return digest


def store(files: Files, content: bytes = CONTENT, upload: str = "u1", organisation: str = ORG) -> Stored:
    stored = files.promote(organisation, upload, receive(files, content, upload, organisation))
    files.discard(organisation, upload)
    return stored


def read(files: Files, digest: str, organisation: str = ORG) -> bytes:
    with files.open(organisation, digest) as opened:
        return opened.read()


class Dribble:
    """Give a content in pieces of a size of its own choosing, as a socket does, and only through `read`."""

    def __init__(self, content: bytes, piece: int) -> None:
        self._inner, self._piece = io.BytesIO(content), piece

    def read(self, size: int) -> bytes:
        return self._inner.read(min(size, self._piece))


class Breaking:
    """Give some bytes and then fail, as a connection does that breaks."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def read(self, size: int) -> bytes:
        if data := self._inner.read(size):
            return data
        raise ConnectionResetError


class FilesContract:
    """Hold the cases; a subclass provides `files`, an adapter over an empty store."""

    @pytest.mark.parametrize("length", [1, 65_537, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, 10_000_001])
    def test_content_comes_back(self, files: Files, length: int) -> None:
        """What was uploaded is what is read, at every size around a piece."""
        content = (b"0123456789abcdef" * (length // 16 + 1))[:length]
        assert store(files, content) == Stored(ORG, sha256(content), length)
        assert read(files, sha256(content)) == content
        assert files.size(ORG, sha256(content)) == length

    @pytest.mark.parametrize("piece", [1 << 10, 8191, 3 << 20])
    def test_dribbling_stream(self, files: Files, piece: int) -> None:
        """A stream may give fewer bytes than asked for."""
        content = bytes(range(256)) * 40_000
        files.receive(ORG, "u1", Dribble(content, piece), length=len(content), sha256=sha256(content))
        assert files.received(ORG, "u1") == Stored(ORG, sha256(content), len(content))

    def test_nothing_received(self, files: Files) -> None:
        """An upload that nobody has sent holds nothing."""
        assert files.received(ORG, "u1") is None

    def test_quarantine_is_not_the_store(self, files: Files) -> None:
        """Received bytes cannot be read before they are promoted."""
        digest = receive(files)
        assert files.received(ORG, "u1") == Stored(ORG, digest, len(CONTENT))
        assert not files.exists(ORG, digest)
        with pytest.raises(NoSuchFile):
            files.open(ORG, digest)

    def test_empty(self, files: Files) -> None:
        """A file of no bytes is refused."""
        with pytest.raises(Empty):
            receive(files, b"")
        assert files.received(ORG, "u1") is None

    @pytest.mark.parametrize("arrives", [0, 1, len(CONTENT) - 1])
    def test_early_end(self, files: Files, arrives: int) -> None:
        """A stream that ends early is refused with both lengths, and nothing remains."""
        with pytest.raises(LengthMismatch) as refusal:
            files.receive(
                ORG, "u1", io.BytesIO(CONTENT[:arrives]), length=len(CONTENT), sha256=sha256(CONTENT)
            )
        assert (refusal.value.announced, refusal.value.arrived) == (len(CONTENT), arrives)
        assert files.received(ORG, "u1") is None

    def test_stream_goes_on(self, files: Files) -> None:
        """A stream longer than announced is refused after one byte more, and nothing remains."""
        stream = io.BytesIO(CONTENT + b"x" * 1000)
        with pytest.raises(TooLarge):
            files.receive(ORG, "u1", stream, length=len(CONTENT), sha256=sha256(CONTENT))
        assert stream.tell() == len(CONTENT) + 1
        assert files.received(ORG, "u1") is None

    @pytest.mark.parametrize("size", [100, 9 << 20])
    def test_other_bytes(self, files: Files, size: int) -> None:
        """Bytes that do not have the announced hash are refused, and nothing remains."""
        with pytest.raises(HashMismatch):
            files.receive(ORG, "u1", io.BytesIO(b"a" * size), length=size, sha256=sha256(b"b" * size))
        assert files.received(ORG, "u1") is None

    @pytest.mark.parametrize("size", [100, 9 << 20])
    def test_broken_connection(self, files: Files, size: int) -> None:
        """When the stream fails its error comes through, nothing remains, and sending again works."""
        content = b"a" * size
        with pytest.raises(ConnectionResetError):
            files.receive(ORG, "u1", Breaking(content[:-1]), length=size, sha256=sha256(content))
        assert files.received(ORG, "u1") is None
        assert store(files, content).length == size

    def test_received_again(self, files: Files) -> None:
        """Sending the same bytes again succeeds: the first reply may have been lost."""
        assert receive(files) == receive(files)
        assert files.received(ORG, "u1") == Stored(ORG, sha256(CONTENT), len(CONTENT))

    def test_failed_repeat_keeps_the_first(self, files: Files) -> None:
        """A repetition that fails takes nothing away from what arrived before."""
        digest = receive(files)
        with pytest.raises(LengthMismatch):
            files.receive(ORG, "u1", io.BytesIO(b"S"), length=len(CONTENT), sha256=digest)
        assert files.received(ORG, "u1") == Stored(ORG, digest, len(CONTENT))

    def test_second_content(self, files: Files) -> None:
        """An upload that holds one content takes no other."""
        digest = receive(files)
        with pytest.raises(AlreadyReceived):
            receive(files, b"other")
        assert files.received(ORG, "u1") == Stored(ORG, digest, len(CONTENT))

    def test_promote_again(self, files: Files) -> None:
        """Promoting again succeeds: the first reply may have been lost."""
        digest = receive(files)
        assert files.promote(ORG, "u1", digest) == files.promote(ORG, "u1", digest)

    def test_same_content_twice(self, files: Files) -> None:
        """Two uploads of the same content in one organisation share one stored file."""
        assert store(files, upload="u1") == store(files, upload="u2")
        assert list(files.list_hashes(ORG)) == [sha256(CONTENT)]

    def test_promote_unreceived(self, files: Files) -> None:
        """Knowing the hash of a stored file is not enough to obtain it: the bytes must have been sent."""
        digest = store(files, upload="u1").sha256
        with pytest.raises(NoSuchFile):
            files.promote(ORG, "u2", digest)

    def test_promote_other_hash(self, files: Files) -> None:
        """An upload is promoted under the hash of its own bytes only."""
        receive(files)
        with pytest.raises(HashMismatch):
            files.promote(ORG, "u1", sha256(b"other"))
        assert not files.exists(ORG, sha256(b"other"))

    def test_discard(self, files: Files) -> None:
        """Discarding empties the quarantine, not the store, and may be repeated."""
        digest = receive(files)
        files.promote(ORG, "u1", digest)
        files.discard(ORG, "u1")
        files.discard(ORG, "u1")
        assert files.received(ORG, "u1") is None
        assert read(files, digest) == CONTENT

    def test_missing_file(self, files: Files) -> None:
        """A file that was never stored can be neither opened nor measured."""
        digest = sha256(b"never")
        assert not files.exists(ORG, digest)
        for question in (files.open, files.size):
            with pytest.raises(NoSuchFile):
                question(ORG, digest)

    def test_seekable(self, files: Files) -> None:
        """An opened file can be read from any place."""
        digest = store(files).sha256
        with files.open(ORG, digest) as opened:
            assert opened.seek(8) == 8
            assert opened.read(10) == CONTENT[8:18]

    def test_organisations_are_apart(self, files: Files) -> None:
        """One organisation's files, uploads and hashes do not exist for another."""
        digest = store(files).sha256
        receive(files, upload="u2")
        assert not files.exists(OTHER, digest)
        assert files.received(OTHER, "u2") is None
        assert list(files.list_hashes(OTHER)) == []
        with pytest.raises(NoSuchFile):
            files.promote(OTHER, "u2", digest)
        with pytest.raises(NoSuchFile):
            files.open(OTHER, digest)

    def test_list_hashes(self, files: Files) -> None:
        """Every stored file of the organisation is listed once, in order; quarantined ones are not."""
        stored = {store(files, b"%d" % number, f"u{number}").sha256 for number in range(20)}
        receive(files, b"waiting", "waiting")
        assert list(files.list_hashes(ORG)) == sorted(stored)

    def test_sweep(self, files: Files) -> None:
        """Sweeping removes what has waited since before the given time, and nothing younger or stored."""
        digest = store(files)
        receive(files, b"one", "u1")
        receive(files, b"two", "u2", OTHER)
        assert files.sweep(time.time() - 3600) == 0
        assert files.received(ORG, "u1")
        assert files.sweep(time.time() + 3600) == 2
        assert files.received(ORG, "u1") is None
        assert files.received(OTHER, "u2") is None
        assert read(files, digest.sha256) == CONTENT

    @pytest.mark.parametrize("bad", HOSTILE)
    def test_hostile_ids(self, files: Files, bad: str) -> None:
        """An id that could mean a path is refused everywhere, before anything is touched."""
        digest = sha256(CONTENT)
        calls = [
            lambda: receive(files, organisation=bad),
            lambda: receive(files, upload=bad),
            lambda: files.promote(bad, "u1", digest),
            lambda: files.discard(ORG, bad),
            lambda: files.received(ORG, bad),
            lambda: files.open(bad, digest),
            lambda: files.exists(bad, digest),
            lambda: list(files.list_hashes(bad)),
            lambda: files.upload_target(ORG, bad, length=1, sha256=digest, expires_at=1),
            lambda: files.download_target(bad, digest, filename="a.pdf", expires_at=1),
        ]
        for call in calls:
            with pytest.raises(BadAddress):
                call()

    @pytest.mark.parametrize("bad", ["", "abc", "g" * 64, "A" * 64, "../" + "a" * 61, "a" * 64 + "\n"])
    def test_hostile_hashes(self, files: Files, bad: str) -> None:
        """A hash of the wrong shape is refused everywhere."""
        calls = [
            lambda: files.receive(ORG, "u1", io.BytesIO(b"a"), length=1, sha256=bad),
            lambda: files.promote(ORG, "u1", bad),
            lambda: files.open(ORG, bad),
            lambda: files.exists(ORG, bad),
            lambda: files.upload_target(ORG, "u1", length=1, sha256=bad, expires_at=1),
            lambda: files.download_target(ORG, bad, filename="a.pdf", expires_at=1),
        ]
        for call in calls:
            with pytest.raises(BadAddress):
                call()

    def test_targets(self, files: Files) -> None:
        """A target names a method, an address and when it ends."""
        digest, soon = sha256(CONTENT), int(time.time()) + 60
        up = files.upload_target(ORG, "u1", length=len(CONTENT), sha256=digest, expires_at=soon)
        down = files.download_target(ORG, digest, filename="Plan.pdf", expires_at=soon)
        assert (up.method, down.method) == ("PUT", "GET")
        assert up.url != down.url
        assert up.expires_at == down.expires_at == soon
