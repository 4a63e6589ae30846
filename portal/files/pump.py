"""Move a stream's bytes on while hashing them, in constant memory.

Hashing releases the interpreter's lock, so for large files it runs beside reading and writing in a thread of
its own; a small file is done before a thread would have started.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from queue import SimpleQueue
from threading import Thread

from portal.files.port import LengthMismatch, ReadableStream, TooLarge

CHUNK = 1 << 20
BUFFERS = 4
THREAD_FROM = 8 << 20


def pump(stream: ReadableStream, length: int, write: Callable[[memoryview], None]) -> str:
    """Hand `length` bytes of the stream to `write` in pieces of up to 1 MiB and return their SHA-256.

    Raises LengthMismatch when the stream ends early and TooLarge when it goes on.
    """
    arrived = 0
    with closing(_ThreadHasher() if length >= THREAD_FROM else _Hasher(length)) as hasher:
        while arrived < length:
            piece = _fill(stream, hasher.buffer()[: length - arrived])
            if not piece:
                raise LengthMismatch(length, arrived)
            hasher.update(piece)
            write(piece)
            arrived += len(piece)
        if stream.read(1):
            raise TooLarge(length)
        return hasher.hexdigest()


def _fill(stream: ReadableStream, buffer: memoryview) -> memoryview:
    """Read until the buffer is full or the stream ends; return the part that was filled."""
    into = getattr(stream, "readinto", None) or _by_read(stream)
    filled = 0
    while filled < len(buffer) and (count := into(buffer[filled:])):
        filled += count
    return buffer[:filled]


def _by_read(stream: ReadableStream) -> Callable[[memoryview], int]:
    def into(buffer: memoryview) -> int:
        data = stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    return into


class _Hasher:
    """Hash at once, with one buffer."""

    def __init__(self, length: int) -> None:
        self._digest = hashlib.sha256()
        self._buffer = memoryview(bytearray(min(length, CHUNK)))

    def buffer(self) -> memoryview:
        return self._buffer

    def update(self, piece: memoryview) -> None:
        self._digest.update(piece)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()

    def close(self) -> None:
        """Do nothing; there is no thread to end."""


class _ThreadHasher:
    """Hash in a thread; a buffer comes round again only after it was hashed, which bounds the memory."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._free: SimpleQueue[memoryview] = SimpleQueue()
        self._full: SimpleQueue[tuple[memoryview, memoryview] | None] = SimpleQueue()
        for _ in range(BUFFERS):
            self._free.put(memoryview(bytearray(CHUNK)))
        self._thread = Thread(target=self._run, name="file hasher", daemon=True)
        self._thread.start()

    def buffer(self) -> memoryview:
        self._current = self._free.get()
        return self._current

    def update(self, piece: memoryview) -> None:
        self._full.put((self._current, piece))

    def hexdigest(self) -> str:
        self.close()
        return self._digest.hexdigest()

    def close(self) -> None:
        self._full.put(None)
        self._thread.join()

    def _run(self) -> None:
        while work := self._full.get():
            whole, piece = work
            self._digest.update(piece)
            self._free.put(whole)
