"""Check that the mapping and the reference data point only at clauses and items that exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.catalogue.model import Catalogue
from portal.catalogue.validate import repeated

Raw = dict[str, Any]
BASES = ("stated", "practice")


def mapping_problems(raw: Raw, origin: Catalogue, target: Catalogue) -> list[str]:
    """Return what is wrong with a mapping's content, an empty list when it is sound."""
    return [
        *_mapping_ends(raw["meta"], origin, target),
        *_correspondences(raw, origin, target),
        *_every_clause_once(raw["mappings"], origin),
        *(
            f"new_in_2018 names the clause {entry['clause']}, which {target.id} does not have"
            for entry in raw["new_in_2018"]
            if not target.has_clause(entry["clause"])
        ),
        *(
            f"dropped_in_2018 names the item {item}, which {origin.id} does not have"
            for entry in raw["dropped_in_2018"]
            for item in entry["items"]
            if not origin.has_item(item)
        ),
    ]


def _mapping_ends(meta: Raw, origin: Catalogue, target: Catalogue) -> Iterator[str]:
    for end, catalogue in (("from", origin), ("to", target)):
        if meta[end] != catalogue.id:
            yield f"the mapping goes {end} {meta[end]}, not {catalogue.id}"


def _correspondences(raw: Raw, origin: Catalogue, target: Catalogue) -> Iterator[str]:
    for entry in raw["mappings"]:
        where = f"mapping of {entry['from_clause']}"
        if not origin.has_clause(entry["from_clause"]):
            yield f"{where}: {origin.id} has no such clause"
        if not entry["to_clauses"]:
            yield f"{where} leads nowhere"
        for number in entry["to_clauses"]:
            if not target.has_clause(number):
                yield f"{where} leads to {number}, which {target.id} does not have"
        if entry["kind"] not in raw["meta"]["kinds"]:
            yield f"{where} has the unknown kind {entry['kind']}"


def _every_clause_once(entries: list[Raw], origin: Catalogue) -> Iterator[str]:
    mapped = [entry["from_clause"] for entry in entries]
    yield from (f"mapping of {number} appears twice" for number in repeated(mapped))
    missing = [clause.number for clause in origin.assessable if clause.number not in mapped]
    yield from (f"clause {number} of {origin.id} has no mapping" for number in missing)


def reference_problems(raw: Raw, catalogues: list[Catalogue]) -> list[str]:
    """Return what the reference data points at without there being such a clause or item."""
    by_id = {catalogue.id: catalogue for catalogue in catalogues}
    found = [f"documents of an unknown catalogue {name}" for name in raw["documents"] if name not in by_id]
    for name, kinds in raw["documents"].items():
        if name in by_id:
            found.extend(_documents(kinds, by_id[name]))
    found.extend(_kpis(raw["kpis"], catalogues))
    for part in ("time_rules", "finding_grades", "kpis"):
        found.extend(f"{part}: {name} appears twice" for name in repeated(entry["id"] for entry in raw[part]))
    return found


def _documents(kinds: Raw, catalogue: Catalogue) -> Iterator[str]:
    for kind, entries in kinds.items():
        for entry in entries:
            where = f"{catalogue.id}, {kind}, {entry['name']}"
            if not catalogue.has_clause(entry["clause"]):
                yield f"{where}: there is no clause {entry['clause']}"
            if not entry["items"]:
                yield f"{where} rests on no item"
            missing = [item for item in entry["items"] if not catalogue.has_item(item)]
            yield from (f"{where}: there is no item {item}" for item in missing)
            if entry["basis"] not in BASES:
                yield f"{where}: basis must be one of {', '.join(BASES)}"


def _kpis(entries: list[Raw], catalogues: list[Catalogue]) -> Iterator[str]:
    for entry in entries:
        for name in (name for name in entry if name.startswith("clause_")):
            edition = name.removeprefix("clause_")
            of_edition = [one for one in catalogues if str(one.edition) == edition]
            if not any(one.has_clause(entry[name]) for one in of_edition):
                yield f"KPI {entry['id']}: there is no clause {entry[name]} in an edition {edition}"
