"""The evidence library: what there is, newest first, narrowed by state, requirement, step, owner or words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.actions.context import Ctx
from portal.actions.evidence_links import clause_of, seen_from, target_of
from portal.actions.evidence_views import heads_of, summary
from portal.actions.state import edition_catalogue
from portal.domain import evidence as domain
from portal.domain import headlines
from portal.domain.common import Invalid
from portal.domain.evidence import Evidence, State
from portal.records import keys
from portal.records.port import Mark, Page, Record

PAGES = 5  # read at most, to fill one page of a narrowed list
FULL = 100
FEW = 20  # read to say of each whose it is; beyond that the headline counts

Rows = Sequence[tuple[Mark, Record]]
Fetch = Callable[[Mark | None, int], tuple[Rows, Mark | None]]
Found = list[tuple[Evidence, int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what a reader narrows the library by; what is empty does not narrow."""

    state: str = ""
    item: str = ""
    clause: str = ""
    step: int | None = None
    owner: str = ""
    q: str = ""

    def matches(self, evidence: Evidence) -> bool:
        """Tell whether a piece of evidence is wanted."""
        return (
            self.state in ("", evidence.state)
            and (not self.item or self.item in evidence.items)
            and (not self.clause or any(_within(item, self.clause) for item in evidence.items))
            and (self.step is None or self.step in evidence.steps)
            and (not self.owner or (evidence.owner is not None and evidence.owner.id == self.owner))
            and (not self.q or self.q.strip().casefold() in _words(evidence))
        )


def _within(item: str, clause: str) -> bool:
    own = clause_of(item)
    return own == clause or own.startswith(f"{clause}.")


def _words(evidence: Evidence) -> str:
    filename = evidence.current.filename if evidence.current else ""
    return f"{evidence.title}\n{filename}".casefold()


def listing(ctx: Ctx, wanted: Wanted, after: Mark | None, limit: int) -> tuple[dict[str, Any], Mark | None]:
    """Return one page: one query and one get of the counters.

    A longer library's first page asks two small index queries more for its headline; a narrowed one may take
    up to five pages of 100 (each with a batch of heads for an item or a step), and then goes on from its cursor.
    """
    if wanted.item and not edition_catalogue(ctx).has_item(wanted.item):
        raise Invalid(f"There is no item {wanted.item} in this edition.", "item")
    found, going_on = _walk(ctx, wanted, after, limit)
    kept = ctx.records.get(keys.evidence_counts(ctx.scope.organisation))
    counts = {state.value: kept.counters.get(state.value, 0) if kept else 0 for state in State}
    whole = found if wanted == Wanted() and after is None and going_on is None else None
    headline, lede = _headline(ctx, counts, whole, first=after is None)
    shown = [summary(evidence, version, ctx.today) for evidence, version in found]
    counts["total"] = sum(counts.values())
    return {"headline": headline, "lede": lede, "items": shown, "counts": counts}, going_on


def _walk(ctx: Ctx, wanted: Wanted, after: Mark | None, limit: int) -> tuple[Found, Mark | None]:
    fetch, rest = _source(ctx, wanted)
    size, pages = (limit, 1) if rest == Wanted() else (FULL, PAGES)
    chosen: Found = []
    for _ in range(pages):
        rows, after = fetch(after, size)
        for place, (mark, head) in enumerate(rows, 1):
            evidence = seen_from(head, ctx.scope.programme)
            if wanted.matches(evidence):
                chosen.append((evidence, head.version))
            if len(chosen) == limit:
                return chosen, mark if place < len(rows) else after
        if after is None:
            break
    return chosen, after


def _source(ctx: Ctx, wanted: Wanted) -> tuple[Fetch, Wanted]:
    """Return how to read on, and what of the wish that reading does not see to."""
    if wanted.item or wanted.step is not None:
        target = wanted.item or target_of(wanted.step or 0)
        rest = Wanted(wanted.state, "", wanted.clause, wanted.step if wanted.item else None, wanted.owner, wanted.q)
        return _linked_to(ctx, target), rest
    rest = Wanted("", "", wanted.clause, None, wanted.owner, wanted.q)
    return (_in_state(ctx, wanted.state) if wanted.state else _all(ctx)), rest


def _all(ctx: Ctx) -> Fetch:
    def fetch(after: Mark | None, limit: int) -> tuple[Rows, Mark | None]:
        partition = keys.library(ctx.scope.organisation)
        page = ctx.records.query(partition, prefix="EV#", after=after, limit=limit, reverse=True)
        return [(Mark(record.key), record) for record in page.records], page.after

    return fetch


def _in_state(ctx: Ctx, state: str) -> Fetch:
    def fetch(after: Mark | None, limit: int) -> tuple[Rows, Mark | None]:
        partition = keys.evidence_in_state(ctx.scope.organisation, state).partition
        page = ctx.records.query(partition, index=1, after=after, limit=limit, reverse=True)
        return _marked(page, page.records), page.after

    return fetch


def _linked_to(ctx: Ctx, target: str) -> Fetch:
    def fetch(after: Mark | None, limit: int) -> tuple[Rows, Mark | None]:
        partition = keys.evidence_for(ctx.scope.organisation, ctx.scope.programme, target).partition
        page = ctx.records.query(partition, index=1, after=after, limit=limit, reverse=True)
        return _marked(page, heads_of(ctx, page.records)), page.after

    return fetch


def _marked(page: Page, heads: Sequence[Record | None]) -> Rows:
    marks = [Mark(record.key, record.index1.sort if record.index1 else None) for record in page.records]
    return [(mark, head) for mark, head in zip(marks, heads, strict=True) if head]


def _headline(ctx: Ctx, counts: dict[str, int], whole: Found | None, *, first: bool) -> headlines.Headline:
    """Say what the library needs; `whole` is all of it when one page shows it, so that nothing more is to be read."""
    total, waiting = sum(counts.values()), counts[State.SUBMITTED]
    reviewer = ctx.may("evidence.review", owns=False)
    if whole is not None:
        submitted = [evidence for evidence, _ in whole if evidence.state == State.SUBMITTED]
        lapsed = sum(e.state == State.ACCEPTED and domain.lapsed(e, ctx.today) for e, _ in whole)
    else:
        submitted = _submitted(ctx) if first and reviewer and 0 < waiting <= FEW else []
        lapsed = _lapsed(ctx) if first else 0
    mine = sum(domain.is_reviewer(evidence, ctx.actor.person) for evidence in submitted) if reviewer else 0
    # Too many to look at each for whose it is.
    unknown = whole is None and reviewer and waiting > FEW
    return headlines.evidence(
        total=total, waiting=waiting, for_me=None if unknown else mine, returned=counts[State.RETURNED], lapsed=lapsed,
        draft=counts[State.DRAFT], reviewer=reviewer, most_lapsed=None if whole is not None else FEW,
    )  # fmt: skip


def _submitted(ctx: Ctx) -> list[Evidence]:
    partition = keys.evidence_in_state(ctx.scope.organisation, State.SUBMITTED).partition
    found = ctx.records.query(partition, index=1, limit=FEW).records
    return [seen_from(record, ctx.scope.programme) for record in found]


def _lapsed(ctx: Ctx) -> int:
    """Count accepted evidence whose review date lies before today; one more than a few stands for many."""
    today = ctx.today.isoformat()
    partition = keys.due(ctx.scope.organisation, ctx.today, "").partition
    return len(ctx.records.query(partition, index=2, end=today, limit=FEW + 1).records)
