"""What a person sees first, and when: paint times in Chromium, warm server, cold cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.bench.client import HOST
from tests.bench.server import Server

PATIENCE = 15_000  # ms
SETTLE = 400  # ms without a request, after which nothing more is going to be painted
OBSERVE = """
window.paints = {first: 0, largest: 0};
const watch = (type, note) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({type, buffered: true});
watch('paint', (e) => { if (e.name === 'first-contentful-paint') paints.first = e.startTime; });
watch('largest-contentful-paint', (e) => { paints.largest = e.startTime; });
"""


@dataclass(frozen=True, slots=True)
class Paints:
    """Hold the middle of several loads: first and largest contentful paint in ms, requests, kB over the wire."""

    first: float
    largest: float
    requests: int
    kilobytes: float


def measure(
    browser: str, server: Server, cookie: str, pages: Mapping[str, tuple[str, str]], times: int
) -> dict[str, Paints]:
    """Load each page several times with an empty cache; a page is its address and what stands there with its data."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        loaded = {
            name: _middle([_load(chromium, server, cookie, *page) for _ in range(times + 1)][1:])
            for name, page in pages.items()
        }
        chromium.close()
    return loaded


def _load(chromium: Any, server: Server, cookie: str, path: str, shown: str) -> Paints:
    origin = f"http://{HOST}:{server.port}"
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": origin}])
    page = context.new_page()
    page.add_init_script(OBSERVE)
    page.goto(origin + path)
    page.wait_for_selector(shown, timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLE)
    paints = page.evaluate("window.paints")
    sizes = page.evaluate("performance.getEntries().filter((e) => 'transferSize' in e).map((e) => e.transferSize)")
    context.close()
    return Paints(paints["first"], paints["largest"], len(sizes), sum(sizes) / 1000)


def _middle(loads: list[Paints]) -> Paints:
    return Paints(*(median(getattr(load, name) for load in loads) for name in Paints.__slots__))
