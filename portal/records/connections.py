"""A SQLite connection for each thread, none of them carried across a fork."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_pools: weakref.WeakSet[Connections] = weakref.WeakSet()
# Sessions met in a process that did not open them: closing one would drop the parent's file locks.
_inherited: list[Any] = []


class _Session:
    """Hold one thread's connection; `lock` is held while it is in use."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection: sqlite3.Connection | None = connection
        self.lock = threading.Lock()
        self.pid = os.getpid()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Connections:
    """Lend each thread its own connection, opened by `connect` when first asked for."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self.forget()
        _pools.add(self)

    @contextmanager
    def own(self) -> Iterator[sqlite3.Connection]:
        """Lend the calling thread its connection."""
        while True:
            session = self._session()
            with session.lock:
                # None when `close` or a fork came between the two lines above.
                if session.connection is not None:
                    yield session.connection
                    return

    def close(self) -> None:
        """Close every thread's connection; a later use opens a new one."""
        with self._gate:
            for session in list(self._sessions):
                with session.lock:
                    session.close()

    def hold(self) -> None:
        """Close every connection and let none be opened until `release`."""
        self._gate.acquire()
        self._held = list(self._sessions)
        for session in self._held:
            session.lock.acquire()
            session.close()

    def release(self) -> None:
        """Let connections be opened again."""
        for session in self._held:
            session.lock.release()
        self._held = []
        self._gate.release()

    def forget(self) -> None:
        """Start with fresh locks and no connections, as a forked child has to."""
        self._gate = threading.Lock()
        self.turn = threading.Lock()  # held by the one thread of this process that writes
        self._local = threading.local()
        self._sessions: weakref.WeakSet[_Session] = weakref.WeakSet()
        self._held: list[_Session] = []

    def _session(self) -> _Session:
        session: _Session | None = getattr(self._local, "session", None)
        if session is not None and session.pid != os.getpid():
            _inherited.extend(self._sessions)
            self.forget()
            session = None
        if session is None or session.connection is None:
            with self._gate:
                session = self._local.session = _Session(self._connect())
                self._sessions.add(session)
        return session


# SQLite keeps account of its file locks per process, and a forked child inherits the account without
# the locks. So no connection may be open while the process forks, not even an idle one.
_holding: list[Connections] = []
_forking = threading.Lock()


def _before_fork() -> None:
    _forking.acquire()
    _holding[:] = _pools
    for pool in _holding:
        pool.hold()


def _after_fork_in_parent() -> None:
    for pool in _holding:
        pool.release()
    _holding.clear()
    _forking.release()


def _after_fork_in_child() -> None:
    for pool in _holding:
        pool.forget()
    _holding.clear()
    _forking.release()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
