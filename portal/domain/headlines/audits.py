"""Headlines of audits and grants, the review room, members and journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from portal.domain.facts import AuditFact
from portal.domain.headlines.shape import AUDIT_NAMES, Headline, are, joined
from portal.domain.wording import count_words, day, days_until, full_day, plural, sentence, verb


def audits(all_audits: Sequence[AuditFact], *, today: date, active_grants: int = 0) -> Headline:
    """Answer: who may see what until when, and which audit is next?"""
    if not all_audits:
        why = "Plan the internal audit first; Stage 1 and Stage 2 open frozen evidence to an auditor by link."
        return Headline("No audit is planned yet", why)
    return Headline(_next(all_audits, today), _access(active_grants))


def _next(all_audits: Sequence[AuditFact], today: date) -> str:
    ahead = [audit for audit in all_audits if not audit.concluded and audit.start]
    if not ahead:
        return "Every audit is concluded" if all(audit.concluded for audit in all_audits) else "No audit has a date yet"
    first = min(ahead, key=lambda audit: audit.start or today)
    name = _name(first)
    if first.start and first.start < today:
        return f"{name} began {days_until(first.start, today)} and is not concluded"
    return f"{name} {days_until(first.start or today, today)}"


def _name(audit: AuditFact) -> str:
    return AUDIT_NAMES.get(audit.kind, "Audit")


def _access(grants: int) -> str:
    if not grants:
        return "Nobody outside can see anything."
    return f"{sentence(plural(grants, 'auditor'))} from outside can see what was frozen for their stage."


def audit(one: AuditFact, *, today: date, active_grants: int = 0, findings: int = 0) -> Headline:
    """Answer: how far is this audit, and who can see what?"""
    found = f"{sentence(_found(one, findings))} raised." if one.concluded or findings else ""
    if one.decision:
        by, on = one.decision.decided_by, day(one.decision.decided_on, today)
        return Headline(f"Certification {one.decision.outcome} by {by} on {on}", found)
    if one.concluded:
        rest = "" if one.report_received else ", its report has not arrived"
        return Headline(f"{_name(one)} is concluded{rest}", found)
    return Headline(_before(one, today), joined(_frozen(one), "" if one.kind == "internal" else _access(active_grants)))


def _found(one: AuditFact, number: int) -> str:
    return plural(number, "area of concern", "areas of concern") if one.kind == "stage1" else plural(number, "finding")


def _before(one: AuditFact, today: date) -> str:
    if one.start is None:
        return f"{_name(one)} has no date yet"
    if one.start < today:
        return f"{_name(one)} began {days_until(one.start, today)}"
    return f"{_name(one)} {days_until(one.start, today)}"


def _frozen(one: AuditFact) -> str:
    if one.kind == "internal":
        return ""
    return "Its evidence is not frozen yet." if one.state == "planned" else "Its evidence is frozen."


def review_room(
    *, stage: str, organisation: str, seen: int, total: int, today: date, frozen_at: datetime | None = None,
    evidence: int = 0, added_since: int = 0, expires_on: date | None = None, concluded: bool = False,
) -> Headline:  # fmt: skip
    """Answer: what shows that a requirement is met, and what have I not seen yet? Counts are of clauses."""
    lede = joined(
        f"{AUDIT_NAMES.get(stage, 'Audit')} of {organisation}.",
        _freeze(frozen_at, evidence, today),
        _added(added_since),
        f"Access ends on {full_day(expires_on)}." if expires_on else "",
    )
    return Headline(_unseen(seen, total, concluded), lede)


def _unseen(seen: int, total: int, concluded: bool) -> str:
    if concluded:
        return "Your conclusion is recorded"
    if not total:
        return "Nothing is open to you yet"
    if seen >= total:
        return "You have seen every clause"
    if not seen:
        return f"{sentence(plural(total, 'clause'))} to see"
    return sentence(f"{count_words(total - seen)} of {plural(total, 'clause')} not seen yet")


def _freeze(at: datetime | None, evidence: int, today: date) -> str:
    if at is None:
        return ""
    pieces = plural(evidence, "document or record", "documents and records")
    return f"Frozen on {day(at.date(), today)}, {at:%H:%M}, with {pieces}."


def _added(number: int) -> str:
    if not number:
        return ""
    were, marked = verb(number, "was", "were"), verb(number, "is", "are")
    return f"{sentence(count_words(number))} {were} added since and {marked} marked."


def members(*, people: int, invited: int = 0, owners: int = 1, outside: int = 0) -> Headline:
    """Answer: who may do what? `outside` counts consultants of a practice."""
    head = f"{sentence(plural(people, 'person', 'people'))} can work here"
    if invited:
        head = f"{head}, {plural(invited, 'invitation')} {verb(invited, 'is', 'are')} open"
    alone = "Only one owner: name a second, so that nobody is locked out." if owners == 1 and people > 1 else ""
    guests = f"{sentence(plural(outside, 'consultant'))} from outside {verb(outside, 'is', 'are')} among them."
    return Headline(head, joined(guests if outside else "", alone))


def journal(
    *, month: date | None, events: int, people: int = 0, auditors: int = 0, chosen: str = "", more: bool = False
) -> Headline:
    """Answer: who did what? `chosen` names an object, shown over all months without `month`; `more` is not read yet."""
    about = f" on “{chosen}”" if chosen else ""
    when = f" in {full_day(month).split(' ', 1)[1]}" if month else ""
    if not events:
        return Headline(f"Nothing happened{about}{when}", "Every change is written here in the same moment.")
    who = f" by {plural(people, 'person', 'people')}" if people and not more else ""
    lede = are(auditors, "auditor", "among them.") if auditors else ""
    entries = f"more than {plural(events, 'entry', 'entries')}" if more else plural(events, "entry", "entries")
    return Headline(f"{sentence(entries)}{about}{when}{who}", lede)
