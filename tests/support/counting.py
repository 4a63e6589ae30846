"""Records that count the calls made on them, for tests of access patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from portal.records.port import Key, Page, Record, Records, Write


class CountingRecords(Records):
    """Pass every call on to `records` and keep the names of the calls, in order, in `calls`."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.calls: list[str] = []

    def reset(self) -> None:
        """Forget the calls so far."""
        self.calls.clear()

    @property
    def reads(self) -> int:
        """Return how many calls only read."""
        return sum(name != "commit" for name in self.calls)

    def get(self, key: Key) -> Record | None:
        self.calls.append("get")
        return self.records.get(key)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        self.calls.append("get_many")
        return self.records.get_many(keys)

    def query(self, partition: str, **how: Any) -> Page:
        self.calls.append("query")
        return self.records.query(partition, **how)

    def commit(self, writes: Sequence[Write]) -> None:
        self.calls.append("commit")
        self.records.commit(writes)

    def close(self) -> None:
        self.records.close()
