"""My work: what is one's own, however much others have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.actions import overview
from portal.records.sqlite import SqliteRecords
from tests.support.counting import CountingRecords
from tests.support.evidence import House
from tests.support.portal import Clock, Portal


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Give an organisation over records that count calls."""
    clock = Clock()
    kept = SqliteRecords(tmp_path / "certway.sqlite", clock=clock.epoch)
    yield House(Portal(tmp_path, clock, records=CountingRecords(kept)))
    kept.close()


def mine(house: House, who: str, page: str = "work") -> list[dict[str, Any]]:
    """Return what a person finds to do on a page."""
    answer = house.client(who).ok(house.client(who).get(f"{house.base}/{page}"))
    return list(answer["items" if page == "work" else "mine"])


class TestEvidence:
    def test_own_drafts_among_many(self, house: House) -> None:
        """A draft is its owner's to submit, whatever others left lying about before; nobody else's."""
        for _ in range(overview.FEW + 1):
            house.create("otto", file=False)
        house.create("hannah", file=False, title="Capacity plan")
        assert [item["title"] for item in mine(house, "hannah", "overview")] == ["Submit “Capacity plan”"]
        assert mine(house, "viola") == []

    def test_a_new_owner(self, house: House) -> None:
        """With the owner the work passes on."""
        piece = house.create("hannah", file=False)
        address = f"{house.base}/evidence/{piece['id']}"
        changed = {"owner": house.id("otto")}
        house.client("marcus").ok(house.client("marcus").patch(address, changed, etag=piece["etag"]))
        assert mine(house, "hannah") == []
        assert [item["kind"] for item in mine(house, "otto")] == ["draft"]

    def test_returned(self, house: House) -> None:
        """What was returned waits for its owner with the reason; submitted again it no longer does."""
        piece = house.create("hannah")
        piece = house.client("hannah").ok(house.act("hannah", piece, "submit"))
        assert [item["kind"] for item in mine(house, "marcus")] == ["review"]
        piece = house.client("marcus").ok(house.act("marcus", piece, "return", {"reason": "Blurred."}))
        assert [(item["kind"], item["text"]) for item in mine(house, "hannah")] == [("returned", "Blurred.")]
        house.client("hannah").ok(house.act("hannah", piece, "submit"))
        assert mine(house, "hannah") == []

    def test_many_to_review(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        """More than a few that wait are one thing to do, with their number."""
        monkeypatch.setattr(overview, "FEW", 1)
        for _ in range(2):
            piece = house.create("hannah")
            house.client("hannah").ok(house.act("hannah", piece, "submit"))
        assert [item["title"] for item in mine(house, "marcus", "overview")] == ["Review two pieces of evidence"]
        assert mine(house, "viola", "overview") == []


class TestCalls:
    def test_overview(self, house: House) -> None:
        """One query and one batch beyond the guard, and an index query each for what waits, is one's own, or lapses."""
        house.accepted(review_by="2026-12-01")
        piece = house.create("hannah")
        house.client("hannah").ok(house.act("hannah", piece, "submit"))
        house.create("marcus", file=False)
        records: CountingRecords = house.portal.records
        records.reset()
        assert {item["kind"] for item in mine(house, "marcus", "overview")} == {"review", "draft"}
        assert records.calls == ["get", "get_many", "query", "get_many", "query", "query", "query"]
