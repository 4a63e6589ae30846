"""Check what people typed: lines, texts, addresses, choices; every refusal names its field."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from portal.domain.common import Invalid, required_text
from portal.domain.wording import listed

Choice = TypeVar("Choice", bound=StrEnum)

# Control characters, direction overrides and lone surrogates: they hide or break what others read.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}")


def text(value: str | None, field: str, what: str, longest: int = 4_000) -> str:
    """Return a text stripped; raise Invalid when it is empty, too long or holds hidden characters."""
    found = required_text(value, field, what, longest)
    if _HIDDEN.search(found):
        raise Invalid(f"{what} holds characters that cannot be shown. Type it again without them.", field)
    return found


def line(value: str | None, field: str, what: str, longest: int = 200) -> str:
    """Return a text of one line, runs of spaces made one; raise Invalid as `text` does."""
    return text(" ".join((value or "").split()), field, what, longest)


def optional_text(value: str | None, field: str, what: str, longest: int = 4_000) -> str:
    """Return a text that may be empty; raise Invalid as `text` does."""
    return text(value, field, what, longest) if (value or "").strip() else ""


def optional_line(value: str | None, field: str, what: str, longest: int = 200) -> str:
    """Return a line that may be empty; raise Invalid as `text` does."""
    return line(value, field, what, longest) if (value or "").strip() else ""


def email(value: str | None, field: str = "email") -> str:
    """Return an e-mail address stripped and in lower case; raise Invalid when it has not the shape of one."""
    address = line(value, field, "The email address", 254).lower()
    if not _ADDRESS.fullmatch(address):
        raise Invalid("That is not an email address. Write it like name@example.org.", field)
    return address


def choice(kinds: type[Choice], value: str | None, field: str) -> Choice:
    """Return the member of an enumeration that a word names; raise Invalid listing the words."""
    try:
        return kinds(value or "")
    except ValueError:
        raise Invalid(f"Choose one of {listed([kind.value for kind in kinds])}.", field) from None


def not_future(value: date, today: date, field: str, what: str) -> date:
    """Return a date that has come; raise Invalid when it lies ahead."""
    if value > today:
        raise Invalid(f"{what} lies in the future. Enter a day up to today.", field)
    return value
