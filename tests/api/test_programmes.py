"""Programmes, the overview and the steps."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portal import catalogue
from portal.domain.steps import checklist
from tests.support.portal import Client, Portal


@dataclass
class Desk:
    """Hold a programme with people of several roles."""

    base: str
    org: str
    owner: Client
    manager: Client
    process: Client
    viewer: Client


@pytest.fixture
def desk(portal: Portal) -> Desk:
    """Open a programme with an owner, an SMS manager, a process owner and a viewer."""
    org = portal.organisation(sites=[{"id": "leeds", "name": "Leeds", "role": "", "staff": 78}])
    clients = []
    for name, role in (("Ingrid Solberg", "owner"), ("Marcus Webb", "sms_manager"), ("Anjali Rao", "process_owner"),
                       ("Vera Viewer", "viewer")):  # fmt: skip
        user = portal.user(name)
        portal.member(org, user, role)
        clients.append(portal.client(user))
    programme = portal.programme(org, sites=["leeds"])
    return Desk(f"/api/organisations/{org}/programmes/{programme}", org, *clients)


def step(desk: Desk, number: int) -> dict:
    return desk.manager.ok(desk.manager.get(f"{desk.base}/steps/{number}"))


class TestScope:
    def test_agree(self, desk: Desk) -> None:
        """A scope is agreed by name by the owner, and a changed statement is to be agreed anew."""
        head = desk.manager.ok(desk.manager.get(desk.base))
        assert desk.owner.post(f"{desk.base}/scope/agree", etag=head["etag"]).status_code == 409
        body = {"scope_statement": "Managed hosting for external customers from Leeds"}
        head = desk.manager.ok(desk.manager.patch(desk.base, body, etag=head["etag"]))
        agreed = desk.owner.ok(desk.owner.post(f"{desk.base}/scope/agree", etag=head["etag"]))
        assert agreed["scope_agreed"]["by"]["name"] == "Ingrid Solberg"
        changed = desk.manager.ok(desk.manager.patch(desk.base, {"scope_statement": "Less"}, etag=agreed["etag"]))
        assert changed["scope_agreed"] is None

    def test_manager_cannot_agree(self, desk: Desk) -> None:
        """Who may not agree the scope gets the answer for what does not exist."""
        head = desk.manager.ok(desk.manager.get(desk.base))
        assert desk.manager.post(f"{desk.base}/scope/agree", etag=head["etag"]).status_code == 404

    def test_foreign_site(self, desk: Desk) -> None:
        """A site of somewhere else cannot come into scope."""
        head = desk.manager.ok(desk.manager.get(desk.base))
        answer = desk.manager.patch(desk.base, {"sites": ["0" * 26]}, etag=head["etag"])
        assert (answer.status_code, answer.get_json()["field"]) == (422, "sites")


class TestOverview:
    def test_new(self, desk: Desk) -> None:
        """A new programme shows its eleven steps, and that nothing is rated yet."""
        page = desk.viewer.ok(desk.viewer.get(f"{desk.base}/overview"))
        assert [s["number"] for s in page["steps"]] == list(range(1, 12))
        assert page["headline"].startswith("Nothing is rated yet")
        assert {c["state"] for row in page["clauses"] for c in row["cells"]} == {"unrated"}
        assert page["next_gate"]["step"] == 1
        assert page["next_gate"]["blockers"]
        assert all(b["href"].startswith("/") for b in page["next_gate"]["blockers"])


class TestGate:
    def test_blocked(self, desk: Desk) -> None:
        """A gate with something in the way is not passed without a reason, and says what it is."""
        started = desk.manager.ok(desk.manager.post(f"{desk.base}/steps/1/start", etag=step(desk, 1)["etag"]))
        answer = desk.manager.post(f"{desk.base}/steps/1/pass", etag=started["etag"])
        assert answer.status_code == 409
        assert answer.get_json()["type"] == "/problems/gate-blocked"
        assert len(answer.get_json()["blockers"]) == len(started["blockers"])

    def test_override(self, desk: Desk) -> None:
        """With a written reason and the permission it is passed, and the reason stays to be seen."""
        started = desk.manager.ok(desk.manager.post(f"{desk.base}/steps/1/start", etag=step(desk, 1)["etag"]))
        reason = {"reason": "The customer's audit cannot wait"}
        assert desk.manager.post(f"{desk.base}/steps/1/pass", reason, etag=started["etag"]).status_code == 409
        passed = desk.owner.ok(desk.owner.post(f"{desk.base}/steps/1/pass", reason, etag=started["etag"]))
        assert (passed["state"], passed["overridden"]["by"]["name"]) == ("done", "Ingrid Solberg")
        again = {"reason": "New sites"}
        reopened = desk.owner.ok(desk.owner.post(f"{desk.base}/steps/1/reopen", again, etag=passed["etag"]))
        assert reopened["state"] == "reopened"
        assert reopened["overridden"]["reason"] == reason["reason"]

    def test_cleared(self, desk: Desk) -> None:
        """Step 1 passes by itself once every item is rated, the scope is agreed and its criteria are confirmed."""
        head = desk.manager.ok(desk.manager.get(desk.base))
        head = desk.manager.ok(desk.manager.patch(desk.base, {"scope_statement": "Hosting"}, etag=head["etag"]))
        desk.owner.ok(desk.owner.post(f"{desk.base}/scope/agree", etag=head["etag"]))
        for item in catalogue.load("iso20000-1-2018").items:
            desk.manager.ok(desk.manager.put(f"{desk.base}/requirements/{item.id}", {"rating": 2}, etag="0"))
        shown = desk.manager.ok(desk.manager.post(f"{desk.base}/steps/1/start", etag=step(desk, 1)["etag"]))
        proof = self.evidence(desk)
        for line in checklist(1, 2018):
            body = {"confirmed": True, "note": "Seen", "evidence": [proof]}
            address = f"{desk.base}/steps/1/checklist/{line.id}"
            shown = desk.manager.ok(desk.manager.put(address, body, etag=shown["etag"]))
        assert shown["blockers"] == []
        passed = desk.manager.ok(desk.manager.post(f"{desk.base}/steps/1/pass", etag=shown["etag"]))
        assert (passed["state"], passed["overridden"]) == ("done", None)

    @staticmethod
    def evidence(desk: Desk) -> str:
        body = {"title": "Plan and budget", "kind": "document", "items": [], "steps": [1]}
        return desk.manager.ok(desk.manager.post(f"{desk.base}/evidence", body), 201)["id"]

    def test_process_owner_needs_own_step(self, desk: Desk) -> None:
        """A process owner works on the step given to them, and on no other."""
        me = desk.process.user["id"]
        planned = desk.manager.ok(desk.manager.patch(f"{desk.base}/steps/4", {"owner": me}, etag=step(desk, 4)["etag"]))
        assert desk.process.post(f"{desk.base}/steps/4/start", etag=planned["etag"]).status_code == 200
        assert desk.process.post(f"{desk.base}/steps/5/start", etag=step(desk, 5)["etag"]).status_code == 404


class TestReopen:
    def test_doubt(self, desk: Desk, portal: Portal) -> None:
        """Reopening a step tells which later steps this puts in doubt, and they show it."""
        for number in (1, 2):
            shown = desk.owner.ok(desk.owner.post(f"{desk.base}/steps/{number}/start", etag=step(desk, number)["etag"]))
            desk.owner.ok(desk.owner.post(f"{desk.base}/steps/{number}/pass", {"reason": "Trial"}, etag=shown["etag"]))
        portal.clock.forward(minutes=5)
        body = {"reason": "A new site came in"}
        reopened = desk.owner.ok(desk.owner.post(f"{desk.base}/steps/1/reopen", body, etag=step(desk, 1)["etag"]))
        assert reopened["in_doubt_now"] == [2]
        assert step(desk, 2)["in_doubt"]
