"""The span of sort keys a query covers, as a key condition of DynamoDB."""

from __future__ import annotations

from typing import Any

from portal.records.dynamodb_items import INDEXES, MAX_PARTITION, MAX_SORT, index_sort, is_text, primary, text
from portal.records.port import Index, Key, Mark
from portal.records.ranges import prefix_end

# The first text beyond an index sort key and whatever record's key follows it.
_BEYOND = "\1"


def key_condition(
    partition: str,
    index: Index,
    prefix: str,
    start: str | None,
    end: str | None,
    after: Mark | None,
    reverse: bool,
) -> dict[str, Any] | None:
    """Return the arguments of `Query` that choose these records, or None when there cannot be any.

    On a primary key the range can end in a record just beyond the prefix, for the caller to leave out.
    """
    bounds = [bound for bound in (prefix, start, end) if bound]
    if not is_text(partition, MAX_PARTITION) or not all(is_text(bound, MAX_SORT) for bound in bounds):
        return None
    low = max(prefix, start or "")
    high = _high(index, prefix, end)
    if end == "" or (high is not None and low > high):
        return None
    names = INDEXES[index - 1] if index else ("pk", "sk")
    first = _first(partition, index, after, low, high, reverse)
    return None if first is None else _named(names, index) | first | _condition(names, partition, low, high)


def _high(index: Index, prefix: str, end: str | None) -> str | None:
    beyond = prefix_end(prefix)
    last = end + _BEYOND if end and index else end
    return min((bound for bound in (beyond, last) if bound is not None), default=None)


def _named(names: tuple[str, str], index: Index) -> dict[str, Any]:
    return {"IndexName": f"index{index}"} if index else {}


def _condition(names: tuple[str, str], partition: str, low: str, high: str | None) -> dict[str, Any]:
    name, place = names
    condition, values = f"{name} = :partition", {":partition": text(partition)}
    if low:
        values[":low"] = text(low)
    if high is not None:
        values[":high"] = text(high)
    if low and high is not None:
        condition += f" AND {place} BETWEEN :low AND :high"
    elif values.keys() > {":partition"}:
        condition += f" AND {place} >= :low" if low else f" AND {place} <= :high"
    return {"KeyConditionExpression": condition, "ExpressionAttributeValues": values}


def _first(
    partition: str, index: Index, after: Mark | None, low: str, high: str | None, reverse: bool
) -> dict[str, Any] | None:
    """Return where to go on after a mark; nothing when it lies before the range, None when beyond it."""
    if after is None:
        return {}
    place = _mark(index, after)
    below, above = place < low, high is not None and place > high
    # DynamoDB refuses to start outside the range.
    if below or above:
        return {} if below != reverse else None
    key = Key(partition, place) if not index else after.key
    start = primary(key)
    if index:
        start |= dict(zip(INDEXES[index - 1], (text(partition), text(place)), strict=True))
    return {"ExclusiveStartKey": start}


def _mark(index: Index, after: Mark) -> str:
    if not index:
        return after.key.sort
    if after.index_sort is None:
        raise ValueError("a mark on an index names its index sort key")
    return index_sort(after.index_sort, after.key)
