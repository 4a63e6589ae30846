"""By when a finding's plan and proof are owed: the certification body's limits, else those of the reference data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.domain.common import Invalid
from portal.domain.finding_types import Due, Finding, Grade, State
from portal.domain.wording import late_by


@dataclass(frozen=True, slots=True)
class DueDays:
    """Hold a certification body's limits, in days after the last audit day."""

    plan: int
    major_evidence: int
    minor_evidence: int


_RULES = {"plan": "nc_response_plan", "major_evidence": "major_evidence", "minor_evidence": "minor_evidence"}
# A body may leave the proof of a minor to its next audit.
LONGEST_DAYS = {"plan": 365, "major_evidence": 365, "minor_evidence": 730}


def due_days(time_rules: Iterable[Mapping[str, Any]], body: Mapping[str, int | None] | None = None) -> DueDays:
    """Return the limits: the reference data's `default_days` by rule id, replaced by what a body sets.

    `body` may hold plan_days, major_evidence_days, minor_evidence_days; raise Invalid beyond `LONGEST_DAYS`.
    """
    defaults = {rule["id"]: rule["default_days"] for rule in time_rules if "default_days" in rule}
    own = {name: (body or {}).get(f"{name}_days") for name in _RULES}
    wrong = next((n for n, days in own.items() if days is not None and not 1 <= days <= LONGEST_DAYS[n]), None)
    if wrong:
        raise Invalid(f"Enter 1 to {LONGEST_DAYS[wrong]} days.", f"certification_body.{wrong}_days")
    return DueDays(**{name: days or defaults[_RULES[name]] for name, days in own.items()})


def due_dates(grade: Grade, raised_on: date, last_audit_day: date | None, days: DueDays) -> Due:
    """Return by when plan and proof are owed, counted from the last audit day, else from the day it was raised."""
    if grade == Grade.OFI:
        return Due()
    start = last_audit_day or raised_on
    proof = days.major_evidence if grade == Grade.MAJOR else days.minor_evidence
    return Due(start + timedelta(days=days.plan), start + timedelta(days=proof))


_PLAN_OWED = frozenset(
    {State.RAISED, State.DISPUTED, State.ACCEPTED, State.CORRECTED, State.CAUSE_FOUND, State.REOPENED}
)
_PROOF_OWED = frozenset({State.PLANNED, State.PLAN_ACCEPTED})


def next_due(finding: Finding) -> date | None:
    """Return the date of the next answer the organisation owes, None when it owes none."""
    if finding.state in _PLAN_OWED:
        return finding.due.plan
    return finding.due.evidence if finding.state in _PROOF_OWED else None


def late_days(finding: Finding, today: date) -> int | None:
    """Return by how many days the next answer is late, None when it is not."""
    return late_by(next_due(finding), today)
