"""Tasks as they come: the table's stream tells of every task that a change left in the outbox.

A task that fails is named, so that Lambda brings it again, by itself in the end, and at last puts it into the queue
of dead letters; it does not hold up the others. Its record stays in the outbox, where `functions.scheduled` finds it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions import wiring
from functions.events import UnknownEvent, records_of
from portal import worker
from portal.actions.context import Services
from portal.records.port import MAX_READS, Key, Record

log = logging.getLogger("certway.stream")
# The number of an event in the stream, and the key of its task; None for an event that is broken.
Arrived = tuple[str, Key | None]


def handler(event: Any, _context: Any = None) -> dict[str, Any]:
    """Carry out the tasks of a batch; return those that failed."""
    failed = carry_out(wiring.background(), tasks_of(event))
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def tasks_of(event: Any) -> list[Arrived]:
    """Return the tasks that a batch tells of; raise `UnknownEvent` for anything but a batch of DynamoDB's."""
    return [arrived for record in records_of(event, "aws:dynamodb") for arrived in _arrived(record)]


def _arrived(record: Mapping[str, Any]) -> Iterator[Arrived]:
    change = record.get("dynamodb")
    number = change.get("SequenceNumber") if isinstance(change, dict) else None
    if not isinstance(number, str):
        raise UnknownEvent("a record of a stream without its number")
    try:
        if record["eventName"] == "INSERT" and change["NewImage"]["kind"]["S"] == "OUT":
            yield number, Key(change["Keys"]["pk"]["S"], change["Keys"]["sk"]["S"])
    except (KeyError, TypeError):
        log.error("event %s of the stream is broken", number)
        yield number, None


def carry_out(services: Services, arrived: Sequence[Arrived]) -> list[str]:
    """Carry out those tasks that still wait, whatever brought them; return the numbers of those that failed.

    What is gone from the outbox was done before; what another process has is left to it.
    """
    numbers = {key: number for number, key in arrived if key}
    keys = list(numbers)
    waiting = [task for start in range(0, len(keys), MAX_READS) for task in _read(services, keys[start:][:MAX_READS])]
    failed = {number for number, key in arrived if key is None}
    for group in worker.grouped(worker.due(services, waiting)):
        if not _done(services, group):
            failed |= {numbers[task.key] for task in group}
    return [number for number, _ in arrived if number in failed]


def _read(services: Services, keys: Sequence[Key]) -> list[Record]:
    return list(services.records.get_many(keys).values())


def _done(services: Services, group: list[Record]) -> bool:
    leased = worker.lease(services, group)
    try:
        worker.carry_out(services, leased)
    except Exception:
        log.exception("task %s failed", leased[0].body.get("task"))
        worker.release(services, leased)
        return False
    return True
