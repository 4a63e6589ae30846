"""A store in memory that can be put back to how it was, and in which one chosen call goes wrong."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from portal.records.port import EVENT, Key, Page, Record, Records, Write
from tests.support.model_records import ModelRecords
from tests.support.portal import Clock, Portal

FILE_CALLS = frozenset({"upload_target", "download_target", "receive", "received", "promote", "open", "size"})


@dataclass
class Plan:
    """Say which call goes wrong (counted from 0) and how: `after` it was carried out, or instead of that."""

    call: int = -1
    error: Callable[[], Exception] = RuntimeError
    after: bool = False

    def __post_init__(self) -> None:
        self.calls: list[str] = []

    def meet(self, name: str, act: Callable[[], Any]) -> Any:
        """Carry out a call, or have it go wrong."""
        self.calls.append(name)
        if len(self.calls) - 1 != self.call:
            return act()
        if self.after:
            act()
        raise self.error()


class FaultyRecords(Records):
    """Pass every call on to records in memory, by way of the plan."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.below, self.plan = ModelRecords(clock), Plan()

    def get(self, key: Key) -> Record | None:
        return self.plan.meet("get", lambda: self.below.get(key))

    def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        return self.plan.meet("get_many", lambda: self.below.get_many(keys))

    def query(self, partition: str, **how: Any) -> Page:
        return self.plan.meet("query", lambda: self.below.query(partition, **how))

    def commit(self, writes: Sequence[Write]) -> None:
        self.plan.meet("commit", lambda: self.below.commit(writes))

    def close(self) -> None:
        """Keep nothing open."""


class FaultyFiles:
    """Pass every call on to the file store, by way of the records' plan."""

    def __init__(self, below: Any, records: FaultyRecords) -> None:
        self._below, self._records = below, records

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._below, name)
        if name not in FILE_CALLS:
            return found
        return lambda *given, **named: self._records.plan.meet(name, lambda: found(*given, **named))


@dataclass(frozen=True)
class Kept:
    """Hold how everything was at a moment; `files` is a copy of the file store."""

    records: dict[Key, Record]
    now: datetime
    files: Path


class FaultyPortal(Portal):
    """Be a portal over these stores, which can be put back."""

    def __init__(self, folder: Path) -> None:
        clock = Clock()
        self.faulty = FaultyRecords(clock.epoch)
        super().__init__(folder / "data", clock, self.faulty)
        object.__setattr__(self.services, "files", FaultyFiles(self.services.files, self.faulty))
        self._files, self._copies = folder / "data" / "files", folder / "copies"

    def keep(self) -> Kept:
        """Return how everything is now."""
        copy = self._copies / token_hex(8)
        shutil.copytree(self._files, copy)
        return Kept(self.faulty.below._kept, self.clock.now, copy)

    def put_back(self, kept: Kept, plan: Plan | None = None) -> Plan:
        """Put everything back to how it was, and let what follows meet the plan."""
        self.faulty.below._kept, self.clock.now = kept.records, kept.now
        shutil.rmtree(self._files)
        shutil.copytree(kept.files, self._files)
        self.faulty.plan = plan or Plan()
        return self.faulty.plan

    def tally(self) -> Counter[str]:
        """Count what is kept: records by kind, events by what they tell; tries and sessions apart."""
        kept = self.faulty.below._kept.values()
        return Counter(r.body["what"] if r.kind == EVENT else r.kind for r in kept if r.kind not in ("TRY", "SESSION"))

    def stored(self) -> set[str]:
        """Return the names of all files in the store, those in quarantine and those being written apart."""
        return {path.name for path in self._files.rglob("*") if path.is_file() and "incoming" not in path.parts}
