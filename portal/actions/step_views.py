"""How steps, their blockers and their checklists are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.actions.context import Ctx
from portal.actions.state import State
from portal.actions.views import blocker_view, noted_view, person_view
from portal.domain import steps as domain
from portal.domain.gates import gate_blockers
from portal.domain.steps import Step


def step_view(state: State, number: int) -> dict[str, Any]:
    """Show a step as lists do."""
    step, definition = state.steps[number], domain.definition(number)
    override = step.override
    return {
        "number": number, "name": definition.name, "short": definition.short or definition.name,
        "phase": definition.phase, "purpose": definition.purpose, "weeks": list(definition.weeks),
        "state": step.state.value, "shown": domain.shown_state(step), "owner": person_view(step.owner),
        "planned_start": _iso(step.planned_start), "planned_end": _iso(step.planned_end),
        "actual_start": _iso(step.actual_start), "actual_end": _iso(step.actual_end),
        "late_days": domain.late_days(step, state.today),
        "in_doubt": number in domain.in_doubt(tuple(state.steps.values())),
        "overridden": noted_view(override.by, override.at, override.reason) if override else None,
        "overrides": [{**noted_view(o.by, o.at, o.reason), "blockers": list(o.blockers)} for o in step.overrides],
        "etag": str(state.step_versions[number]),
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def domain_blockers(state: State, number: int) -> list[Any]:
    """Return what is in the way of a step's gate, from the facts."""
    return list(gate_blockers(number, state.facts, state.steps[number].checklist))


def blockers_of(ctx: Ctx, state: State, number: int) -> list[dict[str, Any]]:
    """Show what is in the way of a step's gate, each with the place to mend it; a done step has nothing."""
    if state.steps[number].done:
        return []
    return [blocker_view(b, ctx.scope, state.today) for b in domain_blockers(state, number)]


def checklist_view(state: State, step: Step, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Show the checklist of a step."""
    edition = state.catalogue.edition
    return [_line_view(line, edition, step, titles) for line in domain.checklist(step.number, edition)]


def _line_view(line: Any, edition: int, step: Step, titles: Mapping[str, str]) -> dict[str, Any]:
    confirmation = step.checklist.get(line.id)
    shown = None
    if confirmation:
        evidence = [{"id": e, "title": titles.get(e, "")} for e in confirmation.evidence]
        shown = {**noted_view(confirmation.by, confirmation.at, confirmation.note), "evidence": evidence}
        shown["note"] = shown.pop("text")
    return {"id": line.id, "text": line.text, "why": line.why, "clause": line.clause(edition),
            "criterion": line.criterion, "proof": line.proof, "group": line.group, "confirmed": shown}  # fmt: skip


def tail_view(state: State, today: date) -> dict[str, Any]:
    """Show what comes after Stage 2: answers, decision, certificate, surveillance, recertification."""
    from portal.actions.audit_views import tail

    return tail(state, today)
