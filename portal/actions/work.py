"""My work: what is one's own to do, by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.actions import findings, links
from portal.actions.context import Ctx
from portal.actions.state import State, load
from portal.domain import headlines
from portal.domain.common import Person
from portal.domain.facts import EvidenceFact
from portal.domain.work import LAPSE_NOTICE, Worker, WorkItem, work_items
from portal.records import keys
from portal.records.port import Record

MOST = 100  # pieces of evidence of one state that are looked through


def mine(ctx: Ctx) -> dict[str, Any]:
    """Return everything that is the actor's to do in this programme."""
    found = items_of(ctx, load(ctx))
    headline, lede = headlines.work(found, today=ctx.today)
    return {"headline": headline, "lede": lede, "items": [item_view(ctx, item) for item in found]}


def items_of(ctx: Ctx, state: State) -> tuple[WorkItem, ...]:
    """Return what is the actor's to do; evidence is looked through only where its counters say that some waits."""
    evidence, steps = _evidence(ctx, state.evidence_counts), tuple(state.steps.values())
    return work_items(
        worker(ctx), ctx.today, items=state.items, evidence=evidence, findings=state.finding_facts, steps=steps
    )


def worker(ctx: Ctx) -> Worker:
    """Return the actor as work lists know people."""
    judges = bool(findings.JUDGES & ctx.actor.roles)
    return Worker(ctx.actor.person, ctx.may("evidence.review"), judges and ctx.may("finding.move"))


def item_view(ctx: Ctx, item: WorkItem) -> dict[str, Any]:
    """Show one thing to do."""
    due = item.due.isoformat() if item.due else None
    return {"kind": item.kind, "title": item.title, "text": item.text, "due": due,
            "late_days": item.late_days, "href": links.to_place(item.place, ctx.scope)}  # fmt: skip


def _evidence(ctx: Ctx, counts: Mapping[str, int]) -> list[EvidenceFact]:
    org = ctx.scope.organisation
    found: list[Record] = []
    states = [s for s in ("submitted", "returned", "draft") if counts.get(s)]
    for state in states if ctx.may("evidence.review") else [s for s in states if s != "submitted"]:
        partition = keys.evidence_in_state(org, state).partition
        found += ctx.records.query(partition, index=1, limit=MOST).records
    if not counts.get("accepted"):
        return [fact(record.body) for record in found]
    until = (ctx.today + LAPSE_NOTICE + timedelta(days=1)).isoformat()
    lapsing = ctx.records.query(keys.due(org, ctx.today, "").partition, index=2, end=until, limit=MOST).records
    return [fact(record.body) for record in (*found, *(r for r in lapsing if r.kind == "EV"))]


def fact(body: Any) -> EvidenceFact:
    """Return what work lists need of an evidence head."""
    submitted, decided = body.get("submitted") or {}, body.get("decided") or {}
    review_by = body.get("review_by")
    return EvidenceFact(
        body["id"], body["title"], body["state"], _person(body.get("owner")), _person(submitted.get("by")),
        date.fromisoformat(submitted["at"][:10]) if submitted else None,
        date.fromisoformat(review_by) if review_by else None, decided.get("text") or "",
    )  # fmt: skip


def _person(body: Any) -> Person | None:
    return Person(body["id"], body["name"]) if body else None
