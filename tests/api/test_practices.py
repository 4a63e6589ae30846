"""Practices, clients, and who is assigned to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from portal import worker
from tests.support.portal import Client, Portal

CLIENT = {"name": "Northwind IT Services", "staff": 140, "edition": "iso20000-1-2018", "target_date": "2027-03-31",
          "sites": [{"name": "Leeds", "staff": 78}, {"name": "Porto", "staff": 41}],
          "owner": {"name": "Ingrid Solberg", "email": "ingrid@northwind.example"}}  # fmt: skip


@dataclass
class Desk:
    """Hold a practice with its owner and two consultants."""

    base: str
    owner: Client
    first: Client
    second: Client


@pytest.fixture
def desk(portal: Portal) -> Desk:
    """Open a practice."""
    practice, clients = portal.practice(), []
    for name, role in (("Priya Nair", "practice_owner"), ("Tom Reed", "practice_consultant"),
                       ("Ana Costa", "practice_consultant")):  # fmt: skip
        user = portal.user(name)
        portal.consultant(practice, user, role)
        clients.append(portal.client(user))
    return Desk(f"/api/practices/{practice}", *clients)


def opened(desk: Desk) -> dict[str, Any]:
    return desk.first.ok(desk.first.post(f"{desk.base}/clients", CLIENT), 201)


class TestNewClient:
    def test_opens_everything(self, desk: Desk) -> None:
        """A new client has its organisation, its programme with eleven steps, its consultant and its owner's link."""
        made = opened(desk)
        base = f"/api/organisations/{made['organisation']}/programmes/{made['programme']}"
        assert len(desk.first.ok(desk.first.get(f"{base}/steps"))["items"]) == 11
        assert "/join.html#i." in made["owner_invitation"]["link"]
        profile = desk.first.ok(desk.first.get(f"/api/organisations/{made['organisation']}"))
        assert [s["name"] for s in profile["sites"]] == ["Leeds", "Porto"]

    def test_idempotent(self, desk: Desk) -> None:
        """The same key opens one client only, and another body under it is refused."""
        first = desk.first.post(f"{desk.base}/clients", CLIENT, Idempotency_Key="abcdefgh")
        again = desk.first.post(f"{desk.base}/clients", CLIENT, Idempotency_Key="abcdefgh")
        assert again.get_json()["organisation"] == first.get_json()["organisation"]
        assert again.get_json()["owner_invitation"]["link"] is None
        other = desk.first.post(f"{desk.base}/clients", {**CLIENT, "name": "Other"}, Idempotency_Key="abcdefgh")
        assert other.status_code == 422
        assert len(desk.first.ok(desk.first.get(f"{desk.base}/clients"))["items"]) == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [("name", ""), ("name", None), ("staff", 0), ("staff", "many"), ("target_date", "tomorrow"),
         ("edition", "iso9001"), ("owner.email", "nobody"), ("colour", "red")],
    )  # fmt: skip
    def test_bad_input(self, desk: Desk, field: str, value: object) -> None:
        """Each impossible field is named."""
        name, _, below = field.partition(".")
        body = {**CLIENT, name: {"name": "X", below: value} if below else value}
        answer = desk.first.post(f"{desk.base}/clients", body)
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)


class TestPortfolio:
    def test_rolled_up(self, desk: Desk, portal: Portal) -> None:
        """After background work the portfolio shows how ready a client is and what is in its way."""
        made = opened(desk)
        base = f"/api/organisations/{made['organisation']}/programmes/{made['programme']}"
        desk.first.ok(desk.first.put(f"{base}/requirements/4.1-a", {"rating": 3}, etag="0"))
        worker.drain(portal.services)
        shown = desk.owner.ok(desk.owner.get(f"{desk.base}/clients"))["items"][0]
        assert (shown["name"], shown["sites"], shown["ready_percent"]) == ("Northwind IT Services", 2, 1)
        assert shown["in_the_way"]["text"]
        assert worker.drain(portal.services) == 0

    def test_empty(self, desk: Desk) -> None:
        """A practice without clients is told how to begin."""
        assert desk.owner.ok(desk.owner.get(f"{desk.base}/clients"))["headline"] == "No client yet"


