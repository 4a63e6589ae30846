"""What the story leaves in the outbox: mails to people who do not exist, and roll-ups that are made at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.actions.context import Services
from portal.records import keys
from portal.records.port import MAX_WRITES, Delete, Record


def waiting(services: Services) -> Iterator[Record]:
    """Yield every task that waits."""
    for shard in range(keys.OUT_SHARDS):
        yield from services.records.query(keys.outbox_shard(shard).partition, index=1, limit=None).records


def mails_to(services: Services, address: str) -> list[Record]:
    """Return the mails that wait for an address."""
    return [task for task in waiting(services) if _addressee(task.body) == address]


def _addressee(task: Any) -> str:
    return str(task["to"]) if task["task"] == "mail" else ""


def forget(services: Services, tasks: list[Record]) -> None:
    """Drop tasks without doing them."""
    for start in range(0, len(tasks), MAX_WRITES):
        some = tasks[start : start + MAX_WRITES]
        services.records.commit([Delete(task.key, task.version, task.kind) for task in some])
