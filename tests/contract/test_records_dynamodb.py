"""The DynamoDB adapter: the contract on moto made strict, and what only DynamoDB can do wrong."""

from __future__ import annotations

import pytest

from portal.records.dynamodb import DynamoRecords
from portal.records.dynamodb_table import table_model
from tests.support.strict_moto import REGION, strict_moto

pytest.register_assert_rewrite("tests.contract.records_contract")

from tests.contract.records_contract import MakeRecords, RecordsContract  # noqa: E402

TABLE = "certway-test"


@pytest.fixture
def make_records():
    with strict_moto():
        table_model(TABLE, REGION).create_table()
        yield lambda clock: DynamoRecords(TABLE, region=REGION, clock=clock)


class TestDynamoRecordsOnMoto(RecordsContract):
    """The contract on moto."""
    races = 5

    @pytest.fixture
    def make_records(self, make_records) -> MakeRecords:
        return make_records
