"""Moto's DynamoDB made as strict as the real one where races and repeated requests are concerned."""

from __future__ import annotations

import copy
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto import mock_aws
from moto.dynamodb.exceptions import DynamodbException, MockValidationException
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

MAX_TRANSACTION = 4 * 1024 * 1024
REGION = "eu-west-1"

_local = threading.local()


class TokenReused(DynamodbException):
    """Tell that a token came with another request than before."""

    def __init__(self) -> None:
        super().__init__("IdempotentParameterMismatchException", "the token was used with other parameters")


@contextmanager
def strict_moto() -> Iterator[None]:
    """Answer every AWS call of this process in memory: one DynamoDB call at a time, each token carried out once."""
    lock = threading.RLock()
    done: dict[str, tuple[str, Any]] = {}
    call, transact = DynamoHandler.call_action, DynamoHandler.transact_write_items

    def one_at_a_time(handler: DynamoHandler) -> Any:
        with lock:
            return call(handler)

    def once(handler: DynamoHandler) -> Any:
        body = dict(handler.body)
        token = body.pop("ClientRequestToken", None)
        asked = json.dumps(body, sort_keys=True)
        if len(asked) > MAX_TRANSACTION:
            raise MockValidationException("Transaction request exceeds the 4 MB limit")
        if token in done and done[token][0] != asked:
            raise TokenReused
        _local.changing = {_key(line) for line in body["TransactItems"]}
        if token is None or token not in done:
            done[token] = (asked, transact(handler))
        return done[token][1]

    with (
        mock_aws(),
        patch.dict("os.environ", {"AWS_DEFAULT_REGION": REGION}),
        patch.object(DynamoHandler, "call_action", one_at_a_time),
        patch.object(DynamoHandler, "transact_write_items", once),
        patch.object(Table, "__deepcopy__", _snapshot, create=True),
    ):
        yield


def _snapshot(table: Table, _memo: dict[int, Any]) -> Table:
    """Copy what a transaction can change; moto copies the whole table each time, which takes most of a test's time."""
    kept = copy.copy(table)
    kept.items = defaultdict(dict, {partition: dict(items) for partition, items in table.items.items()})
    if table.stream_shard:
        kept.stream_shard = copy.copy(table.stream_shard)
        kept.stream_shard.items, kept.stream_shard.table = list(table.stream_shard.items), kept
    # An update changes an item where it stands. Its copy goes into the live table, which nobody else reads meanwhile.
    for partition, items in table.items.items():
        for sort, item in items.items():
            if (partition.value, sort.value) in _local.changing:
                items[sort] = copy.deepcopy(item)
    return kept


def _key(line: dict[str, dict[str, Any]]) -> tuple[str, str]:
    (operation,) = line.values()
    named = operation.get("Key") or operation["Item"]
    return named["pk"]["S"], named["sk"]["S"]
