"""Read an object like a file: from any place, and on after the connection broke."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from portal.files.port import Damaged
from portal.files.s3_client import BROKEN, ROTTEN, TRIES, errors_named

BUFFER = 1 << 20


def open_stream(fetch: Callable[[int], Any], length: int, sha256: str) -> io.BufferedReader:
    """Return a buffered, seekable reader; `fetch` gives a stream of the same bytes from a place on.

    Reading raises FilesBusy when S3 does not answer, and Damaged when a file read from beginning to end does not
    have the checksum that S3 keeps of it.
    """
    return io.BufferedReader(_Stream(fetch, length, sha256), BUFFER)


class _Stream(io.RawIOBase):
    """Hold one open answer at most; a jump gives it up."""

    def __init__(self, fetch: Callable[[int], Any], length: int, sha256: str) -> None:
        self._fetch, self._length, self._sha256 = fetch, length, sha256
        self._place = 0
        self._body: Any = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        place = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._length}[whence]
        if place < 0:
            raise ValueError(f"no place {place} in a file")
        if place != self._place:
            self._drop()
        self._place = place
        return place

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._length - self._place)
        if wanted < 1:
            return 0
        data = self._read(wanted)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def readall(self) -> bytes:
        # The inherited one reads 8 KiB at a time.
        pieces = []
        while piece := self.read(BUFFER):
            pieces.append(piece)
        return b"".join(pieces)

    def close(self) -> None:
        self._drop()
        super().close()

    def _read(self, size: int) -> bytes:
        for _ in range(TRIES - 1):
            with suppress(*BROKEN):
                return self._read_once(size)
            self._drop()
        with errors_named():
            return self._read_once(size)

    def _read_once(self, size: int) -> bytes:
        if self._body is None:
            self._body = self._fetch(self._place)
        data = self._body.read(size)
        if self._place + len(data) >= self._length:
            self._end()
        return data

    def _end(self) -> None:
        """Read past the end, which is when botocore compares the checksum of a whole file."""
        try:
            self._body.read(1)
        except ROTTEN as error:
            raise Damaged(self._sha256) from error

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None
