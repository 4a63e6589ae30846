"""Headlines of the findings and of one finding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal.domain.facts import FindingFact
from portal.domain.gates_findings import LACKS, SETTLED, what_lacks
from portal.domain.headlines.shape import Headline, are, joined, of_them
from portal.domain.wording import day, days_late, late_by, plural, sentence, verb

ENDED = frozenset({"closed", "withdrawn"})


def findings(all_findings: Sequence[FindingFact], *, today: date) -> Headline:
    """Answer: what was found, what is late, what would cost the certificate?"""
    if not all_findings:
        why = "Internal audits, Stage 1 and Stage 2 raise them; each keeps its cause, its action and its proof."
        return Headline("No findings yet", why)
    still = [finding for finding in all_findings if finding.state not in ENDED]
    if not still:
        return Headline("Every finding is closed", f"{sentence(plural(len(all_findings), 'finding'))} in all.")
    late = sum(late_by(finding.next_due, today) is not None for finding in still)
    majors = sum(finding.grade == "major" and finding.state not in SETTLED for finding in still)
    if len(still) == 1:
        return Headline(_only(late), _majors(majors))
    return Headline(f"{are(len(still), 'finding', 'open')}{of_them(late, 'late')}", _majors(majors))


def _only(late: int) -> str:
    return "One finding is open, and late" if late else "One finding is open"


def _majors(number: int) -> str:
    if not number:
        return "No major nonconformity is open."
    noun = plural(number, "major nonconformity", "major nonconformities")
    return f"{sentence(noun)} {verb(number, 'stands', 'stand')} in the way of the certificate until verified."


_AFTER = {
    "verified": "Verified: next it is seen whether it stays away",
    "effective": "Effective: it can be closed",
    "closed": "Closed",
    "withdrawn": "Withdrawn by who raised it",
}


def finding(one: FindingFact, *, today: date) -> Headline:
    """Answer: what happened, why, what was done, did it help?"""
    head = _AFTER.get(one.state) or sentence(LACKS.get(one.state, "it is open"))
    late = late_by(one.next_due, today)
    if late:
        head = f"{head}, {days_late(late)}"
    elif one.next_due and one.state not in ENDED:
        head = f"{head}, due {day(one.next_due, today)}"
    owner = f"Owner: {one.owner.name}." if one.owner else "Nobody owns it yet."
    return Headline(head, joined(what_lacks(one) if one.state in LACKS else _named(one), owner))


def _named(one: FindingFact) -> str:
    return f"{one.ref} against {one.clause}: {one.statement}"
