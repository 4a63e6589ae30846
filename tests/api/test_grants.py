"""Grants: made for one named auditor, listed, ended, and what was done with them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.evidence import House
from tests.support.portal import Portal
from tests.support.review import AUDITOR, Stage, enter, holding, mails


@pytest.fixture
def house(portal: Portal) -> House:
    """Give an organisation with people."""
    return House(portal)


@pytest.fixture
def stage(house: House) -> Stage:
    """Give a prepared Stage 1."""
    made = Stage(house)
    made.prepare()
    return made


class TestCreate:
    def test_default(self, stage: Stage) -> None:
        """A grant lasts 14 days unless told otherwise, and its first one opens the audit."""
        grant = stage.let_in()
        assert (grant["state"], grant["not_before"], grant["expires_at"]) == (
            "active", "2026-11-02T09:00:00Z", "2026-11-16T09:00:00Z"
        )  # fmt: skip
        assert grant["capabilities"] == ["read", "download", "raise_findings", "conclude"]
        assert grant["link"].startswith(f"http://localhost/review.html#g.{grant['id']}.")
        audit = stage.audit()
        assert audit["state"] == "open"
        assert audit["grants"] == [{k: v for k, v in grant.items() if k != "link"}]

    def test_last_day(self, stage: Stage) -> None:
        """A grant up to a day ends when that day does."""
        assert stage.let_in(expires_on="2026-11-20")["expires_at"] == "2026-11-21T00:00:00Z"

    def test_mailed(self, stage: Stage) -> None:
        """The link goes to the auditor's address and is kept nowhere else; its hash tells it again."""
        grant = stage.let_in()
        mail = mails(stage.house.portal)[-1]
        assert mail["to"] == AUDITOR["email"]
        assert grant["link"] in mail["text"]
        assert holding(stage.house.portal, grant["link"].split(".")[-1]) == {"OUT"}

    def test_shown_once(self, stage: Stage) -> None:
        """A repeated request makes no second grant and does not show the link again."""
        key = {"Idempotency_Key": "grant-0001"}
        first = stage.marcus.ok(stage.marcus.post(f"{stage.address}/grants", AUDITOR, **key), 201)
        again = stage.marcus.post(f"{stage.address}/grants", AUDITOR, **key)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.get_json() == {**first, "link": None}
        assert len(stage.audit()["grants"]) == 1

    def test_confirmed_identity(self, stage: Stage) -> None:
        """Letting somebody in asks for an identity that was just confirmed."""
        stale = stage.house.portal.client(stage.house.people["marcus"], fresh=False)
        answer = stale.post(f"{stage.address}/grants", AUDITOR)
        assert (answer.status_code, answer.get_json()["type"]) == (401, "/problems/confirm-identity")

    @pytest.mark.parametrize("role", ["viewer", "process_owner", "internal_auditor", "top_management", "consultant"])
    def test_roles(self, stage: Stage, role: str) -> None:
        """Only the owner and the SMS manager let somebody in or out; for others that is not there."""
        house, grant = stage.house, stage.let_in()
        user = house.portal.user("Somebody Else")
        house.portal.member(house.org, user, role)
        client = house.portal.client(user)
        assert client.post(f"{stage.address}/grants", AUDITOR).status_code == 404
        assert client.post(f"{house.base}/grants/{grant['id']}/revoke").status_code == 404

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"days": 46}, "days"),
            ({"days": 0}, "days"),
            ({"expires_on": "2026-11-02"}, "expires_on"),
            ({"expires_on": "2026-12-18"}, "expires_on"),
            ({"email": "elena"}, "email"),
            ({"name": " "}, "name"),
            ({"capabilities": ["everything"]}, "capabilities.0"),
        ],
    )
    def test_bad_input(self, stage: Stage, facts: dict[str, Any], field: str) -> None:
        """What cannot be granted is named, and nobody is let in."""
        answer = stage.marcus.post(f"{stage.address}/grants", {**AUDITOR, **facts})
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)
        assert stage.audit()["grants"] == []

    def test_prepared_first(self, house: House) -> None:
        """Nobody is let in before the evidence is frozen."""
        stage = Stage(house)
        assert stage.marcus.post(f"{stage.address}/grants", AUDITOR).status_code == 409


