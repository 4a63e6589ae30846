"""The background worker of the embedded deployment: drains the outbox, at least once, with idempotent handlers."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import Any

from portal.actions.context import Services
from portal.actions.tasks import HANDLERS
from portal.records import keys
from portal.records.port import Delete, Record, RecordsError, Replace

log = logging.getLogger("certway.worker")
LEASE = 60  # seconds one process has for a task
PAUSE = 2.0  # seconds between looks when nobody rings
MAX_TRIES = 8


def start(services: Services, bell: Any) -> threading.Thread:
    """Start the worker's thread in this process."""
    thread = threading.Thread(target=run, args=(services, bell), name="outbox", daemon=True)
    thread.start()
    return thread


def run(services: Services, bell: Any) -> None:
    """Drain the outbox whenever the bell rings, and now and then."""
    while True:
        bell.event.wait(PAUSE)
        bell.event.clear()
        try:
            drain(services)
        except Exception:
            log.exception("the outbox could not be drained")


def drain(services: Services) -> int:
    """Handle every task that is due; return how many were done."""
    waiting = [record for shard in range(keys.OUT_SHARDS) for record in _shard(services, shard)]
    return sum(handle(services, group) for group in _grouped(waiting))


def _shard(services: Services, shard: int) -> list[Record]:
    page = services.records.query(keys.outbox_shard(shard).partition, index=1, limit=100)
    now = services.clock().timestamp()
    return [r for r in page.records if r.body.get("leased_until", 0) <= now]


def _grouped(records: list[Record]) -> list[list[Record]]:
    """Put tasks that say the same together: the roll-up of one client is computed once."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        body = {k: v for k, v in record.body.items() if k not in ("leased_until", "tries")}
        same = str(sorted(body.items())) if body.get("task") == "roll_up" else record.key.sort
        groups.setdefault(same, []).append(record)
    return list(groups.values())


def handle(services: Services, group: list[Record]) -> int:
    """Lease a group of equal tasks, run its handler once, and clear it; a failure is tried again later."""
    leased = [held for held in (_lease(services, record) for record in group) if held]
    if not leased:
        return 0
    task = dict(leased[0].body)
    try:
        HANDLERS[task["task"]](services, task)
    except Exception:
        log.exception("task %s failed", task.get("task"))
        return 0
    for record in leased:
        _quietly(services, Delete(record.key, record.version, "OUT"))
    return len(leased)


def _lease(services: Services, record: Record) -> Record | None:
    tries = record.body.get("tries", 0) + 1
    wait = LEASE * (2 ** max(0, tries - MAX_TRIES))
    until = int(services.clock().timestamp()) + wait
    held = replace(record, body={**record.body, "leased_until": until, "tries": tries})
    if not _quietly(services, Replace(held)):
        return None
    return replace(held, version=record.version + 1)


def _quietly(services: Services, write: Any) -> bool:
    try:
        services.records.commit([write])
    except RecordsError:
        return False  # another process has it
    return True
