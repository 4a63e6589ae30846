"""The overview of a programme: where it stands, what is in the way, what is one's own this week."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.actions.context import Ctx
from portal.actions.requirements import counts_view
from portal.actions.state import State, load
from portal.actions.step_views import blockers_of, step_view
from portal.actions.work import item_view, items_of
from portal.domain import headlines
from portal.domain.facts import AuditFact
from portal.domain.forecast import Forecast, forecast
from portal.domain.ratings import Counts, clause_state, count, percent, roll_up
from portal.domain.steps import current_step

FEW = 10  # pieces of evidence that the overview names each


def overview(ctx: Ctx) -> dict[str, Any]:
    """Return everything the overview shows: one query, one batch, and an index query where evidence waits."""
    state = load(ctx)
    counts = count(item.rating for item in state.items)
    current = current_step(state.steps.values())
    blockers = blockers_of(ctx, state, current) if current else []
    coming = next_audit(state)
    expected = forecast(tuple(state.steps.values()), ctx.today)
    said = headline(state, counts, len(blockers), current, coming, expected)
    return {
        "headline": said.headline, "lede": said.lede,
        "organisation": {"id": ctx.scope.organisation, "name": state.organisation.get("name", "")},
        "programme": programme_view(state), "days_to_target": _days_to(state), "forecast": _forecast_view(expected),
        "steps": [step_view(state, number) for number in sorted(state.steps)], "current_step": current,
        "next_gate": _gate_view(ctx, state, current, blockers), "mine": mine(ctx, state),
        "clauses": heat(state), "counts": _counts(state, counts), "percent": percent(counts),
        "next_audit": _audit_view(coming), "certificate": state.head.body["certificate"],
    }  # fmt: skip


def headline(
    state: State, counts: Counts, in_the_way: int, current: int | None, coming: AuditFact | None,
    expected: Forecast | None,
) -> headlines.Headline:  # fmt: skip
    """Return the overview's answer."""
    certificate = state.head.body["certificate"]
    visits = [date.fromisoformat(v["due"]) for v in (certificate or {}).get("surveillance", ()) if not v["done_on"]]
    return headlines.overview(
        today=state.today, counts=counts, in_the_way=in_the_way, current=current, next_audit=coming,
        target=_target(state), forecast=expected,
        certified_until=date.fromisoformat(certificate["valid_until"]) if certificate else None,
        next_visit=min(visits, default=None),
    )  # fmt: skip


def next_audit(state: State) -> AuditFact | None:
    """Return the certification body's next audit that is not over."""
    wanted = [a for a in state.facts.audits if a.kind != "internal" and not a.concluded and a.start]
    return min(wanted, key=lambda a: a.start or date.max, default=None)


def programme_view(state: State) -> dict[str, Any]:
    """Show the programme as pages name it."""
    body = state.head.body
    edition = {"id": state.catalogue.id, "title": state.catalogue.name, "edition": state.catalogue.edition}
    return {"id": body["id"], "name": body["name"], "edition": edition, "target_date": body["target_date"]}


def _target(state: State) -> date | None:
    target = state.head.body["target_date"]
    return date.fromisoformat(target) if target else None


def _days_to(state: State) -> int | None:
    target = _target(state)
    return (target - state.today).days if target else None


def _forecast_view(expected: Forecast | None) -> dict[str, str] | None:
    if expected is None:
        return None
    return {name: getattr(expected, name).isoformat() for name in ("low", "likely", "high")}


def _gate_view(ctx: Ctx, state: State, current: int | None, blockers: list[dict[str, Any]]) -> dict[str, Any] | None:
    if current is None:
        return None
    step = step_view(state, current)
    return {"step": current, "name": step["name"], "state": step["state"], "blockers": blockers, "etag": step["etag"],
            "can_pass": ctx.may("gate.pass"), "can_override": ctx.may("gate.override")}  # fmt: skip


def mine(ctx: Ctx, state: State) -> list[dict[str, Any]]:
    """Return what is one's own, soonest first."""
    return [item_view(ctx, item) for item in items_of(ctx, state, FEW)]


def heat(state: State) -> list[dict[str, Any]]:
    """Return readiness by top clause, with a cell for each assessable clause."""
    cells: dict[str, list[dict[str, str]]] = {}
    by_clause: dict[str, list[Any]] = {}
    for item in state.items:
        by_clause.setdefault(item.clause, []).append(item)
    for number, items in by_clause.items():
        cell = {"clause": number, "title": state.catalogue.clause(number).title, "state": clause_state(items)}
        cells.setdefault(number.split(".", 1)[0], []).append(cell)
    return [
        {"top": roll.key, "title": state.catalogue.clause(roll.key).title, "percent": roll.percent,
         "cells": cells[roll.key]}
        for roll in roll_up(state.items, "top")
    ]  # fmt: skip


def _counts(state: State, counts: Counts) -> dict[str, int]:
    evidence = state.evidence_counts
    open_findings = sum(f.state not in ("closed", "withdrawn") for f in state.finding_facts)
    return {
        **counts_view(counts), "evidence": sum(evidence.values()), "evidence_waiting": evidence.get("submitted", 0),
        "findings": len(state.finding_facts), "findings_open": open_findings,
        "steps_done": sum(step.done for step in state.steps.values()),
    }  # fmt: skip


def _audit_view(audit: AuditFact | None) -> dict[str, Any] | None:
    if audit is None or audit.start is None:
        return None
    return {"id": audit.id, "kind": audit.kind, "title": audit.title, "date": audit.start.isoformat()}
