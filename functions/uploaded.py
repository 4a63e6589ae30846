"""Uploads as they arrive: what was never announced, or is not what was, does not stay in quarantine.

The browser that sent it has it completed through the API, which compares once more.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import unquote_plus

from functions import quarantine, wiring
from functions.events import UnknownEvent, records_of

log = logging.getLogger("certway.uploaded")


def handler(event: Any, _context: Any = None) -> dict[str, int]:
    """Look at what arrived; return how many uploads were looked at and how many removed."""
    services = wiring.background()
    keys = keys_of(event, services.settings.quarantine_bucket)
    places = [place for place in map(quarantine.place_of, keys) if place]
    if len(places) < len(keys):
        log.error("%d objects in quarantine are no uploads", len(keys) - len(places))
    return {"seen": len(places), "removed": len(quarantine.settle(services, places))}


def keys_of(event: Any, bucket: str) -> list[str]:
    """Return the keys of the objects that were created in a bucket; raise `UnknownEvent` for any other event.

    S3 tells it through EventBridge, one object an event, or by itself, where a key is spelt as in an address.
    """
    if isinstance(event, dict) and event.get("source") == "aws.s3" and event.get("detail-type") == "Object Created":
        return [_text(_in(event.get("detail"), bucket), "key")]
    records = records_of(event, "aws:s3")
    if not all(str(record.get("eventName")).startswith("ObjectCreated:") for record in records):
        raise UnknownEvent("an event of S3 about something else")
    return [unquote_plus(_text(_in(record.get("s3"), bucket), "key")) for record in records]


def _in(told: Any, bucket: str) -> Any:
    """Return the object that is told of, when it lies in this bucket."""
    if not isinstance(told, dict) or _text(told.get("bucket"), "name") != bucket:
        raise UnknownEvent("an event of another bucket")
    return told.get("object")


def _text(of: Any, name: str) -> str:
    text = of.get(name) if isinstance(of, dict) else None
    if not isinstance(text, str):
        raise UnknownEvent(f"an event of S3 without its {name}")
    return text
