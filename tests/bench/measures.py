"""What the bench measures, and the goals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench import asks, files, load, pages
from tests.bench.client import Client
from tests.bench.load import Ask
from tests.bench.report import Figure, figure
from tests.bench.seed import House, Seeded
from tests.bench.server import Server, serving

MEMORY_GOAL = 90  # MB of one worker
FLAT = 1.2  # the most that 10,000 records may cost of what 100 cost
SHARE = 80  # per cent of `cp` and `sha256sum`


@dataclass(frozen=True, slots=True)
class Bench:
    """Hold a running server with its data, a signed-in client, and how long each measure may take (seconds)."""

    server: Server
    cookie: str
    seeded: Seeded
    alone: float
    together: float

    def client(self) -> Client:
        """Return a new connection."""
        return Client(self.server.port, self.cookie)


@dataclass(frozen=True, slots=True)
class Measure:
    """Describe one measure: what one client asks, what eight ask, the goal for the one (p50, ms)."""

    name: str
    one: Callable[[Bench], Ask]
    goal: float | None
    eight: Callable[[Bench], list[Ask]] | None = None


def health(bench: Bench) -> float:
    """Return the p50 of /api/health in milliseconds: what any request costs at least."""
    return load.alone(bench.server, "", [asks.get("/api/health")], bench.alone / 2)[0].p50


def requests(bench: Bench) -> Iterator[Figure]:
    """Yield what one client and eight clients wait for, of every measure."""
    for measure in _measures(bench.seeded):
        one = load.alone(bench.server, bench.cookie, [measure.one(bench)], bench.alone)[0]
        yield figure(f"{measure.name}: p50", one.p50, "ms", measure.goal)
        yield figure(f"{measure.name}: p95", one.p95, "ms")
        yield figure(f"{measure.name}: p5", one.p5, "ms")
        yield figure(f"{measure.name}: CPU", one.cpu, "ms")
        eight = measure.eight(bench) if measure.eight else [measure.one(bench)] * load.CLIENTS
        p50, p95, rate = load.together(bench.server, bench.cookie, eight, bench.together)
        yield figure(f"{measure.name}: 8 × p50", p50, "ms")
        yield figure(f"{measure.name}: 8 × p95", p95, "ms")
        yield figure(f"{measure.name}: 8 × rate", rate, "requests/s")


def _measures(seeded: Seeded) -> Sequence[Measure]:
    large, each = seeded.large, range(load.CLIENTS)
    return (
        Measure("health", _get("/api/health"), None),
        Measure("programme overview", _get(f"{large.base}/overview"), 6),
        Measure("requirements, all items", _get(f"{large.base}/requirements"), 12),
        Measure("evidence page of 10,000", _get(f"{large.base}/evidence"), 5),
        Measure("portfolio of 500", _get(f"/api/practices/{seeded.practice}/clients"), 25),
        Measure("rating change", lambda bench: asks.Rater(bench.client(), large), 6,
                lambda bench: [asks.Rater(bench.client(), large, k, len(each)) for k in each]),
        Measure("evidence with 1 MiB file", lambda bench: asks.Uploader(large), 15,
                lambda bench: [asks.Uploader(large, k + 1) for k in each]),
        Measure("sign-in", lambda bench: asks.sign_in, None),
    )  # fmt: skip


def _get(path: str) -> Callable[[Bench], Ask]:
    return lambda bench: asks.get(path)


def flatness(bench: Bench) -> Iterator[Figure]:
    """Yield how reads of the large organisation compare with the small one's, asked in turn."""
    for name, path in (("evidence page", "evidence"), ("programme overview", "overview")):
        both = [asks.get(f"{house.base}/{path}") for house in (bench.seeded.small, bench.seeded.large)]
        small, large = load.alone(bench.server, bench.cookie, both, bench.alone)
        yield figure(f"{name}: 10,000 records against 100", large.p50 / small.p50, "times", FLAT)


def memory(server: Server, when: str) -> Iterator[Figure]:
    """Yield the memory of the larger worker."""
    held = server.memory()
    yield figure(f"memory of a worker, {when}", max(one["Rss"] for one in held), "MB", MEMORY_GOAL)
    yield figure(f"memory of a worker, shared pages shared out, {when}", max(one["Pss"] for one in held), "MB")


def large_files(bench: Bench, house: House, folder: Path, times: int) -> Iterator[Figure]:
    """Yield the speed of 100 MiB up and down, and the memory they take."""
    speeds = files.measure(bench.server, bench.cookie, house, folder, mib=100, times=times)
    yield figure("cp and sha256sum of 100 MiB", speeds.copied, "MB/s")
    yield figure("upload of 100 MiB", speeds.up, "MB/s")
    yield figure("upload against cp and sha256sum", 100 * speeds.up / speeds.copied, "%", SHARE, least=True)
    yield figure("download of 100 MiB", speeds.down, "MB/s")
    yield figure("download against cp and sha256sum", 100 * speeds.down / speeds.copied, "%", SHARE, least=True)
    yield figure("memory of a worker during 100 MiB", speeds.peak, "MB", MEMORY_GOAL)


def start(data: Path, times: int) -> Iterator[Figure]:
    """Yield how long a fresh process with data takes to its first answer."""
    waited = []
    for _ in range(times + 1):
        with serving(data) as server:
            waited.append(server.answered - server.began)
    # The first one compiles modules.
    yield figure("start to first answer", median(waited[1:]), "s", 0.6)


def paints(bench: Bench, browser: str, times: int) -> Iterator[Figure]:
    """Yield what a person sees first, and when the data stands there."""
    query = f"?o={bench.seeded.large.org}&p={bench.seeded.large.programme}"
    shown = {
        "overview": (f"/overview.html{query}", "main .columns"),
        "requirements": (f"/requirements.html{query}", "main .tree a"),
    }
    for name, paint in pages.measure(browser, bench.server, bench.cookie, shown, times).items():
        yield figure(f"{name}: first contentful paint", paint.first, "ms", 250)
        yield figure(f"{name}: largest contentful paint", paint.largest, "ms", 400)
        yield figure(f"{name}: requests", paint.requests, "requests")
        yield figure(f"{name}: transferred", paint.kilobytes, "kB")
