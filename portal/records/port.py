"""The records port: what an adapter promises, and the shapes that cross it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

MAX_WRITES = 100
MAX_READS = 100
Index = Literal[0, 1, 2]
EVENT = "EVENT"

# Kinds whose writes are housekeeping, not business: they need no journal event of their own.
SILENT_KINDS = frozenset({EVENT, "SESSION", "ONCE", "OUT", "TRY", "CODE", "LEASE", "ROLLUP"})


@dataclass(frozen=True, slots=True)
class Key:
    """Name one record: its partition and its sort key."""

    partition: str
    sort: str

    @property
    def kind(self) -> str:
        """Return the first word of the sort key."""
        return self.sort.split("#", 1)[0]


@dataclass(frozen=True, slots=True)
class Record:
    """Hold one record as stored; `expires` is in epoch seconds, `version` starts at 1."""

    key: Key
    kind: str
    body: Mapping[str, Any]
    version: int = 0
    index1: Key | None = None
    index2: Key | None = None
    expires: int | None = None
    counters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Insert:
    """Create `record`; raise `Exists` when its key is taken by a record that has not expired."""

    record: Record

    @property
    def key(self) -> Key:
        return self.record.key

    @property
    def kind(self) -> str:
        return self.record.kind


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace the record whose version is `record.version`; it becomes version + 1 and keeps its counters."""

    record: Record

    @property
    def key(self) -> Key:
        return self.record.key

    @property
    def kind(self) -> str:
        return self.record.kind


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete the record if its version is still `version`."""

    key: Key
    version: int
    kind: str


@dataclass(frozen=True, slots=True)
class Check:
    """Require the record to be at `version`; 0 requires that there is none."""

    key: Key
    version: int
    kind: str = "CHECK"


@dataclass(frozen=True, slots=True)
class Add:
    """Add to named counters of a record, created (body {}, version 1) when missing; touches no version."""

    key: Key
    kind: str
    deltas: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Touch:
    """Raise a record's version by one, whichever it is; it is created (body {}, version 1) when missing."""

    key: Key
    kind: str


Write = Insert | Replace | Delete | Check | Add | Touch


@dataclass(frozen=True, slots=True)
class Mark:
    """Name the place after which a query goes on: the last record's key; on an index, its sort key there."""

    key: Key
    index_sort: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Hold one page of a query; `after` is set when more records follow, else None."""

    records: Sequence[Record]
    after: Mark | None


class RecordsError(Exception):
    """Stand for anything the port refuses."""


class Exists(RecordsError):
    """Tell that an insert met a record: `key` names it."""

    def __init__(self, key: Key) -> None:
        super().__init__(f"record exists: {key.partition} / {key.sort}")
        self.key = key


class Stale(RecordsError):
    """Tell that a record is not at the version a write named: `key` names it."""

    def __init__(self, key: Key) -> None:
        super().__init__(f"record is stale: {key.partition} / {key.sort}")
        self.key = key


class Unjournalled(RecordsError):
    """Tell that a business write came without its journal event."""


class ForeignKey(RecordsError):
    """Tell that a key outside the scope was asked for; always a defect, never a user's mistake."""


class Busy(RecordsError):
    """Tell that the store stayed locked or throttled past the time limit; the caller may try again."""


class Full(RecordsError):
    """Tell that the disk or quota below is full; nothing was written."""


class TooBig(RecordsError, ValueError):
    """Tell that a record, or a whole commit, is larger than the store can keep; nothing was written.

    DynamoDB keeps 400 kB a record, its keys included, and 4 MiB a commit; SQLite has no such limit.
    """


class Records(Protocol):
    """Keep records. A read never returns a record that has expired by the adapter's clock."""

    def get(self, key: Key) -> Record | None:
        """Return the record, read consistently, or None."""

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return those of up to 100 records that exist, in one call."""

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
        """Return records of one partition (or index partition) in sort-key order.

        `prefix` or the inclusive range `start`..`end` narrows the sort key (of the index, if `index` is 1, 2).
        `after` is a mark from an earlier page; `limit` None returns all.
        Records with equal index sort keys are ordered by primary key.
        """

    def commit(self, writes: Sequence[Write]) -> None:
        """Apply up to 100 writes, all or none, durable on return.

        Raise `Exists` or `Stale` naming the first such record, `Unjournalled`, `Busy`, `Full`, `TooBig`; ValueError
        for none, too many, two writes to one key or a key without text. After `Busy` the caller cannot know
        whether the commit was applied: a reply may have been lost for good.
        """

    def close(self) -> None:
        """Release what the adapter holds."""


def check_writes(writes: Sequence[Write]) -> None:
    """Refuse a batch that is empty, too large, names a key twice, or lacks its journal event."""
    if not 0 < len(writes) <= MAX_WRITES:
        raise ValueError(f"a commit takes 1 to {MAX_WRITES} writes, not {len(writes)}")
    keys = [write.key for write in writes]
    if len(set(keys)) != len(keys):
        raise ValueError("a commit may name a record once only")
    for write in writes:
        _check_keys(write)
    _require_event(writes)


def _check_keys(write: Write) -> None:
    # An empty key cannot be kept in DynamoDB, one with NUL not be returned by SQLite.
    keys = [write.key]
    if isinstance(write, Insert | Replace):
        keys += [key for key in (write.record.index1, write.record.index2) if key]
    for text in (text for key in keys for text in (key.partition, key.sort)):
        if not text or "\0" in text:
            raise ValueError(f"a key has text without NUL, not {text!r}")


def _require_event(writes: Iterable[Write]) -> None:
    business = [w for w in writes if not isinstance(w, Check) and w.kind not in SILENT_KINDS]
    journalled = any(isinstance(w, Insert) and w.kind == EVENT for w in writes)
    if business and not journalled:
        raise Unjournalled(f"{business[0].kind} was written without a journal event")
