"""Check that every part of a catalogue file is there, of its type and among its allowed values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

Raw = dict[str, Any]
Check = Callable[[Any], str | None]

PDCA = ("plan", "do", "check", "act")
DOCUMENTATION = ("document", "record", "both", "none")
AUDIT_STAGES = ("stage1", "stage2", "both")
STATUSES = ("current", "withdrawn", "draft")
FIRST_STEP, LAST_STEP = 1, 11

_NUMBER = re.compile(r"[0-9A-Z]+(\.[0-9]+)*")


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) and value.strip() else "must be text"


def _number(value: Any) -> str | None:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return None
    return "must be a clause number in quotes"


def _truth(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _whole(value: Any) -> str | None:
    return None if isinstance(value, int) and not isinstance(value, bool) else "must be a whole number"


def _step(value: Any) -> str | None:
    in_range = _whole(value) is None and FIRST_STEP <= value <= LAST_STEP
    return None if in_range else f"must be a step from {FIRST_STEP} to {LAST_STEP}"


def _one_of(allowed: tuple[str, ...]) -> Check:
    wrong = f"must be one of {', '.join(allowed)}"
    return lambda value: None if isinstance(value, str) and value in allowed else wrong


def _or_none(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _list_of(check: Check) -> Check:
    def check_list(value: Any) -> str | None:
        if not isinstance(value, list):
            return "must be a list"
        return next((f"has an entry that {wrong}" for wrong in map(check, value) if wrong), None)

    return check_list


def _step_names(value: Any) -> str | None:
    expected = {str(number) for number in range(FIRST_STEP, LAST_STEP + 1)}
    if not isinstance(value, dict) or {str(number) for number in value} != expected:
        return f"must name the steps {FIRST_STEP} to {LAST_STEP}"
    return next((wrong for wrong in map(_text, value.values()) if wrong), None)


def _anything(value: Any) -> str | None:  # looked at elsewhere, or a note for readers of the file
    return None


META: dict[str, Check] = {
    "id": _text,
    "standard": _text,
    "edition": _whole,
    "title": _text,
    "status": _one_of(STATUSES),
    "steps": _step_names,
}
META_OPTIONAL: dict[str, Check] = {
    "amendments": _list_of(_text),
    "supersedes": _text,
    "superseded_by": _text,
    "certifiable_until": _text,
    "organised_around": _text,
    "no_exclusions": _truth,
    "public_requirement_count": _whole,
    "edition_ordinal": _whole,
    "enums": _anything,
    "field_notes": _anything,
}
CLAUSE: dict[str, Check] = {
    "number": _number,
    "title": _text,
    "parent": _or_none(_number),
    "level": _whole,
    "assessable": _truth,
    "pdca": _one_of(PDCA),
    "summary": _text,
}
ASSESSABLE: dict[str, Check] = {
    "audit_stage": _one_of(AUDIT_STAGES),
    "step": _step,
    "steps": _list_of(_step),
}
CLAUSE_OPTIONAL: dict[str, Check] = {
    "title_is_ours": _truth,
    "typical_evidence": _list_of(_text),
    "interview_questions": _list_of(_text),
    "common_gaps": _list_of(_text),
    "documented_information": _anything,
    "items": _anything,
}
DOCUMENTED: dict[str, Check] = {"required": _truth, "kind": _one_of(DOCUMENTATION)}
DOCUMENTED_OPTIONAL: dict[str, Check] = {"explicit_items": _list_of(_text)}
ITEM: dict[str, Check] = {
    "id": _text,
    "text": _text,
    "documentation": _one_of(DOCUMENTATION),
    "audit_stage": _one_of(AUDIT_STAGES),
    "step": _step,
}


def shape_problems(raw: Any) -> list[str]:
    """Return the parts that are missing, of a wrong type or outside their allowed values."""
    if not isinstance(raw, dict) or not isinstance(raw.get("clauses"), list):
        return ["a catalogue has two parts: meta and a list of clauses"]
    found = list(fields("meta", raw.get("meta"), META, META_OPTIONAL))
    if not raw["clauses"]:
        found.append("the catalogue has no clauses")
    for place, clause in enumerate(raw["clauses"], 1):
        found.extend(_clause(place, clause))
    return found


def fields(where: str, raw: Any, required: dict[str, Check], optional: dict[str, Check]) -> Iterator[str]:
    """Yield a sentence for each field of `raw` that is missing or wrong."""
    if not isinstance(raw, dict):
        yield f"{where} must be a set of named fields"
        return
    for name, check in required.items():
        wrong = check(raw[name]) if name in raw else "is missing"
        if wrong:
            yield f"{where}: {name} {wrong}"
    for name, check in optional.items():
        wrong = check(raw[name]) if name in raw else None
        if wrong:
            yield f"{where}: {name} {wrong}"
    unknown = [name for name in raw if name not in required and name not in optional]
    yield from (f"{where}: {name} is not a field" for name in unknown)


def _clause(place: int, clause: Any) -> Iterator[str]:
    number = clause.get("number") if isinstance(clause, dict) else None
    where = f"clause {number}" if number else f"clause at place {place}"
    if not isinstance(clause, dict):
        yield f"{where} must be a set of named fields"
    elif clause.get("assessable") is True:
        yield from fields(where, clause, CLAUSE | ASSESSABLE, CLAUSE_OPTIONAL)
    else:
        yield from fields(where, clause, CLAUSE, CLAUSE_OPTIONAL | ASSESSABLE)
    if isinstance(clause, dict):
        yield from _documented(where, clause)
        yield from _items(where, clause)


def _documented(where: str, clause: Raw) -> Iterator[str]:
    if clause.get("assessable") is True or "documented_information" in clause:
        documented = clause.get("documented_information")
        yield from fields(f"{where}, documented_information", documented, DOCUMENTED, DOCUMENTED_OPTIONAL)


def _items(where: str, clause: Raw) -> Iterator[str]:
    items = clause.get("items", [])
    if not isinstance(items, list):
        yield f"{where}: items must be a list"
        return
    for place, item in enumerate(items, 1):
        name = item.get("id") if isinstance(item, dict) else None
        yield from fields(f"item {name}" if name else f"{where}, item at place {place}", item, ITEM, {})
