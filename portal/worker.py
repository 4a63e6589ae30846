"""The background worker of the embedded deployment: drains the outbox, at least once, with idempotent handlers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from portal.actions.context import Services
from portal.actions.tasks import HANDLERS
from portal.records import keys
from portal.records.port import MAX_WRITES, Delete, Record, RecordsError, Replace, Write

log = logging.getLogger("certway.worker")
LEASE = 60  # seconds one process has for a task
PAUSE = 2.0  # seconds between looks when nobody rings
GATHER = 0.3  # seconds after a ring: what one person's quick changes leave behind is then done once
MAX_TRIES = 8
AT_ONCE = 100  # tasks of one shard
TIDY_EVERY = 900.0  # seconds
ABANDONED = 90_000  # seconds; an upload's record ends after 24 hours, its bytes an hour later


def start(services: Services, bell: Any) -> threading.Thread:
    """Start the worker's thread in this process."""
    thread = threading.Thread(target=run, args=(services, bell), name="outbox", daemon=True)
    thread.start()
    return thread


def run(services: Services, bell: Any) -> None:
    """Drain the outbox whenever the bell rings, and now and then; tidy up every quarter of an hour."""
    tidied = 0.0
    while True:
        bell.event.wait(PAUSE)
        time.sleep(GATHER)
        bell.event.clear()
        try:
            drain(services)
            if time.monotonic() - tidied > TIDY_EVERY:
                tidied = time.monotonic()
                tidy(services)
        except Exception:
            log.exception("background work failed; it is tried again")


def tidy(services: Services) -> tuple[int, int]:
    """Remove records that have expired and uploads that were begun but never used; return how many of each."""
    now = services.clock().timestamp()
    gone = 0
    sweep = getattr(services.records, "sweep", None)  # a store with its own expiry has none
    while sweep and (swept := sweep(int(now))):
        gone += swept
    return gone, services.files.sweep(now - ABANDONED)


def drain(services: Services) -> int:
    """Handle every task that is due; return how many were done."""
    waiting = [record for shard in range(keys.OUT_SHARDS) for record in _shard(services, shard)]
    return sum(handle(services, group) for group in grouped(waiting))


def _shard(services: Services, shard: int) -> list[Record]:
    """Return what is due in a shard, a hundred at most; tasks that wait to be tried again never hide later ones."""
    found, after = list[Record](), None
    while len(found) < AT_ONCE:
        page = services.records.query(keys.outbox_shard(shard).partition, index=1, after=after, limit=AT_ONCE)
        found, after = [*found, *due(services, page.records)], page.after
        if after is None:
            break
    return found


def due(services: Services, records: Iterable[Record]) -> list[Record]:
    """Return the tasks that no process has leased."""
    now = services.clock().timestamp()
    return [r for r in records if r.body.get("leased_until", 0) <= now]


def grouped(records: Iterable[Record]) -> list[list[Record]]:
    """Put tasks that say the same together: the roll-up of one client is computed once."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        body = {k: v for k, v in record.body.items() if k not in ("leased_until", "tries")}
        same = str(sorted(body.items())) if body.get("task") == "roll_up" else record.key.sort
        groups.setdefault(same, []).append(record)
    return list(groups.values())


def handle(services: Services, group: list[Record]) -> int:
    """Lease a group of equal tasks, run its handler once, and clear it; a failure is tried again later."""
    leased = lease(services, group)
    try:
        carry_out(services, leased)
    except Exception:
        log.exception("task %s failed", leased[0].body.get("task"))
        return 0
    return len(leased)


def lease(services: Services, group: list[Record]) -> list[Record]:
    """Keep other processes off a group of tasks for a minute; return those that nobody else has."""
    return [held for part in _parts(group) for held in _lease(services, part)]


def carry_out(services: Services, leased: list[Record]) -> None:
    """Run the handler of leased tasks that say the same, once, and clear them; raise what the handler raises."""
    if not leased:
        return
    task = dict(leased[0].body)
    HANDLERS[task["task"]](services, task)
    for part in _parts(leased):
        _quietly(services, [Delete(record.key, record.version, "OUT") for record in part])


def release(services: Services, leased: list[Record]) -> None:
    """Let leased tasks be tried again at once, their tries still counted."""
    for part in _parts(leased):
        _quietly(services, [Replace(replace(r, body={**r.body, "leased_until": 0})) for r in part])


def _parts(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    return (records[start : start + MAX_WRITES] for start in range(0, len(records), MAX_WRITES))


def _lease(services: Services, records: Sequence[Record]) -> list[Record]:
    held = [_held(services, record) for record in records]
    if not _quietly(services, [Replace(record) for record in held]):
        return []
    return [replace(record, version=record.version + 1) for record in held]


def _held(services: Services, record: Record) -> Record:
    tries = record.body.get("tries", 0) + 1
    wait = LEASE * (2 ** max(0, tries - MAX_TRIES))
    until = int(services.clock().timestamp()) + wait
    return replace(record, body={**record.body, "leased_until": until, "tries": tries})


def _quietly(services: Services, writes: Sequence[Write]) -> bool:
    try:
        services.records.commit(writes)
    except RecordsError:
        return False  # another process has it
    return True
