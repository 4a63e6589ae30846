"""Headlines of the evidence library, one piece of evidence and the upload."""

from __future__ import annotations

from datetime import date

from portal.domain.facts import EvidenceFact
from portal.domain.headlines.shape import Headline, are, joined
from portal.domain.wording import count_words, day, full_day, plural, sentence, verb


def evidence(
    *, total: int, waiting: int = 0, for_me: int = 0, returned: int = 0, lapsed: int = 0, draft: int = 0,
    reviewer: bool = False,
) -> Headline:  # fmt: skip
    """Answer: is it in, accepted, current? `for_me` waits for the reader's review, `waiting` for anybody's."""
    if not total:
        why = "Documents say how it is done, records show that it was. An auditor asks for both, with owner and period."
        return Headline("No evidence yet", why)
    lede = _lede(total, waiting - for_me, returned, lapsed, draft)
    if for_me:
        pieces = plural(for_me, "piece of evidence", "pieces of evidence")
        return Headline(f"{sentence(pieces)} {verb(for_me, 'waits', 'wait')} for your review", lede)
    if reviewer:
        return Headline("Nothing is waiting for your review", lede)
    if returned:
        return Headline(are(returned, "piece of evidence", "returned to be put right", "pieces of evidence"), lede)
    return Headline(_standing(total, waiting, lapsed, draft), lede)


def _standing(total: int, waiting: int, lapsed: int, draft: int) -> str:
    if lapsed:
        return are(lapsed, "piece of evidence", "past review", "pieces of evidence")
    if waiting:
        pieces = plural(waiting, "piece of evidence", "pieces of evidence")
        return f"{sentence(pieces)} {verb(waiting, 'waits', 'wait')} for review"
    if draft:
        return are(draft, "piece of evidence", "still a draft" if draft == 1 else "still drafts", "pieces of evidence")
    return "All evidence is accepted and current"


def _lede(total: int, waiting: int, returned: int, lapsed: int, draft: int) -> str:
    parts = (
        (waiting, f"{count_words(waiting)} waiting for review"),
        (returned, f"{count_words(returned)} returned"),
        (lapsed, f"{count_words(lapsed)} past review"),
        (draft, f"{count_words(draft)} in draft"),
    )
    named = ", ".join(text for number, text in parts if number > 0)
    pieces = sentence(plural(total, "piece of evidence", "pieces of evidence"))
    return f"{pieces}: {named}." if named else f"{pieces}."


def evidence_item(
    piece: EvidenceFact, *, today: date, version: int = 1, decided_by: str = "", decided_on: date | None = None,
    seen_by_auditors: int = 0,
) -> Headline:  # fmt: skip
    """Answer: is it in, accepted, current; who has seen it?"""
    lede = joined(_owned(piece, version), _seen(seen_by_auditors))
    if piece.state == "returned":
        return Headline(_returned(piece, decided_by), lede)
    if piece.state == "submitted":
        return Headline(f"Waiting for review{_since(piece, today)}", lede)
    if piece.state != "accepted":
        return Headline("A draft, not submitted for review yet", lede)
    if piece.review_by and piece.review_by < today:
        return Headline(f"Accepted, but its review was due on {day(piece.review_by, today)}", lede)
    by = f" by {decided_by}" if decided_by else ""
    on = f" on {day(decided_on, today)}" if decided_on else ""
    until = f", current until {full_day(piece.review_by)}" if piece.review_by else ""
    return Headline(f"Accepted{by}{on}{until}", lede)


def _returned(piece: EvidenceFact, by: str) -> str:
    who = f" by {by}" if by else ""
    return f"Returned{who}: {piece.reason}" if piece.reason else f"Returned{who} to be put right"


def _since(piece: EvidenceFact, today: date) -> str:
    return f" since {day(piece.submitted_on, today)}" if piece.submitted_on else ""


def _owned(piece: EvidenceFact, version: int) -> str:
    owner = f", owned by {piece.owner.name}" if piece.owner else ", owned by nobody yet"
    return f"“{piece.title}”, version {version}{owner}."


def _seen(number: int) -> str:
    if not number:
        return "No auditor has looked at it yet."
    return f"{sentence(plural(number, 'auditor'))} {verb(number, 'has', 'have')} looked at it."


def upload(
    *, arrived: int = 0, failed: int = 0, item: str = "", step: int | None = None, replaces: str = ""
) -> Headline:
    """Answer: did it arrive, where does it belong, will it pass? Before the first file, say what is asked for."""
    if failed:
        lede = f"{sentence(plural(arrived, 'file'))} arrived. Try the others again; nothing is half stored."
        return Headline(f"{sentence(plural(failed, 'file'))} did not arrive", lede)
    if arrived:
        lede = "Add owner, period and the items it shows, then submit: somebody other than the owner accepts it."
        return Headline(f"{sentence(plural(arrived, 'file'))} arrived whole", lede)
    lede = "A reviewer looks for owner, source system, period covered and a date to look again."
    return Headline(_asked(item, step, replaces), lede)


def _asked(item: str, step: int | None, replaces: str) -> str:
    if replaces:
        return f"A new version of “{replaces}”"
    if item:
        return f"Evidence for {item}"
    return f"Evidence for step {step}" if step else "Add evidence"
