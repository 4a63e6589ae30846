"""The main job, through the API: from a new client to the certificate, every gate passed on facts."""

from __future__ import annotations

import hashlib
from typing import Any

from portal import catalogue
from portal.domain.steps import checklist
from tests.support.portal import Client, Portal
from tests.support.world import mailed_code

EDITION = catalogue.load("iso20000-1-2018")
PASSWORD = "a long enough sentence"
FIRST = {"name": "Priya Nair", "email": "priya@harbour.example", "password": PASSWORD, "kind": "practice",
         "organisation_name": "Harbour ITSM Consulting"}  # fmt: skip
CLIENT = {"name": "Northwind IT Services", "staff": 140, "sites": [{"name": "Leeds"}, {"name": "Porto"}],
          "owner": {"name": "Ingrid Solberg", "email": "ingrid@northwind.example"}}  # fmt: skip


class Job:
    """Carry one programme from step to step."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.consultant = portal.client()
        me = self.consultant.ok(self.consultant.post("/api/first-run", FIRST), 201)
        made = self.consultant.ok(
            self.consultant.post(f"/api/practices/{me['practices'][0]['id']}/clients", CLIENT), 201
        )
        self.org = made["organisation"]
        self.base = f"/api/organisations/{self.org}/programmes/{made['programme']}"
        self.ingrid = self.join(made["owner_invitation"]["link"])
        self.marcus = self.invite("Marcus Webb", ["sms_manager"])
        self.anjali = self.invite("Anjali Rao", ["process_owner"])
        self.claire = self.invite("Claire Dubois", ["internal_auditor"])

    def join(self, link: str) -> Client:
        """Take an invitation up."""
        _, invitation, secret = link.split("#")[1].split(".")
        client = self.portal.client()
        client.user = client.ok(
            client.post("/api/invitations/accept", {"id": invitation, "secret": secret, "password": PASSWORD})
        )
        return client

    def invite(self, name: str, roles: list[str]) -> Client:
        """Invite somebody, who joins."""
        body = {"name": name, "email": f"{name.split()[0].lower()}@northwind.example", "roles": roles}
        answer = self.ingrid.post(f"/api/organisations/{self.org}/invitations", body)
        return self.join(self.ingrid.ok(answer, 201)["link"])

    def get(self, path: str, client: Client | None = None) -> Any:
        """Read below the programme."""
        client = client or self.marcus
        return client.ok(client.get(f"{self.base}{path}"))

    def act(self, path: str, body: Any = None, *, by: Client | None = None, on: Any = None, status: int = 200) -> Any:
        """Post below the programme, on what was last read."""
        client = by or self.marcus
        return client.ok(client.post(f"{self.base}{path}", body, etag=on["etag"] if on else None), status)

    def evidence(self, title: str, items: list[str], kind: str = "document", steps: tuple[int, ...] = ()) -> str:
        """Put a real file in as Anjali, and have Marcus accept it."""
        content = f"%PDF-1.4 {title}".encode()
        begun = {"filename": f"{title}.pdf", "length": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        target = self.act("/uploads", begun, by=self.anjali, status=201)
        sent = self.portal.app.test_client().put(target["url"], data=content, headers=target["headers"])
        assert sent.status_code == 204
        self.act(f"/uploads/{target['id']}/complete", by=self.anjali)
        body = {"title": title, "kind": kind, "items": items, "steps": list(steps), "upload": target["id"]}
        if kind == "record":
            body["period"] = {"from": "2026-06-01", "to": "2026-10-31"}
        piece = self.act("/evidence", body, by=self.anjali, status=201)
        piece = self.act(f"/evidence/{piece['id']}/submit", by=self.anjali, on=piece)
        return str(self.act(f"/evidence/{piece['id']}/accept", {}, on=piece)["id"])

    def sign_in_again(self) -> None:
        """Sign everybody in again: a new day has begun, and a grant asks for a fresh identity."""
        for client in (self.ingrid, self.marcus, self.anjali, self.claire):
            client.ok(client.post("/api/session", {"email": client.user["email"], "password": PASSWORD}))

    def step(self, number: int, proof: str) -> None:
        """Start a step, confirm its checklist with proof, and pass its gate, which has nothing in the way."""
        shown = self.act(f"/steps/{number}/start", on=self.get(f"/steps/{number}"))
        for line in checklist(number, EDITION.edition):
            body = {"confirmed": True, "note": "Seen", "evidence": [proof]}
            answer = self.marcus.put(f"{self.base}/steps/{number}/checklist/{line.id}", body, etag=shown["etag"])
            shown = self.marcus.ok(answer)
        assert [b["text"] for b in shown["blockers"]] == []
        passed = self.act(f"/steps/{number}/pass", on=shown)
        assert (passed["state"], passed["overridden"]) == ("done", None)

    def scope(self) -> None:
        """Write the scope and have it agreed."""
        body = {"scope_statement": "Managed hosting from Leeds and Porto", "target_date": "2027-06-30",
                "certification_body": {"name": "Meridian Certification", "lead_auditor": "Elena Rossi"}}  # fmt: skip
        head = self.marcus.ok(self.marcus.patch(self.base, body, etag=self.get("")["etag"]))
        self.act("/scope/agree", by=self.ingrid, on=head)

    def rate_everything(self) -> None:
        """Rate every item met."""
        for item in EDITION.items:
            self.marcus.ok(self.marcus.put(f"{self.base}/requirements/{item.id}", {"rating": 3}, etag="0"))

    def documents(self) -> None:
        """Put a document and a record in for every clause."""
        for clause in EDITION.assessable:
            self.evidence(f"Document {clause.number}", [item.id for item in clause.items])
        running = [c for c in EDITION.assessable if c.number.startswith("8.")]
        for clause in running:
            self.evidence(f"Record {clause.number}", [item.id for item in clause.items], "record", (5,))

    def internal_audit(self) -> None:
        """Audit every clause at every site, and issue the report."""
        sites = self.get("")["sites"]
        body = {"kind": "internal", "start": "2026-10-12", "end": "2026-10-16", "lead_auditor": "Claire Dubois",
                "sites": sites, "clauses": [c.number for c in EDITION.assessable]}  # fmt: skip
        audit = self.act("/audits", body, by=self.claire, status=201)
        report = {"report": {"received_on": "2026-10-20"}}
        self.claire.ok(self.claire.patch(f"{self.base}/audits/{audit['id']}", report, etag=audit["etag"]))

    def stage(self, kind: str, start: str) -> tuple[str, Client]:
        """Prepare a stage and let its auditor in by link and code."""
        self.sign_in_again()
        audit = self.act(
            "/audits", {"kind": kind, "start": start, "end": start, "lead_auditor": "Elena Rossi"}, status=201
        )
        audit = self.act(f"/audits/{audit['id']}/prepare", on=audit)
        grant = {"name": "Elena Rossi", "email": "elena@meridian.example", "days": 14}
        made = self.act(f"/audits/{audit['id']}/grants", grant, status=201)
        _, public, secret = made["link"].split("#")[1].split(".")
        guest = self.portal.client()
        asked = guest.post("/api/review/session", {"id": public, "secret": secret, "email": grant["email"]})
        code = mailed_code(self.portal, grant["email"])
        guest.ok(guest.post("/api/review/session/code", {"exchange": guest.ok(asked, 202)["exchange"], "code": code}))
        return audit["id"], guest


def move(job: Job, finding: Any, action: str, by: Client, **inputs: Any) -> Any:
    """Take one action of a finding's life-cycle as a member."""
    return job.act(f"/findings/{finding['id']}/transitions", {"action": action, **inputs}, by=by, on=finding)


