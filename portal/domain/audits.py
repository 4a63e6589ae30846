"""Audits, internal and of the certification body, from planning to the certification decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from portal.domain import inputs
from portal.domain.common import Invalid, Person, RuleBroken, SeparationBroken
from portal.domain.finding_types import OnBehalf
from portal.domain.snapshots import Head
from portal.domain.wording import full_day, listed


class Kind(StrEnum):
    """Name who audits, and to which end."""

    INTERNAL = "internal"
    STAGE1 = "stage1"
    STAGE2 = "stage2"


class State(StrEnum):
    """Name where an audit stands."""

    PLANNED = "planned"
    PREPARED = "prepared"
    OPEN = "open"
    CONCLUDED = "concluded"
    DECIDED = "decided"


RECOMMENDATIONS: Mapping[Kind, tuple[str, ...]] = {
    Kind.STAGE1: ("proceed", "not_ready"),
    Kind.STAGE2: ("certify", "not_yet"),
}
TITLES: Mapping[Kind, str] = {Kind.INTERNAL: "Internal audit", Kind.STAGE1: "Stage 1", Kind.STAGE2: "Stage 2"}


@dataclass(frozen=True, slots=True)
class Report:
    """Hold when the audit report came in, and the evidence that is its file."""

    received_on: date
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Hold what the body's auditor concluded."""

    text: str
    recommendation: str
    by: Person
    at: datetime
    recorded_for: OnBehalf | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold the certification decision and who at the body took it; `recorded_by` entered it."""

    decision: str
    decided_on: date
    decided_by: str
    recorded_by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Audit:
    """Hold one audit; `clauses` are those an internal audit covers, `team` names all who audit beside the lead."""

    id: str
    kind: Kind
    title: str
    state: State
    start: date
    end: date
    lead_auditor: str = ""
    team: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    report: Report | None = None
    stage2_date_confirmed: date | None = None
    snapshot: Head | None = None
    conclusion: Conclusion | None = None
    decision: Decision | None = None


def plan(
    id: str, *, kind: str, start: date, end: date, title: str | None = "", lead_auditor: str | None = "",
    sites: Iterable[str] = (), clauses: Iterable[str] = (), team: Iterable[str] = (),
) -> Audit:  # fmt: skip
    """Return a planned audit; raise Invalid naming the field."""
    sort = inputs.choice(Kind, kind, "kind")
    blank = Audit(id, sort, TITLES[sort], State.PLANNED, start, end)
    wanted = {"lead_auditor": lead_auditor, "sites": sites, "clauses": clauses, "team": team}
    return _changed(blank, {**wanted, **({"title": title} if title else {})})


def edit(audit: Audit, changes: Mapping[str, Any]) -> Audit:
    """Return the audit with changed title, start, end, lead_auditor, team, clauses, sites or stage2_date_confirmed."""
    if audit.state == State.DECIDED:
        raise RuleBroken("The decision is recorded, so this audit stays as it is.")
    return _changed(audit, changes)


def _changed(audit: Audit, changes: Mapping[str, Any]) -> Audit:
    unknown = next((name for name in changes if name not in _CLEAN), None)
    if unknown:
        raise Invalid("There is no such field.", unknown)
    changed = replace(audit, **{name: _CLEAN[name](value) for name, value in changes.items()})
    if changed.end < changed.start:
        raise Invalid("The audit ends before it begins. Check both days.", "end")
    if changed.clauses and changed.kind != Kind.INTERNAL:
        raise Invalid("Only an internal audit lists the clauses it covers.", "clauses")
    confirmed = changed.stage2_date_confirmed
    if confirmed and changed.kind != Kind.STAGE1:
        raise Invalid("The day of Stage 2 is confirmed with Stage 1.", "stage2_date_confirmed")
    if confirmed and confirmed <= changed.end:
        raise Invalid("Stage 2 comes after Stage 1. Enter a later day.", "stage2_date_confirmed")
    return changed


def _once_each(values: Iterable[str] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values or ()))


_CLEAN: Mapping[str, Any] = {
    "title": lambda value: inputs.line(value, "title", "The title"),
    "start": lambda value: value,
    "end": lambda value: value,
    "stage2_date_confirmed": lambda value: value,
    "lead_auditor": lambda value: inputs.optional_line(value, "lead_auditor", "The lead auditor", 120),
    "team": lambda value: tuple(inputs.line(name, "team", "The auditor's name", 120) for name in _once_each(value)),
    "sites": _once_each,
    "clauses": _once_each,
}


def prepare(audit: Audit, snapshot: Head, *, grants_used: bool = False) -> Audit:
    """Return the audit prepared with a frozen snapshot; again only while no auditor has opened it."""
    if audit.kind == Kind.INTERNAL:
        raise RuleBroken("Internal auditors work inside the organisation, so nothing is frozen for them.")
    if audit.state not in (State.PLANNED, State.PREPARED) or grants_used:
        raise RuleBroken("An auditor has looked at the frozen evidence already, so it stays.")
    return replace(audit, state=State.PREPARED, snapshot=snapshot)


def check_grantable(audit: Audit) -> Head:
    """Return the snapshot that a grant opens; raise RuleBroken before it is prepared and after the decision."""
    if audit.kind == Kind.INTERNAL:
        raise RuleBroken("A link is for the certification body. Invite an internal auditor as a member.")
    if audit.snapshot is None:
        raise RuleBroken(f"{audit.title} is not prepared yet. Prepare it, so that the evidence is frozen first.")
    if audit.state == State.DECIDED:
        raise RuleBroken("The decision is recorded, so no further auditor is let in.")
    return audit.snapshot


def opened(audit: Audit) -> Audit:
    """Return the audit as open, once an auditor has entered; a later entry changes nothing."""
    return replace(audit, state=State.OPEN) if audit.state == State.PREPARED else audit


def conclude(
    audit: Audit, *, text: str | None, recommendation: str | None, by: Person, now: datetime, is_body: bool,
    recorded_for: OnBehalf | None = None,
) -> Audit:  # fmt: skip
    """Return the audit concluded by the body's auditor (or as a member recorded it for one); again until decided."""
    choices = RECOMMENDATIONS.get(audit.kind)
    if choices is None:
        raise RuleBroken("An internal audit is concluded by its report. Enter when it was received.")
    if not is_body and recorded_for is None:
        raise SeparationBroken("The certification body's auditor concludes. Name the auditor it is recorded for.")
    if audit.snapshot is None:
        raise RuleBroken(f"{audit.title} is not prepared yet. Prepare it first: a conclusion rests on frozen evidence.")
    if audit.state == State.DECIDED:
        raise RuleBroken("The decision is recorded, so the conclusion stays as it is.")
    if recommendation not in choices:
        raise Invalid(f"Choose {' or '.join(choices)}.", "recommendation")
    said = inputs.text(text, "text", "The conclusion", 8_000)
    conclusion = Conclusion(said, recommendation, by, now, None if is_body else recorded_for)
    return replace(audit, state=State.CONCLUDED, conclusion=conclusion)


