"""Which period a record covers, read from what its text and its file name say."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_DAY = re.compile(r"20\d\d-\d\d-\d\d")
_WORDS = re.compile(rf"(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)})(?: (20\d\d))?")
_NAME = re.compile(r"(20\d\d)-(\d\d)(?:-to-(?:(20\d\d)-)?(\d\d))?(?!\d)")

Period = tuple[date, date]


def period_of(text: str, filename: str, day: date) -> Period:
    """Return the first and last day that a record of a day covers, never beyond that day."""
    first, last = _days(text) or _words(text, day) or _name(filename) or (day, day)
    return (day, day) if first > day else (first, min(last, day))


def _days(text: str) -> Period | None:
    found = [date.fromisoformat(day) for day in _DAY.findall(text)]
    return (found[0], found[-1]) if found else None


def _words(text: str, day: date) -> Period | None:
    found = _WORDS.findall(text)
    if not found:
        return None
    year = int(next((year for _, _, year in reversed(found) if year), day.year))
    first, last = found[0], found[-1]
    start = date(int(first[2] or year), _MONTHS.index(first[1]) + 1, int(first[0] or 1))
    month = _MONTHS.index(last[1]) + 1
    end = int(last[2] or year)
    return start, date(end, month, int(last[0] or monthrange(end, month)[1]))


def _name(filename: str) -> Period | None:
    found = _NAME.search(filename)
    if not found:
        return None
    year, month, until, last = found.groups()
    end, final = int(until or year), int(last or month)
    return date(int(year), int(month), 1), date(end, final, monthrange(end, final)[1])
