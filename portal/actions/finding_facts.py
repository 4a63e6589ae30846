"""Findings and audits as gates, lists and headlines need them."""

from __future__ import annotations

from portal.domain.audits import Audit, audit_team
from portal.domain.facts import AuditFact, DecisionFact, FindingFact
from portal.domain.findings import Finding, next_due


def fact(finding: Finding) -> FindingFact:
    """Return what gates and lists need of a finding."""
    return FindingFact(
        finding.id, finding.ref, finding.grade.value, finding.source.value, finding.state.value, finding.clause,
        finding.statement, finding.owner, finding.raised_by, next_due(finding), finding.could_be_major,
    )  # fmt: skip


def audit(held: Audit) -> AuditFact:
    """Return what gates need of an audit."""
    decision = None
    if held.decision:
        made = held.decision
        decision = DecisionFact(made.decision, made.decided_by, made.decided_on)  # type: ignore[arg-type]
    return AuditFact(
        held.id, held.kind.value, held.state.value, held.title, held.start, held.end, frozenset(held.clauses),
        frozenset(held.sites), held.report.received_on if held.report else None, held.stage2_date_confirmed,
        decision, tuple(audit_team(held)),
    )  # fmt: skip
