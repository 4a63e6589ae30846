"""Where the demo's files are made: in two processes, ahead of the story that uses them."""

from __future__ import annotations

import multiprocessing
import multiprocessing.context
import re
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import timedelta
from importlib.util import find_spec
from types import TracebackType
from typing import Any, NamedTuple

from portal.demo.info import DemoRefused

PROCESSES = 2
LIBRARIES = ("docx", "fpdf", "openpyxl", "pptx")

File = tuple[str, bytes]


class Job(NamedTuple):
    """Name one file of a client's evidence, of another day or name if given, or a file inside it."""

    client: str
    evidence: str
    weeks: int
    day: str = ""
    file: str = ""
    inside: str = ""


Build = Callable[[Job], File]


def build(job: Job) -> File:
    """Create a file and return its name and bytes; days and names are given as written, before they move."""
    from portal.demo.data import load
    from portal.demo.files import render
    from portal.demo.files.content import source_of

    client = load(job.client)
    entry = next(entry for entry in client["evidence"] if entry["id"] == job.evidence)
    entry = {**entry, "date": job.day or entry["date"], "file": job.file or entry["file"]}
    source = source_of(client, entry, timedelta(weeks=job.weeks))
    if job.inside:
        source = source.inner(next(inner for inner in source.spec["files"] if inner["file"] == job.inside))
    return re.sub(r"^\d\d-", "", source.name), render(source)


def check_builders() -> None:
    """Raise `DemoRefused` when what the files are made with is not installed."""
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise DemoRefused(f"The demo's files need {', '.join(missing)}. Install certway with its extra “demo”.")


def _context() -> multiprocessing.context.BaseContext:
    # A fork begins at once and needs nothing of the main module, but only a single thread forks safely.
    alone = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if alone else "spawn")


class Factory:
    """Make files; without a builder of one's own, in processes that begin with what was ordered first."""

    def __init__(self, builder: Build | None = None) -> None:
        self._builder = builder
        self._ordered: dict[Job, Future[File]] = {}
        self._pool = None if builder else ProcessPoolExecutor(PROCESSES, mp_context=_context())

    def __enter__(self) -> Factory:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: BaseException | TracebackType | None) -> Any:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def order(self, jobs: Iterable[Job]) -> None:
        """Have files made in this order."""
        if self._pool:
            self._ordered |= {job: self._pool.submit(build, job) for job in jobs if job not in self._ordered}

    def take(self, job: Job) -> File:
        """Return a file, once it is made."""
        if self._builder:
            return self._builder(job)
        self.order([job])
        return self._ordered.pop(job).result()
