"""What each write of a commit is in a DynamoDB transaction, and what its refusal means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.records.dynamodb_items import (
    OPTIONAL,
    Item,
    attributes,
    counter,
    counters,
    number,
    primary,
    require_key,
    require_size,
    size_of,
    text,
)
from portal.records.port import (
    Add,
    Check,
    Delete,
    Exists,
    Insert,
    Key,
    Record,
    RecordsError,
    Replace,
    Stale,
    TooBig,
    Touch,
    Write,
)

# One line of a transaction: the name of an operation and its arguments.
Operation = dict[str, dict[str, Any]]

MAX_COMMIT = 4 * 1024 * 1024

_ALIVE = "attribute_not_exists(expires) OR expires > :now"
_EXPIRED = "expires <= :now"
_FREE = f"attribute_not_exists(pk) OR {_EXPIRED}"
_AT_VERSION = f"version = :version AND ({_ALIVE})"
_CREATE = "kind = if_not_exists(kind, :kind)"
_ABSENT = 0
# A number too long for DynamoDB is the version of no record.
_NO_VERSION = 2**63 - 1


def operation(write: Write, table: str, now: int, *, anew: bool = False) -> Operation:
    """Return what carries out `write` in `table` at `now` (epoch seconds), unless its condition fails.

    `anew` is for counters and touches alone: they replace a record that has expired instead of changing one that
    has not. Raise `TooBig`, ValueError for a key that is not Unicode, TypeError or ValueError for a body that is
    no JSON.
    """
    require_key(write.key)
    if anew and isinstance(write, Add | Touch):
        name, arguments = _anew(write)
    else:
        name, arguments = _OPERATIONS[type(write)](write)
    # Every condition asks what has expired.
    arguments.setdefault("ExpressionAttributeValues", {})[":now"] = number(now)
    return {name: {"TableName": table, **arguments}}


def refusal(write: Write) -> RecordsError | None:
    """Return what the failed condition of a write means; None when it only had the wrong half of a record's life."""
    if isinstance(write, Add | Touch):
        return None
    return Exists(write.key) if isinstance(write, Insert) else Stale(write.key)


def require_room(operations: Sequence[Operation]) -> None:
    """Raise `TooBig` when the writes do not fit into one transaction."""
    size = sum(_size(arguments) for line in operations for arguments in line.values())
    if size > MAX_COMMIT:
        raise TooBig(f"a commit has up to {MAX_COMMIT} bytes, not {size}; commit in parts")


def _size(arguments: Mapping[str, Any]) -> int:
    parts = ("Item", "Key", "ExpressionAttributeValues")
    return sum(size_of(arguments[part]) for part in parts if part in arguments)


def _insert(write: Insert) -> tuple[str, dict[str, Any]]:
    return "Put", {"Item": _item(write.record), "ConditionExpression": _FREE}


def _anew(write: Add | Touch) -> tuple[str, dict[str, Any]]:
    deltas = write.deltas if isinstance(write, Add) else {}
    item = _item(Record(write.key, write.kind, {}, counters=deltas))
    return "Put", {"Item": item, "ConditionExpression": _EXPIRED}


def _item(record: Record) -> Item:
    item = primary(record.key) | attributes(record, 1) | counters(record.counters)
    require_size(record.key, [item])
    return item


def _replace(write: Replace) -> tuple[str, dict[str, Any]]:
    record = write.record
    kept = attributes(record, min(record.version, _NO_VERSION) + 1)
    require_size(record.key, [primary(record.key), kept])
    gone = [name for name in OPTIONAL if name not in kept]
    sets = ", ".join(f"{name} = :new_{name}" for name in kept)
    update = f"SET {sets} REMOVE {', '.join(gone)}" if gone else f"SET {sets}"
    values = {f":new_{name}": value for name, value in kept.items()}
    return "Update", _versioned(write.key, record.version, {"UpdateExpression": update}, values)


def _delete(write: Delete) -> tuple[str, dict[str, Any]]:
    return "Delete", _versioned(write.key, write.version, {}, {})


def _check(write: Check) -> tuple[str, dict[str, Any]]:
    if write.version == _ABSENT:
        return "ConditionCheck", {"Key": primary(write.key), "ConditionExpression": _FREE}
    return "ConditionCheck", _versioned(write.key, write.version, {}, {})


def _versioned(key: Key, version: int, arguments: dict[str, Any], values: Item) -> dict[str, Any]:
    values = values | {":version": number(min(version, _NO_VERSION))}
    asked = {"Key": primary(key), "ConditionExpression": _AT_VERSION, "ExpressionAttributeValues": values}
    return asked | arguments


def _add(write: Add) -> tuple[str, dict[str, Any]]:
    names = {f"#{place}": counter(name) for place, name in enumerate(write.deltas)}
    values = {f":{place}": number(delta) for place, delta in enumerate(write.deltas.values())}
    # Short, because an expression has up to 4 kB.
    sums = ",".join(f"#{place} :{place}" for place in range(len(names)))
    update = f"{_CREATE}, version = if_not_exists(version, :one)" + (f" ADD {sums}" if sums else "")
    more = {"ExpressionAttributeNames": names} if names else {}
    return "Update", _created(write, update, values | {":one": number(1)}) | more


def _touch(write: Touch) -> tuple[str, dict[str, Any]]:
    update = f"{_CREATE}, version = if_not_exists(version, :zero) + :one"
    return "Update", _created(write, update, {":zero": number(0), ":one": number(1)})


def _created(write: Add | Touch, update: str, values: Item) -> dict[str, Any]:
    return {
        "Key": primary(write.key),
        "ConditionExpression": _ALIVE,
        "UpdateExpression": f"SET {update}",
        "ExpressionAttributeValues": values | {":kind": text(write.kind)},
    }


_OPERATIONS: dict[type, Callable[[Any], tuple[str, dict[str, Any]]]] = {
    Insert: _insert,
    Replace: _replace,
    Delete: _delete,
    Check: _check,
    Add: _add,
    Touch: _touch,
}
