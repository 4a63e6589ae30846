"""What open findings keep a gate from being met, and how that is said."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from portal.domain.blockers import OPEN, STOP, Blocker
from portal.domain.common import Place
from portal.domain.facts import Facts, FindingFact

SETTLED = frozenset({"verified", "effective", "closed", "withdrawn"})
GRADES: Mapping[str, str] = {
    "major": "Major nonconformity", "minor": "Minor nonconformity",
    "ofi": "Opportunity for improvement", "area_of_concern": "Area of concern",
}  # fmt: skip
# What is missing while a finding is in a state; said after "Major nonconformity IA-03 against 8.5.1.3:".
LACKS: Mapping[str, str] = {
    "raised": "its owner has not accepted it yet",
    "disputed": "it is disputed and waits for a decision",
    "reopened": "it came back and needs a new answer",
    "accepted": "it has no correction yet",
    "corrected": "the correction is done, the cause is not known yet",
    "cause_found": "the cause is known, a plan is missing",
    "planned": "its plan has not been accepted yet",
    "plan_accepted": "the plan is accepted and not carried out yet",
    "implemented": "the corrective action is done, its verification is missing",
}


def answer_blockers(facts: Facts, sources: Collection[str]) -> Iterator[Blocker]:
    """Yield majors that are not verified, and minors that have neither been done nor a plan accepted with a date."""
    for finding in facts.findings:
        if finding.source not in sources or finding.state in SETTLED:
            continue
        if finding.grade == "major":
            yield finding_blocker(finding, STOP)
        elif finding.grade == "minor" and not _planned(finding):
            yield finding_blocker(finding, OPEN)


def _planned(finding: FindingFact) -> bool:
    return finding.state == "implemented" or (finding.state == "plan_accepted" and finding.next_due is not None)


def concern_blockers(facts: Facts) -> Iterator[Blocker]:
    """Yield the findings of Stage 1 that are open and could be a major nonconformity at Stage 2."""
    for finding in facts.findings:
        grave = finding.could_be_major or finding.grade == "major"
        if finding.source == "stage1" and grave and finding.state not in SETTLED:
            yield finding_blocker(finding, STOP)


def finding_blocker(finding: FindingFact, severity: str) -> Blocker:
    """Return the blocker for one finding: its statement, and what it lacks."""
    return Blocker(
        f"finding:{finding.ref}", finding.statement, f"{what_lacks(finding)}{_owner(finding)}",
        Place("finding", (("f", finding.id),)), STOP if severity == STOP else OPEN, finding.owner, finding.next_due,
    )  # fmt: skip


def what_lacks(finding: FindingFact) -> str:
    """Return a sentence with grade, reference, clause and what is missing."""
    grade = GRADES.get(finding.grade, "Finding")
    lack = LACKS.get(finding.state, "it is open")
    if finding.state == "plan_accepted" and finding.next_due is None:
        lack = "its accepted plan has no date"
    against = f" against {finding.clause}" if finding.clause else ""
    return f"{grade} {finding.ref}{against}: {lack}."


def _owner(finding: FindingFact) -> str:
    return f" Owner: {finding.owner.name}." if finding.owner else " Nobody owns it yet."
