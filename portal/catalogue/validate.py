"""Check the structure of a catalogue file; every problem is named in a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from portal.catalogue.shape import Raw, shape_problems

_ID = re.compile(r"(?P<clause>.+)-[a-z]+")


def problems(raw: Any) -> list[str]:
    """Return what is wrong with a catalogue's content, an empty list when it is sound.

    Shapes come first: the relations between clauses are looked at only when every part has its type.
    """
    found = shape_problems(raw)
    if found:
        return found
    clauses = raw["clauses"]
    checks = (_unique, _tree, _items_where_they_belong, _item_ids, _explicit, _steps)
    return list(chain.from_iterable(check(clauses) for check in checks))


def named(raw: Raw, name: str) -> list[str]:
    """Return a problem when a catalogue's id is not its file's name."""
    found = raw["meta"]["id"]
    return [] if found == name else [f"the file is named {name} but its meta.id is {found}"]


def _unique(clauses: list[Raw]) -> Iterator[str]:
    yield from (f"clause {number} appears twice" for number in repeated(c["number"] for c in clauses))
    yield from (f"item {item_id} appears twice" for item_id in repeated(i["id"] for i in items_of(clauses)))


def _tree(clauses: list[Raw]) -> Iterator[str]:
    numbers = {clause["number"] for clause in clauses}
    for clause in clauses:
        number, parent = clause["number"], clause["parent"]
        above, _, _ = number.rpartition(".")
        if parent is not None and parent not in numbers:
            yield f"clause {number} has the parent {parent}, which does not exist"
        elif parent != (above or None):
            yield f"clause {number} has the parent {parent}, its number says {above or None}"
        if clause["level"] != number.count(".") + 1:
            yield f"clause {number} has level {clause['level']}, its number says {number.count('.') + 1}"


def _items_where_they_belong(clauses: list[Raw]) -> Iterator[str]:
    for clause in clauses:
        if clause["assessable"] and not clause.get("items"):
            yield f"clause {clause['number']} is assessable but has no items"
        if not clause["assessable"] and clause.get("items"):
            yield f"clause {clause['number']} is not assessable but has items"


def _item_ids(clauses: list[Raw]) -> Iterator[str]:
    for clause in clauses:
        for item in clause.get("items", ()):
            number, match = clause["number"], _ID.fullmatch(item["id"])
            if match is None or match["clause"] != number:
                yield f"item {item['id']} stands in clause {number}: its id must be {number}-a, -b and so on"


def _explicit(clauses: list[Raw]) -> Iterator[str]:
    for clause in clauses:
        documented = clause.get("documented_information", {})
        explicit = documented.get("explicit_items", [])
        here = {item["id"] for item in clause.get("items", ())}
        for item_id in explicit:
            if item_id not in here:
                yield f"clause {clause['number']} names the explicit item {item_id}, which it does not have"
        yield from (f"explicit item {item_id} appears twice" for item_id in repeated(explicit))
        if documented.get("required", False) != bool(explicit):
            yield (f"clause {clause['number']}: documented_information.required must be true exactly when"
                   " explicit_items names the items it rests on")


def _steps(clauses: list[Raw]) -> Iterator[str]:
    for clause in clauses:
        of_items = sorted({item["step"] for item in clause.get("items", ())})
        if clause["assessable"] and clause["steps"] != of_items:
            yield f"clause {clause['number']} has steps {clause['steps']}, its items say {of_items}"
        if clause["assessable"] and clause["step"] not in clause["steps"]:
            yield f"clause {clause['number']} has step {clause['step']}, which is not among its steps"


def items_of(clauses: list[Raw]) -> Iterator[Raw]:
    """Yield the items of all clauses in the order of the file."""
    return chain.from_iterable(clause.get("items", ()) for clause in clauses)


def repeated(names: Any) -> list[str]:
    """Return what appears more than once."""
    return [name for name, count in Counter(names).items() if count > 1]
