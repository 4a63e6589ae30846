"""A fault at every call on a store: the answer says so, nothing is half written, and repeating it doubles nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.actions import policy
from portal.api import dispatch
from portal.files.directory import DirectoryFiles
from portal.files.port import FilesFull
from portal.records.port import Busy, Exists, Full, Stale, TooBig, Write
from tests.support.evidence import House
from tests.support.portal import Client
from tests.support.review import Stage, enter, exchange, last_code
from tests.support.store_faults import FaultyPortal, Kept, Plan

Ask = Callable[[], TestResponse]
DONE = frozenset({200, 201, 202, 204})
KEY = "asked-once"


@dataclass
class Scene:
    """Hold a house with evidence, a prepared stage with an auditor inside, and a practice; and how all that was."""

    portal: FaultyPortal
    house: House
    stage: Stage
    grant: dict[str, Any]
    auditor: Client
    practice: str
    head: Client
    kept: Kept


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Build everything once."""
    portal = FaultyPortal(tmp_path_factory.mktemp("faults"))
    house = House(portal)
    house.accepted(items=["4.1-a"])
    stage = Stage(house)
    stage.prepare()
    grant = stage.let_in()
    auditor = enter(portal, grant["link"])
    practice, head = portal.practice(), portal.user("Priya Nair", "priya@harbour.example")
    portal.consultant(practice, head, policy.PRACTICE_OWNER)
    client = portal.client(head)
    for who in house.people:
        house.client(who)
    return Scene(portal, house, stage, grant, auditor, practice, client, portal.keep())


@pytest.fixture
def scene(built: Scene) -> Scene:
    """Begin from what was built."""
    built.portal.put_back(built.kept)
    return built


# How each use case is asked for; what comes first is arranged before the fault.


def create_evidence(s: Scene) -> Ask:
    body = {"title": "Plan", "kind": "document", "items": ["4.1-a"], "upload": s.house.upload("hannah")}
    return lambda: s.house.client("hannah").post(f"{s.house.base}/evidence", body, Idempotency_Key=KEY)


def add_version(s: Scene) -> Ask:
    piece, body = s.house.create("hannah"), {"upload": s.house.upload("hannah")}
    address = f"{s.house.base}/evidence/{piece['id']}/versions"
    return lambda: s.house.client("hannah").post(address, body, etag=piece["etag"], Idempotency_Key=KEY)


def submit(s: Scene) -> Ask:
    piece = s.house.create("hannah")
    return lambda: s.house.act("hannah", piece, "submit")


def accept(s: Scene) -> Ask:
    piece = s.house.client("hannah").ok(s.house.act("hannah", s.house.create("hannah"), "submit"))
    return lambda: s.house.act("marcus", piece, "accept")


def begin_upload(s: Scene) -> Ask:
    facts = {"filename": "plan.pdf", "length": 3, "sha256": "a" * 64}
    return lambda: s.house.client("hannah").post(f"{s.house.base}/uploads", facts, Idempotency_Key=KEY)


def send_bytes(s: Scene) -> Ask:
    target = s.house.client("hannah").ok(s.house.begin("hannah"), 201)
    return lambda: s.house.send(target)


def complete_upload(s: Scene) -> Ask:
    target = s.house.client("hannah").ok(s.house.begin("hannah"), 201)
    assert s.house.send(target).status_code == 204
    return lambda: s.house.complete("hannah", target["id"])


def download(s: Scene) -> Ask:
    piece = s.house.create("hannah")
    return lambda: s.house.client("viola").post(f"{s.house.base}/evidence/{piece['id']}/versions/1/download")


def rate(s: Scene) -> Ask:
    return lambda: s.house.client("marcus").put(f"{s.house.base}/requirements/4.1-a", {"rating": 2}, etag="0")


def start_step(s: Scene) -> Ask:
    return lambda: s.house.client("marcus").post(f"{s.house.base}/steps/1/start", {}, etag="1")


def pass_gate(s: Scene) -> Ask:
    claire, base = s.house.client("claire"), f"{s.house.base}/steps/2"
    etag = claire.ok(claire.post(f"{base}/start", {}, etag="1"))["etag"]
    return lambda: claire.post(f"{base}/pass", {"reason": "Agreed with the board"}, etag=etag)


def edit_programme(s: Scene) -> Ask:
    body = {"scope_statement": "The SMS of Northwind"}
    etag = s.stage.marcus.ok(s.stage.marcus.get(s.house.base))["etag"]
    return lambda: s.stage.marcus.patch(s.house.base, body, etag=etag)


def raise_finding(s: Scene) -> Ask:
    body = {"grade": "minor", "source": "gap", "clause": "8.6.1", "statement": "Found", "objective_evidence": "Seen"}
    return lambda: s.house.client("marcus").post(f"{s.house.base}/findings", body, Idempotency_Key=KEY)


