"""Several people on the same object at the same moment: one after the other in effect, and nothing lost or doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

import pytest
from werkzeug.test import TestResponse

from portal import catalogue, ids
from portal.actions import tries
from portal.actions.errors import TooMany
from portal.records import keys
from portal.records.port import EVENT, Insert, Write
from portal.records.sqlite import SqliteRecords
from tests.support.evidence import House
from tests.support.meddling import MeddlingRecords
from tests.support.portal import Client, Clock, Portal
from tests.support.review import Stage, enter, exchange, last_code
from tests.support.together import statuses, together

EDITION = catalogue.load("iso20000-1-2018")
ITEMS = [item.id for item in EDITION.items]
CLAUSE = [item.id for item in next(clause.items for clause in EDITION.assessable if len(clause.items) >= 6)][:6]


@pytest.fixture
def house(portal: Portal) -> House:
    """Give an organisation with people."""
    return House(portal)


def crowd(house: House, size: int, role: str = "sms_manager") -> list[Client]:
    """Return the clients of further members with one role."""
    people = [house.portal.user(f"Member {n}", f"member{n}@northwind.example") for n in range(size)]
    for person in people:
        house.portal.member(house.org, person, role)
    return [house.portal.client(person) for person in people]


def events(house: House, what: str) -> int:
    """Count the events of a kind in the organisation's journal."""
    page = house.portal.records.query(keys.event(f"O#{house.org}", house.portal.clock(), "").partition, limit=None)
    return sum(record.body["what"] == what for record in page.records)


class TestRatings:
    def test_items_of_one_clause(self, house: House) -> None:
        """Six people who rate six items of a clause that nobody has rated all succeed, and every rating is kept."""
        people = crowd(house, len(CLAUSE))
        answers = together(*(_rating(house, person, item) for person, item in zip(people, CLAUSE, strict=True)))
        assert statuses(answers) == [200] * 6
        kept = people[0].ok(people[0].get(f"{house.base}/requirements?clause={CLAUSE[0].rsplit('-', 1)[0]}"))
        assert kept["counts"]["rated"] == events(house, "requirement:rated") == 6

    def test_the_same_item(self, house: House) -> None:
        """Of two who rate the same item from the same page one succeeds, the other learns that it has changed."""
        for item in ITEMS[:8]:
            answers = together(*(_rating(house, house.client(who), item) for who in ("marcus", "claire")))
            assert statuses(answers) == [200, 412]
        assert events(house, "requirement:rated") == 8


def _rating(house: House, client: Client, item: str) -> Callable[[], Any]:
    return lambda: client.put(f"{house.base}/requirements/{item}", {"rating": 2}, etag="0")


class TestEvidence:
    def test_accept_and_return(self, house: House) -> None:
        """Of accepting and returning the same evidence at once one happens; the counters tell the same."""
        for _ in range(6):
            piece = house.client("hannah").ok(house.act("hannah", house.create("hannah"), "submit"))
            marcus, claire = house.client("marcus"), house.client("claire")
            address = f"{house.base}/evidence/{piece['id']}"
            answers = together(
                lambda a=address, p=piece, c=marcus: c.post(f"{a}/accept", {}, etag=p["etag"]),
                lambda a=address, p=piece, c=claire: c.post(f"{a}/return", {"reason": "No date"}, etag=p["etag"]),
            )
            assert statuses(answers) == [200, 412]
            won = next(answer.get_json() for answer in answers if answer.status_code == 200)
            assert marcus.ok(marcus.get(address))["state"] == won["state"]
        counts = marcus.ok(marcus.get(f"{house.base}/evidence"))["counts"]
        assert counts["accepted"] + counts["returned"] == counts["total"] == 6
        assert counts["accepted"] == events(house, "evidence:accepted")

    def test_an_upload_is_used_once(self, house: House) -> None:
        """Eight who use one upload at once make one piece of evidence."""
        upload = house.upload("hannah")
        body = {"title": "Plan", "kind": "document", "upload": upload}
        hannah = [house.portal.client(house.people["hannah"]) for _ in range(8)]
        answers = together(*(lambda c=client: c.post(f"{house.base}/evidence", body) for client in hannah))
        assert statuses(answers) == [201] + [409] * 7