def judge(guest: Client, finding: Any, action: str, **inputs: Any) -> Any:
    """Take one action as the certification body's auditor."""
    address = f"/api/review/findings/{finding['id']}/transitions"
    return guest.ok(guest.post(address, {"action": action, **inputs}, etag=finding["etag"]))


def answered(job: Job, finding: Any, proof: str) -> Any:
    """Answer a finding as its owner up to the plan."""
    owner = job.anjali.user["id"]
    finding = move(job, finding, "accept", job.marcus, owner=owner)
    finding = move(job, finding, "correct", job.anjali, text="The list was put right on all sites", evidence=[proof])
    finding = move(job, finding, "explain", job.anjali, text="Nobody was told when the pilot began")
    return move(job, finding, "plan", job.anjali, text="A check before each pilot", owner=owner, due="2026-12-01")


def test_from_gap_analysis_to_certificate(portal: Portal) -> None:
    """One programme is taken all the way, every gate passed on facts and none with a reason."""
    job = Job(portal)
    job.scope()
    job.rate_everything()
    proof = job.evidence("Plan and budget", [], steps=(1,))
    for number in (1, 2, 3):
        job.step(number, proof)
    job.documents()
    for number in (4, 5):
        job.step(number, proof)
    job.internal_audit()
    for number in (6, 7, 8):
        job.step(number, proof)

    first, guest = job.stage("stage1", "2026-11-02")
    room = guest.ok(guest.get("/api/review"))
    assert room["evidence_count"] > 0
    concern = {"grade": "area_of_concern", "clause": "4.3", "statement": "Scope and catalogue differ",
               "objective_evidence": "The catalogue lists a pilot", "could_be_major": True}  # fmt: skip
    concern = guest.ok(guest.post("/api/review/findings", concern), 201)
    guest.ok(guest.put("/api/review/conclusion", {"text": "Ready once 4.3 is clear", "recommendation": "proceed"}))
    audit = job.get(f"/audits/{first}")
    report = {"report": {"received_on": "2026-11-02"}, "stage2_date_confirmed": "2026-11-03"}
    job.marcus.ok(job.marcus.patch(f"{job.base}/audits/{first}", report, etag=audit["etag"]))
    job.step(9, proof)

    assert any("AOC-1" in str(blocker) for blocker in job.get("/steps/10")["blockers"])
    concern = answered(job, job.get(f"/findings/{concern['id']}"), proof)
    concern = judge(guest, concern, "accept_plan")
    concern = move(job, job.get(f"/findings/{concern['id']}"), "implement", job.anjali, text="Done", evidence=[proof])
    concern = judge(guest, concern, "verify", text="Seen in the task")
    concern = judge(guest, concern, "close")
    assert concern["state"] == "closed"
    job.step(10, proof)

    portal.clock.forward(days=1)
    second, guest = job.stage("stage2", "2026-11-03")
    minor = {"grade": "minor", "clause": "8.5.3", "statement": "A baseline is not always taken",
             "objective_evidence": "REL-0412 and REL-0427"}  # fmt: skip
    minor = guest.ok(guest.post("/api/review/findings", minor), 201)
    guest.ok(guest.put("/api/review/conclusion", {"text": "Certify after the plan", "recommendation": "certify"}))
    judge(guest, answered(job, job.get(f"/findings/{minor['id']}"), proof), "accept_plan")
    audit = job.get(f"/audits/{second}")
    decision = {"decision": "granted", "decided_on": "2026-11-03", "decided_by": "Paul Weiss",
                "certificate_number": "MC-1234"}  # fmt: skip
    job.act(f"/audits/{second}/decision", decision, on=audit)
    job.step(11, proof)

    overview = job.get("/overview")
    assert overview["headline"] == "Certified until 2 November 2029"
    assert overview["certificate"]["number"] == "MC-1234"
    assert {s["state"] for s in overview["steps"]} == {"done"}
    journal = job.ingrid.ok(job.ingrid.get(f"/api/organisations/{job.org}/journal?limit=100"))
    assert any(row["who"]["via"] == "grant" for row in journal["items"])
