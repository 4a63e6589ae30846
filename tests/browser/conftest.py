"""A real server and a real Chromium; a page that complains in its console fails its test."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tools.browser import find_browser

# Chromium would otherwise look for its maker's hosts at every start.
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--no-first-run", "--disable-quic", "--disable-gpu"]  # fmt: skip
START = 40  # seconds a server may take on a busy machine
EXPECTED = re.compile(r"the server responded with a status of 4\d\d")
expect.set_options(timeout=15_000)


@dataclass
class Server:
    """Hold a running portal: its address, its data folder and what it printed."""

    url: str
    data: Path
    process: subprocess.Popen[str]
    printed: list[str] = field(default_factory=list)

    def mails(self, to: str) -> list[str]:
        """Return the texts of the mails to an address, oldest first."""
        texts = []
        for path in sorted((self.data / "outbox").glob("*.eml")):
            message = message_from_bytes(path.read_bytes(), policy=policy.default)
            if message["To"] == to:
                texts.append(message.get_content())
        return texts

    def code(self, to: str, after: int = 0) -> str:
        """Return the one-time code mailed to an address, waiting until the worker has written it."""
        for _ in range(200):
            found = [m for text in self.mails(to) for m in re.findall(r"^\d{8}$", text, re.M)]
            if len(found) > after:
                return found[-1]
            time.sleep(0.1)
        raise AssertionError(f"no code for {to}")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(data: Path, *options: str) -> Iterator[Server]:
    """Run the portal as its users do, until the test is over."""
    port = free_port()
    command = [sys.executable, "-c", "from portal.cli import main; main()", "serve", "--port", str(port)]
    log = (data.parent / f"server-{port}.log").open("w+")
    process = subprocess.Popen(
        [*command, "--data", str(data), "--workers", "1", *options],
        stdout=log, stderr=subprocess.STDOUT, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    server = Server(f"http://127.0.0.1:{port}", data, process)
    try:
        _wait(port, process, 240 if "--demo" in options else START)
        log.seek(0)
        server.printed = log.read().splitlines()
        yield server
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait(port: int, process: subprocess.Popen[str], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended"
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not come up")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one Chromium for all browser tests of this process."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=QUIET)
        yield browser
        browser.close()


@dataclass
class Desk:
    """Give people their own browser windows, and keep what their consoles complained about."""

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def window(self, url: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> Page:
        """Open a window of somebody who shares nothing with anybody else."""
        context = self.browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light",
            reduced_motion="reduce", locale="en-GB", accept_downloads=True,
        )  # fmt: skip
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _console(self, message: Any) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.complaints.append(message.text)


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Desk]:
    """Give windows, and fail when any console complained."""
    made = Desk(chromium)
    yield made
    for context in made.contexts:
        context.close()
    assert made.complaints == []


@pytest.fixture(scope="module")
def empty_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a portal without any account."""
    with serving(tmp_path_factory.mktemp("empty") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def demo_portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a portal with its demo."""
    with serving(tmp_path_factory.mktemp("demo") / "data", "--demo") as server:
        yield server


AXE = Path("node_modules/axe-core/axe.min.js")


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Return a function that names every accessibility violation of a page."""
    source = AXE.read_text()

    def check(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("() => axe.run({resultTypes: ['violations']})")
        return [
            f"{v['id']}: {node['target']} {node.get('failureSummary', '')[:200]}"
            for v in found["violations"]
            for node in v["nodes"]
        ]

    return check