class Ordered(MeddlingRecords):
    """Remember which events were committed, in the order in which they were."""

    def __init__(self, records: Any) -> None:
        super().__init__(records)
        self.order: list[str] = []
        self._turn = Lock()

    def commit(self, writes: Sequence[Write]) -> None:
        what = [w.record.body["what"] for w in writes if isinstance(w, Insert) and w.kind == EVENT]
        if self.meddle:  # what comes in between commits as well
            super().commit(writes)
            self.order += what
            return
        with self._turn:
            super().commit(writes)
            self.order += what


LAST = "4.3-b"


@pytest.fixture
def gated(tmp_path: Path) -> Iterator[tuple[House, Ordered]]:
    """Give an organisation in which one item alone still needs evidence before step 4 can be passed."""
    clock = Clock()
    records = Ordered(SqliteRecords(tmp_path / "certway.sqlite", clock=clock.epoch))
    house = House(Portal(tmp_path, clock, records))
    marcus = house.client("marcus")
    for item in EDITION.items:
        if item.explicit and item.step <= 4 and item.id != LAST and item.documentation in ("document", "both"):
            body = {"rating": "did_not_occur", "note": "Outside the scope"}
            marcus.ok(marcus.put(f"{house.base}/requirements/{item.id}", body, etag="0"))
    marcus.ok(marcus.post(f"{house.base}/steps/4/start", {}, etag="1"))
    yield house, records
    records.close()


def passing(house: House) -> TestResponse:
    """Pass the gate of step 4 on what is read now."""
    marcus = house.client("marcus")
    etag = marcus.ok(marcus.get(f"{house.base}/steps/4"))["etag"]
    return marcus.post(f"{house.base}/steps/4/pass", {}, etag=etag)


def taken_away(house: House, piece: Mapping[str, Any]) -> TestResponse:
    """Change what the reviewer relied on, so that evidence is a draft again."""
    return house.client("hannah").patch(f"{house.base}/evidence/{piece['id']}", {"kind": "record"}, etag=piece["etag"])


class TestGate:
    def test_just_before(self, gated: tuple[House, Ordered]) -> None:
        """A gate whose evidence is taken away between the decision and its commit is decided anew, and not passed."""
        house, records = gated
        piece = house.accepted(items=[LAST])
        records.before("step:gate-passed", lambda: taken_away(house, piece))
        answer = passing(house)
        assert answer.status_code == 409
        assert [blocker["code"] for blocker in answer.get_json()["blockers"]] == ["document:4.3"]
        assert "step:gate-passed" not in records.order

    def test_at_once(self, gated: tuple[House, Ordered]) -> None:
        """A gate whose evidence is taken away at the same moment is passed before that, or not at all."""
        house, records = gated
        for _ in range(8):
            piece = house.accepted(items=[LAST])
            records.order.clear()
            passed, taken = together(lambda: passing(house), lambda p=piece: taken_away(house, p))
            assert taken.status_code == 200
            order = [what for what in records.order if what in ("step:gate-passed", "evidence:edited")]
            assert order == (
                ["step:gate-passed", "evidence:edited"] if passed.status_code == 200 else ["evidence:edited"]
            )
            assert passed.status_code in (200, 409)
            if passed.status_code == 200:
                again = {"reason": "Once more"}
                claire = house.client("claire")
                claire.ok(claire.post(f"{house.base}/steps/4/reopen", again, etag=passed.get_json()["etag"]))


