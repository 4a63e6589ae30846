"""The DynamoDB adapter: the contract on moto made strict, and what only DynamoDB can do wrong."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from portal.records.dynamodb import DynamoRecords, connect
from portal.records.dynamodb_calls import Connection
from portal.records.dynamodb_table import create_table
from tests.support.strict_moto import strict_moto

pytest.register_assert_rewrite("tests.contract.records_contract")

from tests.contract.records_contract import MakeRecords, RecordsContract  # noqa: E402

tables = map("certway-{}".format, count(1))


@pytest.fixture(scope="module")
def moto() -> Iterator[Connection]:
    with strict_moto():
        yield connect()


class TestDynamoRecordsOnMoto(RecordsContract):
    """The contract on moto."""

    races = 20

    @pytest.fixture
    def make_records(self, moto: Connection) -> MakeRecords:
        table = next(tables)
        create_table(moto, table)
        return lambda clock: DynamoRecords(table, moto, clock=clock)