class TestAssign:
    def test_handover(self, desk: Desk) -> None:
        """Who is assigned gets in, who is no longer loses access with the same change."""
        made = opened(desk)
        address = f"/api/organisations/{made['organisation']}"
        assert desk.second.get(address).status_code == 404
        client = desk.owner.ok(desk.owner.get(f"{desk.base}/clients"))["items"][0]
        body = {"consultants": [desk.second.user["id"]]}
        desk.owner.ok(
            desk.owner.put(f"{desk.base}/clients/{made['organisation']}/consultants", body, etag=client["etag"])
        )
        assert desk.second.get(address).status_code == 200
        assert desk.first.get(address).status_code == 404

    def test_only_owner(self, desk: Desk) -> None:
        """A consultant cannot assign."""
        made = opened(desk)
        body = {"consultants": []}
        answer = desk.first.put(f"{desk.base}/clients/{made['organisation']}/consultants", body, etag="1")
        assert answer.status_code == 404


class TestConsultants:
    def invited(self, desk: Desk) -> tuple[str, str]:
        """Invite a consultant; return the invitation's id and secret."""
        body = {"name": "Lena Fischer", "email": "lena@harbour.example", "role": "practice_consultant"}
        made = desk.owner.ok(desk.owner.post(f"{desk.base}/invitations", body), 201)
        return made["id"], made["link"].split(".")[-1]

    def test_withdraw(self, desk: Desk, portal: Portal) -> None:
        """A practice owner takes an invitation back; its link then opens nothing."""
        invitation, secret = self.invited(desk)
        assert desk.first.delete(f"{desk.base}/invitations/{invitation}").status_code == 404
        assert desk.owner.delete(f"{desk.base}/invitations/{invitation}").status_code == 204
        assert portal.client().post("/api/invitations/lookup", {"id": invitation, "secret": secret}).status_code == 404

    def test_withdraw_of_another_practice(self, desk: Desk, portal: Portal) -> None:
        """An invitation of one practice cannot be taken back by the owner of another."""
        invitation, _ = self.invited(desk)
        other, user = portal.practice("Other"), portal.user("Olga Other")
        portal.consultant(other, user, "practice_owner")
        answer = portal.client(user).delete(f"/api/practices/{other}/invitations/{invitation}")
        assert answer.status_code == 404
        assert len(desk.owner.ok(desk.owner.get(desk.base))["invitations"]) == 1

    def test_remove(self, desk: Desk) -> None:
        """A removed consultant's next request is refused, with the session still open."""
        assert desk.second.get(desk.base).status_code == 200
        assert desk.owner.delete(f"{desk.base}/consultants/{desk.second.user['id']}").status_code == 204
        assert desk.second.get(desk.base).status_code == 404

    def test_still_assigned(self, desk: Desk) -> None:
        """Who works for a client is not removed before somebody else does."""
        opened(desk)
        answer = desk.owner.delete(f"{desk.base}/consultants/{desk.first.user['id']}")
        assert answer.status_code == 409
        assert "Northwind IT Services" in answer.get_json()["detail"]

    def test_last_owner(self, desk: Desk) -> None:
        """The last practice owner stays."""
        assert desk.owner.delete(f"{desk.base}/consultants/{desk.owner.user['id']}").status_code == 409


class TestRenamed:
    def test_portfolio_follows(self, desk: Desk) -> None:
        """A client that is renamed and grows is so in the portfolio as well."""
        made = opened(desk)
        address = f"/api/organisations/{made['organisation']}"
        head = desk.first.ok(desk.first.get(address))
        desk.first.ok(desk.first.patch(address, {"name": "Northwind Group", "staff": 150}, etag=head["etag"]))
        shown = desk.owner.ok(desk.owner.get(f"{desk.base}/clients"))["items"][0]
        assert (shown["name"], shown["staff"]) == ("Northwind Group", 150)