class TestMembers:
    def test_two_owners(self, house: House) -> None:
        """Of two owners who remove each other, or both leave, one stays."""
        people = f"/api/organisations/{house.org}/members"
        for number in range(6):
            other = house.portal.user(f"Owner {number}", f"owner{number}@northwind.example")
            house.portal.member(house.org, other, "owner")
            claire, second = house.portal.client(house.people["claire"]), house.portal.client(other)
            ids_of = (house.id("claire"), other["id"])
            crossed = ids_of[::-1] if number % 2 else ids_of  # each the other, or each themselves
            answers = together(
                lambda c=claire, i=crossed[0]: c.delete(f"{people}/{i}"),
                lambda c=second, i=crossed[1]: c.delete(f"{people}/{i}"),
            )
            assert statuses(answers)[0] == 204
            owners = house.portal.records.query(f"O#{house.org}", prefix="MEMBER#", limit=None).records
            left = [record for record in owners if "owner" in record.body["roles"]]
            assert len(left) == 1
            if left[0].body["user"] != house.id("claire"):
                house.portal.member(house.org, house.people["claire"], "owner")
                assert house.portal.client(house.people["claire"]).delete(f"{people}/{other['id']}").status_code == 204

    def test_one_link_one_member(self, house: House) -> None:
        """Eight who take up one invitation at once make one account, one membership and one session."""
        claire = house.client("claire")
        invited = {"name": "Ann", "email": "ann@northwind.example", "roles": ["viewer"]}
        made = claire.ok(claire.post(f"/api/organisations/{house.org}/invitations", invited), 201)
        _, invitation, secret = made["link"].split("#")[1].split(".")
        body = {"id": invitation, "secret": secret, "password": "a long enough sentence"}
        answers = together(*(lambda: house.portal.client().post("/api/invitations/accept", body) for _ in range(8)))
        assert statuses(answers)[0] == 200
        assert set(statuses(answers)[1:]) <= {404, 409}
        assert events(house, "member:joined") == 1

    def test_first_account(self, portal: Portal) -> None:
        """Eight first visitors at once create one account."""
        body = {"email": "ann@example.org", "password": "a long enough sentence", "kind": "practice",
                "organisation_name": "Harbour"}  # fmt: skip
        asked = ({**body, "name": f"Ann {n}", "email": f"ann{n}@example.org"} for n in range(8))
        answers = together(*(lambda b=one: portal.client().post("/api/first-run", b) for one in asked))
        assert statuses(answers) == [201] + [404] * 7


class TestOnce:
    CREATING: ClassVar[dict[str, dict[str, Any]]] = {
        "evidence": {"title": "Plan", "kind": "document"},
        "findings": {"grade": "minor", "source": "internal_audit", "clause": "8.6.1", "statement": "Found",
                     "objective_evidence": "Seen"},
        "audits": {"kind": "internal", "start": "2026-11-10", "end": "2026-11-11"},
        "uploads": {"filename": "plan.pdf", "length": 3, "sha256": "a" * 64},
    }  # fmt: skip

    @pytest.mark.parametrize("what", CREATING)
    def test_double_submit(self, house: House, what: str) -> None:
        """Ten equal requests with one key at once create one thing, and all are told the same."""
        people = [house.portal.client(house.people["marcus"]) for _ in range(10)]
        answers = together(*(_creating(house, person, what, self.CREATING[what]) for person in people))
        assert statuses(answers) == [201] * 10
        assert len({answer.get_data() for answer in answers}) == 1
        assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 9

    def test_other_body(self, house: House) -> None:
        """Of two different requests with one key at once, one creates, the other is told to take another key."""
        for number in range(6):
            marcus = house.client("marcus")
            bodies = [{"title": f"{word} {number}", "kind": "document"} for word in ("One", "Other")]
            key = f"one-key-{number}"
            answers = together(*(_creating(house, marcus, "evidence", body, key) for body in bodies))
            assert statuses(answers) == [201, 422]


def _creating(
    house: House, client: Client, what: str, body: Any, key: str = "pressed-twice"
) -> Callable[[], TestResponse]:
    return lambda: client.post(f"{house.base}/{what}", body, Idempotency_Key=key)


class TestFindings:
    def test_references(self, house: House) -> None:
        """Findings raised by eight people at once have eight references, without a gap."""
        people = crowd(house, 8, "internal_auditor")
        raised = TestOnce.CREATING["findings"]
        answers = together(*(lambda c=c: c.post(f"{house.base}/findings", raised) for c in people))
        assert statuses(answers) == [201] * 8
        assert sorted(answer.get_json()["ref"] for answer in answers) == [f"IA-{n:02d}" for n in range(1, 9)]


