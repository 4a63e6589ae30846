"""Every page, wide and on a phone, light and dark: its headline, no accessibility violation, nothing cut off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, Server
from tests.browser.people import SEND, enters, where

PUBLIC = ("index", "standard", "cycle", "steps-explained", "cost", "404", "api-docs", "signin", "first-run", "join")
MEMBER = (
    "overview", "work", "steps", "step", "requirements", "evidence", "evidence-item", "upload", "findings", "finding",
    "finding-new", "audits", "audit", "members", "journal", "settings", "programme-new", "account",
)  # fmt: skip
PRACTICE = ("clients", "client-new", "practice")
WINDOWS = {"wide and light": (1280, False), "a dark phone": (390, True)}


@dataclass
class House:
    """Hold a portal with its demo and what its sign-ins are."""

    server: Server
    sign_ins: dict[str, tuple[str, str]]
    link: str
    auditor: str


@pytest.fixture(scope="module")
def house(demo_portal: Server) -> House:
    """Read the sign-ins and the auditor's link as the server printed them."""
    printed = "\n".join(demo_portal.printed)
    found = re.findall(r"^\s+(consultant|SMS manager|process owner)\s+.*?(\S+@\S+)\s+(\S+)$", printed, re.M)
    link = re.search(r"http\S+/review\.html#g\.\S+", printed)
    auditor = re.search(r"auditor .*?\((\S+@\S+)\)", printed)
    assert len(found) == 3, printed
    assert link, printed
    assert auditor, printed
    return House(demo_portal, {role: (email, word) for role, email, word in found}, link[0], auditor[1])


def signed_in(page: Page, house: House, role: str) -> None:
    """Sign in by the page."""
    email, password = house.sign_ins[role]
    page.goto("/signin.html")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/(overview|clients)\.html"))


@pytest.fixture(scope="module", params=WINDOWS, ids=list(WINDOWS))
def windows(request: pytest.FixtureRequest, chromium: Browser, house: House) -> Iterator[dict[str, Any]]:
    """Give signed-in windows of one width and colour."""
    width, dark = WINDOWS[request.param]
    desk = Desk(chromium)
    nobody, manager, consultant = (desk.window(house.server.url, width=width, dark=dark) for _ in range(3))
    signed_in(manager, house, "SMS manager")
    signed_in(consultant, house, "consultant")
    yield {"nobody": nobody, "manager": manager, "consultant": consultant, "desk": desk, "width": width, "dark": dark}
    for context in desk.contexts:
        context.close()


def looked_at(page: Page, axe: Callable[[Page], list[str]], desk: Desk) -> None:
    """Require a headline, no violation, no complaint, and nothing wider than the window."""
    expect(page.get_by_role("heading", level=1).first).not_to_be_empty()
    page.wait_for_load_state("networkidle")
    assert axe(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    assert desk.complaints == []


@pytest.mark.parametrize("name", PUBLIC)
def test_public(name: str, windows: dict[str, Any], axe: Callable[[Page], list[str]]) -> None:
    """Anybody can read what the standard is, what the way looks like and what drives its cost."""
    windows["nobody"].goto(f"/{name}.html")
    looked_at(windows["nobody"], axe, windows["desk"])


@pytest.mark.parametrize("name", MEMBER)
def test_member(name: str, windows: dict[str, Any], axe: Callable[[Page], list[str]]) -> None:
    """Every page of a programme answers its question."""
    page = windows["manager"]
    page.goto("/signin.html")
    me = page.evaluate(SEND, ["GET", "/api/me", None, None])["body"]
    org, programme = me["organisations"][0]["id"], me["organisations"][0]["programmes"][0]["id"]
    base = f"/api/organisations/{org}/programmes/{programme}"

    def first(noun: str) -> str:
        return str(page.evaluate(SEND, ["GET", f"{base}/{noun}", None, None])["body"]["items"][0]["id"])

    more = {
        "step": lambda: "&n=2",
        "requirements": lambda: "&clause=8.5.3",
        "evidence-item": lambda: f"&e={first('evidence')}",
        "finding": lambda: f"&f={first('findings')}",
        "audit": lambda: f"&a={first('audits')}",
    }
    page.goto(f"/{name}.html?o={org}&p={programme}{more.get(name, str)()}")
    looked_at(page, axe, windows["desk"])


@pytest.mark.parametrize("name", PRACTICE)
def test_practice(name: str, windows: dict[str, Any], axe: Callable[[Page], list[str]]) -> None:
    """Every page of a practice answers its question."""
    page = windows["consultant"]
    page.goto("/signin.html")
    me = page.evaluate(SEND, ["GET", "/api/me", None, None])["body"]
    page.goto(f"/{name}.html?c={me['practices'][0]['id']}")
    looked_at(page, axe, windows["desk"])


def test_review_room(house: House, windows: dict[str, Any], axe: Callable[[Page], list[str]]) -> None:
    """The link that the demo prints opens the room, at its door and inside."""
    page = windows["desk"].window(house.server.url, width=windows["width"], dark=windows["dark"])
    enters(page, house.link, house.auditor, house.server)
    looked_at(page, axe, windows["desk"])
    page.goto("/review.html?clause=8.6.1")
    page.locator(".item").first.wait_for()
    looked_at(page, axe, windows["desk"])


def test_every_page_is_here() -> None:
    """No page of the site is left out of this walk."""
    walked = {*PUBLIC, *MEMBER, *PRACTICE, "review"}
    assert {path.stem for path in Path("static").glob("*.html")} == walked


def test_second_start_keeps_the_data(house: House) -> None:
    """The demo says its sign-ins once more at a second start, with the same data."""
    from tests.browser.conftest import serving

    with serving(house.server.data, "--demo") as again:
        printed = "\n".join(again.printed)
        assert all(email in printed and word in printed for email, word in house.sign_ins.values())


def test_consultant_lands_on_clients(house: House, windows: dict[str, Any]) -> None:
    """A consultant who signs in sees the clients, those that need somebody first."""
    page = windows["consultant"]
    page.goto("/signin.html")
    me = page.evaluate(SEND, ["GET", "/api/me", None, None])["body"]
    page.goto(f"/clients.html?c={me['practices'][0]['id']}")
    page.get_by_role("link", name="Northwind IT Services Ltd").first.click()
    page.wait_for_url("**/overview.html**")
    assert where(page)[0]
