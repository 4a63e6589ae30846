"""Records in one DynamoDB table: the adapter for AWS."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from portal.records.dynamodb_calls import Calls, Connection, Pauses, connect
from portal.records.dynamodb_items import is_key, primary, record_of
from portal.records.dynamodb_ranges import key_condition
from portal.records.dynamodb_writes import operation, refusal, require_room
from portal.records.port import (
    MAX_READS,
    Busy,
    Index,
    Key,
    Mark,
    Page,
    Record,
    Records,
    Write,
    check_writes,
)

Clock = Callable[[], int]

__all__ = ("DynamoRecords", "connect")

# How often a commit changes its mind on which of its counters had expired.
_ROUNDS = 4


def _epoch() -> int:
    return int(time.time())


class DynamoRecords(Records):
    """Keep records in `table`; `clock` tells epoch seconds, `sleep` waits between tries.

    Queries on an index may miss what was committed within the last second; all other reads are consistent.
    """

    def __init__(
        self,
        table: str,
        connection: Connection,
        *,
        clock: Clock = _epoch,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = table
        self._clock = clock
        self._calls = Calls(connection, sleep)

    def get(self, key: Key) -> Record | None:
        """Return the record, read consistently, or None."""
        if not is_key(key):
            return None
        reply = self._calls("GetItem", TableName=self._table, Key=primary(key), ConsistentRead=True)
        records = self._alive([reply["Item"]] if "Item" in reply else [])
        return records[0] if records else None

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return those of up to 100 records that exist, read consistently, in one call."""
        if len(keys) > MAX_READS:
            raise ValueError(f"one call reads up to {MAX_READS} records, not {len(keys)}")
        wanted = [primary(key) for key in dict.fromkeys(keys) if is_key(key)]
        return {record.key: record for record in self._alive(self._batch(wanted) if wanted else [])}

    def _batch(self, wanted: list[dict[str, Any]]) -> list[dict[str, Any]]:
        asked = {self._table: {"Keys": wanted, "ConsistentRead": True}}
        found: list[dict[str, Any]] = []
        pauses = Pauses()
        while True:
            reply = self._calls("BatchGetItem", RequestItems=asked)
            found += reply["Responses"].get(self._table, [])
            # What exceeds 16 MB, or was throttled, is left to ask for again.
            asked = reply.get("UnprocessedKeys") or {}
            if not asked:
                return found
            self._calls.wait(pauses, "DynamoDB left keys unread")

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        index: Index = 0,
        start: str | None = None,
        end: str | None = None,
        after: Mark | None = None,
        limit: int | None = 100,
        reverse: bool = False,
    ) -> Page:
        """Return records of one partition or index partition in sort-key order."""
        if limit is not None and limit < 1:
            raise ValueError(f"limit is at least 1, not {limit}")
        asked = key_condition(partition, index, prefix, start, end, after, reverse)
        if asked is None:
            return Page([], None)
        asked |= {"TableName": self._table, "ScanIndexForward": not reverse, "ConsistentRead": not index}
        # One more than asked for tells whether more follow.
        asked |= {} if limit is None else {"Limit": limit + 1}
        return _page(self._pages(asked, prefix, index, limit), index, limit)

    def _pages(self, asked: dict[str, Any], prefix: str, index: Index, limit: int | None) -> list[Record]:
        records: list[Record] = []
        while True:
            reply = self._calls("Query", **asked)
            records += (r for r in self._alive(reply["Items"]) if _place(r, index).sort.startswith(prefix))
            # A reply ends at 1 MB, or at the limit before what has expired is left out.
            last = reply.get("LastEvaluatedKey")
            if not last or (limit is not None and len(records) > limit):
                return records
            asked["ExclusiveStartKey"] = last

    def commit(self, writes: Sequence[Write]) -> None:
        """Apply up to 100 writes in one transaction, all or none, durable on return."""
        check_writes(writes)
        now = self._clock()
        # Counters of a record that has expired start anew, which only a refusal tells.
        anew: set[int] = set()
        for _ in range(_ROUNDS):
            operations = [operation(w, self._table, now, anew=place in anew) for place, w in enumerate(writes)]
            require_room(operations)
            refused = self._calls.transact(operations)
            if not refused:
                return
            for place in refused:
                if error := refusal(writes[place]):
                    raise error
            anew ^= set(refused)
        raise Busy("counters kept expiring while they were added to")

    def close(self) -> None:
        """Close the connections; a later call opens them again."""
        self._calls.close()

    def _alive(self, items: Sequence[dict[str, Any]]) -> list[Record]:
        # DynamoDB deletes what has expired days later.
        now = self._clock()
        return [record_of(i) for i in items if "expires" not in i or int(i["expires"]["N"]) > now]


def _place(record: Record, index: Index) -> Key:
    return (record.key, record.index1, record.index2)[index] or record.key


def _page(records: list[Record], index: Index, limit: int | None) -> Page:
    if limit is None or len(records) <= limit:
        return Page(records, None)
    last = records[limit - 1]
    return Page(records[:limit], Mark(last.key, _place(last, index).sort if index else None))
