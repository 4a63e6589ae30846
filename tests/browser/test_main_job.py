"""The main job in a browser: from "new client" to the certificate, with a finding and its closure on the way."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from portal import catalogue
from tests.browser.conftest import Desk, Server
from tests.browser.people import Person, day, enters, real_files, where
from tests.browser.test_first_run import first_account, new_client

AUDITOR = "elena@meridian.example"


def begin(desk: Desk, server: Server) -> dict[str, Person]:
    """Open the client; its owner joins by link and invites the others, who join by theirs."""
    consultant = Person(desk.window(server.url), "Priya Nair")
    first_account(consultant.page)
    link = new_client(consultant.page)
    org, programme = where(consultant.page)
    people = {"priya": consultant.knows(org, programme)}
    owner = Person(desk.window(server.url), "Ingrid Solberg").knows(org, programme)
    owner.joins(link)
    for key, name, role in (("marcus", "Marcus Webb", "sms_manager"), ("anjali", "Anjali Rao", "process_owner")):
        person = Person(desk.window(server.url), name).knows(org, programme)
        person.joins(owner.invites(name, f"{key}@northwind.example", role))
        people[key] = person
    return {**people, "ingrid": owner}


def rates(marcus: Person) -> None:
    """Rate one clause by keyboard, the others the short way."""
    marcus.go("requirements", clause="4.1")
    marcus.page.locator(".item").first.wait_for()
    marcus.page.keyboard.press("3")
    expect(marcus.page.get_by_text("Saved").first).to_be_visible()
    marcus.page.keyboard.press("j")
    marcus.page.keyboard.press("2")
    for _ in range(50):
        if marcus.get("/requirements/4.1-b")["rating"] == 2:
            break
        marcus.page.wait_for_timeout(100)
    assert marcus.get("/requirements/4.1-a")["rating"] == 3
    for item in catalogue.load("iso20000-1-2018").items:
        if not item.id.startswith("4.1-"):
            marcus.send("PUT", f"{marcus.base}/requirements/{item.id}", {"rating": 3}, "0")


def uploads(anjali: Person, files: list[Path]) -> None:
    """Upload two real files at once, say what they are, and submit them for review."""
    page = anjali.page
    anjali.go("upload", item="4.3-b")
    page.locator("input[type=file]").set_input_files(files)
    anjali.heading("Two files arrived whole")
    common = page.locator(".upload-common")
    common.get_by_label("Period covered, first day").fill(day(-90))
    common.get_by_label("Last day").fill(day(-1))
    common.get_by_role("button", name="Apply to all").click()
    page.get_by_label("Submit for review straight away").check()
    page.get_by_role("button", name="Add two pieces of evidence").or_(
        page.get_by_role("button", name="Add 2 pieces of evidence")
    ).click()
    anjali.heading("waiting for review")


def accepts(marcus: Person) -> None:
    """Accept everything that waits."""
    for piece in marcus.get("/evidence?state=submitted")["items"]:
        marcus.go("evidence-item", e=piece["id"])
        marcus.press("Accept")
        marcus.dialog("Accept")
        marcus.heading("ccepted")


def passes(person: Person, *numbers: int) -> None:
    """Pass gates with a reason, the first of them on its page."""
    for at, number in enumerate(numbers):
        step = person.get(f"/steps/{number}")
        step = person.send("POST", f"{person.base}/steps/{number}/start", {}, step["etag"])
        if at or not step["blockers"]:
            body = {"reason": "Shown in the trial run"}
            person.send("POST", f"{person.base}/steps/{number}/pass", body, step["etag"])
            continue
        person.go("step", n=str(number))
        person.page.get_by_role("button", name="with a reason").first.click()
        box = person.page.get_by_role("dialog")
        box.get_by_label("Reason").fill("Shown in the trial run")
        box.locator("button.btn-main, button.btn-danger").click()
        expect(box).to_have_count(0)
        expect(person.page.get_by_text("Shown in the trial run").first).to_be_visible()


def opens_stage(marcus: Person, kind: str, on: str) -> str:
    """Plan a stage, freeze its evidence and let its auditor in; return the link."""
    body = {"kind": kind, "start": on, "end": on, "lead_auditor": "Elena Rossi", "sites": marcus.get("")["sites"]}
    audit = marcus.send("POST", f"{marcus.base}/audits", body)
    marcus.go("audit", a=audit["id"])
    marcus.press("Freeze the evidence")
    marcus.dialog("Freeze the evidence")
    marcus.press("Let an auditor in")
    box = marcus.page.get_by_role("dialog")
    box.get_by_label("Auditor’s name").fill("Elena Rossi")
    box.get_by_label("Email").fill(AUDITOR)
    box.get_by_role("button", name="Make the link").click()
    link = marcus.page.locator(".secret")
    link.wait_for()
    text = link.inner_text().strip()
    marcus.press("Done")
    return text


def reads(auditor: Page, content: bytes) -> None:
    """Open the frozen file of a clause, and get exactly its bytes."""
    auditor.goto("/review.html?clause=4.3")
    auditor.locator(".file").first.wait_for()
    with auditor.expect_download() as saved:
        auditor.locator(".file", has_text="SMS-Scope.pdf").get_by_role("button", name="Open").first.click()
    assert saved.value.suggested_filename == "SMS-Scope.pdf"
    assert Path(saved.value.path()).read_bytes() == content
    shown = auditor.locator(".file", has_text="SMS-Scope.pdf").locator("details.hash").first.text_content()
    assert hashlib.sha256(content).hexdigest() in (shown or "")
    auditor.get_by_label("Note on 4.3").fill("Ask who the customer is.")
    auditor.get_by_label("Note on 4.3").blur()
    expect(auditor.locator("#note-state")).to_contain_text("Saved")


def raises(auditor: Page, statement: str, grade: str = "") -> None:
    """Raise a finding against the clause at hand."""
    auditor.keyboard.press("Escape")
    auditor.locator(".btn-main", has_text="Raise").first.click()
    form = auditor.locator("form.raising")
    if grade:
        form.locator(f"input[name=grade][value={grade}]").check()
    form.locator("#raise-statement").fill(statement)
    form.locator("#raise-proof").fill("Catalogue v1.3 lists a pilot that the scope does not name")
    form.get_by_role("button", name="Raise it").click()
    expect(auditor.locator(".raised")).to_contain_text(statement)


def concludes(auditor: Page, text: str, recommendation: str) -> None:
    """Record the conclusion."""
    section = auditor.locator("section", has=auditor.get_by_role("heading", name="Conclusion"))
    section.get_by_role("button").first.click()
    box = auditor.get_by_role("dialog")
    box.locator(f"input[value='{recommendation}'], option[value='{recommendation}']").first.wait_for(state="attached")
    radio = box.locator(f"input[value='{recommendation}']")
    radio.check() if radio.count() else box.locator("select").select_option(recommendation)
    box.locator("textarea").fill(text)
    box.locator(".dialog-foot button").last.click()
    expect(box).to_have_count(0)
    expect(section).to_contain_text(text)


def judges(auditor: Page, ref: str, action: str, **fields: str) -> None:
    """Judge an answer in the room."""
    auditor.reload()
    line = auditor.locator(".raised li", has_text=ref)
    line.locator("summary").first.click()
    line.get_by_role("button", name=action, exact=True).click()
    box = auditor.get_by_role("dialog")
    for name, value in fields.items():
        box.locator(f"[name='{name}']").fill(value)
    box.locator(".dialog-foot button").last.click()
    expect(box).to_have_count(0)


def answers(marcus: Person, anjali: Person, finding: dict[str, Any]) -> None:
    """Accept the finding; its owner corrects, explains and plans on the finding's page."""
    marcus.go("finding", f=finding["id"])
    marcus.press("Accept")
    marcus.dialog("Accept", owner="Anjali Rao")
    anjali.go("finding", f=finding["id"])
    anjali.press("Record the correction")
    anjali.dialog("Record the correction", text="The catalogue marks the pilot as outside the scope")
    anjali.press("State the cause")
    anjali.dialog("State the cause", text="Nobody checks the scope when a pilot begins")
    anjali.press("Plan the corrective action")
    anjali.dialog("Plan the corrective action", text="A scope check before each pilot", owner="Anjali Rao", due=day(20))
    anjali.heading("plan")


