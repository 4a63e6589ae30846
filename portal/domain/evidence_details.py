"""Check the details of evidence and its files, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from portal.domain import inputs
from portal.domain.common import Invalid

NAMES = ("title", "kind", "owner", "source_system", "description", "period_from", "period_to", "review_by")
_SHA256 = re.compile("[0-9a-f]{64}")


def checked(changes: Mapping[str, Any], present: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the changes cleaned; raise Invalid naming the field. Dates are judged together with what is present."""
    unknown = [name for name in changes if name not in NAMES]
    if unknown:
        raise Invalid("There is no such field.", unknown[0])
    clean = {name: _CLEAN.get(name, _same)(value) for name, value in changes.items()}
    whole = {**present, **clean}
    touched = {name for name, value in clean.items() if name not in present or value != present[name]}
    if touched & {"period_from", "period_to", "kind"}:
        _check_period(whole, today)
    if touched & {"review_by", "period_to"}:
        _check_review(whole, "review_by" in touched, today)
    return clean


def _check_period(whole: Mapping[str, Any], today: date) -> None:
    start, end = whole.get("period_from"), whole.get("period_to")
    if start is None and end is None:
        return
    if start is None or end is None:
        raise Invalid("Give both days of the period, the first and the last.", f"period.{'to' if start else 'from'}")
    if end < start:
        raise Invalid("The period ends before it begins. Check both days.", "period.to")
    inputs.not_future(start, today, "period.from", "The first day of the period")
    # A plan may reach ahead; a record shows what has happened.
    if whole.get("kind") == "record":
        inputs.not_future(end, today, "period.to", "The last day of a record's period")


def _check_review(whole: Mapping[str, Any], is_new: bool, today: date) -> None:
    review, end = whole.get("review_by"), whole.get("period_to")
    if review is None:
        return
    if is_new and review <= today:
        raise Invalid("The review-by date has passed. Choose a day from tomorrow on.", "review_by")
    if end is not None and review < end:
        raise Invalid("The review-by date comes after the period covered. Choose a later day.", "review_by")


def _same(value: Any) -> Any:
    return value


def _kind(value: Any) -> str:
    if value not in ("document", "record"):
        raise Invalid("Choose document or record.", "kind")
    return str(value)


_CLEAN: Mapping[str, Callable[[Any], Any]] = {
    "title": lambda value: inputs.line(value, "title", "The title", 200),
    "kind": _kind,
    "source_system": lambda value: inputs.optional_line(value, "source_system", "The source system", 120),
    "description": lambda value: inputs.optional_text(value, "description", "The description", 4_000),
}


def file(filename: str, sha256: str, length: int) -> tuple[str, str]:
    """Return a file's name and SHA-256 (hex, lower case) as kept; raise Invalid for an empty file or a wrong hash."""
    name = inputs.line(filename, "filename", "The file name", 255)
    digest = sha256.lower()
    if not _SHA256.fullmatch(digest):
        raise Invalid("The SHA-256 is 64 hexadecimal digits.", "sha256")
    if length < 1:
        raise Invalid("The file is empty. Choose the file again.", "length")
    return name, digest
