"""A thousand secrets on their way through the portal: kept as hashes, told to nobody else, and gone when delivered."""

from __future__ import annotations

import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from argon2 import PasswordHasher
from werkzeug.test import TestResponse

from portal import worker
from portal.actions import passwords
from tests.support.evidence import House
from tests.support.portal import Client, Portal
from tests.support.review import Stage, last_code, parts

PEOPLE, AUDITORS = 120, 100


@dataclass
class Canaries:
    """Hold every secret that was let out, by what it is, and every answer that was no success."""

    let_out: dict[str, list[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def new(self, kind: str) -> str:
        """Return a new secret that somebody types."""
        return self.seen(kind, f"canary {kind} {token_hex(12)}")

    def seen(self, kind: str, secret: str) -> str:
        """Remember a secret that the portal made."""
        self.let_out.setdefault(kind, []).append(secret)
        return secret

    def cookie(self, client: Client, name: str) -> None:
        """Remember the token of a session."""
        kept = client.http.get_cookie(name)
        assert kept
        self.seen("session token", kept.value)

    def refused(self, answer: TestResponse, status: int) -> None:
        """Keep a problem for later, which it must be."""
        assert answer.status_code == status, answer.get_data(as_text=True)
        self.problems.append(answer.get_data(as_text=True))

    def found_in(self, text: str, but: str = "") -> list[str]:
        """Return the kinds of the secrets that stand in a text; a code only where it stands alone."""
        kinds = (kind for kind in self.let_out if kind not in ("code", but))
        found = [kind for kind in kinds for secret in self.let_out[kind] if secret in text]
        alone = set(re.findall(r"(?:\\n|[^0-9A-Za-z_-]|^)(\d{8})(?=\\n|[^0-9A-Za-z_-]|$)", text))
        return found + ["code"] * len(alone & set(self.let_out["code"]))


@dataclass
class Scene:
    """Hold the portal through which the secrets went, and what the log says of it."""

    portal: Portal
    canaries: Canaries
    log: str = ""

    def rows(self, *kinds: str, but: bool = False) -> str:
        """Return all that is kept of records of some kinds, or of all but these."""
        marks = ",".join("?" * len(kinds))
        with closing(sqlite3.connect(self.portal.settings.data / "certway.sqlite")) as file:
            found = file.execute(f"SELECT * FROM records WHERE kind {'NOT' if but else ''} IN ({marks})", kinds)
            return "\n".join(str(row) for row in found)


def join(house: House, canaries: Canaries, number: int) -> None:
    """Invite somebody who mistypes everything once, joins, and later changes their password."""
    claire, email = house.client("claire"), f"person{number}@northwind.example"
    body = {"name": f"Person {number}", "email": email, "roles": ["viewer"]}
    address = f"/api/organisations/{house.org}/invitations"
    made = claire.ok(claire.post(address, body, Idempotency_Key=f"invite-{number:05d}"), 201)
    assert claire.ok(claire.post(address, body, Idempotency_Key=f"invite-{number:05d}"), 201)["link"] is None
    _, public_id, secret = made["link"].split("#")[1].split(".")
    canaries.seen("invitation secret", secret)
    guest, first, second = house.portal.client(), canaries.new("password"), canaries.new("password")
    wrong = {"id": public_id, "secret": canaries.new("wrong secret")}
    canaries.refused(guest.post("/api/invitations/lookup", wrong), 404)
    link = {"id": public_id, "secret": secret}
    guest.ok(guest.post("/api/invitations/accept", {**link, "password": first}))
    canaries.cookie(guest, "sid")
    canaries.refused(guest.post("/api/invitations/accept", {**link, "password": first}), 404)
    typed = {"email": email, "password": canaries.new("wrong password")}
    canaries.refused(guest.post("/api/session", typed), 401)
    canaries.refused(guest.post("/api/session", {**typed, "pasword": typed["password"]}), 422)
    canaries.refused(guest.post("/api/me/password", {"current": typed["password"], "new": second}), 422)
    canaries.refused(guest.post("/api/me/password", {"current": first, "new": [second]}), 422)
    assert guest.post("/api/me/password", {"current": first, "new": second}).status_code == 204


def come_in(stage: Stage, canaries: Canaries, number: int) -> None:
    """Let an auditor in who mistypes everything once."""
    portal, email = stage.house.portal, f"auditor{number}@meridian.example"
    facts = {"name": f"Auditor {number}", "email": email}
    address, key = f"{stage.address}/grants", f"grant-{number:05d}"
    link = stage.marcus.ok(stage.marcus.post(address, facts, Idempotency_Key=key), 201)["link"]
    assert stage.marcus.ok(stage.marcus.post(address, facts, Idempotency_Key=key), 201)["link"] is None
    canaries.seen("grant secret", parts(link)["secret"])
    auditor = portal.client()
    asked = auditor.ok(auditor.post("/api/review/session", {**parts(link), "email": email}), 202)
    token = canaries.seen("exchange", asked["exchange"])
    code = canaries.seen("code", last_code(portal))
    other = f"{(int(code) + 1) % 10**8:08d}"
    canaries.refused(auditor.post("/api/review/session/code", {"exchange": token, "code": other}), 401)
    canaries.refused(auditor.post("/api/review/session/code", {"exchange": token, "code": code, "x": code}), 422)
    assert auditor.post("/api/review/session/code", {"exchange": token, "code": code}).status_code == 200
    canaries.cookie(auditor, "rid")
    canaries.refused(auditor.post("/api/review/session/code", {"exchange": token, "code": code}), 401)


def break_down(house: House, canaries: Canaries, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a sign-in, an invitation and the delivery of mail break in the middle, so that the log tells of them."""
    portal, records = house.portal, house.portal.records

    def broken(*_: Any) -> None:
        raise RuntimeError("the disk has gone")

    with monkeypatch.context() as patched:
        patched.setattr(records, "commit", broken)
        typed = {"email": "person1@northwind.example", "password": canaries.let_out["password"][1]}
        canaries.refused(portal.client().post("/api/session", typed), 500)
        body = {"name": "Ann", "email": "ann@northwind.example", "roles": ["viewer"]}
        canaries.refused(house.client("claire").post(f"/api/organisations/{house.org}/invitations", body), 500)
    with monkeypatch.context() as patched:
        object.__setattr__(portal.settings, "smtp", "smtp://operator:mail-password@127.0.0.1:1")
        worker.drain(portal.services)
        object.__setattr__(portal.settings, "smtp", "")
    portal.clock.forward(seconds=worker.LEASE)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Send everybody through the portal once, with what they type and what they are told."""
    with pytest.MonkeyPatch.context() as patched:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(passwords, "_hasher", lambda: cheap)
        portal, canaries, log = Portal(tmp_path_factory.mktemp("secrets")), Canaries(), Log()
        logging.getLogger().addHandler(log)
        house = House(portal)
        stage = Stage(house)
        stage.prepare()
        for number in range(PEOPLE):
            join(house, canaries, number)
        for number in range(AUDITORS):
            come_in(stage, canaries, number)
        break_down(house, canaries, patched)
        logging.getLogger().removeHandler(log)
        yield Scene(portal, canaries, log.text)
        portal.records.close()


class Log(logging.Handler):
    """Keep everything that is logged, tracebacks included."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += self.format(record) + "\n"


def test_a_thousand(scene: Scene) -> None:
    """There are at least a thousand different secrets of every kind, so that not finding them says something."""
    let_out = scene.canaries.let_out
    assert set(let_out) == {"password", "wrong password", "wrong secret", "invitation secret", "grant secret", "code",
                            "exchange", "session token"}  # fmt: skip
    assert len({secret for secrets in let_out.values() for secret in secrets}) >= 1_000
    both = f"a {let_out['password'][7]}, a\\n\\n{let_out['code'][3]}\\n"
    assert scene.canaries.found_in(both) == ["password", "code"]


@pytest.mark.parametrize("kind", ["EVENT", "ONCE"])
def test_journal_and_repeated_requests(scene: Scene, kind: str) -> None:
    """No event of any journal and no record of a repeated request holds a secret."""
    kept = scene.rows(kind)
    assert kept.count("\n") > AUDITORS
    assert scene.canaries.found_in(kept) == []


def test_problems(scene: Scene) -> None:
    """No problem gives back what was typed, be it right, nearly right, or in the wrong field."""
    assert len(scene.canaries.problems) > 5 * PEOPLE
    assert scene.canaries.found_in("\n".join(scene.canaries.problems)) == []


def test_log(scene: Scene) -> None:
    """What breaks is logged with its traceback and without anything that somebody typed or was sent."""
    assert "the disk has gone" in scene.log
    assert "task mail failed" in scene.log
    assert scene.canaries.found_in(scene.log) == []
    assert "mail-password" not in scene.log


def test_records(scene: Scene) -> None:
    """Beside the mails that wait, no record holds a secret: what has to be known again is kept as a hash."""
    assert scene.canaries.found_in(scene.rows("OUT", but=True)) == []
    waiting = scene.canaries.found_in(scene.rows("OUT"))
    assert set(waiting) == {"invitation secret", "grant secret", "code"}


def test_delivered(scene: Scene) -> None:
    """A mail that is delivered leaves nothing behind: not a record, and not a byte in the file or beside it."""
    while worker.drain(scene.portal.services):
        pass
    assert scene.rows("OUT") == ""
    outbox = scene.portal.settings.data / "outbox"
    assert len(list(outbox.iterdir())) == PEOPLE + 2 * AUDITORS
    assert {path.stat().st_mode & 0o777 for path in outbox.iterdir()} == {0o600}
    scene.portal.records.close()
    for path in Path(scene.portal.settings.data).glob("certway.sqlite*"):
        assert scene.canaries.found_in(path.read_bytes().decode("latin-1")) == [], path.name
