"""What each page costs on DynamoDB: its calls over HTTP, and the capacity they consume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from portal.records.dynamodb import DynamoRecords, connect
from portal.records.dynamodb_table import create_table
from tests.bench.seed import House, Seeder
from tests.support.portal import Client, Clock, Portal
from tests.support.spending import Spending
from tests.support.strict_moto import strict_moto

CLIENTS, EVIDENCE = 500, 60
TABLE = "certway-costs"

# Every request reads its session, then what says that its sender belongs here, and the programme.
GUARD = ["GetItem", "BatchGetItem"]


@dataclass
class Stage:
    """Hold a portal over DynamoDB: a practice of 500 clients, one in the middle of its programme, one at its start."""

    portal: Portal
    practice: str
    busy: House
    fresh: House
    client: Client
    spending: Spending

    def ask(self, path: str) -> Any:
        """Read a page; what it cost is in `spending` then."""
        self.spending.reset()
        return self.client.ok(self.client.get(path))

    @property
    def page(self) -> list[str]:
        """Return the calls of the page read last beyond those of the guard."""
        operations = self.spending.operations
        assert operations[: len(GUARD)] == GUARD
        return operations[len(GUARD) :]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Build the portal once; of most clients it has only what the portfolio reads."""
    with strict_moto():
        connection, clock = connect(), Clock()
        create_table(connection, TABLE)
        records = DynamoRecords(TABLE, connection, clock=clock.epoch)
        portal = Portal(tmp_path_factory.mktemp("costs"), clock, records)
        seeder = Seeder(portal.services)
        practice = seeder.practice()
        busy, fresh = fill(seeder, practice)
        yield Stage(portal, practice, busy, fresh, portal.client(seeder.user), Spending(connection.client))


def fill(seeder: Seeder, practice: str) -> tuple[House, House]:
    """Write the practice's clients, and one client's ratings, findings and evidence."""
    made = [seeder.client(practice, number) for number in range(CLIENTS)]
    (busy, first), (fresh, second) = made[:2]
    listed = [write for _, writes in made[2:] for write in writes if write.key.partition == f"C#{practice}"]
    organisations = [f"O#{house.org}" for house, _ in made]
    seeder.save(seeder.ctx(practice=practice), [*first, *second, *listed], f"U#{seeder.user['id']}", *organisations)
    seeder.programme(busy, EVIDENCE)
    return busy, fresh


class TestCosts:
    """A page costs one query or one batch; read units are those of the price list, rounded as DynamoDB does."""

    def test_portfolio(self, stage: Stage) -> None:
        """Five hundred clients cost one query, their half a megabyte in one reply."""
        shown = stage.ask(f"/api/practices/{stage.practice}/clients")
        assert len(shown["items"]) == CLIENTS
        assert stage.page == ["Query"]
        assert stage.spending.calls[-1].items > 2 * CLIENTS
        assert stage.spending.units <= 140

    def test_overview(self, stage: Stage) -> None:
        """The overview costs one query and one batch as long as no evidence waits for anybody."""
        assert stage.ask(f"{stage.fresh.base}/overview")["current_step"]
        assert stage.page == ["Query", "BatchGetItem"]
        assert stage.spending.units <= 10

    def test_overview_of_a_busy_programme(self, stage: Stage) -> None:
        """Two hundred ratings and twelve findings are still one query; evidence that waits adds one for each state."""
        assert stage.ask(f"{stage.busy.base}/overview")["counts"]["rated"] > 200
        assert stage.page[:2] == ["Query", "BatchGetItem"]
        assert stage.page[2:] in (["Query"] * waiting for waiting in range(5))
        assert stage.spending.units <= 60

    def test_requirements(self, stage: Stage) -> None:
        """All requirements with their ratings and evidence counts cost one query."""
        assert stage.ask(f"{stage.busy.base}/requirements")["counts"]["rated"] > 200
        assert stage.page == ["Query"]
        assert stage.spending.units <= 45

    def test_library(self, stage: Stage) -> None:
        """A page of the evidence library costs one query and its counters, and two queries at most for its headline."""
        assert len(stage.ask(f"{stage.busy.base}/evidence?limit=50")["items"]) == 50
        assert stage.page[:2] == ["Query", "GetItem"]
        assert stage.page[2:] in (["Query"] * headline for headline in range(3))
        assert stage.spending.units <= 35

    def test_one_piece_of_evidence(self, stage: Stage) -> None:
        """One piece of evidence costs its head, one query for versions and links, one for its history."""
        piece = stage.ask(f"{stage.busy.base}/evidence")["items"][0]["id"]
        assert stage.ask(f"{stage.busy.base}/evidence/{piece}")["versions"]
        assert stage.page == ["GetItem", "Query", "Query"]
        assert stage.spending.units <= 6

    def test_guard(self, stage: Stage) -> None:
        """Knowing who asks costs two calls."""
        stage.ask(f"{stage.fresh.base}/requirements")
        assert stage.spending.operations[: len(GUARD)] == GUARD
        assert sum(call.units for call in stage.spending.calls[: len(GUARD)]) <= 4
