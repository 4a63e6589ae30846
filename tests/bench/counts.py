"""How many calls on the records each page makes, counted inside this process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from portal.actions.context import Services
from portal.actions.sessions import open_session
from portal.app import create_app
from tests.bench.seed import Seeded
from tests.support.counting import CountingRecords


def calls(services: Services, seeded: Seeded, pages: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for each page the calls it makes, those of the guard (session, membership) included."""
    counting = CountingRecords(services.records)
    browser = create_app(replace(services, records=counting)).test_client()
    user = seeded.user
    body = {"user": user["id"], "name": user["name"], "email": user["email"], "fresh_until": 0}
    token, write = open_session("sid", user["id"], body, int(services.clock().timestamp()))
    services.records.commit([write])
    browser.set_cookie("sid", token)
    counted = {}
    for name, path in pages.items():
        counting.reset()
        answer = browser.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        counted[name] = list(counting.calls)
    return counted
