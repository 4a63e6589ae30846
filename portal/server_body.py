"""Request bodies of known length, read from the connection straight into the reader's own buffer.

gunicorn's reader hands every piece on through three buffers, which for a large upload costs as much as writing it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.http.body import LengthReader

App = Callable[..., Iterable[bytes]]


class DirectBody:
    """Read a body as gunicorn's `Body` does; `readinto` goes without its buffers."""

    def __init__(self, body: Any, connection: Any) -> None:
        self._body, self._reader, self._connection = body, body.reader, connection

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all that are left when it is negative."""
        return bytes(self._body.read(size if size >= 0 else None))

    def readinto(self, buffer: memoryview) -> int:
        """Fill the buffer as far as one piece goes; return the number of bytes, 0 at the end."""
        wanted = buffer[: self._reader.length]
        if not wanted:
            return 0
        count = self._from_early(wanted) or self._connection.recv_into(wanted)
        # What is left of the body is gunicorn's to know: it looks for the next request behind it.
        self._reader.length -= count
        return int(count)

    def _from_early(self, wanted: memoryview) -> int:
        """Take what came along with the head of the request."""
        unreader = self._reader.unreader
        early = unreader.take_buffered()
        piece = early[: len(wanted)]
        if len(early) > len(piece):
            unreader.unread(early[len(piece) :])
        wanted[: len(piece)] = piece
        return len(piece)


def with_direct_bodies(app: App) -> App:
    """Return the WSGI callable with direct bodies for PUT, which is how files come."""

    def direct(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        if environ["REQUEST_METHOD"] == "PUT" and isinstance(getattr(body, "reader", None), LengthReader):
            environ["wsgi.input"] = DirectBody(body, environ["gunicorn.socket"])
        return app(environ, start_response)

    return direct
