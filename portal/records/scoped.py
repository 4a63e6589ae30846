"""Records narrowed to a scope: what lies outside cannot be read or written, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.records.port import ForeignKey, Index, Insert, Key, Mark, Page, Record, Records, Replace, Write


class ScopedRecords(Records):
    """Pass on what stays inside partitions equal to one of `prefixes` or beginning with it and '#'.

    Everything else raises `ForeignKey`.
    """

    def __init__(self, records: Records, prefixes: tuple[str, ...]) -> None:
        if not all(prefixes):
            raise ValueError("a scope has no empty prefix")
        self._records = records
        self._exactly = frozenset(prefixes)
        self._below = tuple(f"{prefix}#" for prefix in prefixes)

    def get(self, key: Key) -> Record | None:
        """Return the record or None."""
        self._require(key.partition)
        return self._records.get(key)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return those of up to 100 records that exist."""
        self._require_all(keys)
        return self._records.get_many(keys)

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
        """Return records of one partition or index partition; all of them lie inside the scope."""
        self._require(partition)
        if after is not None:
            self._require(after.key.partition)
        page = self._records.query(
            partition, prefix=prefix, index=index, start=start, end=end, after=after, limit=limit, reverse=reverse
        )
        self._require_all(record.key for record in page.records)
        return page

    def commit(self, writes: Sequence[Write]) -> None:
        """Apply the writes when all their keys and index keys lie inside the scope."""
        for write in writes:
            self._require_all(_keys(write))
        self._records.commit(writes)

    def close(self) -> None:
        """Do nothing: the records behind belong to others too."""

    def _require_all(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self._require(key.partition)

    def _require(self, partition: str) -> None:
        if partition not in self._exactly and not partition.startswith(self._below):
            raise ForeignKey(f"{partition} lies outside the scope")


def _keys(write: Write) -> list[Key]:
    if not isinstance(write, Insert | Replace):
        return [write.key]
    record = write.record
    return [key for key in (record.key, record.index1, record.index2) if key is not None]
