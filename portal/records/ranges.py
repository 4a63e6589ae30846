"""The span of sort keys a query covers, in the byte order of UTF-8 (which is the order of Python's text)."""

from __future__ import annotations

from portal.records.port import Index, Mark

Place = tuple[str | bytes, ...]

# SQLite sorts every blob after every text.
_BEYOND_ALL = b""
_LAST = "\U0010ffff"


def span(
    index: Index, prefix: str, start: str | None, end: str | None, after: Mark | None, reverse: bool
) -> tuple[Place, Place]:
    """Return the first place of a query and the first one beyond it.

    A place is a sort key; on an index, the index sort key and the primary key.
    """
    rest = ("", "") if index else ()
    lowest = (max(prefix, start or ""), *rest)
    beyond = _least(prefix_end(prefix), None if end is None else end + "\0")
    bounds = [(beyond, *rest)] if beyond is not None else []
    if after is not None:
        place = _place(index, after)
        if reverse:
            bounds.append(place)
        else:
            lowest = max(lowest, (*place[:-1], place[-1] + "\0"))
    return lowest, min(bounds, default=(_BEYOND_ALL, *rest))


def prefix_end(prefix: str) -> str | None:
    """Return the first text beyond all that start with `prefix`, or None when there is none."""
    stem = prefix.rstrip(_LAST)
    return stem[:-1] + _next(stem[-1]) if stem else None


def _next(letter: str) -> str:
    # Surrogates are no characters of their own, so none can be in a key.
    return "\ue000" if letter == "\ud7ff" else chr(ord(letter) + 1)


def _least(*bounds: str | None) -> str | None:
    return min((bound for bound in bounds if bound is not None), default=None)


def _place(index: Index, mark: Mark) -> tuple[str, ...]:
    if not index:
        return (mark.key.sort,)
    if mark.index_sort is None:
        raise ValueError("a mark on an index names its index sort key")
    return (mark.index_sort, mark.key.partition, mark.key.sort)
