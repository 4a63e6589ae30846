"""Fields that several schemas share, each with its message in plain words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

from portal import ids

# The domain's rule (see `portal.domain.inputs`), so that nothing reaches a record which a page cannot show.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_BREAK = re.compile("[\n\r\u2028\u2029]")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]{1,64}@(?:[\w-]{1,63}\.)+[^\W\d_][\w-]{1,62}\Z")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# What lies outside is a slip of the keyboard, and would take a due date counted from it out of the calendar.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


def _clean(text: str) -> None:
    if _CONTROL.search(text):
        raise ValidationError("Remove control and direction characters.")


def _says_something(text: str) -> None:
    if text and not text.strip():
        raise ValidationError("Enter something here.")


def _one_line(text: str) -> None:
    if _LINE_BREAK.search(text):
        raise ValidationError("Write this in one line.")


def text(longest: int, *, least: int = 0, **kwargs: Any) -> fields.String:
    """Take a text of `least` to `longest` characters without control or direction characters."""
    bounds = validate.Length(least, longest, error=_length_message(least, longest))
    checks = [bounds, _clean, *([_says_something] if least else [])]
    return fields.String(validate=checks, error_messages=_MESSAGES, **kwargs)


def line(longest: int, *, least: int = 0, **kwargs: Any) -> fields.String:
    """Take a text of one line: what goes into the head of a page, an event or a mail."""
    field = text(longest, least=least, **kwargs)
    field.validators.append(_one_line)
    return field


def _length_message(least: int, longest: int) -> str:
    return f"Use {least} to {longest:,} characters." if least else f"Use at most {longest:,} characters."


_MESSAGES = {"required": "Enter something here.", "null": "Enter something here.", "invalid": "Enter text here."}
_CHOICE = {"required": "Choose one.", "null": "Choose one.", "invalid": "Choose one."}
_LIST = {"required": "Send a list.", "null": "Send a list.", "invalid": "Send a list."}


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


class Day(fields.Date):
    """Take a date as YYYY-MM-DD and in no other of the forms that ISO 8601 has."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not (isinstance(value, str) and _DAY.fullmatch(value)):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


def day(**kwargs: Any) -> fields.Date:
    """Take a date as YYYY-MM-DD, in the years 1900 to 2199."""
    messages = {"invalid": "Enter a date as YYYY-MM-DD.", "required": "Enter a date.", "null": "Enter a date."}
    return Day(format="iso", validate=_of_our_time, error_messages=messages, **kwargs)


def _of_our_time(value: date) -> None:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValidationError("Enter a date between 1900 and 2199.")


def choice(*values: Any, **kwargs: Any) -> fields.String:
    """Take one of a few words."""
    words = ", ".join(str(v) for v in values)
    known = validate.OneOf(values, error=f"Choose one of: {words}.")
    return fields.String(validate=known, error_messages=_CHOICE, **kwargs)


class _YesNo(fields.Boolean):
    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if type(value) is not bool:  # 1 equals True
            raise self.make_error("invalid", input=value)
        return value


def yes_no(**kwargs: Any) -> fields.Boolean:
    """Take true or false, and no number or word for it."""
    said = dict.fromkeys(("invalid", "required", "null"), "Send true or false.")
    return _YesNo(error_messages=said, **kwargs)


def whole(least: int, most: int, **kwargs: Any) -> fields.Integer:
    """Take a whole number."""
    bounds = validate.Range(least, most, error=f"Enter a whole number from {least:,} to {most:,}.")
    said = dict.fromkeys(("invalid", "required", "null"), "Enter a whole number.")
    return fields.Integer(strict=True, validate=bounds, error_messages=said, **kwargs)


def many(inner: fields.Field, most: int, *, least: int = 0, **kwargs: Any) -> fields.List:
    """Take a list of `least` to `most` values."""
    bounds = validate.Length(least, most, error=f"Send {least} to {most}." if least else f"Send at most {most}.")
    return fields.List(inner, validate=bounds, error_messages=_LIST, **kwargs)


def month(value: str) -> None:
    """Require a month as YYYY-MM."""
    if not re.fullmatch(r"20[0-9][0-9]-(0[1-9]|1[0-2])", value):
        raise ValidationError("Enter a month as YYYY-MM.")
