"""A world in which nothing can be written any more: reads are answered, every commit is refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from portal.actions import policy
from portal.api.routes import Route
from portal.records.port import Busy, Write
from tests.support.portal import Client
from tests.support.world import World


class DryRecords:
    """Read as the store below does, and refuse every commit, counting them."""

    def __init__(self, below: Any) -> None:
        self.below, self.commits = below, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)

    def commit(self, writes: Sequence[Write]) -> None:
        self.commits += 1
        raise Busy("this world is frozen")


@contextmanager
def frozen(folder: Path) -> Iterator[World]:
    """Build a world with somebody for every permission, then freeze it."""
    world = World(folder)
    head = world.portal.user("Practice Owner", "owner@harbour.example")
    world.portal.consultant(world.practice, head, policy.PRACTICE_OWNER)
    world.actors["practice_owner"] = world.portal.client(head)
    services = world.portal.services
    object.__setattr__(services, "records", DryRecords(services.records))
    yield world
    services.records.below.close()


def somebody(world: World, route: Route) -> Client:
    """Return a client of somebody whom the policy lets use a route."""
    area = route.permission.split(".")[0]
    return world.actors[{"review": "stage1_auditor", "practice": "practice_owner", "client": "practice_owner"}.get(
        area, "owner"
    )]  # fmt: skip


def address(world: World, route: Route, **other: str) -> str:
    """Return the route's address with ids that exist, or with `other` in their place."""
    parameters = {**world.own.parameters(), "practice": world.practice, "grant": world.grants["stage1_auditor"]}
    path = route.path.replace("<int:", "<")
    for name, value in {**parameters, **other}.items():
        path = path.replace(f"<{name}>", value)
    assert "<" not in path, path
    return path
