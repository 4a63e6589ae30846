"""Organisations, members, invitations and the journal."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.portal import Client, Portal


@dataclass
class Desk:
    """Hold an organisation with an owner and an SMS manager."""

    base: str
    owner: Client
    manager: Client


@pytest.fixture
def desk(portal: Portal) -> Desk:
    """Open an organisation."""
    org, clients = portal.organisation(), []
    for name, role in (("Ingrid Solberg", "owner"), ("Marcus Webb", "sms_manager")):
        user = portal.user(name)
        portal.member(org, user, role)
        clients.append(portal.client(user))
    return Desk(f"/api/organisations/{org}", *clients)


def invited(desk: Desk, roles: list[str]) -> tuple[str, str]:
    body = {"name": "Anjali Rao", "email": "anjali@northwind.example", "roles": roles}
    link = desk.manager.ok(desk.manager.post(f"{desk.base}/invitations", body), 201)["link"]
    _, invitation, secret = link.split("#")[1].split(".")
    return invitation, secret


class TestInvitation:
    def test_accept(self, desk: Desk, portal: Portal) -> None:
        """The link makes a member of who opens it, once."""
        invitation, secret = invited(desk, ["process_owner"])
        guest = portal.client()
        told = guest.ok(guest.post("/api/invitations/lookup", {"id": invitation, "secret": secret}))
        assert (told["place"], told["known_user"]) == ("Northwind IT Services", False)
        body = {"id": invitation, "secret": secret, "name": "Anjali Rao", "password": "a long enough sentence"}
        me = guest.ok(guest.post("/api/invitations/accept", body))
        assert me["organisations"][0]["roles"] == ["process_owner"]
        assert guest.get(desk.base).status_code == 200
        assert portal.client().post("/api/invitations/accept", body).status_code == 404

    def test_altered(self, desk: Desk, portal: Portal) -> None:
        """A link altered in one character is told like one that never was."""
        invitation, secret = invited(desk, ["viewer"])
        altered = secret[:-1] + ("A" if secret[-1] != "A" else "B")
        guest = portal.client()
        wrong = guest.post("/api/invitations/lookup", {"id": invitation, "secret": altered})
        never = guest.post("/api/invitations/lookup", {"id": "0" * 26, "secret": secret})
        assert wrong.status_code == never.status_code == 404
        assert wrong.get_json() == never.get_json()

    def test_expires(self, desk: Desk, portal: Portal) -> None:
        """The link works until the last second of its fourteen days, and not after."""
        invitation, secret = invited(desk, ["viewer"])
        portal.clock.forward(days=14, seconds=-1)
        assert portal.client().post("/api/invitations/lookup", {"id": invitation, "secret": secret}).status_code == 200
        portal.clock.forward(seconds=1)
        assert portal.client().post("/api/invitations/lookup", {"id": invitation, "secret": secret}).status_code == 404

    def test_withdraw(self, desk: Desk, portal: Portal) -> None:
        """A withdrawn invitation opens nothing."""
        invitation, secret = invited(desk, ["viewer"])
        assert desk.manager.delete(f"{desk.base}/invitations/{invitation}").status_code == 204
        assert portal.client().post("/api/invitations/lookup", {"id": invitation, "secret": secret}).status_code == 404

    def test_not_an_owner(self, desk: Desk) -> None:
        """An SMS manager does not make owners."""
        body = {"name": "A", "email": "a@northwind.example", "roles": ["owner"]}
        assert desk.manager.post(f"{desk.base}/invitations", body).status_code == 422


class TestMembers:
    def test_last_owner(self, desk: Desk) -> None:
        """The last owner neither leaves nor stops being one."""
        owner = desk.owner.user["id"]
        assert desk.owner.delete(f"{desk.base}/members/{owner}").status_code == 409
        etag = desk.owner.ok(desk.owner.get(f"{desk.base}/members"))["items"][0]["etag"]
        body = {"roles": ["viewer"]}
        assert desk.owner.patch(f"{desk.base}/members/{owner}", body, etag=etag).status_code == 409

    def test_removed_is_out_at_once(self, desk: Desk) -> None:
        """A removed member's next request is refused, with the session still open."""
        assert desk.manager.get(desk.base).status_code == 200
        assert desk.owner.delete(f"{desk.base}/members/{desk.manager.user['id']}").status_code == 204
        assert desk.manager.get(desk.base).status_code == 404


class TestProfile:
    def test_closed_site(self, desk: Desk, portal: Portal) -> None:
        """A site that goes leaves every programme's scope with it, which is then to be agreed anew."""
        head = desk.manager.ok(desk.manager.get(desk.base))
        two = [{"name": "Leeds"}, {"name": "Porto"}]
        head = desk.manager.ok(desk.manager.patch(desk.base, {"sites": two}, etag=head["etag"]))
        sites = head["sites"]
        base = f"{desk.base}/programmes/{portal.programme(head['id'], sites=[site['id'] for site in sites])}"
        worded = desk.manager.ok(desk.manager.patch(base, {"scope_statement": "Services"}, etag="1"))
        assert desk.owner.ok(desk.owner.post(f"{base}/scope/agree", etag=worded["etag"]))["scope_agreed"]
        desk.manager.ok(desk.manager.patch(desk.base, {"sites": sites[:1]}, etag=head["etag"]))
        shown = desk.manager.ok(desk.manager.get(base))
        assert (shown["sites"], shown["scope_agreed"]) == ([sites[0]["id"]], None)
        texts = [item["text"] for item in desk.owner.ok(desk.owner.get(f"{desk.base}/journal"))["items"]]
        assert "took out of the scope what is no site any more" in texts[:2]


class TestJournal:
    def test_every_write(self, desk: Desk) -> None:
        """What was done is in the journal, with who did it, newest first."""
        head = desk.manager.ok(desk.manager.get(desk.base))
        desk.manager.ok(desk.manager.patch(desk.base, {"staff": 150}, etag=head["etag"]))
        page = desk.owner.ok(desk.owner.get(f"{desk.base}/journal"))
        assert page["items"][0]["text"] == "changed the number of people"
        assert page["items"][0]["who"]["name"] == "Marcus Webb"

    def test_pages(self, desk: Desk) -> None:
        """A long month goes on from a signed cursor, which fits no other list and no alteration."""
        for staff in range(1, 8):
            head = desk.manager.ok(desk.manager.get(desk.base))
            desk.manager.ok(desk.manager.patch(desk.base, {"staff": staff}, etag=head["etag"]))
        seen, cursor = [], ""
        for _ in range(9):
            page = desk.owner.ok(desk.owner.get(f"{desk.base}/journal?limit=3{cursor}"))
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert len(seen) == len(set(seen)) >= 10
        assert seen == sorted(seen, reverse=True)
        altered = cursor[:-1] + ("0" if cursor[-1] != "0" else "1")
        assert desk.owner.get(f"{desk.base}/journal?limit=3{altered}").status_code == 422
        assert desk.manager.get(f"{desk.base}/journal?limit=3{cursor}").status_code == 422
        assert desk.owner.get(f"{desk.base}/journal?limit=3&month=2026-10{cursor}").status_code == 422
