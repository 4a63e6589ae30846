"""Moving the demo's dates by whole weeks, in data, free text and file names.

Single days move by the shift itself, so weekdays stay. Months, quarters, halves and years have no day: they move by
the whole months that fit into the shift, so a monthly record is never labelled with a month that has not ended.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

ANCHOR = date(2026, 11, 20)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_NAMES = "|".join(_MONTHS) + "|" + "|".join(name[:3] for name in _MONTHS if name != "May")
_YEAR = r"20[23]\d"
_DAYS_PER_MONTH = 30.4375


def shift_for(today: date, anchor: date = ANCHOR) -> timedelta:
    """Return how far the demo moves so that its anchor day is `today` or up to six days before, in whole weeks."""
    return timedelta(weeks=(today - anchor).days // 7)


def months_in(shift: timedelta) -> int:
    """Return the whole months that fit into the shift, rounded down also below zero; 52 weeks are twelve."""
    return int((shift.days + 2) // _DAYS_PER_MONTH)


def shift_dates(obj: Any, shift: timedelta) -> Any:
    """Return a copy of nested data with every date in values moved; keys and other values stay."""
    if isinstance(obj, dict):
        return {key: shift_dates(value, shift) for key, value in obj.items()}
    if isinstance(obj, list | tuple):
        return type(obj)(shift_dates(value, shift) for value in obj)
    if isinstance(obj, date):
        return obj + shift
    return shift_text(obj, shift) if isinstance(obj, str) else obj


def shift_text(text: str, shift: timedelta) -> str:
    """Return the text with the dates, months, quarters and years it names moved."""
    return _TOKEN.sub(lambda match: _moved(match, shift), text) if shift else text


def shifted_name(name: str, shift: timedelta) -> str:
    """Return the file name with the dates, months, quarters and years it carries moved."""
    return shift_text(name, shift)


def add_months(year: int, month: int, count: int) -> tuple[int, int]:
    """Return year and month, `count` months later."""
    index = year * 12 + month - 1 + count
    return index // 12, index % 12 + 1


def _moved(match: re.Match[str], shift: timedelta) -> str:
    return _HANDLERS[str(match.lastgroup)](match.group(), shift)


def _iso(token: str, shift: timedelta) -> str:
    try:
        return (date.fromisoformat(token) + shift).isoformat()
    except ValueError:
        return token


def _iso_month(token: str, shift: timedelta) -> str:
    year, month = add_months(int(token[:4]), int(token[5:7]), months_in(shift))
    return f"{year}-{month:02d}"


def _iso_span(token: str, shift: timedelta) -> str:
    first = _iso_month(token[:7], shift)
    last = _iso_month(f"{token[:4]}-{token[-2:]}", shift)
    return f"{first}-to-{last[5:] if last[:4] == first[:4] else last}"


def _year(token: str, shift: timedelta) -> str:
    return str(add_months(int(token), 7, months_in(shift))[0])


def _identifier(token: str, shift: timedelta) -> str:
    prefix, year, number = token.split("-")
    return f"{prefix}-{_year(year, shift)}-{number}"


def _year_span(token: str, shift: timedelta) -> str:
    if (int(token[2:4]) + 1) % 100 != int(token[5:]):
        return token
    year = add_months(int(token[:4]), 12, months_in(shift))[0]
    return f"{year}-{(year + 1) % 100:02d}"


def _part(token: str, shift: timedelta) -> str:
    """Move a quarter or half by its first month."""
    letter = "Q" if "Q" in token else "H"
    length = 3 if letter == "Q" else 6
    number = int(token[token.index(letter) + 1])
    found = re.search(_YEAR, token)
    year, month = add_months(int(found.group()) if found else ANCHOR.year, (number - 1) * length + 1, months_in(shift))
    moved = re.sub(rf"{letter}\d", f"{letter}{(month - 1) // length + 1}", token)
    return re.sub(_YEAR, str(year), moved)


def _month_of(name: str) -> int:
    return next(number for number, full in enumerate(_MONTHS, 1) if full[:3] == name[:3])


def _name_like(name: str, month: int) -> str:
    full = _MONTHS[month - 1]
    return full[:3] if len(name) == 3 and name != "May" else full


def _month_word(token: str, shift: timedelta) -> str:
    name, _, year = token.partition(" ")
    moved_year, month = add_months(int(year or ANCHOR.year), _month_of(name), months_in(shift))
    return _name_like(name, month) + (f" {moved_year}" if year else "")


def _days(token: str, shift: timedelta) -> str:
    """Move '22 July', '22 July 2026' or '5-8 October 2026'; a day without a year is one of the anchor's year."""
    days, name, *rest = token.split(" ")
    year = int(rest[0]) if rest else ANCHOR.year
    try:
        moved = [date(year, _month_of(name), int(day)) + shift for day in days.split("-")]
    except ValueError:
        return token
    names = [_name_like(name, day.month) for day in moved]
    if len({day.month for day in moved}) == 1:
        text = "-".join(str(day.day) for day in moved) + f" {names[0]}"
    else:
        text = "-".join(f"{day.day} {label}" for day, label in zip(moved, names, strict=True))
    return text + (f" {moved[-1].year}" if rest else "")


_PATTERNS: list[tuple[str, str, Callable[[str, timedelta], str]]] = [
    ("iso", rf"(?<!\d){_YEAR}-\d\d-\d\d(?!\d)", _iso),
    ("span", rf"(?<!\d){_YEAR}-(?:0[1-9]|1[0-2])-to-(?:0[1-9]|1[0-2])(?!\d)", _iso_span),
    ("identifier", rf"\b[A-Z]{{2,4}}-{_YEAR}-\d\d(?!\d)", _identifier),
    ("part", rf"(?<!\d){_YEAR}-[QH][1-4]\b|\b(?:Q[1-4]|H[12])(?: {_YEAR}\b)?", _part),
    ("month", rf"(?<!\d){_YEAR}-(?:0[1-9]|1[0-2])(?!\d)", _iso_month),
    ("years", rf"(?<!\d){_YEAR}-\d\d(?!\d)", _year_span),
    ("days", rf"\b\d{{1,2}}(?:-\d{{1,2}})? (?:{_NAMES})\b(?: {_YEAR}\b)?", _days),
    ("word", rf"\b(?:{_NAMES})\b(?: {_YEAR}\b)?", _month_word),
    ("year", r"(?<![\d:.,/])202[4-9](?!\d)", _year),
]
_TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern, _ in _PATTERNS))
_HANDLERS = {name: handler for name, _, handler in _PATTERNS}
