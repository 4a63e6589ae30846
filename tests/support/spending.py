"""What calls to DynamoDB cost in read units, by the rules of its price list, told from the calls themselves."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.records.dynamodb_items import Item, size_of

UNIT = 4096  # bytes one read unit reads consistently; an index is read for half


@dataclass(frozen=True)
class Call:
    """Hold one call: its operation, how many items and bytes it read, and the read units that costs."""

    operation: str
    items: int
    size: int
    units: float


class Spending:
    """Note every request that a botocore client sends in `calls`, in order; for one thread."""

    def __init__(self, client: Any) -> None:
        self.calls: list[Call] = []
        self._sent: list[Mapping[str, Any]] = []
        client.meta.events.register_first("before-send.dynamodb", self._send)
        client.meta.events.register("after-call.dynamodb", self._reply)

    def reset(self) -> None:
        """Forget the calls so far."""
        self.calls.clear()

    @property
    def operations(self) -> list[str]:
        """Return the names of the calls, in order."""
        return [call.operation for call in self.calls]

    @property
    def units(self) -> float:
        """Return the read units of all calls."""
        return sum(call.units for call in self.calls)

    def _send(self, request: Any, **_: Any) -> None:
        self._sent.append(json.loads(request.body))

    def _reply(self, model: Any, parsed: Mapping[str, Any], **_: Any) -> None:
        (asked,) = self._sent
        self._sent.clear()
        items = _items(parsed)
        sizes = [size_of(item) for item in items]
        self.calls.append(Call(model.name, len(items), sum(sizes), _units(model.name, asked, sizes)))


def _items(parsed: Mapping[str, Any]) -> Sequence[Item]:
    if "Responses" in parsed:
        return [item for items in parsed["Responses"].values() for item in items]
    return parsed["Items"] if "Items" in parsed else [parsed["Item"]] if "Item" in parsed else []


def _units(operation: str, asked: Mapping[str, Any], sizes: Sequence[int]) -> float:
    if operation == "TransactWriteItems":
        return 0
    if operation == "Query":
        return _rounded(sum(sizes)) * (1 if asked.get("ConsistentRead") else 0.5)
    wanted = sum(len(table["Keys"]) for table in asked.get("RequestItems", {}).values()) or 1
    # What is not there costs as much as the smallest thing that is.
    return sum(map(_rounded, sizes)) + wanted - len(sizes)


def _rounded(size: int) -> int:
    return max(1, math.ceil(size / UNIT))
