"""Requests over HTTP: one client at a time for what one person waits, eight at once for what the server can take."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from tests.bench.client import Client
from tests.bench.server import Server

CLIENTS = 8
# A worker builds what it keeps (a catalogue, a plan) at its first request.
WARM = 12

# Makes one client's request, given its client and which request of its own it is.
Ask = Callable[[Client, int], Any]


@dataclass(frozen=True, slots=True)
class Times:
    """Hold what one client waited, and the processor time of the server for each request, in milliseconds."""

    p50: float
    p95: float
    p5: float
    cpu: float


def alone(server: Server, cookie: str, asks: Sequence[Ask], seconds: float) -> list[Times]:
    """Make several requests in turn over one connection, so that all meet the same moment of the machine."""
    client = Client(server.port, cookie)
    waited: list[list[float]] = [[] for _ in asks]
    for turn in range(WARM):
        for ask in asks:
            ask(client, turn)
    busy, turn, end = server.busy(), WARM, time.perf_counter() + seconds
    while time.perf_counter() < end:
        for ask, times in zip(asks, waited, strict=True):
            began = time.perf_counter()
            ask(client, turn)
            times.append(1000 * (time.perf_counter() - began))
        turn += 1
    cpu = 1000 * (server.busy() - busy) / sum(map(len, waited))
    client.close()
    return [Times(median(times), quantiles(times, n=20)[-1], quantiles(times, n=20)[0], cpu) for times in waited]


def together(server: Server, cookie: str, asks: Sequence[Ask], seconds: float) -> tuple[float, float, float]:
    """Let eight clients ask at once, each its own `ask`; return p50 and p95 in milliseconds and requests a second."""
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    start = time.perf_counter() + 0.2
    clients = [
        context.Process(target=_one, args=(server.port, cookie, ask, start, seconds, answers), daemon=True)
        for ask in asks
    ]
    for client in clients:
        client.start()
    waited = [answers.get() for _ in clients]
    for client in clients:
        client.join()
    if failed := [answer for answer in waited if isinstance(answer, str)]:
        raise RuntimeError(failed[0])
    times = [1000 * moment for answer in waited for moment in answer]
    return median(times), quantiles(times, n=20)[-1], len(times) / seconds


def _one(port: int, cookie: str, ask: Ask, start: float, seconds: float, answers: Any) -> None:
    try:
        answers.put(_asked(Client(port, cookie), ask, start, seconds))
    except Exception as error:
        answers.put(f"{type(error).__name__}: {error}")


def _asked(client: Client, ask: Ask, start: float, seconds: float) -> list[float]:
    waited: list[float] = []
    time.sleep(max(0.0, start - time.perf_counter()))
    while (began := time.perf_counter()) < start + seconds:
        ask(client, len(waited))
        waited.append(time.perf_counter() - began)
    return waited
