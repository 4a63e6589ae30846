"""The shapes: numbers, trees, items and help."""

from __future__ import annotations

import dataclasses

import pytest

from portal.catalogue import NotInCatalogue, build, clause_key, load
from tests.unit.catalogue.samples import content, small


class TestClauseKey:
    def test_pads_every_part(self) -> None:
        """A clause number is padded to two digits a part."""
        assert clause_key("8.5.1.2") == "08.05.01.02"
        assert clause_key("10") == "10"

    def test_sorts_naturally(self) -> None:
        """Ten comes after nine, a clause before its children and an annex last."""
        numbers = ["A.2", "10", "9.10", "9.2", "9", "10.1", "A.10", "9.2.1"]
        assert sorted(numbers, key=clause_key) == ["9", "9.2", "9.2.1", "9.10", "10", "10.1", "A.2", "A.10"]

    def test_is_the_sort_key_of_each_clause(self, edition: str) -> None:
        """A catalogue hands out the same key and keeps its clauses in that order, each key once."""
        catalogue = load(edition)
        keys = [catalogue.clause_key(clause.number) for clause in catalogue.clauses]
        assert keys == sorted(set(keys))
        assert keys == [clause_key(clause.number) for clause in catalogue.clauses]


class TestTree:
    def test_children_and_top_level_cover_every_clause(self, edition: str) -> None:
        """Walking down from the top meets every clause once, in the catalogue's order."""
        catalogue = load(edition)

        def walk(clauses: tuple) -> list[str]:
            return [number for c in clauses for number in (c.number, *walk(catalogue.children(c.number)))]

        assert walk(catalogue.top_level) == [clause.number for clause in catalogue.clauses]

    def test_order_does_not_depend_on_the_file(self) -> None:
        """Clauses written in any order come out in natural order."""
        catalogue = build.catalogue(small(), "0")
        assert [c.number for c in catalogue.clauses] == ["9", "9.2", "9.10", "10", "10.2", "10.10", "A", "A.2", "A.10"]

    def test_clause_and_item_are_found_by_name(self, edition: str) -> None:
        """Every clause and item is found by its number or id, and an item names its clause."""
        catalogue = load(edition)
        assert all(catalogue.clause(clause.number) is clause for clause in catalogue.clauses)
        assert all(catalogue.item(item.id) in catalogue.clause(item.clause).items for item in catalogue.items)

    @pytest.mark.parametrize("ask", ["clause", "item", "help", "children", "clause_key"])
    def test_an_unknown_name_is_named(self, edition: str, ask: str) -> None:
        """Asking for what is not there raises, naming the catalogue and what was asked for."""
        with pytest.raises(NotInCatalogue, match=rf"{edition} has no \w+ 99.9-zz"):
            getattr(load(edition), ask)("99.9-zz")

    def test_nothing_can_be_changed(self, edition: str) -> None:
        """A loaded catalogue is shared by every request and refuses changes."""
        catalogue = load(edition)
        with pytest.raises(dataclasses.FrozenInstanceError):
            catalogue.items[0].text = "other"  # type: ignore[misc]
        with pytest.raises(dataclasses.FrozenInstanceError):
            catalogue.title = "other"  # type: ignore[misc]
        with pytest.raises(TypeError):
            catalogue.helps["4.1"] = None  # type: ignore[index]


class TestItems:
    def test_counts_are_those_of_the_file(self, edition: str) -> None:
        """Clauses, assessable clauses, items and explicit items are as many as the file holds."""
        catalogue, clauses = load(edition), content(edition)["clauses"]
        assert len(catalogue.clauses) == len(clauses)
        assert len(catalogue.assessable) == sum(clause["assessable"] for clause in clauses)
        assert [i.id for i in catalogue.items] == [i["id"] for c in clauses for i in c.get("items", [])]
        assert len(catalogue.items) == sum(len(clause.items) for clause in catalogue.assessable) > 0

    def test_explicit_comes_only_from_explicit_items(self, edition: str) -> None:
        """An item can be a missing document only when the file lists it among the explicit items."""
        listed = {
            item
            for clause in content(edition)["clauses"]
            for item in clause.get("documented_information", {}).get("explicit_items", [])
        }
        assert {item.id for item in load(edition).items if item.explicit} == listed != set()

    def test_explicit_says_nothing_about_the_expected_form(self, edition: str) -> None:
        """An item that is proven by a document or record is not explicit for that alone."""
        items = load(edition).items
        assert any(item.documentation in ("document", "record", "both") and not item.explicit for item in items)

    def test_steps_share_out_the_items(self, edition: str) -> None:
        """Every item belongs to exactly one step."""
        catalogue = load(edition)
        shared = [item.id for step in catalogue.steps for item in catalogue.items_of_step(step)]
        assert sorted(shared) == sorted(item.id for item in catalogue.items)

    def test_both_belongs_to_both_stages(self, edition: str) -> None:
        """The two stages together see every item, and what is marked for both is seen twice."""
        catalogue = load(edition)
        first, second = (set(catalogue.items_of_stage(stage)) for stage in ("stage1", "stage2"))
        assert first | second == set(catalogue.items)
        assert first & second == {item for item in catalogue.items if item.audit_stage == "both"} != set()


class TestHelp:
    def test_every_assessable_clause_has_help(self, edition: str) -> None:
        """Questions, gaps and typical evidence are there for every assessable clause."""
        catalogue = load(edition)
        helps = [catalogue.help(clause.number) for clause in catalogue.assessable]
        assert all(help_.questions and help_.gaps and help_.typical_evidence for help_ in helps)

    def test_a_heading_has_none(self, edition: str) -> None:
        """A heading's help is empty."""
        catalogue = load(edition)
        help_ = catalogue.help(catalogue.top_level[0].number)
        assert (help_.questions, help_.gaps, help_.typical_evidence) == ((), (), ())

    def test_help_never_appears_among_the_criteria(self, edition: str) -> None:
        """No help text is an item or a summary, and a clause carries none in any of its fields."""
        catalogue = load(edition)
        helps = {
            text
            for clause in catalogue.assessable
            for texts in dataclasses.astuple(catalogue.help(clause.number))
            for text in texts
        }
        # A title may also name a piece of evidence: "Change management policy" is a fact, not a criterion.
        untitled = [dataclasses.replace(clause, title="") for clause in catalogue.clauses]
        criteria = {text for clause in untitled for text in _texts(dataclasses.astuple(clause))}
        assert len(helps) > len(catalogue.assessable)
        assert helps.isdisjoint(criteria)


def _texts(value: object) -> set[str]:
    if isinstance(value, str):
        return {value}
    return {text for part in value for text in _texts(part)} if isinstance(value, tuple) else set()
