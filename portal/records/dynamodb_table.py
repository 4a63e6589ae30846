"""The table of the DynamoDB adapter: what an emulator makes of it, and what a deployment is compared with."""

from __future__ import annotations

from typing import Any

from pynamodb.connection import Connection
from pynamodb.constants import PAY_PER_REQUEST_BILLING_MODE, STREAM_NEW_IMAGE

from portal.records.dynamodb_items import INDEXES

KEYS = (("pk", "sk"), *INDEXES)


def create_table(connection: Connection, table: str) -> None:
    """Create the table: on demand, both indexes, a stream of new images, and TTL on `expires`."""
    connection.create_table(
        table,
        attribute_definitions=[{"attribute_name": name, "attribute_type": "S"} for names in KEYS for name in names],
        key_schema=_schema(*KEYS[0]),
        global_secondary_indexes=[_index(f"index{number}", *names) for number, names in enumerate(INDEXES, 1)],
        stream_specification={"stream_enabled": True, "stream_view_type": STREAM_NEW_IMAGE},
        billing_mode=PAY_PER_REQUEST_BILLING_MODE,
    )
    connection.client.get_waiter("table_exists").wait(TableName=table)
    connection.update_time_to_live(table, "expires")


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]


def _index(name: str, partition: str, sort: str) -> dict[str, Any]:
    return {"index_name": name, "key_schema": _schema(partition, sort), "projection": {"ProjectionType": "ALL"}}
