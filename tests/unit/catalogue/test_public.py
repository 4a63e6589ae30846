"""The document the browser reads."""

from __future__ import annotations

import json
from typing import Any

from portal.catalogue import load
from portal.catalogue.public import browser_bytes, browser_document
from tests.unit.catalogue.samples import content


class TestBrowserDocument:
    def test_survives_json(self, edition: str) -> None:
        """The document reads back from its bytes as it was."""
        assert json.loads(browser_bytes(load(edition))) == browser_document(load(edition))

    def test_carries_every_clause_and_item(self, edition: str) -> None:
        """Clauses and items are all there, in order, and the count is that of the items listed."""
        document, catalogue = browser_document(load(edition)), load(edition)
        items = [item for clause in document["clauses"] for item in clause.get("items", [])]
        assert [clause["number"] for clause in document["clauses"]] == [c.number for c in catalogue.clauses]
        assert [item["id"] for item in items] == [item.id for item in catalogue.items]
        assert [item["explicit"] for item in items] == [item.explicit for item in catalogue.items]
        assert document["item_count"] == len(items)

    def test_help_stands_apart(self, edition: str) -> None:
        """Help texts stand under help alone: titles apart, nothing else in the document is one."""
        document = browser_document(load(edition))
        helps = [clause.pop("help") for clause in document["clauses"] if clause["assessable"]]
        for clause in document["clauses"]:
            del clause["title"]  # a document that counts as evidence may be named like its clause
        rest = set(_strings(document))
        found = [text for help_ in helps for texts in help_.values() for text in texts]
        assert found
        assert rest.isdisjoint(found)
        assert set(helps[0]) == {"questions", "gaps", "evidence"}

    def test_help_is_that_of_the_clause(self, edition: str) -> None:
        """Each clause has the help its file gives it."""
        by_number = {clause["number"]: clause for clause in browser_document(load(edition))["clauses"]}
        for clause in content(edition)["clauses"]:
            if clause["assessable"]:
                shown = by_number[clause["number"]]["help"]
                assert shown["questions"] == clause["interview_questions"]
                assert shown["gaps"] == clause["common_gaps"]
                assert shown["evidence"] == clause["typical_evidence"]

    def test_a_heading_has_no_items_or_help(self, edition: str) -> None:
        """A heading carries only what a heading has."""
        heading = next(c for c in browser_document(load(edition))["clauses"] if not c["assessable"])
        assert not heading.keys() & {"items", "help", "stage", "step"}


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for part in parts for text in _strings(part)]
