"""Cursors: the place a list goes on from, signed together with the route, the filters and the actor's scope."""

from __future__ import annotations

import base64
import json

from portal import ids
from portal.api.problems import Refusal
from portal.records.port import Key, Mark

_PURPOSE = "cursor"


def sign(pepper: str, mark: Mark | None, bound: str) -> str | None:
    """Return the cursor for a mark; `bound` is whatever it must not be used apart from."""
    if mark is None:
        return None
    text = json.dumps([mark.key.partition, mark.key.sort, mark.index_sort], separators=(",", ":"))
    body = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
    return f"{body}.{ids.keyed(pepper, _PURPOSE, bound + body)[:32]}"


def read(pepper: str, cursor: str | None, bound: str) -> Mark | None:
    """Return the mark of a cursor; refuse one that was altered or belongs to another list."""
    if not cursor:
        return None
    body, _, signature = cursor.partition(".")
    if not signature.isascii() or not ids.same(ids.keyed(pepper, _PURPOSE, bound + body)[:32], signature):
        raise Refusal("invalid-input", "This list cannot go on from there. Load it from the start.", field="cursor")
    partition, sort, index_sort = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return Mark(Key(partition, sort), index_sort)
