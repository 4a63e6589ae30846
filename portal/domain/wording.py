"""Words for numbers, days and lists, as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NEAR_DAYS = 183


def count_words(number: int) -> str:
    """Return a count in words below ten ('no' for none), in figures from there on."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else f"{number:,}"


def noun(number: int, one: str, many: str = "") -> str:
    """Return the singular or plural that fits the number; the plural is `one` with an s unless given."""
    return one if number == 1 else many or f"{one}s"


def plural(number: int, one: str, many: str = "") -> str:
    """Return count and noun: 'no findings', 'one finding', '12 findings'."""
    return f"{count_words(number)} {noun(number, one, many)}"


def verb(number: int, one: str, many: str) -> str:
    """Return the verb that fits the number: verb(1, 'is', 'are')."""
    return one if number == 1 else many


def sentence(text: str) -> str:
    """Return the text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def lowered(text: str) -> str:
    """Return the text with a small first letter, unless it begins with an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def listed(words: Sequence[str], most: int = 0) -> str:
    """Return 'a, b and c'; with `most`, name that many and count the rest: 'a, b and three more'."""
    names = list(words)
    if most and len(names) > most:
        names = [*names[:most], f"{count_words(len(names) - most)} more"]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def day(value: date, today: date) -> str:
    """Return '17 November', with the year when another year and more than half a year away."""
    text = f"{value.day} {_MONTHS[value.month - 1]}"
    near = value.year == today.year or abs((value - today).days) < _NEAR_DAYS
    return text if near else f"{text} {value.year}"


def full_day(value: date) -> str:
    """Return '17 November 2029'."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def days_until(value: date, today: date) -> str:
    """Return 'in 24 days', 'tomorrow', 'today', 'yesterday' or '9 days ago'."""
    days = (value - today).days
    close = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if days in close:
        return close[days]
    return f"in {plural(days, 'day')}" if days > 0 else f"{-days} days ago"


def days_late(days: int) -> str:
    """Return '9 days late'; lateness is always in figures, it is looked for."""
    return f"{days:,} {noun(days, 'day')} late"


def late_by(due: date | None, today: date) -> int | None:
    """Return by how many days a date has passed, None when it has not or there is none."""
    return (today - due).days if due is not None and due < today else None
