"""The mapping and the reference data point only at what exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from portal.catalogue import load, mapping, reference
from portal.catalogue.links import mapping_problems, reference_problems
from portal.catalogue.loader import MAPPING, REFERENCE
from tests.unit.catalogue.samples import content

Raw = dict[str, Any]
OLD, NEW = "iso20000-1-2011", "iso20000-1-2018"


def catalogues() -> list:
    """Return both ends of the mapping."""
    return [load(OLD), load(NEW)]


def from_nowhere(raw: Raw) -> str:
    raw["mappings"][0]["from_clause"] = "77.7"
    return f"mapping of 77.7: {OLD} has no such clause"


def to_nowhere(raw: Raw) -> str:
    raw["mappings"][0]["to_clauses"].append("77.7")
    return f"leads to 77.7, which {NEW} does not have"


def to_an_item(raw: Raw) -> str:
    raw["mappings"][0]["to_clauses"].append("4.1-a")
    return f"leads to 4.1-a, which {NEW} does not have"


def to_nothing(raw: Raw) -> str:
    raw["mappings"][0]["to_clauses"] = []
    return f"mapping of {raw['mappings'][0]['from_clause']} leads nowhere"


def unknown_kind(raw: Raw) -> str:
    raw["mappings"][0]["kind"] = "vanished"
    return "has the unknown kind vanished"


def mapped_twice(raw: Raw) -> str:
    raw["mappings"].append(raw["mappings"][0])
    return f"mapping of {raw['mappings'][0]['from_clause']} appears twice"


def not_mapped(raw: Raw) -> str:
    return f"clause {raw['mappings'].pop()['from_clause']} of {OLD} has no mapping"


def new_elsewhere(raw: Raw) -> str:
    raw["new_in_2018"][0]["clause"] = "77.7"
    return f"new_in_2018 names the clause 77.7, which {NEW} does not have"


def dropped_elsewhere(raw: Raw) -> str:
    raw["dropped_in_2018"][0]["items"] = ["8.7.2-a"]
    return f"dropped_in_2018 names the item 8.7.2-a, which {OLD} does not have"


def other_end(raw: Raw) -> str:
    raw["meta"]["to"] = OLD
    return f"the mapping goes to {OLD}, not {NEW}"


MAPPING_BREAKS = [
    from_nowhere,
    to_nowhere,
    to_an_item,
    to_nothing,
    unknown_kind,
    mapped_twice,
    not_mapped,
    new_elsewhere,
    dropped_elsewhere,
    other_end,
]


class TestMapping:
    def test_is_sound(self) -> None:
        """The package's mapping passes."""
        assert mapping_problems(content(MAPPING), *catalogues()) == []

    @pytest.mark.parametrize("break_it", MAPPING_BREAKS, ids=lambda one: one.__name__)
    def test_a_broken_copy_is_named(self, mapping_raw: Raw, break_it: Callable[[Raw], str]) -> None:
        """Each kind of break is reported in words that name the place."""
        expected = break_it(mapping_raw)
        found = mapping_problems(mapping_raw, *catalogues())
        assert any(expected in problem for problem in found), found

    def test_targets_are_those_of_the_file(self) -> None:
        """Each clause leads where the file says, and back again."""
        for entry in content(MAPPING)["mappings"]:
            assert mapping().targets(entry["from_clause"]) == tuple(entry["to_clauses"])
            assert all(entry["from_clause"] in mapping().origins(target) for target in entry["to_clauses"])

    def test_a_heading_leads_nowhere(self) -> None:
        """A clause without a correspondence has no targets."""
        assert mapping().correspondence("4") is None
        assert mapping().targets("4") == ()

    def test_every_clause_of_the_newer_edition_is_reached_or_new(self) -> None:
        """Nothing assessable in 2018 is left without a word on where it comes from."""
        new = {entry.clause for entry in mapping().new_in_2018}
        lost = [c.number for c in load(NEW).assessable if not mapping().origins(c.number) and c.number not in new]
        assert lost == []

    def test_dropped_items_are_listed_once(self) -> None:
        """An item dropped in 2018 is listed in one place only."""
        items = [item for entry in mapping().dropped_in_2018 for item in entry.items]
        assert len(items) == len(set(items)) > 0


def document_without_clause(raw: Raw) -> str:
    raw["documents"][NEW]["documents"][0]["clause"] = "77.7"
    return "there is no clause 77.7"


def document_without_item(raw: Raw) -> str:
    raw["documents"][NEW]["records"][0]["items"] = ["77.7-a"]
    return "there is no item 77.7-a"


def document_of_the_other_edition(raw: Raw) -> str:
    raw["documents"][NEW]["documents"].append(raw["documents"][OLD]["documents"][0])
    return f"{NEW}, documents, {raw['documents'][OLD]['documents'][0]['name']}: there is no"


def document_on_nothing(raw: Raw) -> str:
    raw["documents"][OLD]["records"][0]["items"] = []
    return "rests on no item"


def unknown_basis(raw: Raw) -> str:
    raw["documents"][OLD]["records"][0]["basis"] = "hearsay"
    return "basis must be one of stated, practice"


def unknown_catalogue(raw: Raw) -> str:
    raw["documents"]["iso9001-2015"] = {}
    return "documents of an unknown catalogue iso9001-2015"


def kpi_without_clause(raw: Raw) -> str:
    raw["kpis"][0]["clause_2018"] = "77.7"
    return f"KPI {raw['kpis'][0]['id']}: there is no clause 77.7 in an edition 2018"


def kpi_of_no_edition(raw: Raw) -> str:
    raw["kpis"][0]["clause_1999"] = "4.1"
    return f"KPI {raw['kpis'][0]['id']}: there is no clause 4.1 in an edition 1999"


def kpi_twice(raw: Raw) -> str:
    raw["kpis"].append(raw["kpis"][0])
    return f"kpis: {raw['kpis'][0]['id']} appears twice"


REFERENCE_BREAKS = [
    document_without_clause,
    document_without_item,
    document_of_the_other_edition,
    document_on_nothing,
    unknown_basis,
    unknown_catalogue,
    kpi_without_clause,
    kpi_of_no_edition,
    kpi_twice,
]


class TestReference:
    def test_is_sound(self) -> None:
        """The package's reference data passes."""
        assert reference_problems(content(REFERENCE), catalogues()) == []

    @pytest.mark.parametrize("break_it", REFERENCE_BREAKS, ids=lambda one: one.__name__)
    def test_a_broken_copy_is_named(self, reference_raw: Raw, break_it: Callable[[Raw], str]) -> None:
        """Each kind of break is reported in words that name the place."""
        expected = break_it(reference_raw)
        found = reference_problems(reference_raw, catalogues())
        assert any(expected in problem for problem in found), found

    def test_what_is_stated_rests_on_an_explicit_item(self) -> None:
        """A document said to be asked for in writing rests on an item the edition asks for in writing."""
        wrong = [
            (catalogue, entry["name"])
            for catalogue, kinds in reference()["documents"].items()
            for entries in kinds.values()
            for entry in entries
            if entry["basis"] == "stated" and not any(load(catalogue).item(item).explicit for item in entry["items"])
        ]
        assert wrong == []
