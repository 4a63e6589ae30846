"""What each page costs on DynamoDB: its calls over HTTP, and the capacity they consume."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
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

# Every request reads its session, then membership and programme; those of a practice only the consultant.
GUARD = ["GetItem", "BatchGetItem"]


@dataclass
class Stage:
    """Hold a portal over DynamoDB with a practice of 500 clients, one of them with a full programme."""

    portal: Portal
    practice: str
    house: House
    client: Client
    spending: Spending

    def ask(self, path: str) -> Any:
        """Read a page; what it cost is in `spending` then."""
        self.spending.reset()
        return self.client.ok(self.client.get(path))

    def page(self) -> list[str]:
        """Return the calls of the page read last beyond those of the guard."""
        operations = self.spending.operations
        assert operations[: len(GUARD)] == GUARD
        return operations[len(GUARD) :]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Build the portal once; the clients' own partitions stay empty, except the first one's."""
    with strict_moto():
        connection, clock = connect(), Clock()
        create_table(connection, TABLE)
        records = DynamoRecords(TABLE, connection, clock=clock.epoch)
        portal = Portal(tmp_path_factory.mktemp("costs"), clock, records)
        seeder = Seeder(portal.services)
        practice = seeder.practice()
        house = fill(seeder, practice)
        yield Stage(portal, practice, house, portal.client(seeder.user), Spending(connection.client))


def fill(seeder: Seeder, practice: str) -> House:
    """Write the practice's clients, and one client's programme with its evidence."""
    made = [seeder.client(practice, number) for number in range(CLIENTS)]
    house = made[0][0]
    listed = [write for _, writes in made[1:] for write in writes if write.key.partition == f"C#{practice}"]
    ctx = seeder.ctx(practice=practice)
    seeder.save(ctx, made[0][1], f"U#{seeder.user['id']}", f"O#{house.org}")
    seeder.save(ctx, listed, *(f"O#{house.org}" for house, _ in made))
    seeder.programme(house, EVIDENCE)
    return house


def test_portfolio(stage: Stage) -> None:
    """Five hundred clients cost one query."""
    shown = stage.ask(f"/api/practices/{stage.practice}/clients")
    assert len(shown["items"]) == CLIENTS
    assert stage.page() == ["Query"]
    print(stage.spending.calls)


def test_overview(stage: Stage) -> None:
    """The overview costs one query and one batch."""
    shown = stage.ask(f"{stage.house.base}/overview")
    assert shown["counts"]["rated"]
    print(stage.spending.calls)
    assert stage.page() == ["Query", "BatchGetItem"]


def test_requirements(stage: Stage) -> None:
    """All requirements with their ratings and evidence counts cost one query."""
    shown = stage.ask(f"{stage.house.base}/requirements")
    assert shown["counts"]["rated"]
    print(stage.spending.calls)
    assert stage.page() == ["Query"]


def test_library(stage: Stage) -> None:
    """A page of the evidence library costs one query."""
    shown = stage.ask(f"{stage.house.base}/evidence")
    print(stage.spending.calls, len(shown["items"]))
    print(stage.page())
    piece = shown["items"][0]["id"]
    stage.ask(f"{stage.house.base}/evidence/{piece}")
    print(stage.spending.calls)
    print(stage.page())