class TestRevoke:
    def test_ends_sessions(self, stage: Stage) -> None:
        """Who is inside when the grant is revoked is outside with the next request; the other auditor stays."""
        grant, other = stage.let_in(), stage.let_in(name="James Okoro", email="james@meridian.example")
        elena = enter(stage.house.portal, grant["link"])
        james = enter(stage.house.portal, other["link"], "james@meridian.example")
        ended = stage.marcus.ok(stage.revoke(grant))
        assert (ended["state"], ended["revoked"]["by"]["name"]) == ("revoked", "Marcus Webb")
        assert ended["revoked"]["reason"] == "The audit is over"
        assert elena.get("/api/review").status_code == 401
        assert james.get("/api/review").status_code == 200

    def test_once(self, stage: Stage) -> None:
        """A grant is revoked once."""
        grant = stage.let_in()
        assert stage.revoke(grant).status_code == 200
        assert stage.revoke(grant).status_code == 409

    def test_elsewhere(self, stage: Stage) -> None:
        """A grant of another programme or organisation is not there."""
        grant, house = stage.let_in(), stage.house
        other = House(house.portal, "Southwind IT Services")
        base = f"/api/organisations/{house.org}/programmes/{house.portal.programme(house.org)}"
        assert house.client("marcus").post(f"{base}/grants/{grant['id']}/revoke").status_code == 404
        assert house.client("marcus").get(f"{base}/grants/{grant['id']}/activity").status_code == 404
        assert other.client("marcus").post(f"{other.base}/grants/{grant['id']}/revoke").status_code == 404
        assert other.client("marcus").post(f"{house.base}/grants/{grant['id']}/revoke").status_code == 404

    def test_expired_is_shown_so(self, stage: Stage) -> None:
        """A grant shows as expired from its last second on."""
        stage.let_in(days=1)
        stage.house.portal.clock.forward(days=1, seconds=-1)
        marcus = stage.marcus = stage.house.portal.client(stage.house.people["marcus"])
        assert marcus.ok(marcus.get(stage.address))["grants"][0]["state"] == "active"
        stage.house.portal.clock.forward(seconds=1)
        assert marcus.ok(marcus.get(stage.address))["grants"][0]["state"] == "expired"


class TestActivity:
    def test_all_of_it(self, stage: Stage) -> None:
        """The activity tells, newest first, how a grant was made, what its auditor did, and how it ended."""
        house, grant = stage.house, stage.let_in()
        other = stage.let_in(name="James Okoro", email="james@meridian.example")
        james = enter(house.portal, other["link"], "james@meridian.example")
        james.ok(james.get("/api/review/clauses/4.3"))
        elena = enter(house.portal, grant["link"])
        elena.ok(elena.get("/api/review/clauses/4.1"))
        house.portal.clock.forward(minutes=1)
        stage.revoke(grant)
        shown = stage.marcus.ok(stage.marcus.get(f"{house.base}/grants/{grant['id']}/activity"))["items"]
        assert [row["what"] for row in shown] == [
            "grant:revoked", "review:viewed", "review:entered", "grant:code-sent", "grant:created"
        ]  # fmt: skip
        assert shown[1]["text"] == "looked at 4.1 Understanding the organization and its context"

    def test_over_the_months(self, house: House) -> None:
        """What an auditor did is found across the turn of a month."""
        house.portal.clock.forward(days=26)
        house.client("marcus")
        stage = Stage(house)
        stage.prepare()
        grant = stage.let_in(days=45)
        for clause in ("4.1", "4.2", "4.3"):
            auditor = enter(house.portal, grant["link"])
            auditor.ok(auditor.get(f"/api/review/clauses/{clause}"))
            house.portal.clock.forward(days=18)
        marcus = house.portal.client(house.people["marcus"])
        shown = marcus.ok(marcus.get(f"{house.base}/grants/{grant['id']}/activity"))["items"]
        looked = [row["object"]["id"] for row in shown if row["what"] == "review:viewed"]
        assert looked == ["4.3", "4.2", "4.1"]

    def test_who_may_read(self, stage: Stage) -> None:
        """Who may not read the journal may not read what an auditor did."""
        grant, house = stage.let_in(), stage.house
        assert house.client("viola").get(f"{house.base}/grants/{grant['id']}/activity").status_code == 404