def create_audit(s: Scene) -> Ask:
    body = {"kind": "internal", "start": "2026-11-10", "end": "2026-11-11"}
    return lambda: s.house.client("marcus").post(f"{s.house.base}/audits", body, Idempotency_Key=KEY)


def prepare_audit(s: Scene) -> Ask:
    second = Stage(s.house, "stage2")
    etag = second.audit()["etag"]
    return lambda: second.marcus.post(f"{second.address}/prepare", {}, etag=etag)


def create_grant(s: Scene) -> Ask:
    body = {"name": "Elena Rossi", "email": "elena.rossi@meridian.example"}
    return lambda: s.stage.marcus.post(f"{s.stage.address}/grants", body, Idempotency_Key=KEY)


def revoke_grant(s: Scene) -> Ask:
    return lambda: s.stage.revoke(s.grant)


def look(s: Scene) -> Ask:
    return lambda: s.auditor.get("/api/review/clauses/4.1")


def note(s: Scene) -> Ask:
    return lambda: s.auditor.put("/api/review/notes/4.1", {"text": "Ask for the minutes"})


def auditors_finding(s: Scene) -> Ask:
    body = {"grade": "area_of_concern", "clause": "4.1", "statement": "Found", "objective_evidence": "Seen"}
    return lambda: s.auditor.post("/api/review/findings", body, Idempotency_Key=KEY)


def conclude(s: Scene) -> Ask:
    etag = s.stage.audit()["etag"]
    body = {"text": "Seen", "recommendation": "proceed"}
    return lambda: s.auditor.put("/api/review/conclusion", body, etag=etag)


def enter_code(s: Scene) -> Ask:
    asked = exchange(s.portal, s.grant["link"]).get_json()["exchange"]
    body = {"exchange": asked, "code": last_code(s.portal)}
    return lambda: s.portal.client().post("/api/review/session/code", body)


def invite(s: Scene) -> Ask:
    body = {"name": "Ann", "email": "ann@northwind.example", "roles": ["viewer"]}
    address = f"/api/organisations/{s.house.org}/invitations"
    return lambda: s.house.client("claire").post(address, body, Idempotency_Key=KEY)


def accept_invitation(s: Scene) -> Ask:
    _, public_id, secret = invite(s)().get_json()["link"].split("#")[1].split(".")
    body = {"id": public_id, "secret": secret, "password": "a long enough sentence"}
    return lambda: s.portal.client().post("/api/invitations/accept", body)


def remove_member(s: Scene) -> Ask:
    address = f"/api/organisations/{s.house.org}/members/{s.house.id('otto')}"
    return lambda: s.house.client("claire").delete(address)


def new_client(s: Scene) -> Ask:
    body = {"name": "Osprey", "owner": {"name": "Ann", "email": "ann@osprey.example"}}
    return lambda: s.head.post(f"/api/practices/{s.practice}/clients", body, Idempotency_Key=KEY)


def create_programme(s: Scene) -> Ask:
    address = f"/api/organisations/{s.house.org}/programmes"
    return lambda: s.house.client("claire").post(address, {"name": "Second"}, Idempotency_Key=KEY)


def first_account(s: Scene) -> Ask:
    body = {"name": "Ann", "email": "ann@example.org", "password": "a long enough sentence", "kind": "practice",
            "organisation_name": "Harbour"}  # fmt: skip
    return lambda: s.portal.client().post("/api/first-run", body)


# What a use case answers when it is asked for again although it was done; 2xx: as if it were done only now.
AGAIN: dict[Callable[[Scene], Ask], set[int]] = {
    create_evidence: {201}, add_version: {201}, submit: {412}, accept: {412}, begin_upload: {201}, send_bytes: {204},
    complete_upload: {200}, rate: {412}, start_step: {412}, pass_gate: {412}, edit_programme: {412},
    raise_finding: {201}, create_audit: {201}, prepare_audit: {412}, create_grant: {201}, revoke_grant: {409},
    look: {200}, note: {412}, auditors_finding: {201}, conclude: {412}, enter_code: {401}, invite: {201},
    accept_invitation: {404}, remove_member: {404}, new_client: {201}, create_programme: {201}, first_account: {404},
}  # fmt: skip
# A look that was journalled and not shown is one more look when it is taken again.
LOOKS = {download: {200}}
CASES = {**AGAIN, **LOOKS}
Fault = tuple[Callable[[], Exception], int]
ANYWHERE: tuple[Fault, ...] = ((lambda: Busy("locked"), 503), (lambda: RuntimeError("broken"), 500))
FULL: dict[str, Fault] = {
    "commit": (lambda: Full("no room"), 507), "receive": (FilesFull, 507), "promote": (FilesFull, 507)
}  # fmt: skip
WRITES = ("commit", "receive", "promote")


