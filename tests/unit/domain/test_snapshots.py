"""Snapshots: what is frozen, in which order, under which digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from portal.domain import evidence as ev
from portal.domain import snapshots as s
from portal.domain.common import Person

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HANNAH, MARCUS = Person("h", "Hannah Osei"), Person("m", "Marcus Webb")
ITEMS, STEPS = {"4.1-a", "4.2-a"}, {1, 2}


def accepted(id: str, items: tuple[str, ...] = ("4.1-a",), steps: tuple[int, ...] = (), sha: str = "a") -> ev.Evidence:
    details = {"title": f"Évidence {id}", "kind": "document", "owner": HANNAH}
    draft = ev.create(id, details, by=HANNAH, now=NOW, items=items, steps=steps)
    return review(draft, sha)


def review(draft: ev.Evidence, sha: str) -> ev.Evidence:
    filed, _ = ev.add_version(
        draft,
        filename="a.pdf",
        sha256=sha * 64,
        length=9,
        media_type="application/pdf",
        label="PDF",
        by=HANNAH,
        now=NOW,
    )
    return ev.accept(ev.submit(filed, by=HANNAH, now=NOW), by=MARCUS, now=NOW)


def build(*evidence: ev.Evidence) -> s.Snapshot:
    return s.build("s1", "a1", "stage1", evidence, items=ITEMS, steps=STEPS, by=MARCUS, now=NOW)


def test_only_accepted_evidence_of_the_stage_is_frozen() -> None:
    """Accepted evidence linked to the stage's items or steps is frozen, with the stage's links only."""
    draft = ev.create("e9", {"title": "Draft", "kind": "document"}, by=HANNAH, now=NOW, items=("4.1-a",))
    elsewhere, by_step = accepted("e2", ("8.1-a",), (5,)), accepted("e3", (), (2, 5))
    frozen = build(by_step, draft, elsewhere, accepted("e1", ("4.1-a", "8.1-a")))
    assert [(entry.evidence, entry.items, entry.steps) for entry in frozen.entries] == [
        ("e1", ("4.1-a",), ()), ("e3", (), (2,)),
    ]  # fmt: skip


def test_an_entry_says_who_approved_which_version() -> None:
    """A frozen entry keeps version, hash, owner and the approval by name."""
    entry = build(accepted("e1")).entries[0]
    assert (entry.version, entry.sha256, entry.owner, entry.approved_by, entry.approved_at) == (
        1, "a" * 64, HANNAH, MARCUS, NOW,
    )  # fmt: skip


@given(st.permutations([accepted(f"e{n}") for n in range(6)]))
def test_order_of_reading_does_not_matter(evidence: list[ev.Evidence]) -> None:
    """The same evidence read in any order gives the same snapshot and digest."""
    ordered = build(*sorted(evidence, key=lambda one: one.id))
    assert build(*evidence) == ordered
    assert s.digest(build(*evidence)) == s.digest(ordered)


def test_the_digest_covers_every_part() -> None:
    """Changing any part of a snapshot or of an entry changes its digest; the same instant elsewhere does not."""
    frozen = build(accepted("e1"))
    entry = frozen.entries[0]
    changes = {"sha256": "b" * 64, "version": 2, "title": "Other", "approved_by": HANNAH, "items": (), "length": 1}
    others = [replace(frozen, entries=(replace(entry, **{name: value}),)) for name, value in changes.items()]
    others += [replace(frozen, stage="stage2"), replace(frozen, frozen_at=NOW + timedelta(seconds=1))]
    assert len({s.digest(one) for one in (frozen, *others)}) == len(others) + 1
    elsewhere = replace(frozen, frozen_at=NOW.astimezone(timezone(timedelta(hours=2))))
    assert s.digest(elsewhere) == s.digest(frozen)


def test_the_digest_stays_as_published() -> None:
    """The digest of an empty snapshot is the SHA-256 of its canonical JSON, so that anybody can compute it."""
    import hashlib

    text = (
        '{"audit":"a1","by":{"id":"m","name":"Marcus Webb"},"entries":[],"frozen_at":"2026-11-22T12:00:00+00:00",'
        '"id":"s1","stage":"stage1"}'
    )
    assert s.digest(build()) == hashlib.sha256(text.encode()).hexdigest()


def test_later_evidence_and_versions_are_marked() -> None:
    """New evidence and new accepted versions count as added since; what was frozen does not."""
    first = accepted("e1")
    frozen = build(first)
    newer = review(first, "b")
    assert s.added_since(frozen, (first,), items=ITEMS, steps=STEPS) == ()
    added = s.added_since(frozen, (accepted("e2"), newer), items=ITEMS, steps=STEPS)
    assert [(entry.evidence, entry.version) for entry in added] == [("e1", 2), ("e2", 1)]


@given(st.integers(0, 250), st.integers(1, 100))
def test_pages_put_together_are_the_snapshot(count: int, size: int) -> None:
    """Pages hold at most their size and give the snapshot back whole."""
    entry = build(accepted("e1")).entries[0]
    frozen = replace(build(), entries=tuple(replace(entry, evidence=f"e{n}") for n in range(count)))
    cut = s.pages(frozen, size)
    assert all(0 < len(page) <= size for page in cut)
    assert s.whole(s.head(frozen), cut) == frozen


def test_the_head_counts_evidence_and_items() -> None:
    """The head counts evidence and the different items it covers."""
    head = s.head(build(accepted("e1"), accepted("e2", ("4.1-a", "4.2-a"))))
    assert (head.evidence_count, head.items_count) == (2, 2)
