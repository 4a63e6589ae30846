"""The first minutes: an empty portal, its first account, its first client, the client's owner."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, Server

PASSWORD = "a long enough sentence"


def first_account(page: Page) -> None:
    """Create the first account, of a consultancy."""
    page.goto("/signin.html")
    page.wait_for_url("**/first-run.html")
    page.get_by_label("A consultancy with several clients").check()
    page.get_by_label("Name of the practice").fill("Harbour ITSM Consulting")
    page.get_by_label("Your name").fill("Priya Nair")
    page.get_by_label("Your email").fill("priya@harbour.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the first account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("No client yet")


def new_client(page: Page) -> str:
    """Open the client Northwind; return the link that invites its owner."""
    page.get_by_role("link", name="New client").first.click()
    page.get_by_label("Name of the organisation").fill("Northwind IT Services")
    page.get_by_label("People in scope").fill("140")
    page.get_by_label("Site 1").fill("Leeds")
    person = page.get_by_role("group", name="First person at the client")
    person.get_by_label("Name").fill("Ingrid Solberg")
    person.get_by_label("Email").fill("ingrid@northwind.example")
    page.get_by_role("button", name="Open client").click()
    link = page.get_by_role("dialog").locator("input, .secret").first
    text = link.input_value() if link.evaluate("e => e.tagName") == "INPUT" else link.inner_text()
    page.get_by_role("dialog").get_by_role("button", name="Done").click()
    page.wait_for_url("**/overview.html?**")
    return text.strip()


def test_first_account_and_client(desk: Desk, empty_portal: Server) -> None:
    """A consultant creates the first account, opens a client, and the client's owner joins by the link."""
    page = desk.window(empty_portal.url)
    first_account(page)
    link = new_client(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing is rated yet")

    owner = desk.window(empty_portal.url)
    owner.goto(link)
    expect(owner.get_by_role("heading", level=1)).to_contain_text("invites you to Northwind IT Services")
    assert "#" not in owner.url
    owner.get_by_label("Your name").fill("Ingrid Solberg")
    owner.get_by_label("Password").fill(PASSWORD)
    owner.get_by_role("button", name="Join").click()
    expect(owner.get_by_role("heading", level=1)).to_contain_text("Nothing is rated yet")
    page.goto("/signin.html")
