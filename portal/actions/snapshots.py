"""Snapshots: freezing the accepted evidence of one stage, and reading what was frozen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.actions.context import Ctx
from portal.actions.evidence_links import seen_from
from portal.actions.state import State
from portal.domain import snapshots as domain
from portal.domain.audits import Audit, Kind
from portal.domain.evidence import Evidence
from portal.domain.snapshots import Head
from portal.domain.steps import Step, shown_state
from portal.records import codec, keys
from portal.records.port import MAX_WRITES, Insert, Record

# A stage looks back on the steps before it.
STEPS: Mapping[Kind, range] = {Kind.STAGE1: range(1, 9), Kind.STAGE2: range(1, 11)}
# Room that a commit keeps beside the pages: head, audit, guard, events, tasks, checks.
BESIDE = 12


@dataclass(frozen=True, slots=True)
class Frozen:
    """Hold a new snapshot's summary and the writes that store it."""

    head: Head
    writes: tuple[Insert, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """Hold a snapshot as it is kept: the frozen header and the entries, in the order of evidence ids."""

    head: Mapping[str, Any]
    entries: Sequence[Mapping[str, Any]]


def freeze(ctx: Ctx, state: State, audit: Audit, beside: int = 0) -> Frozen:
    """Freeze what a stage sees; `beside` counts writes that the same commit needs for other things."""
    items = {item.id for item in state.catalogue.items_of_stage(audit.kind.value)}  # type: ignore[arg-type]
    snapshot = domain.build(
        ctx.new_id(), audit.id, audit.kind.value, _of_stage(ctx, items),
        items=items, steps=STEPS.get(audit.kind, ()), by=ctx.actor.person, now=ctx.now,
    )  # fmt: skip
    head = domain.head(snapshot)
    most = MAX_WRITES - BESIDE - beside
    size = max(domain.PAGE_SIZE, -(-len(snapshot.entries) // most))
    pages = [_page(ctx, head.id, n, page) for n, page in enumerate(domain.pages(snapshot, size), 1)]
    key = keys.snapshot(ctx.scope.organisation, ctx.scope.programme, head.id)
    return Frozen(head, (Insert(Record(key, "HEAD", _header(state, audit, head))), *pages))


def _of_stage(ctx: Ctx, items: Collection[str]) -> Iterator[Evidence]:
    """Yield what belongs to the stage: evidence for the other stage's items alone is not shown for its step."""
    for one in accepted(ctx):
        if not one.items or not frozenset(items).isdisjoint(one.items):
            yield one


def accepted(ctx: Ctx) -> Iterator[Evidence]:
    """Yield the accepted evidence of the organisation with its links in the programme, page by page."""
    partition, after = keys.evidence_in_state(ctx.scope.organisation, "accepted").partition, None
    while True:
        page = ctx.records.query(partition, index=1, after=after)
        yield from (seen_from(record, ctx.scope.programme) for record in page.records)
        after = page.after
        if after is None:
            return


def _page(ctx: Ctx, snapshot: str, number: int, entries: Sequence[domain.Entry]) -> Insert:
    key = keys.snapshot_page(ctx.scope.organisation, ctx.scope.programme, snapshot, number)
    return Insert(Record(key, "PAGE", {"entries": [codec.dump(entry) for entry in entries]}))


def _header(state: State, audit: Audit, head: Head) -> dict[str, Any]:
    """Return what else an auditor sees, as it was on that day."""
    programme, organisation = state.head.body, state.organisation
    names = {site["id"]: site["name"] for site in organisation.get("sites", ())}
    return {
        **codec.dump(head),
        "organisation": {"id": organisation["id"], "name": organisation["name"]},
        "programme": {"id": programme["id"], "name": programme["name"]},
        "edition": {"id": state.catalogue.id, "title": state.catalogue.name},
        "scope_statement": programme["scope_statement"],
        "sites": [names.get(site, site) for site in programme["sites"]],
        "certification_body": programme["certification_body"],
        "steps": [_step(state.steps[number]) for number in sorted(state.steps)],
        "previous": _previous(state, audit),
    }


def _step(step: Step) -> dict[str, Any]:
    ended = step.actual_end.isoformat() if step.actual_end else None
    return {"number": step.number, "name": step.name, "state": shown_state(step), "ended": ended}


def _previous(state: State, audit: Audit) -> dict[str, str] | None:
    """Name the snapshot of Stage 1 that this one of Stage 2 comes after."""
    if audit.kind != Kind.STAGE2:
        return None
    first = [a.snapshot for a in state.audits if a.kind == Kind.STAGE1 and a.snapshot]
    return {"id": first[-1].id, "digest": first[-1].digest} if first else None


def stored(ctx: Ctx, snapshot: str) -> Stored:
    """Read a snapshot: one query."""
    head = keys.snapshot(ctx.scope.organisation, ctx.scope.programme, snapshot)
    found = ctx.records.query(head.partition, limit=None).records
    body = next(r.body for r in found if r.key == head)
    return Stored(body, [entry for r in found if r.kind == "PAGE" for entry in r.body["entries"]])
