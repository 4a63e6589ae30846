"""Work by the clock: tasks that nobody finished, and what is over or was left lying."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from functions import quarantine, wiring
from functions.events import UnknownEvent
from portal import worker
from portal.actions.context import Services


def handler(event: Any, _context: Any = None) -> dict[str, int]:
    """Do the job that the schedule names, `{"job": "drain"}` or `{"job": "tidy"}`; return how much there was."""
    job = JOBS.get(str(event.get("job"))) if isinstance(event, dict) else None
    if job is None:
        raise UnknownEvent("a schedule that names no job")
    return job(wiring.background())


def drain(services: Services) -> dict[str, int]:
    """Carry out the tasks that the stream did not get done."""
    return {"tasks": worker.drain(services)}


def tidy(services: Services) -> dict[str, int]:
    """Remove records that have expired, uploads that were never used, and what nobody wants in quarantine."""
    expired, abandoned = worker.tidy(services)
    lying = (place for place in map(quarantine.place_of, wiring.quarantine().keys("")) if place)
    return {"expired": expired, "abandoned": abandoned, "orphans": len(quarantine.settle(services, lying))}


JOBS: dict[str, Callable[[Services], dict[str, int]]] = {"drain": drain, "tidy": tidy}
