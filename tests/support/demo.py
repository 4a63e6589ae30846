"""The demo with files of a few bytes, so that its whole story is told in seconds."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from portal.demo.data import load
from portal.demo.dates import shifted_name
from portal.demo.factory import Job
from portal.demo.info import DemoInfo
from tests.support.portal import Client, Portal


def tiny(job: Job) -> tuple[str, bytes]:
    """Return the name that a file of the demo has, and bytes that tell it apart."""
    entry = next(entry for entry in load(job.client)["evidence"] if entry["id"] == job.evidence)
    name = job.inside[3:] or shifted_name(job.file or entry["file"], timedelta(weeks=job.weeks))
    return name, str(job).encode()


def member(portal: Portal, info: DemoInfo, role: str) -> tuple[Client, str]:
    """Sign in as one of the printed accounts; return the client and the address of the first programme."""
    account = next(account for account in info.accounts if account.role == role)
    client = portal.client()
    me = client.ok(client.post("/api/session", {"email": account.email, "password": info.password}))
    first = me["organisations"][0]
    return client, f"/api/organisations/{first['id']}/programmes/{first['programmes'][0]['id']}"


def auditor(portal: Portal, info: DemoInfo, drain: object) -> Client:
    """Come in by the printed link with the code from the outbox folder."""
    assert info.door
    assert callable(drain)
    found = re.search(r"/review\.html#g\.([^.]+)\.(.+)$", info.link)
    assert found
    client = portal.client()
    link = {"id": found[1], "secret": found[2], "email": info.door.email}
    exchange = client.ok(client.post("/api/review/session", link), 202)["exchange"]
    drain(portal.services)
    code = re.search(r"^\d{8}$", newest_mail(portal.settings.data), re.M)
    assert code
    client.ok(client.post("/api/review/session/code", {"exchange": exchange, "code": code[0]}))
    return client


def newest_mail(folder: Path) -> str:
    """Return the last mail written to the outbox folder."""
    return max((folder / "outbox").iterdir(), key=lambda path: path.stat().st_mtime_ns).read_text()
