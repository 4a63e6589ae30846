"""Run the bench: `python -m tests.bench`, with OUT=figures.json for a file and QUICK=1 for two minutes."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from portal import settings
from portal.actions.context import Services
from portal.wsgi import make_services
from tests.bench import measures, report
from tests.bench.client import sign_in
from tests.bench.counts import calls
from tests.bench.measures import Bench
from tests.bench.report import Figure, figure
from tests.bench.seed import EMAIL, PASSWORD, Seeded, seed
from tests.bench.server import serving
from tools.browser import MISSING, find_browser

CLIENTS, EVIDENCE = 500, 10_000


def main() -> None:
    """Seed, measure, tell."""
    quick = os.environ.get("QUICK", "") not in ("", "0")
    with tempfile.TemporaryDirectory(prefix="certway-bench-") as folder:
        figures = list(_figures(Path(folder), quick))
    print(report.table(figures))
    print(f"\n{report.busy()}")
    report.write(figures, os.environ.get("OUT"))


def _figures(folder: Path, quick: bool) -> Iterator[Figure]:
    data = folder / "data"
    say(f"Seeding {CLIENTS} clients and {EVIDENCE:,} pieces of evidence …")
    services = make_services(settings.load({}, data=data))
    seeded = seed(services, clients=CLIENTS, evidence=EVIDENCE)
    counted = list(_counted(services, seeded))
    services.records.close()
    say("Starting the server …")
    begun = list(measures.start(data, 3 if quick else 7))
    with serving(data) as server:
        cookie = sign_in(server.port, EMAIL, PASSWORD)
        bench = Bench(server, cookie, seeded, *((2.0, 2.0) if quick else (6.0, 8.0)))
        base = measures.health(bench)
        figures = [*begun, *_measured(bench, folder, quick)]
        base = (base + measures.health(bench)) / 2
    yield from report.with_multiples(figures, base)
    yield from counted


def _measured(bench: Bench, folder: Path, quick: bool) -> Iterator[Figure]:
    yield from measures.memory(bench.server, "after start")
    say("Asking …")
    yield from measures.flatness(bench)
    yield from measures.requests(bench)
    yield from measures.memory(bench.server, "after the load")
    say("Sending and fetching files …")
    yield from measures.large_files(bench, bench.seeded.small, folder, 3 if quick else 5)
    browser = find_browser()
    if browser is None:
        say(MISSING)
        return
    say("Looking at pages …")
    yield from measures.paints(bench, browser, 5 if quick else 9)


def _counted(services: Services, seeded: Seeded) -> Iterator[Figure]:
    base, practice = seeded.large.base, f"/api/practices/{seeded.practice}/clients"
    pages = {"programme overview": f"{base}/overview", "requirements": f"{base}/requirements",
             "evidence page": f"{base}/evidence", "portfolio": practice}  # fmt: skip
    for name, made in calls(services, seeded, pages).items():
        yield figure(f"{name}: calls on the records, the guard's two included", len(made), "calls")
        if name == "portfolio":
            yield figure(f"{name}: queries", made.count("query"), "queries", 1)


def say(text: str) -> None:
    """Tell how far the bench is."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
