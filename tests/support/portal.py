"""A whole portal on a temporary folder, with a clock that tests move, and people who can be signed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal import ids, settings
from portal.actions import policy, programmes
from portal.actions.context import Actor, Ctx, Event, Scope, Services
from portal.actions.sessions import open_session
from portal.actions.tenants import consultant_record, member_record, organisation_record
from portal.app import create_app
from portal.files.directory import DirectoryFiles
from portal.files.signing import Signer
from portal.records import keys
from portal.records.port import Insert, Record
from portal.records.sqlite import SqliteRecords

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Clock:
    """Tell a time that only tests move."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def epoch(self) -> int:
        return int(self.now.timestamp())

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


class Client:
    """Speak to the API as one signed-in person (or nobody): JSON both ways, the headers a page sends."""

    def __init__(self, client: FlaskClient, user: Mapping[str, Any] | None = None) -> None:
        self.http, self.user = client, user

    def send(
        self, method: str, path: str, body: Any = None, *, etag: str | None = None, **headers: str
    ) -> TestResponse:
        """Send one request; `etag` becomes If-Match; underscores in header names become dashes."""
        sent = {"X-Requested-By": "certway", **{k.replace("_", "-"): v for k, v in headers.items()}}
        if etag is not None:
            sent["If-Match"] = f'"{etag}"'
        data = None if body is None else json.dumps(body)
        return self.http.open(path, method=method, data=data, headers=sent, content_type="application/json")

    def get(self, path: str, **headers: str) -> TestResponse:
        """Send GET."""
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, *, etag: str | None = None, **headers: str) -> TestResponse:
        """Send POST."""
        return self.send("POST", path, body if body is not None else {}, etag=etag, **headers)

    def put(self, path: str, body: Any, *, etag: str | None = None, **headers: str) -> TestResponse:
        """Send PUT."""
        return self.send("PUT", path, body, etag=etag, **headers)

    def patch(self, path: str, body: Any, *, etag: str | None = None, **headers: str) -> TestResponse:
        """Send PATCH."""
        return self.send("PATCH", path, body, etag=etag, **headers)

    def delete(self, path: str, body: Any = None, *, etag: str | None = None, **headers: str) -> TestResponse:
        """Send DELETE."""
        return self.send("DELETE", path, body, etag=etag, **headers)

    def ok(self, response: TestResponse, status: int = 200) -> Any:
        """Return the JSON of an answer that must have this status."""
        assert response.status_code == status, response.get_data(as_text=True)
        return response.get_json() if response.data else None


class Portal:
    """Hold one deployment under test."""

    def __init__(self, folder: Path, clock: Clock | None = None, records: Any = None, **overrides: Any) -> None:
        self.clock = clock or Clock()
        self.settings = settings.load({}, data=folder, public_url="http://localhost", **overrides)
        kept = records or SqliteRecords(folder / "certway.sqlite", clock=self.clock.epoch)
        files = DirectoryFiles(folder / "files", Signer(self.settings.secret.encode()))
        self.services = Services(kept, files, self.settings, clock=self.clock)
        self.app = create_app(self.services)

    @property
    def records(self) -> Any:
        """Return the unscoped store."""
        return self.services.records

    def ctx(self, actor: Actor | None = None, **scope: str) -> Ctx:
        """Return a context that may do anything inside a scope, for arranging."""
        actor = actor or Actor("system", "System", via="system")
        ctx = Ctx(self.services, actor, Scope(**scope), policy.Ruling("test", frozenset({policy.ALWAYS})))
        if scope.get("programme"):
            ctx.head = self.records.get(keys.programme(scope["organisation"], scope["programme"]))
        return ctx

    def user(self, name: str, email: str | None = None) -> dict[str, Any]:
        """Create an account without a password (sign-in by `client`)."""
        ctx = self.ctx()
        user_id = ctx.new_id()
        email = email or f"{name.lower().replace(' ', '.')}@example.org"
        body = {"id": user_id, "name": name, "email": email, "password": None, "totp": None}
        address = keys.address(ids.keyed(self.settings.secret, "address", email.lower()))
        writes = (
            Insert(Record(keys.user(user_id), "USER", body)),
            Insert(Record(address, "ADDRESS", {"user": user_id})),
        )
        ctx.commit(Event("test:user", "user", user_id, name, "was created"), *writes, home=f"U#{user_id}")
        return body

    def organisation(self, name: str = "Northwind IT Services", **facts: Any) -> str:
        """Create an organisation without members."""
        org = ids.new_id(self.clock().timestamp())
        event = Event("test:organisation", "organisation", org, name, "was created")
        self.ctx(organisation=org).commit(event, Insert(organisation_record(org, name, **facts)))
        return org

    def member(self, org: str, user: Mapping[str, Any], *roles: str, portfolio: str | None = None) -> None:
        """Give a user roles in an organisation."""
        ctx = self.ctx(organisation=org)
        event = Event("test:member", "member", user["id"], user["name"], "joined")
        ctx.commit(event, Insert(member_record(ctx, org, user, roles, portfolio)), outside=(f"U#{user['id']}",))

    def practice(self, name: str = "Harbour ITSM Consulting") -> str:
        """Create a practice without consultants."""
        practice = ids.new_id(self.clock().timestamp())
        record = Record(keys.practice(practice), "PRACTICE", {"id": practice, "name": name})
        event = Event("test:practice", "practice", practice, name, "was created")
        self.ctx(practice=practice).commit(event, Insert(record))
        return practice

    def consultant(self, practice: str, user: Mapping[str, Any], role: str = policy.PRACTICE_CONSULTANT) -> None:
        """Make a user a consultant of a practice."""
        ctx = self.ctx(practice=practice)
        event = Event("test:consultant", "consultant", user["id"], user["name"], "joined")
        ctx.commit(event, Insert(consultant_record(ctx, practice, user, role)), outside=(f"U#{user['id']}",))

    def client(self, user: Mapping[str, Any] | None = None, *, fresh: bool = True) -> Client:
        """Return a client, signed in as a user; `fresh` when the identity was just confirmed."""
        client = Client(self.app.test_client(), user)
        if user is not None:
            until = self.clock.epoch() + 600 if fresh else 0
            body = {"user": user["id"], "name": user["name"], "email": user["email"], "fresh_until": until}
            token, write = open_session("sid", user["id"], body, self.clock.epoch())
            self.records.commit([write])
            client.http.set_cookie("sid", token)
        return client

    def programme(self, org: str, edition: str = "iso20000-1-2018", **facts: Any) -> str:
        """Open a programme of an organisation."""
        ctx = self.ctx(organisation=org)
        opened, writes = programmes.opening(ctx, org, edition=edition, **{"target_date": None, "sites": [], **facts})
        ctx.commit(Event("test:programme", "programme", opened, "Programme", "was opened"), *writes)
        return opened
