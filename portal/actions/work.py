"""My work: what is one's own to do, by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from portal.actions import findings, links
from portal.actions.context import Ctx
from portal.actions.state import State, load
from portal.domain import headlines
from portal.domain.common import Person
from portal.domain.facts import EvidenceFact
from portal.domain.work import LAPSE_NOTICE, Worker, WorkItem, reviews, work_items
from portal.records import keys
from portal.records.port import Record

MOST = 100  # pieces of evidence that are named each; beyond that they are counted


def mine(ctx: Ctx) -> dict[str, Any]:
    """Return everything that is the actor's to do in this programme."""
    state = load(ctx)
    found = [_worded(state, item) for item in items_of(ctx, state)]
    headline, lede = headlines.work(found, today=ctx.today)
    return {"headline": headline, "lede": lede, "items": [item_view(ctx, item) for item in found]}


def _worded(state: State, item: WorkItem) -> WorkItem:
    """Give an item of the standard its text, which the domain does not know."""
    if item.kind != "requirement":
        return item
    return replace(item, text=state.catalogue.item(dict(item.place.params)["item"]).text)


def items_of(ctx: Ctx, state: State, most: int = MOST) -> tuple[WorkItem, ...]:
    """Return what is the actor's to do; evidence is looked through only where its counters say that some waits."""
    evidence, steps = _evidence(ctx, state.evidence_counts, most), tuple(state.steps.values())
    found = work_items(
        worker(ctx), ctx.today, items=state.items, evidence=evidence, findings=state.finding_facts, steps=steps
    )
    waiting = state.evidence_counts.get("submitted", 0)
    return (*found, reviews(waiting)) if waiting > most and ctx.may("evidence.review") else found


def worker(ctx: Ctx) -> Worker:
    """Return the actor as work lists know people."""
    judges = bool(findings.JUDGES & ctx.actor.roles)
    return Worker(ctx.actor.person, ctx.may("evidence.review"), judges and ctx.may("finding.move"))


def item_view(ctx: Ctx, item: WorkItem) -> dict[str, Any]:
    """Show one thing to do."""
    due = item.due.isoformat() if item.due else None
    return {"kind": item.kind, "title": item.title, "text": item.text, "due": due,
            "late_days": item.late_days, "href": links.to_place(item.place, ctx.scope)}  # fmt: skip


def _evidence(ctx: Ctx, counts: Mapping[str, int], most: int) -> list[EvidenceFact]:
    org, query = ctx.scope.organisation, ctx.records.query
    found: list[Record] = []
    if ctx.may("evidence.review") and 0 < counts.get("submitted", 0) <= most:
        found += query(keys.evidence_in_state(org, "submitted").partition, index=1, limit=most).records
    if counts.get("draft") or counts.get("returned"):
        found += query(keys.evidence_to_do(org, ctx.actor.id).partition, index=2, limit=most).records
    if counts.get("accepted"):
        until = (ctx.today + LAPSE_NOTICE + timedelta(days=1)).isoformat()
        lapsing = query(keys.due(org, ctx.today, "").partition, index=2, end=until, limit=most).records
        found += [record for record in lapsing if record.kind == "EV"]
    return [fact(record.body) for record in found]


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