def problem(answer: TestResponse, status: int) -> None:
    """Require one clear problem."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), answer.get_data(as_text=True)
    found = answer.get_json()
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]


@dataclass
class Case:
    """Hold how a use case is asked for, the calls it takes, and what is kept before and after it."""

    scene: Scene
    ask: Ask
    kept: Kept
    calls: list[str]
    before: Counter[str]
    after: Counter[str]
    files: set[str]

    def fails(self, plan: Plan, status: int) -> Counter[str]:
        """Ask while a call goes wrong; return what is kept then."""
        self.scene.portal.put_back(self.kept, plan)
        problem(self.ask(), status)
        self.scene.portal.faulty.plan = Plan()
        return self.scene.portal.tally()


@pytest.fixture(params=CASES, ids=lambda case: case.__name__)
def case(request: pytest.FixtureRequest, scene: Scene) -> Case:
    """Carry a use case out once without any fault."""
    ask, portal = request.param(scene), scene.portal
    kept, before = portal.keep(), portal.tally()
    plan = portal.put_back(kept)
    assert ask().status_code in DONE
    return Case(scene, ask, kept, list(plan.calls), before, portal.tally(), portal.stored())


@pytest.fixture
def again(request: pytest.FixtureRequest, case: Case) -> set[int]:
    """Return what the use case answers when it was done already."""
    return CASES[request.node.callspec.params["case"]]


def test_not_carried_out(case: Case, again: set[int]) -> None:
    """When a call is not carried out, either nothing was done and asking again does it, or all was done before."""
    done = max(number for number, name in enumerate(case.calls) if name in WRITES)
    for number, name in enumerate(case.calls):
        for error, status in (*ANYWHERE, *([FULL[name]] if name in FULL else [])):
            left = case.fails(Plan(number, error), status)
            assert left == (case.after if number > done else case.before), name
            assert case.ask().status_code in (again if number > done else DONE), name
            assert (case.scene.portal.tally(), case.scene.portal.stored()) == (case.after, case.files), name


def test_reply_lost(case: Case, again: set[int], request: pytest.FixtureRequest) -> None:
    """A write whose reply is lost is whole; asked again, it is known or out of date, and nothing is doubled."""
    writes = [number for number, name in enumerate(case.calls) if name in WRITES]
    for number in writes:
        left = case.fails(Plan(number, lambda: Busy("no reply"), after=True), 503)
        assert left == (case.after if number == writes[-1] else case.before)
        assert case.ask().status_code in (again if number == writes[-1] else DONE)
        if "download" not in request.node.name:  # a second look is a second look
            assert (case.scene.portal.tally(), case.scene.portal.stored()) == (case.after, case.files)


def test_unlucky_to_the_end(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who loses every race, for a record that changes or for one that comes into being, is told to try again."""
    ask, below = raise_finding(scene), scene.portal.faulty.below
    for error in (Stale, Exists):

        def lost(writes: Sequence[Write], error: Any = error) -> None:
            raise error(next(write.key for write in writes if write.kind == "REF"))

        with monkeypatch.context() as patched:
            patched.setattr(below, "commit", lost)
            patched.setattr(dispatch, "PAUSE", 0)
            answer = ask()
        problem(answer, 503)
        assert answer.headers["Retry-After"] == "1"
    assert ask().status_code == 201


def test_reading_needs_no_room(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk what needs no writing is still shown, long after the session last noted any activity."""
    marcus = scene.house.client("marcus")

    def full(_: Sequence[Write]) -> None:
        raise Full("no room")

    monkeypatch.setattr(scene.portal.faulty.below, "commit", full)
    scene.portal.clock.forward(minutes=10)
    for address in ("/overview", "/requirements", "/evidence", "/steps/1"):
        assert marcus.get(scene.house.base + address).status_code == 200
    problem(marcus.put(f"{scene.house.base}/requirements/4.1-a", {"rating": 2}, etag="0"), 507)


def test_too_big(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that the store cannot keep whole is refused as too large."""

    def refuse(_: Sequence[Write]) -> None:
        raise TooBig("400 kB")

    monkeypatch.setattr(scene.portal.faulty.below, "commit", refuse)
    problem(raise_finding(scene)(), 413)


def test_left_in_quarantine(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is stored counts as stored, even when its copy in quarantine cannot be removed."""
    ask = complete_upload(scene)

    def stuck(*_: Any) -> None:
        raise OSError("read-only")

    monkeypatch.setattr(DirectoryFiles, "discard", stuck)
    assert ask().status_code == 200
