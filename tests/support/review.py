"""A stage that is opened to a certification body's auditor, and that auditor."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from werkzeug.test import TestResponse

from portal.records import keys
from tests.support.evidence import House
from tests.support.portal import Client, Portal

AUDITOR = {"name": "Elena Rossi", "email": "elena.rossi@meridian.example"}


def mails(portal: Portal) -> list[Mapping[str, Any]]:
    """Return the mails that wait in the outbox, oldest first."""
    shards = (portal.records.query(keys.outbox_shard(n).partition, index=1, limit=None) for n in range(keys.OUT_SHARDS))
    found = [record for page in shards for record in page.records if record.body["task"] == "mail"]
    return [record.body for record in sorted(found, key=lambda record: record.key.sort)]


def last_code(portal: Portal) -> str:
    """Return the one-time code of the latest mail that holds one."""
    codes = [found[0] for mail in mails(portal) if (found := re.findall(r"^\d{8}$", mail["text"], re.MULTILINE))]
    return str(codes[-1])


class Stage:
    """Hold one prepared stage of a house, with the grants made for it."""

    def __init__(self, house: House, kind: str = "stage1", **facts: Any) -> None:
        self.house, self.kind = house, kind
        body = {"kind": kind, "start": "2026-11-09", "end": "2026-11-10", "lead_auditor": "Elena Rossi", **facts}
        self.marcus = house.client("marcus")
        self.id = self.marcus.ok(self.marcus.post(f"{house.base}/audits", body), 201)["id"]

    @property
    def address(self) -> str:
        """Return the address of the audit."""
        return f"{self.house.base}/audits/{self.id}"

    def audit(self) -> dict[str, Any]:
        """Read the audit."""
        return dict(self.marcus.ok(self.marcus.get(self.address)))

    def prepare(self) -> dict[str, Any]:
        """Freeze the stage."""
        return dict(self.marcus.ok(self.marcus.post(f"{self.address}/prepare", etag=self.audit()["etag"])))

    def let_in(self, **facts: Any) -> dict[str, Any]:
        """Make a grant; its `link` is in the answer."""
        return dict(self.marcus.ok(self.marcus.post(f"{self.address}/grants", {**AUDITOR, **facts}), 201))

    def revoke(self, grant: Mapping[str, Any]) -> TestResponse:
        """End a grant."""
        return self.marcus.post(f"{self.house.base}/grants/{grant['id']}/revoke", {"reason": "The audit is over"})

    def conclude(self, recommendation: str, **grant: Any) -> dict[str, Any]:
        """Let an auditor in who concludes the stage."""
        auditor = enter(self.house.portal, self.let_in(**grant)["link"])
        body = {"text": "Seen and sampled.", "recommendation": recommendation}
        return dict(auditor.ok(auditor.put("/api/review/conclusion", body)))


def parts(link: str) -> dict[str, str]:
    """Return what the page sends of a link."""
    _, public_id, secret = link.split("#")[1].split(".")
    return {"id": public_id, "secret": secret}


def exchange(portal: Portal, link: str, email: str = AUDITOR["email"]) -> TestResponse:
    """Exchange a link for a one-time code."""
    return portal.client().post("/api/review/session", {**parts(link), "email": email})


def enter(portal: Portal, link: str, email: str = AUDITOR["email"]) -> Client:
    """Return the client of an auditor who has come in."""
    auditor = portal.client()
    asked = auditor.ok(exchange(portal, link, email), 202)
    body = {"exchange": asked["exchange"], "code": last_code(portal)}
    assert auditor.ok(auditor.post("/api/review/session/code", body)) == {"ok": True}
    return auditor


def holding(portal: Portal, text: str) -> set[str]:
    """Return the kinds of the stored records that hold a text."""
    with closing(sqlite3.connect(portal.settings.data / "certway.sqlite")) as file:
        return {kind for (kind,) in file.execute("SELECT kind FROM records WHERE instr(body, ?)", (text,))}
