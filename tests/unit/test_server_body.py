"""Bodies read straight from the connection."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

from portal.server_body import DirectBody, with_direct_bodies


class Line:
    """A connection of which a browser holds the other end, as gunicorn has it after the head of a request."""

    def __init__(self, length: int, early: bytes = b"") -> None:
        self.browser, self.server = socket.socketpair()
        self.browser.settimeout(10), self.server.settimeout(10)
        self.unreader = SocketUnreader(self.server)
        self.unreader.unread(early)
        self.reader = LengthReader(self.unreader, length)
        self.plain = Body(self.reader)
        self.body = DirectBody(self.plain, self.server)

    def all(self, size: int = 4) -> bytes:
        """Read to the end, up to `size` bytes at a time."""
        come, buffer = b"", memoryview(bytearray(size))
        while count := self.body.readinto(buffer):
            come += bytes(buffer[:count])
        return come


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    made: list[Line] = []
    yield made
    for line in made:
        line.browser.close()
        line.server.close()


def test_early_and_late(lines: list[Line]) -> None:
    """What came with the head and what comes later make up the body, in order."""
    line = Line(10, b"abcdef")
    lines.append(line)
    line.browser.sendall(b"ghij")
    assert line.all() == b"abcdefghij"
    assert line.reader.length == 0


def test_the_next_request_stays(lines: list[Line]) -> None:
    """Bytes beyond the body are left for the request they belong to, whether they came early or wait."""
    line = Line(3, b"abcGET")
    lines.append(line)
    line.browser.sendall(b" /")
    assert line.all() == b"abc"
    assert line.plain.read() == b""
    assert line.unreader.read(5) == b"GET /"


def test_half_read(lines: list[Line]) -> None:
    """gunicorn can read on from where a direct reader stopped."""
    line = Line(6)
    lines.append(line)
    line.browser.sendall(b"abcdef")
    assert line.body.readinto(memoryview(bytearray(2))) == 2
    assert line.body.read(1) == b"c"
    assert line.plain.read() == b"def"


def test_broken_off(lines: list[Line]) -> None:
    """A connection that ends early ends the body."""
    line = Line(6, b"ab")
    lines.append(line)
    line.browser.close()
    assert line.all() == b"ab"


@pytest.mark.parametrize(("method", "direct"), [("PUT", True), ("POST", False)])
def test_which(lines: list[Line], method: str, direct: bool) -> None:
    """Files come by PUT; everything else keeps gunicorn's own reader."""
    line = Line(1)
    lines.append(line)
    environ = {"REQUEST_METHOD": method, "wsgi.input": line.plain, "gunicorn.socket": line.server}
    with_direct_bodies(lambda given, start: [])(environ, None)
    assert isinstance(environ["wsgi.input"], DirectBody) is direct
