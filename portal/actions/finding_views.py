"""How findings are shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.actions.context import stamp
from portal.actions.views import person_view
from portal.domain.findings import Answer, Entry, Finding, is_open, late_days, next_due, said_by

PARTS = ("correction", "cause", "plan", "plan_acceptance", "implementation", "verification", "effectiveness")


def finding_view(finding: Finding, today: date, version: int, allowed: Sequence[str] = ()) -> dict[str, Any]:
    """Show a finding with its answers and its history."""
    return {
        "id": finding.id, "ref": finding.ref, "grade": finding.grade.value, "source": finding.source.value,
        "state": finding.state.value, "open": is_open(finding), "clause": finding.clause, "items": list(finding.items),
        "statement": finding.statement, "requirement": finding.requirement,
        "objective_evidence": finding.objective_evidence, "site": finding.site, "owner": person_view(finding.owner),
        "raised_by": person_view(finding.raised_by), "raised_at": stamp(finding.raised_at),
        "due": {"plan": _iso(finding.due.plan), "evidence": _iso(finding.due.evidence)},
        "next_due": _iso(next_due(finding)), "late_days": late_days(finding, today),
        "could_be_major": finding.could_be_major, "audit": finding.audit or None,
        **{part: _answer(getattr(finding, part)) for part in PARTS},
        "history": [_entry(entry) for entry in finding.history], "allowed": list(allowed), "etag": str(version),
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _answer(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    shown = {"text": answer.text, "by": person_view(answer.by), "at": stamp(answer.at)}
    shown |= {"evidence": list(answer.evidence), "owner": person_view(answer.owner), "due": _iso(answer.due)}
    return {**shown, "recorded_for": _behalf(answer)}


def _behalf(said: Answer | Entry) -> dict[str, str] | None:
    behalf = said.recorded_for
    return {"name": behalf.name, "answered_on": behalf.answered_on.isoformat()} if behalf else None


def _entry(entry: Entry) -> dict[str, Any]:
    return {"at": stamp(entry.at), "by": person_view(entry.by), "action": entry.action, "says": said_by(entry.action),
            "text": entry.text, "recorded_for": _behalf(entry)}  # fmt: skip
