"""The certificate, its surveillance audits and recertification, and the tail of step 11 made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from portal.domain import inputs
from portal.domain.common import Invalid, RuleBroken
from portal.domain.months import add_months
from portal.domain.wording import full_day, late_by, plural, sentence

CYCLE_MONTHS = 36
FIRST_SURVEILLANCE_MONTHS = 12
RESTORE_MONTHS = 6
MAJOR_CLOSURE_MONTHS = 6
Standing = Literal["not_yet", "valid", "restorable", "ended"]


@dataclass(frozen=True, slots=True)
class Surveillance:
    """Hold one surveillance audit: the last day it is due, and the day it was held."""

    due: date
    label: str
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Hold a certificate; its dates run from the day of the decision (ISO/IEC 17021-1, 9.1.3)."""

    number: str
    decided_on: date
    decided_by: str
    valid_from: date
    valid_until: date
    scope_wording: str
    surveillance: tuple[Surveillance, ...]
    recertification_due: date
    recertified_on: date | None = None


def last_valid_day(decided_on: date) -> date:
    """Return the last day of a three-year certificate: a day less than three years after the decision."""
    return add_months(decided_on, CYCLE_MONTHS) - timedelta(days=1)


def issue(
    *, number: str | None, decided_on: date, decided_by: str, scope_wording: str | None = "",
    valid_until: date | None = None,
) -> Certificate:  # fmt: skip
    """Return the certificate that follows a positive decision; raise Invalid for unusable dates or texts."""
    named = inputs.line(number, "certificate_number", "The certificate number", 80)
    by = inputs.line(decided_by, "decided_by", "The name of who decided", 120)
    wording = inputs.optional_text(scope_wording, "scope_wording", "The scope wording", 2_000)
    ends = _valid_until(decided_on, valid_until)
    visits = _surveillance(decided_on, ends)
    return Certificate(named, decided_on, by, decided_on, ends, wording, visits, ends)


def _valid_until(decided_on: date, wanted: date | None) -> date:
    latest = last_valid_day(decided_on)
    if wanted is None:
        return latest
    if not decided_on < wanted <= latest:
        raise Invalid(f"A certificate runs three years at most: enter a day up to {full_day(latest)}.", "valid_until")
    return wanted


def _surveillance(decided_on: date, ends: date) -> tuple[Surveillance, ...]:
    first = add_months(decided_on, FIRST_SURVEILLANCE_MONTHS)
    if first > ends:
        return ()
    return (Surveillance(first, "First surveillance"), _second(first, ends))


def _second(first: date, ends: date) -> Surveillance:
    # Once per calendar year, and while the certificate is valid.
    return Surveillance(min(date(first.year + 1, 12, 31), ends), "Second surveillance")


def record_surveillance(certificate: Certificate, number: int, done_on: date, today: date) -> Certificate:
    """Return the certificate with surveillance `number` (1 or 2) held on a day; the first moves the second's due."""
    visits = list(certificate.surveillance)
    if not 1 <= number <= len(visits):
        raise Invalid("This certificate has no such surveillance audit.", "number")
    inputs.not_future(done_on, today, "done_on", "The day of the audit")
    before = certificate.decided_on if number == 1 else visits[0].done_on
    if before is None:
        raise RuleBroken("Record the first surveillance audit before the second.")
    if done_on <= before:
        raise Invalid(f"The audit comes after {full_day(before)}. Enter its last day.", "done_on")
    visits[number - 1] = replace(visits[number - 1], done_on=done_on)
    if number == 1 and len(visits) > 1:
        visits[1] = replace(visits[1], due=_second(done_on, certificate.valid_until).due)
    return replace(certificate, surveillance=tuple(visits))


def standing(certificate: Certificate, today: date) -> Standing:
    """Tell how a certificate stands: after its last day it can be restored for six months, then it has ended."""
    if today < certificate.valid_from:
        return "not_yet"
    if today <= certificate.valid_until:
        return "valid"
    return "restorable" if today <= add_months(certificate.valid_until, RESTORE_MONTHS) else "ended"


