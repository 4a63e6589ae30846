"""Fields that several schemas share, each with its message in plain words."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import ValidationError, fields, validate

from portal import ids

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_EMAIL = re.compile(r"^[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{1,63}$")


def _clean(text: str) -> None:
    if _CONTROL.search(text):
        raise ValidationError("Remove control and direction characters.")


def text(longest: int, *, least: int = 0, **kwargs: Any) -> fields.String:
    """Take a text of `least` to `longest` characters without control or direction characters."""
    bounds = validate.Length(least, longest, error=_length_message(least, longest))
    return fields.String(validate=[bounds, _clean], error_messages=_MESSAGES, **kwargs)


def _length_message(least: int, longest: int) -> str:
    if not least:
        return f"Use at most {longest:,} characters."
    return "Enter something here." if least == 1 and longest > 100_000 else f"Use {least} to {longest:,} characters."


_MESSAGES = {"required": "Enter something here.", "null": "Enter something here.", "invalid": "Enter text here."}


def email(**kwargs: Any) -> fields.String:
    """Take an e-mail address."""
    shape = validate.Regexp(_EMAIL, error="Enter an e-mail address such as name@example.org.")
    return fields.String(validate=[validate.Length(max=254), shape, _clean], error_messages=_MESSAGES, **kwargs)


def identifier(**kwargs: Any) -> fields.String:
    """Take an id."""
    return fields.String(validate=_is_id, error_messages=_MESSAGES, **kwargs)


def _is_id(value: str) -> None:
    if not ids.is_id(value):
        raise ValidationError("This is no id.")


def day(**kwargs: Any) -> fields.Date:
    """Take a date as YYYY-MM-DD."""
    messages = {"invalid": "Enter a date as YYYY-MM-DD.", "required": "Enter a date.", "null": "Enter a date."}
    return fields.Date(format="iso", error_messages=messages, **kwargs)


def choice(*values: Any, **kwargs: Any) -> fields.String:
    """Take one of a few words."""
    words = ", ".join(str(v) for v in values)
    return fields.String(validate=validate.OneOf(values, error=f"Choose one of: {words}."), **kwargs)


def whole(least: int, most: int, **kwargs: Any) -> fields.Integer:
    """Take a whole number."""
    bounds = validate.Range(least, most, error=f"Enter a whole number from {least:,} to {most:,}.")
    messages = {"invalid": "Enter a whole number.", "required": "Enter a whole number."}
    return fields.Integer(strict=True, validate=bounds, error_messages=messages, **kwargs)


def many(inner: fields.Field, most: int, **kwargs: Any) -> fields.List:
    """Take a list of at most `most` values."""
    return fields.List(inner, validate=validate.Length(max=most, error=f"Send at most {most}."), **kwargs)


def month(value: str) -> None:
    """Require a month as YYYY-MM."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", value):
        raise ValidationError("Enter a month as YYYY-MM.")
