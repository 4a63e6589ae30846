"""Records in one SQLite file: the adapter for a single machine."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from portal.records.port import MAX_READS, Index, Key, Mark, Page, Record, Records, Write, check_writes
from portal.records.ranges import span
from portal.records.sqlite_file import SqliteFile
from portal.records.sqlite_writes import ALIVE, decode, encode, step_of

Clock = Callable[[], int]

# A reply is one row of three JSON texts: each further row stepped through would hand the interpreter to
# another thread and wait to have it back, and one text costs less to parse than sixty.
_HEAD = "pk, sk, kind, version, expires, i1p, i1s, i2p, i2s"
_REPLY = f"SELECT json_group_array(json_array({_HEAD})), group_concat(counters), group_concat(body)"

_GET = f"{_REPLY} FROM records WHERE pk = ? AND sk = ? AND {ALIVE}"
_GET_MANY = f"""{_REPLY} FROM json_each(?) AS wanted CROSS JOIN records
    ON pk = json_extract(wanted.value, '$[0]') AND sk = json_extract(wanted.value, '$[1]') WHERE {ALIVE}"""
_QUERY = """{reply} FROM (SELECT {head}, counters, body FROM records {index} WHERE {partition} = ?
    AND {place} >= {marks} AND {place} < {marks} AND {alive} ORDER BY {order} LIMIT ?)"""
_SWEEP = """DELETE FROM records WHERE (pk, sk) IN
    (SELECT pk, sk FROM records INDEXED BY expiry WHERE expires <= ? LIMIT ?)"""


def _epoch() -> int:
    return int(time.time())


class SqliteRecords(Records):
    """Keep records in the file at `path`; `clock` tells epoch seconds, `timeout` is in seconds."""

    def __init__(self, path: str | Path, *, clock: Clock = _epoch, timeout: float = 10.0) -> None:
        self._clock = clock
        self._file = SqliteFile(Path(path), timeout)

    def get(self, key: Key) -> Record | None:
        """Return the record or None."""
        records = _records(self._file.read(_GET, (key.partition, key.sort, self._clock())))
        return records[0] if records else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return those of up to 100 records that exist."""
        if len(keys) > MAX_READS:
            raise ValueError(f"one call reads up to {MAX_READS} records, not {len(keys)}")
        wanted = encode([(key.partition, key.sort) for key in dict.fromkeys(keys)])
        records = _records(self._file.read(_GET_MANY, (wanted, self._clock())))
        return {record.key: record for record in records}

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        index: Index = 0,
        start: str | None = None,
        end: str | None = None,
        after: Mark | None = None,
        limit: int | None = 100,
        reverse: bool = False,
    ) -> Page:
        """Return records of one partition or index partition in sort-key order."""
        if limit is not None and limit < 1:
            raise ValueError(f"limit is at least 1, not {limit}")
        lowest, beyond = span(index, prefix, start, end, after, reverse)
        # One more than asked for tells whether more follow.
        most = -1 if limit is None else limit + 1
        rows = self._file.read(_QUERIES[index, reverse], (partition, *lowest, *beyond, self._clock(), most))
        return _page(_records(rows), index, limit)

    def commit(self, writes: Sequence[Write]) -> None:
        """Apply up to 100 writes, all or none, durable on return."""
        check_writes(writes)
        steps = [step_of(write) for write in writes]

        def change(connection: sqlite3.Connection) -> None:
            now = self._clock()
            for step in steps:
                step(connection, now)

        self._file.write(change)

    def sweep(self, now: int, limit: int = 500) -> int:
        """Delete up to `limit` records that had expired at `now` (epoch seconds); return how many went."""
        return self._file.write(lambda connection: connection.execute(_SWEEP, (now, limit)).rowcount)

    def backup(self, target: str | Path) -> None:
        """Write a consistent copy to the file `target` while others read and write."""
        self._file.backup(Path(target))

    def close(self) -> None:
        """Close every thread's connection; a later call opens a new one."""
        self._file.close()


def _query_text(index: Index, reverse: bool) -> str:
    columns = ("pk", "sk") if index == 0 else (f"i{index}p", f"i{index}s", "pk", "sk")
    place = columns[1:]
    return _QUERY.format(
        reply=_REPLY,
        head=_HEAD,
        # Naming the index makes a scan an error instead of a slow answer.
        index=f"INDEXED BY index{index}" if index else "",
        partition=columns[0],
        place=f"({', '.join(place)})",
        marks=f"({', '.join('?' * len(place))})",
        alive=ALIVE,
        order=", ".join(f"{column} DESC" if reverse else column for column in place),
    )


_INDEXES: tuple[Index, ...] = (0, 1, 2)
_QUERIES = {(index, reverse): _query_text(index, reverse) for index in _INDEXES for reverse in (False, True)}


def _records(rows: list[tuple[str, str | None, str | None]]) -> list[Record]:
    if not rows:
        return []
    heads, counters, bodies = rows[0]
    return list(map(_record, decode(heads), decode(f"[{counters or ''}]"), decode(f"[{bodies or ''}]")))


def _record(head: list[Any], counters: dict[str, int], body: dict[str, Any]) -> Record:
    pk, sk, kind, version, expires, i1p, i1s, i2p, i2s = head
    index1 = None if i1p is None else Key(i1p, i1s)
    index2 = None if i2p is None else Key(i2p, i2s)
    return Record(Key(pk, sk), kind, body, version, index1, index2, expires, counters)


def _page(records: list[Record], index: Index, limit: int | None) -> Page:
    if limit is None or len(records) <= limit:
        return Page(records, None)
    last = records[limit - 1]
    place = (None, last.index1, last.index2)[index]
    return Page(records[:limit], Mark(last.key, place.sort if place else None))
