"""The records port in its plainest form: a dict, searched from end to end. What adapters are compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from portal.records.port import (
    Add,
    Check,
    Delete,
    Exists,
    Index,
    Insert,
    Key,
    Mark,
    Page,
    Record,
    Records,
    Replace,
    Stale,
    Touch,
    Write,
    check_writes,
)

Kept = dict[Key, Record]


class ModelRecords(Records):
    """Keep records in memory; for one thread."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._kept: Kept = {}

    def get(self, key: Key) -> Record | None:
        return self._alive().get(key)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        alive = self._alive()
        return {key: alive[key] for key in keys if key in alive}

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
        found = [(_place(record, index), record) for record in self._alive().values()]
        found = [(place, record) for place, record in found if place and place[0] == partition]
        found = [(place, record) for place, record in found if _within(place[1], prefix, start, end)]
        found.sort(key=lambda pair: pair[0], reverse=reverse)
        if after is not None:
            mark = (partition, after.index_sort if index else after.key.sort, after.key.partition, after.key.sort)
            found = [(place, record) for place, record in found if (place < mark if reverse else place > mark)]
        records = [record for _, record in found]
        if limit is None or len(records) <= limit:
            return Page(records, None)
        place, last = found[limit - 1]
        return Page(records[:limit], Mark(last.key, place[1] if index else None))

    def commit(self, writes: Sequence[Write]) -> None:
        check_writes(writes)
        kept = self._alive()
        for write in writes:
            _apply(kept, write)
        self._kept = kept

    def close(self) -> None:
        self._kept = {}

    def _alive(self) -> Kept:
        now = self._clock()
        return {key: record for key, record in self._kept.items() if record.expires is None or record.expires > now}


def _apply(kept: Kept, write: Write) -> None:
    found = kept.get(write.key)
    if isinstance(write, Insert):
        if found:
            raise Exists(write.key)
        kept[write.key] = replace(write.record, version=1)
    elif isinstance(write, Add):
        found = found or Record(write.key, write.kind, {}, 1)
        kept[write.key] = replace(found, counters=_sum(found.counters, write.deltas))
    elif isinstance(write, Touch):
        kept[write.key] = replace(found, version=found.version + 1) if found else Record(write.key, write.kind, {}, 1)
    else:
        _apply_versioned(kept, write, found)


def _apply_versioned(kept: Kept, write: Replace | Delete | Check, found: Record | None) -> None:
    version = write.record.version if isinstance(write, Replace) else write.version
    absent_as_wanted = isinstance(write, Check) and version == 0 and found is None
    if not absent_as_wanted and (found is None or found.version != version):
        raise Stale(write.key)
    if isinstance(write, Delete):
        del kept[write.key]
    elif isinstance(write, Replace) and found:
        kept[write.key] = replace(write.record, version=version + 1, counters=found.counters)


def _sum(counters: Mapping[str, int], deltas: Mapping[str, int]) -> dict[str, int]:
    return {name: counters.get(name, 0) + deltas.get(name, 0) for name in {**counters, **deltas}}


def _place(record: Record, index: Index) -> tuple[str, str, str, str] | None:
    key = (record.key, record.index1, record.index2)[index]
    return None if key is None else (key.partition, key.sort, record.key.partition, record.key.sort)


def _within(sort: str, prefix: str, start: str | None, end: str | None) -> bool:
    return sort.startswith(prefix) and (start is None or start <= sort) and (end is None or sort <= end)