def new_stage2_after(last_audit_day: date) -> date:
    """Return the last day to verify majors; after it another Stage 2 is needed (ISO/IEC 17021-1, 9.5.3.2)."""
    return add_months(last_audit_day, MAJOR_CLOSURE_MONTHS)


@dataclass(frozen=True, slots=True)
class TailLine:
    """Hold one line of what follows Stage 2; `state` is done, next or later."""

    key: str
    label: str
    state: str
    text: str
    due: date | None = None
    done_on: date | None = None
    late_days: int | None = None


@dataclass(frozen=True, slots=True)
class Tail:
    """Hold what follows Stage 2, in order; `next` is the key of the first line not done, None when all are."""

    lines: tuple[TailLine, ...]
    next: str | None


def tail(
    *, today: date, concluded: bool, unanswered: int, decision: Literal["granted", "refused"] | None = None,
    decided_on: date | None = None, last_audit_day: date | None = None, certificate: Certificate | None = None,
) -> Tail:  # fmt: skip
    """Return the tail of step 11; `unanswered` counts Stage 2 findings whose answer the body has not accepted."""
    lines = [_answers(concluded, unanswered, last_audit_day), _decision(decision, decided_on)]
    if decision != "refused":
        lines += [_certified(certificate), *_visits(certificate), _recertification(certificate)]
    upcoming = next((line.key for line in lines if line.state != "done"), None)
    return Tail(tuple(_placed(line, upcoming, today) for line in lines), upcoming)


def _placed(line: TailLine, upcoming: str | None, today: date) -> TailLine:
    if line.state == "done":
        return line
    return replace(line, state="next" if line.key == upcoming else "later", late_days=late_by(line.due, today))


def _answers(concluded: bool, unanswered: int, last_audit_day: date | None) -> TailLine:
    text = "Every finding of Stage 2 is answered and the answer accepted"
    if not concluded:
        text = "Stage 2 is not concluded yet"
    elif unanswered:
        text = sentence(f"{plural(unanswered, 'finding')} of Stage 2 still without an accepted answer")
    due = new_stage2_after(last_audit_day) if last_audit_day and unanswered else None
    state = "done" if concluded and not unanswered else "later"
    return TailLine("findings_answered", "Findings answered", state, text, due)


def _decision(decision: str | None, decided_on: date | None) -> TailLine:
    if decision is None:
        return TailLine("decision", "Certification decision", "later", "Decided by somebody outside the audit team")
    text = f"Certification {decision}" + (f" on {full_day(decided_on)}" if decided_on else "")
    return TailLine("decision", "Certification decision", "done", text, done_on=decided_on)


def _certified(certificate: Certificate | None) -> TailLine:
    if certificate is None:
        return TailLine("certificate", "Certificate", "later", "Valid for three years from the decision")
    text = f"{certificate.number}, valid until {full_day(certificate.valid_until)}"
    return TailLine("certificate", "Certificate", "done", text, done_on=certificate.valid_from)


_PROMISED = (
    ("First surveillance", "Within twelve months of the decision"),
    ("Second surveillance", "Once in the calendar year after the first"),
)


def _visits(certificate: Certificate | None) -> list[TailLine]:
    if certificate is None:
        return [TailLine(f"surveillance_{n}", label, "later", text) for n, (label, text) in enumerate(_PROMISED, 1)]
    return [_visit(n, visit) for n, visit in enumerate(certificate.surveillance, 1)]


def _visit(number: int, visit: Surveillance) -> TailLine:
    held = f"Held on {full_day(visit.done_on)}" if visit.done_on else f"By {full_day(visit.due)} at the latest"
    state = "done" if visit.done_on else "later"
    return TailLine(f"surveillance_{number}", visit.label, state, held, visit.due, visit.done_on)


def _recertification(certificate: Certificate | None) -> TailLine:
    if certificate is None:
        return TailLine("recertification", "Recertification", "later", "Decided before the certificate expires")
    done, due = certificate.recertified_on, certificate.recertification_due
    text = f"Decided on {full_day(done)}" if done else f"Decided by {full_day(due)} at the latest"
    return TailLine("recertification", "Recertification", "done" if done else "later", text, due, done)
