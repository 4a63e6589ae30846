"""The quarantine: what lies there without an upload that still wants it is removed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from portal import ids
from portal.actions.context import Services
from portal.files.port import Stored
from portal.records import keys
from portal.records.port import MAX_READS, Record

log = logging.getLogger("certway.quarantine")
# An organisation and an upload of it.
Place = tuple[str, str]


def place_of(key: str) -> Place | None:
    """Return whose upload an object's key means; None for a key that no upload of ours has."""
    organisation, _, upload = key.partition("/")
    return (organisation, upload) if ids.is_id(organisation) and ids.is_id(upload) else None


def settle(services: Services, places: Iterable[Place]) -> list[Place]:
    """Remove what was never announced, is in use already, or is not what was announced; return whose that was."""
    return [place for part in _parts(places) for place in _settled(services, part)]


def _parts(places: Iterable[Place]) -> Iterator[list[Place]]:
    rest = iter(places)
    while part := list(islice(rest, MAX_READS)):
        yield part


def _settled(services: Services, places: Sequence[Place]) -> Iterator[Place]:
    found = services.records.get_many([keys.upload(*place) for place in places])
    for place in places:
        why = _unwanted(services, place, found.get(keys.upload(*place)))
        if why:
            log.warning("upload %s of organisation %s is removed: %s", place[1], place[0], why)
            services.files.discard(*place)
            yield place


def _unwanted(services: Services, place: Place, record: Record | None) -> str:
    """Return why nobody wants what lies in a place; nothing where somebody may."""
    if record is None:
        return "it was not announced, or long ago"
    if record.body["completed_at"]:
        return "it is in the store"
    arrived = services.files.received(*place)
    announced = Stored(place[0], record.body["sha256"], record.body["length"])
    return "" if arrived in (None, announced) else "it is not what was announced"
