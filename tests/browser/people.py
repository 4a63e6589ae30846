"""What people do in the browser, in the words of the pages; and a short way to the API for what is not the point."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

PASSWORD = "a long enough sentence"
SEND = """async ([method, path, body, etag]) => {
  const headers = {'Content-Type': 'application/json', 'X-Requested-By': 'certway'};
  if (etag) headers['If-Match'] = `"${etag}"`;
  const answer = await fetch(path, {method, headers, body: body === null ? undefined : JSON.stringify(body)});
  return {status: answer.status, body: answer.status === 204 ? null : await answer.json()};
}"""


def day(days: int = 0) -> str:
    """Return today, or so many days from now, as date fields take it."""
    return (date.today() + timedelta(days=days)).isoformat()


class Person:
    """Be one person in one window."""

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self.org = self.programme = ""

    def knows(self, org: str, programme: str) -> Person:
        """Remember where this person works."""
        self.org, self.programme = org, programme
        return self

    @property
    def base(self) -> str:
        """Return the API address of the programme."""
        return f"/api/organisations/{self.org}/programmes/{self.programme}"

    def go(self, page: str, **more: str) -> None:
        """Open a page of the programme."""
        query = "".join(f"&{key}={value}" for key, value in more.items())
        self.page.goto(f"/{page}.html?o={self.org}&p={self.programme}{query}")

    def send(self, method: str, path: str, body: Any = None, etag: str | None = None) -> Any:
        """Ask the API as this person's page would; the answer must be good."""
        answer = self.page.evaluate(SEND, [method, path, body, etag])
        assert answer["status"] < 300, (method, path, answer)
        return answer["body"]

    def get(self, path: str) -> Any:
        """Read below the programme."""
        return self.send("GET", f"{self.base}{path}")

    def press(self, name: str) -> None:
        """Press a button of the page."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def dialog(self, press: str, **fields: str) -> None:
        """Fill the open dialog's fields by their name and press its button."""
        box = self.page.get_by_role("dialog")
        for name, value in fields.items():
            control = box.locator(f"[name='{name}']").first
            if control.evaluate("e => e.tagName") == "SELECT":
                control.select_option(label=value) if not value[:1].isdigit() else control.select_option(value)
            else:
                control.fill(value)
        box.get_by_role("button", name=press, exact=True).click()
        expect(box).to_have_count(0)

    def heading(self, text: str) -> None:
        """Expect the page's headline to say something."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(text)

    def joins(self, link: str) -> None:
        """Take an invitation up."""
        self.page.goto(link)
        self.page.get_by_label("Your name").fill(self.name)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Join").click()
        self.page.wait_for_url("**/overview.html**")

    def invites(self, name: str, email: str, role: str) -> str:
        """Invite somebody; return the link."""
        body = {"name": name, "email": email, "roles": [role]}
        return str(self.send("POST", f"/api/organisations/{self.org}/invitations", body)["link"])


def where(page: Page) -> tuple[str, str]:
    """Return organisation and programme from the address of a page."""
    query = parse_qs(urlparse(page.url).query)
    return query["o"][0], query["p"][0]


def enters(page: Page, link: str, email: str, server: Server) -> None:
    """Enter the review room as its auditor: by link, address and code."""
    before = len(server.mails(email))
    page.goto(link)
    expect(page).not_to_have_url("**#**")
    page.get_by_label("Your email").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    box = page.get_by_label("Code")
    box.wait_for()
    for _ in range(100):
        if len(server.mails(email)) > before:
            break
        page.wait_for_timeout(100)
    box.fill(server.code(email))
    page.get_by_role("button", name="Enter", exact=True).click()
    expect(page.get_by_role("heading", level=2, name="Scope")).to_be_visible()


def real_files(folder: Path) -> list[Path]:
    """Write a real PDF and a real workbook."""
    from fpdf import FPDF
    from openpyxl import Workbook

    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=12)
    pdf.cell(text="Scope of the service management system")
    pdf.output(str(folder / "SMS-Scope.pdf"))
    book = Workbook()
    book.active.append(["Change", "Reviewed"])
    book.save(folder / "Changes-Q3.xlsx")
    return [folder / "SMS-Scope.pdf", folder / "Changes-Q3.xlsx"]
