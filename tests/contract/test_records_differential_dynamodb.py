"""Random commits and queries: the DynamoDB adapter answers as the SQLite one and as a dict would."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings

from portal.records.dynamodb import DynamoRecords
from portal.records.dynamodb_calls import Connection
from portal.records.dynamodb_table import create_table
from portal.records.port import Records
from portal.records.sqlite import SqliteRecords
from tests.support.model_records import ModelRecords

pytest.register_assert_rewrite("tests.contract.test_records_differential")

from tests.contract.test_records_differential import (  # noqa: E402 - after its asserts are set up to be rewritten
    NOW,
    PARTITIONS,
    Apart,
    Clock,
    _outcome,
    steps,
)

EXAMPLES = int(os.environ.get("EXAMPLES", "50"))
names = map("certway-{:06}".format, count())


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[SqliteRecords]:
    made = SqliteRecords(tmp_path_factory.mktemp("records") / "records.sqlite", clock=clock)
    yield made
    made.close()


@settings(max_examples=EXAMPLES, deadline=None)
@given(steps)
def test_dynamodb_agrees_on_moto(moto: Connection, sqlite: SqliteRecords, clock: Clock, steps: list[Any]) -> None:
    """Whatever is committed and asked, all three give the same records, marks and refusals."""
    compare(moto, sqlite, clock, steps)


@pytest.mark.ministack
@settings(max_examples=EXAMPLES, deadline=None)
@given(steps)
def test_dynamodb_agrees_over_http(
    over_http: Connection, sqlite: SqliteRecords, clock: Clock, steps: list[Any]
) -> None:
    """The same over HTTP, on an emulator that refuses to start a page outside its range."""
    compare(over_http, sqlite, clock, steps)


def compare(connection: Connection, sqlite: SqliteRecords, clock: Clock, steps: list[Any]) -> None:
    """Take the steps on a dict, on SQLite and on a table of its own in DynamoDB, and look at everything after."""
    clock.now = NOW
    name = next(names)
    create_table(connection, name)
    others = [Apart(sqlite, clock, name), DynamoRecords(name, connection, clock=clock)]
    model = ModelRecords(clock)
    for step in steps:
        if isinstance(step, int):
            clock.now += step
        else:
            agree(model, others, step)
    for partition in PARTITIONS:
        for index in (0, 1, 2):
            agree(model, others, {"partition": partition, "index": index, "limit": None})
    connection.delete_table(name)


def agree(model: Records, others: list[Records], step: Any) -> None:
    """Take one step everywhere; raise AssertionError where the outcome is another than the model's."""
    wanted = _outcome(model, step)
    for other in others:
        assert _outcome(other, step) == wanted
