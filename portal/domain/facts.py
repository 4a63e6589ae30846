"""The facts that gates, roll-ups, work lists and headlines decide from, gathered by the actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from portal.domain.common import Person
from portal.domain.finding_due import next_due
from portal.domain.finding_types import Finding, State

DID_NOT_OCCUR = "did_not_occur"
Rating = int | str | None  # 0..3, DID_NOT_OCCUR, or None while not rated


class ItemFact(NamedTuple):
    """Hold one requirement item with its rating; `accepted` counts accepted, unlapsed evidence linked to it."""

    id: str
    clause: str
    step: int
    stage: str  # stage1, stage2 or both
    pdca: str
    explicit: bool = False
    documentation: str = "none"  # document, record, both or none
    rating: Rating = None
    owner: Person | None = None
    due: date | None = None
    linked: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class FindingFact:
    """Hold what lists and gates need of one finding; `next_due` is the date of the next answer."""

    id: str
    ref: str
    grade: str  # major, minor, ofi or area_of_concern
    source: str  # internal_audit, stage1, stage2, gap or other
    state: str
    clause: str
    statement: str
    owner: Person | None = None
    raised_by: Person | None = None
    next_due: date | None = None
    could_be_major: bool = False


def finding_fact(finding: Finding) -> FindingFact:
    """Return what lists and gates need of a finding; a plan's own date comes before the body's limit."""
    due = next_due(finding)
    if finding.state == State.PLAN_ACCEPTED and finding.plan and finding.plan.due:
        due = finding.plan.due
    return FindingFact(
        finding.id, finding.ref, finding.grade.value, finding.source.value, finding.state.value, finding.clause,
        finding.statement, finding.owner, finding.raised_by, due, finding.could_be_major,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class EvidenceFact:
    """Hold what work lists need of one piece of evidence; `reason` says why it was returned."""

    id: str
    title: str
    state: str  # draft, submitted, accepted or returned
    owner: Person | None = None
    submitted_by: Person | None = None
    submitted_on: date | None = None
    review_by: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """Hold the certification decision: granted or refused, by whom, when."""

    outcome: Literal["granted", "refused"]
    decided_by: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class AuditFact:
    """Hold what gates need of one audit; `team` names everybody who audited."""

    id: str
    kind: str  # internal, stage1 or stage2
    state: str  # planned, prepared, open, concluded or decided
    title: str = ""
    start: date | None = None
    end: date | None = None
    clauses: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    report_received: date | None = None
    stage2_date_confirmed: date | None = None
    decision: DecisionFact | None = None
    team: tuple[str, ...] = ()

    @property
    def concluded(self) -> bool:
        """Tell whether the auditors have ended their work."""
        return self.state in ("concluded", "decided")


@dataclass(frozen=True, slots=True)
class Facts:
    """Hold everything a gate decides from; `audits` come by start, `sites` are those to be audited with their names.

    `known` maps a checklist line to the answer of a real fact, where the product has one: it counts like a
    confirmation by name, so that a line is replaced without touching the gate.
    """

    today: date
    edition: int = 2018
    items: tuple[ItemFact, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    scope_statement: str = ""
    scope_agreed: bool = False
    clauses_with_records: frozenset[str] = frozenset()
    records_from: date | None = None
    records_to: date | None = None
    findings: tuple[FindingFact, ...] = ()
    audits: tuple[AuditFact, ...] = ()
    sites: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, bool] = field(default_factory=dict)

    def audits_of(self, kind: str) -> tuple[AuditFact, ...]:
        """Return the audits of one kind."""
        return tuple(audit for audit in self.audits if audit.kind == kind)

    def latest(self, kind: str) -> AuditFact | None:
        """Return the latest audit of one kind, None when there is none."""
        return next((audit for audit in reversed(self.audits) if audit.kind == kind), None)
