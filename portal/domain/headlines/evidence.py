"""Headlines of the evidence library, one piece of evidence and the upload."""

from __future__ import annotations

from datetime import date

from portal.domain.facts import EvidenceFact
from portal.domain.headlines.shape import Headline, are, joined
from portal.domain.wording import count_words, day, full_day, plural, sentence, verb


def evidence(
    *, total: int, waiting: int = 0, for_me: int | None = 0, returned: int = 0, lapsed: int = 0, draft: int = 0,
    reviewer: bool = False, most_lapsed: int | None = None,
) -> Headline:  # fmt: skip
    """Answer: is it in, accepted, current? `for_me` waits for the reader's review, `waiting` for anybody's.

    `for_me` is None where so many wait that nobody has looked whose they are; `lapsed` was counted up to `most_lapsed`.
    """
    if not total:
        why = "Documents say how it is done, records show that it was. An auditor asks for both, with owner and period."
        return Headline("No evidence yet", why)
    past = _past_review(lapsed, most_lapsed)
    lede = _lede(total, _others(waiting, for_me), returned, past, draft)
    if for_me is None:
        return Headline(_waiting(waiting), lede)
    if for_me:
        return Headline(_waiting(for_me, "your "), lede)
    if reviewer:
        return Headline("Nothing is waiting for your review", lede)
    if returned:
        return Headline(are(returned, "piece of evidence", "returned to be put right", "pieces of evidence"), lede)
    return Headline(_standing(waiting, lapsed, past, draft), lede)


def _others(waiting: int, for_me: int | None) -> str:
    """Return the words for what waits beside the headline's pieces."""
    left = 0 if for_me is None else waiting - for_me
    return f"{count_words(left)}{' more' if for_me else ''} waiting for review" if left > 0 else ""


def _waiting(number: int, whose: str = "") -> str:
    pieces = plural(number, "piece of evidence", "pieces of evidence")
    return f"{sentence(pieces)} {verb(number, 'waits', 'wait')} for {whose}review"


def _past_review(lapsed: int, most: int | None) -> str:
    """Return the words before 'past review'; beyond `most` nobody has counted."""
    if most is not None and lapsed > most:
        return f"more than {count_words(most)}"
    return count_words(lapsed) if lapsed else ""


def _standing(waiting: int, lapsed: int, past: str, draft: int) -> str:
    if lapsed:
        pieces = "piece of evidence is" if lapsed == 1 else "pieces of evidence are"
        return f"{sentence(past)} {pieces} past review"
    if waiting:
        return _waiting(waiting)
    if draft:
        return are(draft, "piece of evidence", "still a draft" if draft == 1 else "still drafts", "pieces of evidence")
    return "All evidence is accepted and current"


def _lede(total: int, waiting: str, returned: int, past: str, draft: int) -> str:
    parts = (
        waiting,
        f"{count_words(returned)} returned" if returned else "",
        f"{past} past review" if past else "",
        f"{count_words(draft)} in draft" if draft else "",
    )
    named = ", ".join(text for text in parts if text)
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