def test_from_new_client_to_certificate(desk: Desk, empty_portal: Server, tmp_path: Path) -> None:
    """One programme goes all the way, by the hands of its people, with real files."""
    people = begin(desk, empty_portal)
    marcus, anjali, ingrid = people["marcus"], people["anjali"], people["ingrid"]
    files = real_files(tmp_path)
    rates(marcus)
    uploads(anjali, files)
    accepts(marcus)
    passes(ingrid, *range(1, 9))

    link = opens_stage(marcus, "stage1", day(-3))
    auditor = desk.window(empty_portal.url)
    enters(auditor, link, AUDITOR, empty_portal)
    reads(auditor, files[0].read_bytes())
    raises(auditor, "Scope and catalogue differ")
    concludes(auditor, "Ready for Stage 2 once 4.3 is clear", "proceed")

    concern = marcus.get("/findings?state=open")["items"][0]
    answers(marcus, anjali, concern)
    judges(auditor, concern["ref"], "Accept the plan")
    proof = marcus.get("/evidence")["items"][0]["id"]
    finding = anjali.get(f"/findings/{concern['id']}")
    done = {"action": "implement", "text": "The check is part of the change task", "evidence": [proof]}
    anjali.send("POST", f"{anjali.base}/findings/{concern['id']}/transitions", done, finding["etag"])
    judges(auditor, concern["ref"], "Verify", text="Seen in the change task")
    judges(auditor, concern["ref"], "Close")
    marcus.go("finding", f=concern["id"])
    marcus.heading("Closed")
    first = marcus.get("/audits")["items"][0]
    report = {"report": {"received_on": day()}, "stage2_date_confirmed": day(-1)}
    marcus.send("PATCH", f"{marcus.base}/audits/{first['id']}", report, first["etag"])
    passes(ingrid, 9, 10)

    link = opens_stage(marcus, "stage2", day(-1))
    second = desk.window(empty_portal.url)
    enters(second, link, AUDITOR, empty_portal)
    second.goto("/review.html?clause=8.5.3")
    second.get_by_label("Note on 8.5.3").wait_for()
    raises(second, "A baseline is not always taken", "minor")
    concludes(second, "Certify once the plan is accepted", "certify")
    minor = next(f for f in marcus.get("/findings?state=open")["items"] if f["source"] == "stage2")
    answers(marcus, anjali, minor)
    judges(second, minor["ref"], "Accept the plan")

    audit = next(a for a in marcus.get("/audits")["items"] if a["kind"] == "stage2")
    marcus.go("audit", a=audit["id"])
    marcus.press("Record the decision")
    marcus.dialog("Record the decision", decided_by="Paul Weiss", certificate_number="MC-2026-118")
    passes(ingrid, 11)
    marcus.go("overview")
    marcus.heading("Certified until")
    expect(marcus.page.get_by_text("MC-2026-118").first).to_be_visible()
    ingrid.go("journal")
    expect(ingrid.page.get_by_text("Elena Rossi").first).to_be_visible()
