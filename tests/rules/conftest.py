"""The world that rules are walked through: built once, then frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from portal.records.port import Busy, Write
from tests.support.world import World


class DryRecords:
    """Read as the store below does, and refuse every commit."""

    def __init__(self, below: Any) -> None:
        self.below = below

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)

    def commit(self, writes: Sequence[Write]) -> None:
        raise Busy("this world is frozen")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Build the world once, then freeze it."""
    made = World(Path(tmp_path_factory.mktemp("world")))
    services = made.portal.services
    object.__setattr__(services, "records", DryRecords(services.records))
    yield made
    services.records.below.close()