class TestRevoke:
    """A grant that is revoked lets nothing through any more, wherever the auditor's request stands at that moment."""

    ACTS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("write", "review:noted"), ("download", "review:downloaded"), ("look", "review:viewed"),
        ("find", "finding:raised"), ("conclude", "audit:concluded"),
    )  # fmt: skip

    def test_hundred_interleavings(self, tmp_path: Path) -> None:
        """In a hundred races of a revocation with each kind of act, nothing is written or given after it."""
        clock = Clock()
        records = Ordered(SqliteRecords(tmp_path / "certway.sqlite", clock=clock.epoch))
        house = House(Portal(tmp_path, clock, records))
        piece = house.accepted(items=["4.1-a"])
        stage = Stage(house)
        stage.prepare()
        for number in range(100):
            act, event = self.ACTS[number % len(self.ACTS)]
            grant = stage.let_in()
            auditor = enter(house.portal, grant["link"])
            records.order.clear()
            answer, revoked = together(
                lambda a=act, c=auditor, n=number: _act(c, a, piece, n), lambda g=grant: stage.revoke(g)
            )
            assert revoked.status_code == 200
            done = answer.status_code in (200, 201)
            assert done or answer.status_code in (401, 404), answer.get_data(as_text=True)
            # The revocation is the last that happens under this grant; what is refused has left nothing.
            assert records.order == ([event, "grant:revoked"] if done else ["grant:revoked"]), act
            if act == "download" and done:
                assert house.portal.app.test_client().get(answer.get_json()["url"]).status_code == 404
            assert _act(auditor, act, piece, number).status_code == 401
        records.close()


def _act(auditor: Client, act: str, piece: Mapping[str, Any], number: int) -> TestResponse:
    if act == "write":
        return auditor.put("/api/review/notes/4.1", {"text": "Ask for the minutes"})
    if act == "download":
        return auditor.post(f"/api/review/evidence/{piece['id']}/versions/1/download", {})
    if act == "look":
        return auditor.get("/api/review/clauses/4.1")
    if act == "find":
        body = {"grade": "area_of_concern", "clause": "4.1", "statement": f"Found {number}",
                "objective_evidence": "Seen"}  # fmt: skip
        return auditor.post("/api/review/findings", body)
    return auditor.put("/api/review/conclusion", {"text": f"Seen {number}", "recommendation": "not_ready"})


class TestLimits:
    def test_tries(self, portal: Portal) -> None:
        """Fifty tries at once under a limit of seven: seven are let through, and the next window begins anew."""
        for _ in range(3):
            let = together(*(lambda: _try(portal) for _ in range(50)))
            assert sum(let) == 7
            portal.clock.forward(seconds=60)

    def test_sign_in(self, portal: Portal) -> None:
        """Fifty sign-ins at once under a limit of ten: ten are looked at, forty are refused."""
        body = {"email": "nobody@example.org", "password": "not the sentence"}
        answers = together(*(lambda: portal.client().post("/api/session", body) for _ in range(50)))
        assert statuses(answers) == [401] * 10 + [429] * 40

    def test_codes(self, house: House) -> None:
        """Of fifty wrong codes at once five count, after which the right one is refused as well."""
        stage = Stage(house)
        stage.prepare()
        link = stage.let_in()["link"]
        asked = exchange(house.portal, link).get_json()["exchange"]
        right = last_code(house.portal)
        wrong = [f"{n:08d}" for n in range(50) if f"{n:08d}" != right]
        enter_with = lambda code: house.portal.client().post(  # noqa: E731
            "/api/review/session/code", {"exchange": asked, "code": code}
        )
        answers = together(*(lambda c=code: enter_with(c) for code in wrong))
        assert set(statuses(answers)) <= {401, 503}
        counted = house.portal.records.get(keys.code(ids.digest(asked))).body["tries"]
        assert counted == 5
        assert enter_with(right).status_code == 401

    def test_the_right_code_once(self, house: House) -> None:
        """Ten who send the right code at once open one session."""
        stage = Stage(house)
        stage.prepare()
        grant = stage.let_in()
        body = {"exchange": exchange(house.portal, grant["link"]).get_json()["exchange"],
                "code": last_code(house.portal)}  # fmt: skip
        answers = together(*(lambda: house.portal.client().post("/api/review/session/code", body) for _ in range(10)))
        assert statuses(answers) == [200] + [401] * 9


def _try(portal: Portal) -> bool:
    try:
        tries.count(portal.services, "test", "somebody", limit=7, window=60)
    except TooMany:
        return False
    return True
