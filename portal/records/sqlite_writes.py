"""What each write of a commit does to the SQLite table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from portal.records.port import Add, Check, Delete, Exists, Insert, Key, Record, Replace, Stale, Touch, Write

# Applies one write inside a transaction, given the time in epoch seconds.
Step = Callable[[sqlite3.Connection, int], None]

ALIVE = "(expires IS NULL OR expires > ?)"

_INSERT = f"""INSERT INTO records (pk, sk, kind, body, i1p, i1s, i2p, i2s, expires, counters, version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
    ON CONFLICT (pk, sk) DO UPDATE SET kind = excluded.kind, body = excluded.body, i1p = excluded.i1p,
    i1s = excluded.i1s, i2p = excluded.i2p, i2s = excluded.i2s, expires = excluded.expires,
    counters = excluded.counters, version = 1 WHERE NOT {ALIVE}"""
_REPLACE = f"""UPDATE records SET kind = ?, body = ?, i1p = ?, i1s = ?, i2p = ?, i2s = ?, expires = ?,
    version = version + 1 WHERE pk = ? AND sk = ? AND version = ? AND {ALIVE}"""
_DELETE = f"DELETE FROM records WHERE pk = ? AND sk = ? AND version = ? AND {ALIVE}"
_VERSION = f"SELECT version FROM records WHERE pk = ? AND sk = ? AND {ALIVE}"
_COUNTERS = f"SELECT counters FROM records WHERE pk = ? AND sk = ? AND {ALIVE}"
_TOUCH = f"UPDATE records SET version = version + 1 WHERE pk = ? AND sk = ? AND {ALIVE}"
_COUNT = "UPDATE records SET counters = ? WHERE pk = ? AND sk = ?"
_NO_VERSION = 2**63 - 1

# ASCII, so that NUL and lone surrogates in what a user wrote are kept as escapes.
encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
decode = json.JSONDecoder().decode


def step_of(write: Write) -> Step:
    """Return what applies `write`; it raises `Exists` or `Stale`."""
    return _STEPS[type(write)](write)


def _places(record: Record) -> tuple[str | None, ...]:
    return tuple(text for key in (record.index1, record.index2) for text in (_names(key) if key else (None, None)))


def _insert(write: Insert) -> Step:
    record = write.record
    body, counters = encode(dict(record.body)), encode(dict(record.counters))
    values = (*_names(write.key), record.kind, body, *_places(record), record.expires, counters)

    def step(connection: sqlite3.Connection, now: int) -> None:
        if connection.execute(_INSERT, (*values, now)).rowcount != 1:
            raise Exists(write.key)

    return step


def _replace(write: Replace) -> Step:
    record = write.record
    values = (record.kind, encode(dict(record.body)), *_places(record), record.expires)
    return _versioned(_REPLACE, values, write.key, record.version)


def _delete(write: Delete) -> Step:
    return _versioned(_DELETE, (), write.key, write.version)


def _versioned(sql: str, values: tuple[Any, ...], key: Key, version: int) -> Step:
    # A number too large for SQLite is the version of no record.
    parameters = (*values, *_names(key), min(version, _NO_VERSION))

    def step(connection: sqlite3.Connection, now: int) -> None:
        if connection.execute(sql, (*parameters, now)).rowcount != 1:
            raise Stale(key)

    return step


def _check(write: Check) -> Step:
    def step(connection: sqlite3.Connection, now: int) -> None:
        row = connection.execute(_VERSION, (*_names(write.key), now)).fetchone()
        if (row[0] if row else 0) != write.version:
            raise Stale(write.key)

    return step


def _add(write: Add) -> Step:
    create = _insert(Insert(Record(write.key, write.kind, {}, counters=write.deltas)))

    def step(connection: sqlite3.Connection, now: int) -> None:
        row = connection.execute(_COUNTERS, (*_names(write.key), now)).fetchone()
        if row is None:
            create(connection, now)
        else:
            connection.execute(_COUNT, (encode(_sum(decode(row[0]), write.deltas)), *_names(write.key)))

    return step


def _touch(write: Touch) -> Step:
    create = _insert(Insert(Record(write.key, write.kind, {})))

    def step(connection: sqlite3.Connection, now: int) -> None:
        if connection.execute(_TOUCH, (*_names(write.key), now)).rowcount != 1:
            create(connection, now)

    return step


def _sum(counters: dict[str, int], deltas: Mapping[str, int]) -> dict[str, int]:
    return counters | {name: counters.get(name, 0) + delta for name, delta in deltas.items()}


def _names(key: Key) -> tuple[str, str]:
    return key.partition, key.sort


_STEPS: dict[type, Callable[[Any], Step]] = {
    Insert: _insert,
    Replace: _replace,
    Delete: _delete,
    Check: _check,
    Add: _add,
    Touch: _touch,
}
