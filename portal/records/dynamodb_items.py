"""What a record looks like in DynamoDB: keys, counters and expiry as attributes, the body as one JSON text.

| attribute | holds |
|---|---|
| `pk`, `sk` | the key |
| `i1p`, `i1s`, `i2p`, `i2s` | the index keys; each index sort key ends in the record's own key, which makes it unique |
| `kind`, `version`, `body`, `expires` | what they say; TTL watches `expires` |
| `c_…` | one counter each; a record that began by counting has no `body` |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from portal.records.port import Key, Record, TooBig

Item = dict[str, dict[str, str]]

# What DynamoDB takes, in bytes of UTF-8; of the 409,600 of an item the rest is room for counters.
MAX_PARTITION, MAX_SORT, MAX_ITEM = 2048, 1024, 400_000

# No key contains NUL and nothing sorts before it, so what it joins sorts by its parts.
NUL = "\0"
INDEXES = (("i1p", "i1s"), ("i2p", "i2s"))
OPTIONAL = (*INDEXES[0], *INDEXES[1], "expires")
_COUNTER = "c_"

# One encoder for all: ASCII, so that NUL and halves of surrogate pairs are kept as escapes.
encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
decode = json.JSONDecoder().decode


def is_text(text: str, most: int) -> bool:
    """Tell whether a key attribute of `most` bytes could hold the text."""
    try:
        return 0 < len(text.encode()) <= most and NUL not in text
    except UnicodeEncodeError:
        return False


def is_key(key: Key) -> bool:
    """Tell whether a record could have this key."""
    return is_text(key.partition, MAX_PARTITION) and is_text(key.sort, MAX_SORT)


def require_key(key: Key) -> None:
    """Raise `TooBig` for a key that DynamoDB has no room for, ValueError for one that is not Unicode."""
    if len(key.partition.encode()) > MAX_PARTITION or len(key.sort.encode()) > MAX_SORT:
        raise TooBig(f"a key has up to {MAX_PARTITION} and {MAX_SORT} bytes: {key.partition:.60} / {key.sort:.60}")


def text(value: str) -> dict[str, str]:
    """Return a text as DynamoDB writes it."""
    return {"S": value}


def number(value: int) -> dict[str, str]:
    """Return a number as DynamoDB writes it."""
    return {"N": str(value)}


def primary(key: Key) -> Item:
    """Return the key attributes of a record."""
    return {"pk": text(key.partition), "sk": text(key.sort)}


def index_sort(sort: str, key: Key) -> str:
    """Return an index sort key made unique by the record's own key, so that equal ones go by it."""
    return NUL.join((sort, key.partition, key.sort))


def counter(name: str) -> str:
    """Return the attribute of a counter."""
    return _COUNTER + name


def counters(values: Mapping[str, int]) -> Item:
    """Return the attributes of counters."""
    return {counter(name): number(value) for name, value in values.items()}


def attributes(record: Record, version: int) -> Item:
    """Return what a record keeps beside its key and its counters."""
    kept = {"kind": text(record.kind), "version": number(version), "body": text(encode(dict(record.body)))}
    for (partition, sort), key in zip(INDEXES, (record.index1, record.index2), strict=True):
        if key:
            unique = Key(key.partition, index_sort(key.sort, record.key))
            require_key(unique)
            kept |= {partition: text(unique.partition), sort: text(unique.sort)}
    if record.expires is not None:
        kept["expires"] = number(record.expires)
    return kept


def require_size(key: Key, items: Iterable[Item]) -> int:
    """Return the size in bytes of what is kept of one record; raise `TooBig` beyond what DynamoDB keeps."""
    size = sum(map(size_of, items))
    if size > MAX_ITEM:
        raise TooBig(f"a record has up to {MAX_ITEM} bytes, not {size}: {key.partition:.60} / {key.sort:.60}")
    return size


def size_of(item: Item) -> int:
    """Return the bytes that DynamoDB counts for an item: names and values (a number at most its digits)."""
    return sum(_bytes(name) + _bytes(*value.values()) for name, value in item.items())


def _bytes(value: str) -> int:
    return len(value) if value.isascii() else len(value.encode())


def record_of(item: Item) -> Record:
    """Return the record that an item holds."""
    index1, index2 = (_index(item, *names) for names in INDEXES)
    return Record(
        Key(item["pk"]["S"], item["sk"]["S"]),
        item["kind"]["S"],
        decode(item["body"]["S"]) if "body" in item else {},
        int(item["version"]["N"]),
        index1,
        index2,
        int(item["expires"]["N"]) if "expires" in item else None,
        {name[len(_COUNTER) :]: int(value["N"]) for name, value in item.items() if name.startswith(_COUNTER)},
    )


def _index(item: Mapping[str, Any], partition: str, sort: str) -> Key | None:
    if partition not in item:
        return None
    return Key(item[partition]["S"], item[sort]["S"].split(NUL, 1)[0])
