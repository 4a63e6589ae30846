"""The accounts resource."""

from __future__ import annotations

from tests.support.portal import Portal

FIRST = {"name": "Priya Nair", "email": "priya@harbour.example", "password": "a long enough sentence",
         "kind": "practice", "organisation_name": "Harbour ITSM Consulting"}  # fmt: skip


class TestFirstRun:
    def test_first_account(self, portal: Portal) -> None:
        """The first visitor of an empty deployment creates the first account and is signed in."""
        client = portal.client()
        assert client.ok(client.get("/api/first-run")) == {"open": True}
        me = client.ok(client.post("/api/first-run", FIRST), 201)
        assert me["practices"][0]["name"] == "Harbour ITSM Consulting"
        assert client.ok(client.get("/api/me")) == me

    def test_once_only(self, portal: Portal) -> None:
        """A second first account is answered like an address that does not exist."""
        client = portal.client()
        client.post("/api/first-run", FIRST)
        again = client.post("/api/first-run", {**FIRST, "email": "other@harbour.example"})
        assert again.status_code == 404
        assert client.ok(client.get("/api/first-run")) == {"open": False}


class TestSignIn:
    def test_right_and_wrong(self, portal: Portal) -> None:
        """The right password opens a session; a wrong one and an unknown address are told alike."""
        portal.client().post("/api/first-run", FIRST)
        client = portal.client()
        wrong = client.post("/api/session", {"email": FIRST["email"], "password": "not the sentence"})
        unknown = client.post("/api/session", {"email": "nobody@harbour.example", "password": "not the sentence"})
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.get_json() == unknown.get_json()
        right = client.post("/api/session", {"email": "PRIYA@harbour.example", "password": FIRST["password"]})
        assert client.ok(right)["name"] == "Priya Nair"
        assert client.get("/api/me").status_code == 200

    def test_too_many(self, portal: Portal) -> None:
        """The eleventh try within a quarter of an hour is refused, and told when to come back."""
        client = portal.client()
        body = {"email": "nobody@harbour.example", "password": "x"}
        answers = [client.post("/api/session", body) for _ in range(11)]
        assert [a.status_code for a in answers] == [401] * 10 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0

    def test_sign_out(self, portal: Portal) -> None:
        """After signing out the session is gone on the server, not only the cookie."""
        user = portal.user("Marcus Webb")
        client = portal.client(user)
        cookie = client.http.get_cookie("sid")
        assert client.delete("/api/session").status_code == 204
        client.http.set_cookie("sid", cookie.value)
        assert client.get("/api/me").status_code == 401

    def test_idle(self, portal: Portal) -> None:
        """A session that lies idle for more than two hours has ended."""
        client = portal.client(portal.user("Marcus Webb"))
        portal.clock.forward(hours=2, seconds=1)
        assert client.get("/api/me").status_code == 401


class TestCodes:
    def test_enrol_and_sign_in(self, portal: Portal) -> None:
        """Once codes from an app are on, a password alone opens nothing, and each code works once."""
        import pyotp

        client = portal.client()
        client.ok(client.post("/api/first-run", FIRST), 201)
        offered = client.ok(client.post("/api/me/totp"), 201)
        assert offered["uri"].startswith("otpauth://totp/Certway:")
        app = pyotp.TOTP(offered["secret"])
        client.ok(client.post("/api/me/totp/confirm", {"code": app.at(portal.clock.now)}), 204)
        portal.clock.forward(minutes=5)
        body = {"email": FIRST["email"], "password": FIRST["password"]}
        assert client.post("/api/session", body).get_json()["type"] == "/problems/code-required"
        code = app.at(portal.clock.now)
        assert client.post("/api/session", {**body, "code": code}).status_code == 200
        assert client.post("/api/session", {**body, "code": code}).status_code == 401
