"""Headlines of the lists people open first: a consultant's clients, and one's own work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from portal.domain.headlines.shape import Headline, of_them
from portal.domain.wording import count_words, day, plural, sentence, verb
from portal.domain.work import WorkItem

WEEK = timedelta(days=7)


def clients(
    *, total: int, need_you: int = 0, audits_soon: int = 0, on_course: int = 0, behind: int = 0, quiet: int = 0
) -> Headline:
    """Answer: whom do I call today? `audits_soon` within 30 days, `quiet` without activity for three weeks."""
    if not total:
        return Headline("No client yet", "Open the first one with “New client”: the way begins with a gap analysis.")
    head = "No client needs you this week"
    if need_you:
        head = f"{sentence(plural(need_you, 'client'))} {verb(need_you, 'needs', 'need')} you this week"
    parts = (
        (audits_soon, f"{plural(audits_soon, 'audit')} in the next 30 days"),
        (on_course, f"{count_words(on_course)} on course"),
        (behind, f"{count_words(behind)} behind {verb(behind, 'its', 'their')} target"),
        (quiet, f"{count_words(quiet)} without activity for three weeks"),
    )
    named = ", ".join(text for number, text in parts if number)
    return Headline(head, f"{sentence(plural(total, 'client'))}. {sentence(named)}." if named else _total(total))


def _total(total: int) -> str:
    return f"{sentence(plural(total, 'client'))}."


def work(items: Sequence[WorkItem], *, today: date) -> Headline:
    """Answer: what is mine, by when?"""
    if not items:
        return Headline("Nothing is waiting for you", "What others need from you, and what you own, appears here.")
    late = sum(item.late_days is not None for item in items)
    soon = sum(item.due is not None and item.due <= today + WEEK for item in items)
    head = f"{sentence(plural(len(items), 'thing'))} {verb(len(items), 'is', 'are')} yours"
    if len(items) == 1:
        return Headline(f"{head} and late" if late else f"{head}{_by(items[0], today)}")
    if soon == len(items):
        return Headline(f"{head} this week{of_them(late, 'late')}")
    ahead = sentence(f"{count_words(soon)} {verb(soon, 'is', 'are')} due within a week.") if soon > late else ""
    return Headline(f"{head}{of_them(late, 'late')}", ahead)


def _by(item: WorkItem, today: date) -> str:
    return f", by {day(item.due, today)}" if item.due else ""
