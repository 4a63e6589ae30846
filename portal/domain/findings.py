"""Findings: raising them, and what others ask about them. The life-cycle itself is in `finding_table`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from portal.domain import inputs
from portal.domain.common import Invalid, Person
from portal.domain.finding_due import DueDays, due_dates, due_days, late_days, next_due
from portal.domain.finding_moves import Said, allowed_actions, check_owner, edit, move
from portal.domain.finding_table import TABLE
from portal.domain.finding_types import (
    BODY_SOURCES,
    GRADES,
    Answer,
    Due,
    Entry,
    Finding,
    Grade,
    OnBehalf,
    Source,
    State,
)

__all__ = [
    "BODY_SOURCES", "GRADES", "TABLE", "Answer", "Due", "DueDays", "Entry", "Finding", "Grade", "OnBehalf", "Said",
    "Source", "State", "allowed_actions", "blocks_certificate", "closed_or_verified", "due_dates", "due_days", "edit",
    "is_open", "late_days", "move", "next_due", "next_ref", "plan_accepted", "raise_finding", "said_by", "unanswered",
]  # fmt: skip

_PREFIXES = {Source.INTERNAL_AUDIT: "IA", Source.STAGE1: "AOC", Source.GAP: "GA", Source.OTHER: "F"}
_VERIFIED = frozenset({State.VERIFIED, State.EFFECTIVE, State.CLOSED})
_PLAN_ACCEPTED = _VERIFIED | {State.PLAN_ACCEPTED, State.IMPLEMENTED}


def raise_finding(
    id: str, ref: str, *, grade: str, source: str, clause: str, statement: str | None, objective_evidence: str | None,
    by: Person, now: datetime, requirement: str = "", items: Iterable[str] = (), site: str | None = "",
    owner: Person | None = None, due: Due | None = None, could_be_major: bool = False, audit: str = "",
    recorded_for: OnBehalf | None = None,
) -> Finding:  # fmt: skip
    """Return a new finding; raise Invalid naming the field, SeparationBroken when its auditor would own it.

    `requirement` is the criterion in the catalogue's words; `recorded_for` when a member enters the body's finding.
    """
    kind, origin = inputs.choice(Grade, grade, "grade"), inputs.choice(Source, source, "source")
    _check_grade(kind, origin)
    finding = Finding(
        id, ref, kind, origin, State.RAISED,
        clause=inputs.line(clause, "clause", "The clause", 20),
        statement=inputs.text(statement, "statement", "The statement", 2_000),
        objective_evidence=inputs.text(objective_evidence, "objective_evidence", "The objective evidence"),
        raised_by=by, raised_at=now, requirement=requirement, items=tuple(dict.fromkeys(items)),
        site=inputs.optional_line(site, "site", "The site"), owner=owner, due=due or Due(),
        could_be_major=could_be_major and kind == Grade.AREA_OF_CONCERN, audit=audit,
        history=(Entry(now, by, "raise", "", recorded_for),),
    )  # fmt: skip
    if owner:
        check_owner(finding, owner)
    return finding


def _check_grade(grade: Grade, source: Source) -> None:
    if grade in GRADES[source]:
        return
    if source == Source.STAGE1:
        raise Invalid("Stage 1 yields areas of concern. Grades follow in Stage 2.", "grade")
    raise Invalid("Areas of concern are raised in Stage 1 only. Choose major, minor or opportunity.", "grade")


def next_ref(source: str, grade: str, existing: Iterable[str]) -> str:
    """Return the next reference: 'IA-03' internal audit, 'AOC-1' Stage 1, 'NC-1' or 'OFI-1' Stage 2, 'GA-1' gap."""
    origin = Source(source)
    graded = "OFI" if grade == Grade.OFI else "NC"
    prefix = _PREFIXES.get(origin, graded)
    shape = re.compile(rf"{prefix}-(\d+)")
    numbers = [int(found[1]) for ref in existing if (found := shape.fullmatch(ref))]
    return f"{prefix}-{max(numbers, default=0) + 1:0{2 if origin == Source.INTERNAL_AUDIT else 1}d}"


def said_by(action: str) -> str:
    """Return an action as it reads after a name: 'returned the plan'."""
    if action in TABLE:
        return TABLE[action].says
    return "raised the finding" if action == "raise" else "changed the finding"


def is_open(finding: Finding) -> bool:
    """Tell whether something is still to be done."""
    return finding.state not in (State.CLOSED, State.WITHDRAWN)


def closed_or_verified(finding: Finding) -> bool:
    """Tell whether the corrective action was verified, or nothing is owed any more."""
    return finding.state in _VERIFIED or finding.state == State.WITHDRAWN


def plan_accepted(finding: Finding) -> bool:
    """Tell whether the plan was accepted, or nothing is owed any more."""
    return finding.state in _PLAN_ACCEPTED or finding.state == State.WITHDRAWN


def blocks_certificate(finding: Finding) -> bool:
    """Tell whether a Stage 2 finding bars the decision: a major not verified, a minor without accepted plan."""
    if finding.grade == Grade.MAJOR:
        return not closed_or_verified(finding)
    return finding.grade == Grade.MINOR and not plan_accepted(finding)


def unanswered(findings: Iterable[Finding]) -> int:
    """Count the findings of Stage 2 whose answer the certification body has not accepted."""
    return sum(1 for finding in findings if finding.source == Source.STAGE2 and blocks_certificate(finding))
