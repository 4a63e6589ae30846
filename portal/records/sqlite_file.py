"""One SQLite file shared by threads and processes: its schema, its transactions, its errors."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from portal.records.connections import Connections
from portal.records.port import Busy, Full, RecordsError

T = TypeVar("T")

SCHEMA_VERSION = 1
SCHEMA = (
    """CREATE TABLE records (
        pk TEXT NOT NULL, sk TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, expires INTEGER,
        i1p TEXT, i1s TEXT, i2p TEXT, i2s TEXT, counters TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (pk, sk)) WITHOUT ROWID""",
    "CREATE INDEX index1 ON records (i1p, i1s, pk, sk) WHERE i1p IS NOT NULL",
    "CREATE INDEX index2 ON records (i2p, i2s, pk, sk) WHERE i2p IS NOT NULL",
    "CREATE INDEX expiry ON records (expires) WHERE expires IS NOT NULL",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
# Rows of up to 2 kB stay on their page, so that sixty of them are read from a dozen pages.
PAGE_SIZE = 8192
WAL_LIMIT_BYTES = 64 * 1024 * 1024

_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
# SQLite reports a quota or a file size limit that was met as a failed write, not as a full disk.
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.0002, 0.001


class NewerFile(RecordsError):
    """Tell that a later version of the program wrote the file."""


class NotRecords(RecordsError):
    """Tell that the file is something else than records."""


class SqliteFile:
    """Run statements on one file; one locked elsewhere for more than `timeout` seconds raises `Busy`."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._timeout = timeout
        self._connections = Connections(lambda: self._patiently(lambda: _connect(path)))
        _create(path)
        with _translated(path), self._connections.own() as connection:
            self._patiently(lambda: _prepare(connection, path))

    def read(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return all rows of one statement; text that is not Unicode finds none."""
        with _translated(self._path), self._connections.own() as connection:
            try:
                return self._patiently(lambda: connection.execute(sql, parameters).fetchall())
            except UnicodeEncodeError:
                return []

    def write(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Run `change` in one transaction, durable on return, or leave nothing of it."""
        turn = self._connections.turn
        if not turn.acquire(timeout=self._timeout):
            raise Busy("the records stayed locked by other threads")
        try:
            with _translated(self._path), self._connections.own() as connection:
                return self._transact(connection, change)
        finally:
            turn.release()

    def backup(self, target: Path) -> None:
        """Write a consistent copy to `target`, replacing it once the copy is complete."""
        part = target.with_name(f"{target.name}.part")
        part.unlink(missing_ok=True)
        _create(part)
        with _translated(target), closing(sqlite3.connect(part)) as copy, self._connections.own() as connection:
            connection.backup(copy)
        os.replace(part, target)

    def close(self) -> None:
        """Close every thread's connection."""
        self._connections.close()

    def _transact(self, connection: sqlite3.Connection, change: Callable[[sqlite3.Connection], T]) -> T:
        self._patiently(lambda: connection.execute("BEGIN IMMEDIATE"))
        try:
            result = change(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _patiently(self, attempt: Callable[[], T]) -> T:
        # SQLite's own waiting backs off to 100 ms, which starves one process among busy ones.
        deadline = 0.0
        while True:
            try:
                return attempt()
            except sqlite3.OperationalError as error:
                deadline = deadline or time.monotonic() + self._timeout
                if _code(error) & 0xFF not in _BUSY or time.monotonic() >= deadline:
                    raise
            time.sleep(random.uniform(_SHORTEST_PAUSE, _LONGEST_PAUSE))


def _create(path: Path) -> None:
    # Readable by its owner alone; SQLite gives the files beside it the same mode.
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _connect(path: Path) -> sqlite3.Connection:
    # mode=rw: a file that has gone must be an error, not an empty file in its place.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # a mail that is sent leaves no link or code in the file
        connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    known = _known_version(connection, path)
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    if not known:
        _create_tables(connection, path)


def _create_tables(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been faster.
        if not _known_version(connection, path):
            for statement in SCHEMA:
                connection.execute(statement)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _known_version(connection: sqlite3.Connection, path: Path) -> bool:
    # Tables before version: another process that makes both meanwhile must not look like another program.
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if tables and (not version or "records" not in tables):
        raise NotRecords(f"{path} is a database of another program; name another file for the records")
    if version > SCHEMA_VERSION:
        raise NewerFile(
            f"{path} was written by a later version of this program (format {version}, this one reads up to "
            f"{SCHEMA_VERSION}); update the program or restore an older backup"
        )
    return bool(version)


def _code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0)


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _refusal(error, path) from error


def _refusal(error: sqlite3.Error, path: Path) -> Exception:
    code = _code(error)
    if code & 0xFF in _BUSY:
        return Busy(f"{path} stayed locked")
    if code in _FULL:
        return Full(f"no room left for {path}: {error}")
    if code == sqlite3.SQLITE_NOTADB:
        return NotRecords(f"{path} is not a records file; name another file or restore a backup")
    return RecordsError(f"{path}: {error}")
