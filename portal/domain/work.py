"""What is one person's to do, derived from facts: nothing is assigned twice, nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.domain.common import Person, Place
from portal.domain.facts import EvidenceFact, FindingFact, ItemFact
from portal.domain.gates_findings import GRADES
from portal.domain.ratings import DID_NOT_OCCUR, MET
from portal.domain.steps import Step, late_days
from portal.domain.wording import day, late_by, lowered, plural

REVIEW_DAYS = 5  # to review what was submitted, so that whoever waits knows when to ask
LAPSE_NOTICE = timedelta(days=30)
BODY_SOURCES = frozenset({"stage1", "stage2"})
# What the owner of a finding does next, by state; states not named here wait for somebody else.
ANSWERS: Mapping[str, str] = {
    "raised": "Accept or dispute it",
    "accepted": "Correct what was found",
    "corrected": "Find the cause",
    "cause_found": "Plan the corrective action",
    "plan_accepted": "Carry out the plan",
    "reopened": "Answer it again",
}
# What somebody other than the owner decides, by state.
JUDGEMENTS: Mapping[str, str] = {
    "disputed": "Decide the dispute",
    "planned": "Accept or return the plan",
    "implemented": "Verify the corrective action",
    "verified": "Check that it had its effect",
    "effective": "Close it",
}


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Hold one thing somebody has to do: what, why, by when and where."""

    kind: str
    title: str
    text: str
    due: date | None
    late_days: int | None
    place: Place


@dataclass(frozen=True, slots=True)
class Worker:
    """Hold whose work is asked for, and what that person may judge."""

    person: Person
    may_review: bool = False
    may_verify: bool = False


def work_items(
    worker: Worker,
    today: date,
    *,
    items: Iterable[ItemFact] = (),
    evidence: Iterable[EvidenceFact] = (),
    findings: Iterable[FindingFact] = (),
    steps: Sequence[Step] = (),
) -> tuple[WorkItem, ...]:
    """Return what is a person's to do: the latest first, then by due date, then undated; items in their own order."""
    found = [
        *_findings(worker, findings, today),
        *_evidence(worker, evidence, today),
        *_steps(worker, steps, today),
        *_items(worker, items, today),
    ]
    return tuple(sorted(found, key=lambda item: (item.due is None, item.due or today)))


def reviews(waiting: int) -> WorkItem:
    """Return one thing to do for all evidence that waits, where there is too much to name each."""
    text = "Submitted by colleagues; an auditor sees it only once it is accepted."
    place = Place("evidence", (("state", "submitted"),))
    title = f"Review {plural(waiting, 'piece of evidence', 'pieces of evidence')}"
    return WorkItem("review", title, text, None, None, place)


def _item(kind: str, title: str, text: str, due: date | None, today: date, place: Place) -> WorkItem:
    return WorkItem(kind, title, text, due, late_by(due, today), place)


def _mine(worker: Worker, person: Person | None) -> bool:
    return person is not None and person.id == worker.person.id


def _items(worker: Worker, items: Iterable[ItemFact], today: date) -> Iterator[WorkItem]:
    for item in items:
        if item.due and _mine(worker, item.owner) and item.rating not in (MET, DID_NOT_OCCUR):
            place = Place("requirements", (("clause", item.clause), ("item", item.id)))
            title = f"Rate {item.id}" if item.rating is None else f"Bring {item.id} to met"
            yield _item("requirement", title, "", item.due, today, place)


def _evidence(worker: Worker, evidence: Iterable[EvidenceFact], today: date) -> Iterator[WorkItem]:
    for piece in evidence:
        place = Place("evidence-item", (("e", piece.id),))
        mine = _mine(worker, piece.owner)
        if piece.state == "submitted" and worker.may_review and not mine and not _mine(worker, piece.submitted_by):
            due = piece.submitted_on + timedelta(days=REVIEW_DAYS) if piece.submitted_on else None
            yield _item("review", f"Review “{piece.title}”", _submitted(piece), due, today, place)
        elif piece.state == "draft" and mine:
            yield _item("draft", f"Submit “{piece.title}”", "A draft, seen by no reviewer.", None, today, place)
        elif piece.state == "returned" and mine:
            yield _item("returned", f"Put “{piece.title}” right", piece.reason, None, today, place)
        elif piece.state == "accepted" and mine and piece.review_by and piece.review_by <= today + LAPSE_NOTICE:
            text = _lapse(piece.review_by, today)
            yield _item("lapsing", f"Bring “{piece.title}” up to date", text, piece.review_by, today, place)


def _submitted(piece: EvidenceFact) -> str:
    return f"Submitted by {piece.submitted_by.name}." if piece.submitted_by else "Submitted for review."


def _lapse(review_by: date, today: date) -> str:
    when = day(review_by, today)
    if review_by < today:
        return f"Its review was due on {when}; until then it does not count as current."
    return f"Its review is due on {when}; after that it does not count as current."


def _findings(worker: Worker, findings: Iterable[FindingFact], today: date) -> Iterator[WorkItem]:
    for finding in findings:
        task = _task(worker, finding)
        if task:
            text = f"{GRADES.get(finding.grade, 'Finding')} against {finding.clause}: {finding.statement}"
            place = Place("finding", (("f", finding.id),))
            yield _item("finding", f"{finding.ref}: {lowered(task)}", text, finding.next_due, today, place)


def _task(worker: Worker, finding: FindingFact) -> str | None:
    decided = finding.grade == "ofi" and finding.state == "accepted"
    if _mine(worker, finding.owner):
        return None if decided else ANSWERS.get(finding.state)
    # What the certification body raised, its auditor judges in the review room.
    if not worker.may_verify or finding.source in BODY_SOURCES:
        return None
    return "Close it with what was decided" if decided else JUDGEMENTS.get(finding.state)


def _steps(worker: Worker, steps: Sequence[Step], today: date) -> Iterator[WorkItem]:
    for step in steps:
        late = late_days(step, today)
        if late is not None and _mine(worker, step.owner) and step.planned_end:
            text = f"It was planned to end on {day(step.planned_end, today)}."
            place = Place("step", (("n", str(step.number)),))
            yield _item("step", f"Finish step {step.number}, {step.name}", text, step.planned_end, today, place)