def receive_report(audit: Audit, received_on: date, evidence: str | None, today: date) -> Audit:
    """Return the audit with its report; an internal audit is concluded by it."""
    inputs.not_future(received_on, today, "report.received_on", "The day the report came in")
    if received_on < audit.start:
        raise Invalid(f"The audit began on {full_day(audit.start)}. Enter a later day.", "report.received_on")
    state = State.CONCLUDED if audit.kind == Kind.INTERNAL else audit.state
    return replace(audit, state=state, report=Report(received_on, evidence))


def decide(
    audit: Audit, *, decision: str | None, decided_on: date, decided_by: str | None, by: Person, now: datetime,
    auditors: Iterable[str] = (),
) -> Audit:  # fmt: skip
    """Return Stage 2 decided, granted or refused, by somebody outside the audit team.

    `auditors` names further persons who audited, such as those who held grants (ISO/IEC 17021-1, 9.5.2).
    """
    if audit.kind != Kind.STAGE2:
        raise RuleBroken("Certification is decided after Stage 2.")
    if audit.state != State.CONCLUDED:
        raise RuleBroken("Stage 2 has to be concluded by its auditor before the decision." if audit.decision is None
                         else "The decision is recorded already.")  # fmt: skip
    if decision not in ("granted", "refused"):
        raise Invalid("Choose granted or refused.", "decision")
    inputs.not_future(decided_on, now.date(), "decided_on", "The day of the decision")
    if decided_on < audit.end:
        raise Invalid(f"Stage 2 ended on {full_day(audit.end)}. Enter that day or a later one.", "decided_on")
    name = inputs.line(decided_by, "decided_by", "The name of who decided", 120)
    _check_outside(name, (*audit_team(audit), *auditors))
    return replace(audit, state=State.DECIDED, decision=Decision(decision, decided_on, name, by, now))


def audit_team(audit: Audit) -> tuple[str, ...]:
    """Return the names of all who audited, as far as the audit knows them."""
    concluded = audit.conclusion
    last = (concluded.recorded_for.name if concluded.recorded_for else concluded.by.name) if concluded else ""
    return tuple(dict.fromkeys(name for name in (audit.lead_auditor, *audit.team, last) if name))


def _check_outside(name: str, team: Iterable[str]) -> None:
    if _plain(name) in {_plain(member) for member in team}:
        raise SeparationBroken(f"{name} was on the audit team. Somebody outside it takes the decision.", "decided_by")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def check_impartial(auditor: Person, owners: Mapping[str, Iterable[Person]]) -> None:
    """Refuse an internal auditor who owns what is audited; `owners` maps clause to process and evidence owners."""
    own = [clause for clause, people in owners.items() if any(person.id == auditor.id for person in people)]
    if own:
        raise SeparationBroken(
            f"{auditor.name} answers for {listed(own, 3)} and cannot audit it. Choose another auditor.", "lead_auditor"
        )
