"""Snapshots: the frozen list of accepted evidence that one stage of an audit sees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any

from portal.domain.common import Person
from portal.domain.evidence import Evidence, State

PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one evidence as it was frozen; `items` are those of the stage only."""

    evidence: str
    version: int
    sha256: str
    length: int
    title: str
    filename: str
    label: str
    media_type: str
    kind: str
    owner: Person | None
    approved_by: Person
    approved_at: datetime
    period_from: date | None
    period_to: date | None
    source_system: str
    review_by: date | None
    items: tuple[str, ...]
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Hold a frozen list; its entries are in the order of evidence ids and never change."""

    id: str
    audit: str
    stage: str
    frozen_at: datetime
    by: Person
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what is known of a snapshot without its entries; `digest` is the SHA-256 of all of it."""

    id: str
    audit: str
    stage: str
    frozen_at: datetime
    by: Person
    evidence_count: int
    items_count: int
    digest: str


def build(
    id: str, audit: str, stage: str, evidence: Iterable[Evidence], *,
    items: Collection[str], steps: Collection[int], by: Person, now: datetime,
) -> Snapshot:  # fmt: skip
    """Freeze the accepted evidence linked to the stage's `items` or `steps`."""
    return Snapshot(id, audit, stage, now, by, _entries(evidence, frozenset(items), frozenset(steps)))


def _entries(evidence: Iterable[Evidence], items: frozenset[str], steps: frozenset[int]) -> tuple[Entry, ...]:
    frozen = (_entry(one, items, steps) for one in evidence)
    return tuple(sorted((entry for entry in frozen if entry), key=lambda entry: entry.evidence))


def _entry(evidence: Evidence, items: frozenset[str], steps: frozenset[int]) -> Entry | None:
    at = tuple(item for item in evidence.items if item in items)
    during = tuple(step for step in evidence.steps if step in steps)
    file, decided = evidence.current, evidence.decided
    if evidence.state != State.ACCEPTED or file is None or decided is None or not (at or during):
        return None
    return Entry(
        evidence.id, file.number, file.sha256, file.length, evidence.title, file.filename, file.label, file.media_type,
        evidence.kind.value, evidence.owner, decided.by, decided.at, evidence.period_from, evidence.period_to,
        evidence.source_system, evidence.review_by, at, during,
    )  # fmt: skip


def added_since(
    snapshot: Snapshot, evidence: Iterable[Evidence], *, items: Collection[str], steps: Collection[int]
) -> tuple[Entry, ...]:
    """Return what would be frozen now and was not then: new evidence and new versions."""
    known = {(entry.evidence, entry.version) for entry in snapshot.entries}
    today = _entries(evidence, frozenset(items), frozenset(steps))
    return tuple(entry for entry in today if (entry.evidence, entry.version) not in known)


def pages(snapshot: Snapshot, size: int = PAGE_SIZE) -> tuple[tuple[Entry, ...], ...]:
    """Cut the entries into pages of at most `size` for storage."""
    entries = snapshot.entries
    return tuple(entries[start : start + size] for start in range(0, len(entries), size))


def whole(head: Head, stored: Iterable[Iterable[Entry]]) -> Snapshot:
    """Put a snapshot together again from its head and pages."""
    entries = tuple(entry for page in stored for entry in page)
    return Snapshot(head.id, head.audit, head.stage, head.frozen_at, head.by, entries)


def head(snapshot: Snapshot) -> Head:
    """Sum a snapshot up."""
    covered = {item for entry in snapshot.entries for item in entry.items}
    return Head(
        snapshot.id, snapshot.audit, snapshot.stage, snapshot.frozen_at, snapshot.by,
        len(snapshot.entries), len(covered), digest(snapshot),
    )  # fmt: skip


def digest(snapshot: Snapshot) -> str:
    """Return the SHA-256, in hex, of the snapshot as canonical JSON: sorted keys, no spaces, UTF-8, instants in UTC."""
    text = json.dumps(asdict(snapshot), default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a snapshot holds no {type(value).__name__}")
