"""Events that functions in the background are called with: of a known shape, or refused."""

from __future__ import annotations

from typing import Any


class UnknownEvent(ValueError):
    """Tell that a function was called with something it has no use for."""


def records_of(event: Any, source: str) -> list[dict[str, Any]]:
    """Return the records of a batch of one source, such as 'aws:dynamodb'; raise `UnknownEvent`."""
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not records:
        raise UnknownEvent("an event without records")
    if not all(isinstance(record, dict) and record.get("eventSource") == source for record in records):
        raise UnknownEvent(f"a record of another source than {source}")
    return records
