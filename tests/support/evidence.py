"""An organisation with one programme and the people who put evidence in and judge it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from tests.support.portal import Client, Portal

PLAN = b"%PDF-1.7\nCapacity plan, version 1\n"


def sha256(content: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


class House:
    """Hold one organisation: Marcus manages, Hannah owns processes, Claire leads it, Viola only reads."""

    def __init__(self, portal: Portal, name: str = "Northwind IT Services") -> None:
        self.portal = portal
        self.org = portal.organisation(name)
        self.programme = portal.programme(self.org)
        tag = name.split()[0].lower()
        self.people = {first: portal.user(full, f"{first}@{tag}.example") for first, full in _NAMES.items()}
        for first, role in _ROLES.items():
            portal.member(self.org, self.people[first], role)
        self._clients: dict[str, Client] = {}

    @property
    def base(self) -> str:
        """Return the address of the programme."""
        return f"/api/organisations/{self.org}/programmes/{self.programme}"

    def id(self, first: str) -> str:
        """Return the user id of a person."""
        return str(self.people[first]["id"])

    def client(self, first: str) -> Client:
        """Return the client of a person, signed in."""
        if first not in self._clients:
            self._clients[first] = self.portal.client(self.people[first])
        return self._clients[first]

    def begin(self, who: str, content: bytes = PLAN, filename: str = "plan.pdf", **other: Any) -> TestResponse:
        """Announce a file."""
        facts = {"filename": filename, "length": len(content), "sha256": sha256(content), **other}
        return self.client(who).post(f"{self.base}/uploads", facts)

    def send(self, target: Mapping[str, Any], content: bytes = PLAN, **how: Any) -> TestResponse:
        """Send bytes to the address of an upload, as a browser without any session does."""
        client = self.portal.app.test_client()
        return client.open(target["url"], method=target["method"], data=content, headers=target["headers"], **how)

    def complete(self, who: str, upload: str) -> TestResponse:
        """Complete an upload."""
        return self.client(who).post(f"{self.base}/uploads/{upload}/complete")

    def upload(self, who: str, content: bytes = PLAN, filename: str = "plan.pdf") -> str:
        """Upload a file and return the upload's id."""
        target = self.client(who).ok(self.begin(who, content, filename), 201)
        assert self.send(target, content).status_code == 204
        self.client(who).ok(self.complete(who, target["id"]))
        return str(target["id"])

    def create(self, who: str, *, file: bool = True, **facts: Any) -> dict[str, Any]:
        """Put evidence in."""
        body = {"title": "Capacity plan", "kind": "document", **facts}
        if file:
            body["upload"] = self.upload(who)
        return dict(self.client(who).ok(self.client(who).post(f"{self.base}/evidence", body), 201))

    def act(self, who: str, piece: Mapping[str, Any], action: str, body: Any = None) -> TestResponse:
        """Submit, accept, return or add a version, on what is known of the evidence."""
        address = f"{self.base}/evidence/{piece['id']}/{action}"
        return self.client(who).post(address, body, etag=piece["etag"])

    def accepted(self, **facts: Any) -> dict[str, Any]:
        """Return evidence that Hannah put in and Marcus accepted."""
        piece = self.create("hannah", **facts)
        piece = self.client("hannah").ok(self.act("hannah", piece, "submit"))
        return dict(self.client("marcus").ok(self.act("marcus", piece, "accept")))


_NAMES = {"marcus": "Marcus Webb", "hannah": "Hannah Osei", "claire": "Claire Dubois", "viola": "Viola Reyes",
          "otto": "Otto Lindqvist"}  # fmt: skip
_ROLES = {"marcus": "sms_manager", "hannah": "process_owner", "claire": "owner", "viola": "viewer",
          "otto": "process_owner"}  # fmt: skip
