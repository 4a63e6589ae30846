"""Acting in the past: a clock that stands at one instant, and records that do not lapse while the story is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from portal.actions.context import Services
from portal.records.port import Index, Insert, Key, Mark, Page, Record, Records, Replace, Write

HOUR = 3600


def silently() -> None:
    """Wake nobody: the tasks of the past are not to be done."""


def at(services: Services, moment: datetime) -> Services:
    """Return the services with a clock that stands at an instant."""
    return replace(services, clock=lambda: moment)


def moment(day: str, clock: str = "09:00") -> datetime:
    """Return an instant (UTC) of a day written as YYYY-MM-DD."""
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=UTC)


class Lasting(Records):
    """Keep what would have lapsed long ago (uploads, codes, sessions of the past) for one more hour from now."""

    def __init__(self, records: Records, clock: Callable[[], datetime]) -> None:
        self._records, self._clock = records, clock

    def get(self, key: Key) -> Record | None:
        """Return the record or None."""
        return self._records.get(key)

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return those of up to 100 records that exist."""
        return self._records.get_many(keys)

    def query(
        self, partition: str, *, prefix: str = "", index: Index = 0, start: str | None = None, end: str | None = None,
        after: Mark | None = None, limit: int | None = 100, reverse: bool = False,
    ) -> Page:  # fmt: skip
        """Return records of one partition or index partition."""
        return self._records.query(
            partition, prefix=prefix, index=index, start=start, end=end, after=after, limit=limit, reverse=reverse
        )

    def commit(self, writes: Sequence[Write]) -> None:
        """Apply the writes; what lapsed in the past lapses in an hour instead."""
        self._records.commit([self._kept(write) for write in writes])

    def close(self) -> None:
        """Do nothing: the records behind belong to others too."""

    def _kept(self, write: Write) -> Write:
        if not isinstance(write, Insert | Replace) or write.record.expires is None:
            return write
        now = int(self._clock().timestamp())
        if write.record.expires > now:
            return write
        return replace(write, record=replace(write.record, expires=now + HOUR))
