"""The review room: coming in by link and code, what is seen there, and when it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from portal import ids
from portal.actions.context import Event
from portal.records import keys
from portal.records.port import Full, Replace
from portal.records.sqlite import SqliteRecords
from tests.support.evidence import PLAN, House
from tests.support.meddling import MeddlingRecords
from tests.support.portal import Client, Clock, Portal
from tests.support.review import AUDITOR, Stage, enter, exchange, holding, last_code, mails, parts

CONCERN = {
    "grade": "area_of_concern", "clause": "4.1", "items": ["4.1-a"], "statement": "The issues are not reviewed.",
    "objective_evidence": "Context note of October; no date for the next look.",
}  # fmt: skip
READY = {"text": "Ready.", "recommendation": "proceed"}


@pytest.fixture
def house(portal: Portal) -> House:
    """Give an organisation with people."""
    return House(portal)


@pytest.fixture
def stage(house: House) -> Stage:
    """Give Stage 1, prepared with one piece of evidence for 4.1 and 4.3."""
    house.accepted(title="Context note", items=["4.1-a", "4.3-a"])
    made = Stage(house)
    made.prepare()
    return made


@pytest.fixture
def auditor(stage: Stage) -> Client:
    """Give the auditor of Stage 1, inside."""
    return enter(stage.house.portal, stage.let_in()["link"])


@pytest.fixture
def meddled(tmp_path: Path) -> Iterator[Stage]:
    """Give Stage 1 on records that can be meddled with."""
    clock = Clock()
    records = MeddlingRecords(SqliteRecords(tmp_path / "certway.sqlite", clock=clock.epoch))
    house = House(Portal(tmp_path, clock, records))
    house.accepted(title="Context note", items=["4.1-a"])
    made = Stage(house)
    made.prepare()
    yield made
    records.close()


def evidence_of(auditor: Client, clause: str = "4.1") -> list[dict]:
    """Return the evidence of a clause as the auditor sees it."""
    shown = auditor.ok(auditor.get(f"/api/review/clauses/{clause}"))
    return [piece for item in shown["items"] for piece in item["evidence"]]


def download(auditor: Client, piece: dict, version: int = 1) -> TestResponse:
    """Ask for a file."""
    return auditor.post(f"/api/review/evidence/{piece['id']}/versions/{version}/download")


def fetch(portal: Portal, url: str) -> tuple[int, bytes]:
    """Fetch a file's address without any session."""
    with portal.app.test_client().get(url) as answer:
        return answer.status_code, answer.data


def events(stage: Stage) -> list[str]:
    """Return what the journal holds of this month."""
    page = stage.house.portal.records.query(f"O#{stage.house.org}#J#202611", limit=None)
    return [record.body["what"] for record in page.records]


def everywhere(auditor: Client, piece: dict, finding: str) -> list[int]:
    """Return the answers of every route of the room."""
    judge = {"action": "withdraw", "reason": "No."}
    answers = [
        auditor.get("/api/review"), auditor.get("/api/review/clauses/4.1"), auditor.get("/api/review/findings"),
        download(auditor, piece), auditor.post("/api/review/clauses/4.1/seen", {"seen": True}),
        auditor.put("/api/review/notes/4.2", {"text": "Late"}), auditor.post("/api/review/findings", CONCERN),
        auditor.post(f"/api/review/findings/{finding}/transitions", judge, etag="1"),
        auditor.put("/api/review/conclusion", READY),
        auditor.delete("/api/review/session"),
    ]  # fmt: skip
    return [answer.status_code for answer in answers]


class TestStory:
    def test_from_link_to_conclusion_and_end(self, stage: Stage) -> None:
        """An auditor comes in, looks, downloads, notes, finds, concludes; after the revocation every door is shut."""
        portal = stage.house.portal
        grant = stage.let_in()
        auditor = enter(portal, grant["link"])
        room = auditor.ok(auditor.get("/api/review"))
        assert (room["stage"], room["organisation"]["name"]) == ("stage1", "Northwind IT Services")
        assert room["auditor"] == AUDITOR
        assert (room["evidence_count"], room["seen"], room["total"]) == (1, 0, len(_assessable(room)))
        (piece,) = evidence_of(auditor)
        assert (piece["title"], piece["approved"]["by"]["name"]) == ("Context note", "Marcus Webb")
        target = auditor.ok(download(auditor, piece))
        assert fetch(portal, target["url"]) == (200, PLAN)
        note = auditor.ok(auditor.put("/api/review/notes/4.1", {"text": "Ask who reviews this"}))
        assert note == {"text": "Ask who reviews this", "saved_at": "2026-11-02T09:00:00Z", "etag": "1"}
        finding = auditor.ok(auditor.post("/api/review/findings", CONCERN), 201)
        assert (finding["ref"], finding["source"], finding["audit"]) == ("AOC-1", "stage1", stage.id)
        body = {"text": "Ready once AOC-1 is answered.", "recommendation": "proceed"}
        assert auditor.ok(auditor.put("/api/review/conclusion", body))["state"] == "concluded"
        audit = stage.audit()
        assert (audit["state"], audit["findings"], audit["conclusion"]["by"]["name"]) == ("concluded", 1, "Elena Rossi")
        last = auditor.ok(download(auditor, piece))
        assert stage.revoke(grant).status_code == 200
        assert set(everywhere(auditor, piece, finding["id"])) == {401}
        assert fetch(portal, last["url"])[0] == 404

    def test_journal(self, stage: Stage) -> None:
        """Every look and every download stands in the journal under the auditor's name, the download in its history."""
        auditor = enter(stage.house.portal, stage.let_in()["link"])
        (piece,) = evidence_of(auditor)
        auditor.ok(download(auditor, piece))
        auditor.ok(download(auditor, piece))
        assert events(stage).count("review:viewed") == 1
        assert events(stage).count("review:downloaded") == 2
        history = keys.history_of(f"O#{stage.house.org}", "evidence", piece["id"]).partition
        latest = stage.house.portal.records.query(history, index=1, reverse=True).records[0].body
        assert (latest["what"], latest["who"]["name"], latest["who"]["via"]) == (
            "review:downloaded", "Elena Rossi", "grant"
        )  # fmt: skip

    def test_leaving(self, auditor: Client) -> None:
        """Who leaves has left on the server too."""
        cookie = auditor.http.get_cookie("rid")
        assert auditor.delete("/api/review/session").status_code == 204
        auditor.http.set_cookie("rid", cookie.value)
        assert auditor.get("/api/review").status_code == 401


def _assessable(room: dict) -> list[dict]:
    return [line for line in room["clauses"] if line["assessable"]]


class TestExchange:
    def test_uniform(self, stage: Stage) -> None:
        """Unknown, altered, revoked and expired links and a wrong address are answered like the right one."""
        portal = stage.house.portal
        grant, revoked, short = stage.let_in(), stage.let_in(), stage.let_in(days=1)
        stage.revoke(revoked)
        portal.clock.forward(days=1)
        before = len(mails(portal))
        right = parts(grant["link"])
        wrong = [
            {**right, "id": "A" * 22}, {**right, "secret": "A" * 43}, {**right, "email": "somebody@meridian.example"},
            parts(revoked["link"]), parts(short["link"]),
        ]  # fmt: skip
        answers = [_ask(portal, **link) for link in (*wrong, right)]
        assert [answer.status_code for answer in answers] == [202] * 6
        assert {tuple(answer.get_json()) for answer in answers} == {("exchange", "sent_to")}
        assert {len(answer.get_json()["exchange"]) for answer in answers} == {43}
        assert [answer.get_json()["sent_to"] for answer in answers] == [
            "e…@meridian.example", "e…@meridian.example", "s…@meridian.example", *["e…@meridian.example"] * 3
        ]  # fmt: skip
        assert len(mails(portal)) == before + 1

    def test_same_work(self, meddled: Stage) -> None:
        """A wrong link costs the same calls on the store as the right one."""
        portal, right = meddled.house.portal, parts(meddled.let_in()["link"])
        counted = []
        for link in (right, {**right, "id": "B" * 22}, {**right, "secret": "B" * 43}):
            portal.records.reset()
            _ask(portal, **link)
            counted.append(list(portal.records.calls))
        assert counted[0] == counted[1] == counted[2] == ["get", "commit", "get", "commit"]

    def test_one_character(self, stage: Stage) -> None:
        """A link altered in a single character opens nothing."""
        portal, right = stage.house.portal, parts(stage.let_in()["link"])
        before = len(mails(portal))
        for place in range(len(right["id"])):
            assert _ask(portal, **{**right, "id": _altered(right["id"], place)}).status_code == 202
        for place in (0, 1, 20, 41, 42):
            assert _ask(portal, **{**right, "secret": _altered(right["secret"], place)}).status_code == 202
        assert len(mails(portal)) == before

    def test_address_in_any_case(self, stage: Stage) -> None:
        """The auditor's address is known again whatever its case."""
        enter(stage.house.portal, stage.let_in()["link"], "Elena.Rossi@Meridian.example")

    def test_limited(self, stage: Stage) -> None:
        """The eleventh exchange of a link within a quarter of an hour is refused, whether or not the link is right."""
        portal, right = stage.house.portal, parts(stage.let_in()["link"])
        for link in (right, {**right, "id": "C" * 22}):
            answers = [_ask(portal, **link) for _ in range(11)]
            assert [answer.status_code for answer in answers] == [202] * 10 + [429]

    def test_reading_changes_nothing(self, stage: Stage) -> None:
        """Opening the address of the exchange by GET, as a mail scanner does, changes nothing."""
        portal = stage.house.portal
        stage.let_in()
        before = len(mails(portal))
        assert portal.client().get("/api/review/session").status_code in (404, 405)
        assert len(mails(portal)) == before

    def test_bad_input(self, portal: Portal) -> None:
        """A missing part is named, whatever else is sent."""
        answer = portal.client().post("/api/review/session", {"id": "x", "secret": "y"})
        assert (answer.status_code, answer.get_json()["field"]) == (422, "email")


def _ask(portal: Portal, **link: str) -> TestResponse:
    return portal.client().post("/api/review/session", {"email": AUDITOR["email"], **link})


def _altered(text: str, place: int) -> str:
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


class TestCode:
    def ask(self, stage: Stage, link: str) -> tuple[str, str]:
        """Return an exchange and its code."""
        answer = exchange(stage.house.portal, link)
        return answer.get_json()["exchange"], last_code(stage.house.portal)

    def give(self, stage: Stage, token: str, code: str) -> TestResponse:
        """Give a code."""
        return stage.house.portal.client().post("/api/review/session/code", {"exchange": token, "code": code})

    def test_five_tries(self, stage: Stage) -> None:
        """After five wrong codes even the right one is refused; after four it is not."""
        link = stage.let_in()["link"]
        token, code = self.ask(stage, link)
        assert [self.give(stage, token, _other(code)).status_code for _ in range(5)] == [401] * 5
        assert self.give(stage, token, code).get_json()["type"] == "/problems/code-wrong"
        token, code = self.ask(stage, link)
        assert [self.give(stage, token, _other(code)).status_code for _ in range(4)] == [401] * 4
        assert self.give(stage, token, f"{code[:4]} {code[4:]}").status_code == 200

    def test_once(self, stage: Stage) -> None:
        """A code works once."""
        token, code = self.ask(stage, stage.let_in()["link"])
        assert self.give(stage, token, code).status_code == 200
        assert self.give(stage, token, code).status_code == 401

    def test_bound_to_its_exchange(self, stage: Stage) -> None:
        """A code of one exchange does not fit another."""
        link = stage.let_in()["link"]
        first, code = self.ask(stage, link)
        second, _ = self.ask(stage, link)
        assert self.give(stage, second, code).status_code == 401
        assert self.give(stage, first, code).status_code == 200

    def test_ten_minutes(self, stage: Stage) -> None:
        """A code fits until the last second of ten minutes, and not at ten minutes."""
        link, clock = stage.let_in()["link"], stage.house.portal.clock
        token, code = self.ask(stage, link)
        clock.forward(seconds=600)
        assert self.give(stage, token, code).status_code == 401
        token, code = self.ask(stage, link)
        clock.forward(seconds=599)
        assert self.give(stage, token, code).status_code == 200

    def test_invented_exchange(self, stage: Stage) -> None:
        """An exchange that was never begun, or not for a living grant, is answered like a wrong code."""
        grant = stage.let_in()
        token, code = self.ask(stage, grant["link"])
        stage.revoke(grant)
        unknown = exchange(stage.house.portal, grant["link"]).get_json()["exchange"]
        answers = [self.give(stage, other, code).get_json() for other in (token, unknown, "A" * 43)]
        assert answers[0] == answers[1] == answers[2]
        assert answers[0]["type"] == "/problems/code-wrong"

    def test_sessions_are_counted(self, stage: Stage) -> None:
        """A grant whose sessions are used up opens no further one, and says whom to ask."""
        portal, grant = stage.house.portal, stage.let_in()
        record = portal.records.get(keys.grant(ids.keyed(portal.settings.secret, "grant-id", grant["id"])))
        full = replace(record, body={**record.body, "sessions": record.body["max_sessions"]})
        event = Event("test:used", "grant", grant["id"], "", "used all sessions")
        portal.ctx(organisation=stage.house.org).commit(event, Replace(full), outside=(record.key.partition,))
        token, code = self.ask(stage, grant["link"])
        assert self.give(stage, token, code).status_code == 409


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


class TestEnd:
    def test_exact_second(self, stage: Stage) -> None:
        """A grant opens everything until the last second and nothing from its end on, a download address included."""
        portal, clock = stage.house.portal, stage.house.portal.clock
        grant = stage.let_in(days=1)
        clock.forward(days=1, seconds=-30)
        auditor = enter(portal, grant["link"])
        (piece,) = evidence_of(auditor)
        clock.forward(seconds=29)
        assert auditor.get("/api/review").status_code == 200
        target = auditor.ok(download(auditor, piece))
        assert fetch(portal, target["url"])[0] == 200
        clock.forward(seconds=1)
        assert set(everywhere(auditor, piece, piece["id"])) == {401}
        assert fetch(portal, target["url"])[0] == 404

    def test_address_lives_a_minute(self, stage: Stage, auditor: Client) -> None:
        """A download address ends after 60 seconds."""
        (piece,) = evidence_of(auditor)
        target = auditor.ok(download(auditor, piece))
        stage.house.portal.clock.forward(seconds=60)
        assert fetch(stage.house.portal, target["url"])[0] == 404

    def test_idle(self, stage: Stage, auditor: Client) -> None:
        """A session that lies idle for more than half an hour has ended."""
        stage.house.portal.clock.forward(minutes=30, seconds=1)
        assert auditor.get("/api/review").status_code == 401

    def test_eight_hours(self, stage: Stage, auditor: Client) -> None:
        """A session ends after eight hours however busy it is."""
        for _ in range(23):
            stage.house.portal.clock.forward(minutes=20)
            assert auditor.get("/api/review").status_code == 200
        stage.house.portal.clock.forward(minutes=20)
        assert auditor.get("/api/review").status_code == 401

    @pytest.mark.parametrize(
        ("what", "ask"),
        [
            ("review:downloaded", lambda a, piece: download(a, piece)),
            ("review:viewed", lambda a, piece: a.get("/api/review/clauses/4.3")),
            ("review:noted", lambda a, piece: a.put("/api/review/notes/4.1", {"text": "Late"})),
            ("finding:raised", lambda a, piece: a.post("/api/review/findings", CONCERN)),
            ("audit:concluded", lambda a, piece: a.put("/api/review/conclusion", READY)),
        ],
    )
    def test_revoked_in_the_middle(self, meddled: Stage, what: str, ask: object) -> None:
        """A request that is under way when its grant is revoked writes nothing and returns nothing."""
        portal, grant = meddled.house.portal, meddled.let_in()
        auditor = enter(portal, grant["link"])
        (piece,) = evidence_of(auditor)
        portal.records.before(what, lambda: meddled.revoke(grant))
        answer = ask(auditor, piece)  # type: ignore[operator]
        assert answer.status_code == 401
        assert what not in events(meddled) or what == "review:viewed"
        assert events(meddled).count("review:viewed") == 1

    def test_revoked_while_entering(self, meddled: Stage) -> None:
        """A grant revoked between code and session opens no session."""
        portal, grant = meddled.house.portal, meddled.let_in()
        asked = exchange(portal, grant["link"]).get_json()
        portal.records.before("review:entered", lambda: meddled.revoke(grant))
        body = {"exchange": asked["exchange"], "code": last_code(portal)}
        answer = portal.client().post("/api/review/session/code", body)
        assert answer.status_code == 401
        assert "Set-Cookie" not in answer.headers

    def test_no_journal_no_look(self, meddled: Stage) -> None:
        """What cannot be journalled is not shown."""
        portal = meddled.house.portal
        auditor = enter(portal, meddled.let_in()["link"])
        (piece,) = evidence_of(auditor)

        def refuse() -> None:
            raise Full("the disk is full")

        for what, ask in (
            ("review:viewed", lambda: auditor.get("/api/review/clauses/4.3")),
            ("review:downloaded", lambda: download(auditor, piece)),
        ):
            portal.records.before(what, refuse)
            answer = ask()
            assert answer.status_code == 507
            assert not {"items", "url"} & set(answer.get_json())


class TestLooking:
    def test_looked_again(self, stage: Stage, auditor: Client) -> None:
        """Looking again within ten minutes is the same look; after ten minutes it is a new one."""
        evidence_of(auditor)
        stage.house.portal.clock.forward(seconds=599)
        evidence_of(auditor)
        assert events(stage).count("review:viewed") == 1
        stage.house.portal.clock.forward(seconds=1)
        evidence_of(auditor)
        assert events(stage).count("review:viewed") == 2

    def test_seen(self, auditor: Client) -> None:
        """A clause counts as seen once the auditor marks it, until the mark is taken back."""
        evidence_of(auditor)
        assert auditor.ok(auditor.get("/api/review"))["seen"] == 0
        auditor.ok(auditor.post("/api/review/clauses/4.1/seen", {"seen": True}))
        room = auditor.ok(auditor.get("/api/review"))
        line = next(line for line in room["clauses"] if line["number"] == "4.1")
        assert (room["seen"], line["seen"], line["viewed_at"]) == (1, True, "2026-11-02T09:00:00Z")
        auditor.ok(auditor.post("/api/review/clauses/4.1/seen", {"seen": False}))
        assert auditor.ok(auditor.get("/api/review"))["seen"] == 0

    def test_downloaded_is_shown(self, auditor: Client) -> None:
        """Evidence tells its auditor when they last fetched it."""
        (piece,) = evidence_of(auditor)
        assert piece["viewed_at"] is None
        auditor.ok(download(auditor, piece))
        assert evidence_of(auditor)[0]["viewed_at"] == "2026-11-02T09:00:00Z"

    def test_reads(self, meddled: Stage) -> None:
        """The room costs the session, the grant and three queries, a clause two."""
        portal = meddled.house.portal
        auditor = enter(portal, meddled.let_in()["link"])
        evidence_of(auditor)
        portal.records.reset()
        auditor.ok(auditor.get("/api/review"))
        assert portal.records.calls == ["get", "get", "query", "query", "query"]
        portal.records.reset()
        evidence_of(auditor)
        assert portal.records.calls == ["get", "get", "query", "query"]

    def test_frozen_header(self, stage: Stage, auditor: Client) -> None:
        """Scope, name and steps are shown as they were on the day of the freeze."""
        house = stage.house
        marcus = house.client("marcus")
        head = marcus.ok(marcus.get(house.base))
        marcus.ok(marcus.patch(house.base, {"scope_statement": "Everything"}, etag=head["etag"]))
        room = auditor.ok(auditor.get("/api/review"))
        assert room["programme"]["scope_statement"] == ""
        assert [step["number"] for step in room["steps"]] == list(range(1, 12))


class TestNothingElse:
    def test_after_the_freeze(self, stage: Stage, auditor: Client) -> None:
        """Evidence and versions that came after the freeze cannot be seen or fetched."""
        house = stage.house
        (piece,) = evidence_of(auditor)
        known = house.client("hannah").ok(house.client("hannah").get(f"{house.base}/evidence/{piece['id']}"))
        body = {"upload": house.upload("hannah", b"%PDF-1.7 second", "second.pdf")}
        house.client("hannah").ok(house.act("hannah", known, "versions", body), 201)
        later = house.accepted(title="Later note", items=["4.1-a"])
        assert [p["version"] for p in evidence_of(auditor)] == [1]
        assert download(auditor, piece, 2).status_code == 404
        assert download(auditor, later).status_code == 404
        assert download(auditor, piece).status_code == 200

    def test_other_stage(self, house: House) -> None:
        """Evidence for items of Stage 2 alone is not shown in Stage 1, even when it also belongs to a step."""
        other = house.accepted(title="Incident records", items=["4.4-b"], steps=[5])
        review = house.accepted(title="Minutes", steps=[8])
        stage = Stage(house)
        assert stage.prepare()["snapshot"]["evidence_count"] == 1
        auditor = enter(house.portal, stage.let_in()["link"])
        assert download(auditor, other).status_code == 404
        assert auditor.get("/api/review/clauses/8.6.3").status_code == 404
        room = auditor.ok(auditor.get("/api/review"))
        assert [(s["number"], e["title"]) for s in room["steps"] for e in s["evidence"]] == [(8, "Minutes")]
        assert download(auditor, review).status_code == 200

    def test_other_programme(self, stage: Stage, auditor: Client) -> None:
        """Evidence of another programme of the same organisation, and of another organisation, is not there."""
        house = stage.house
        second, first = house.portal.programme(house.org), house.programme
        house.programme = second
        other = house.accepted(title="Of the second programme", items=["4.1-a"])
        house.programme = first
        foreign = House(house.portal, "Southwind IT Services").accepted(title="Foreign", items=["4.1-a"])
        fresh = Stage(house)
        assert fresh.prepare()["snapshot"]["evidence_count"] == 1
        assert download(auditor, other).status_code == 404
        assert download(auditor, foreign).status_code == 404

    def test_findings_of_the_stage_only(self, stage: Stage, auditor: Client) -> None:
        """An auditor sees and judges the findings of the own stage only."""
        house = stage.house
        claire = house.client("claire")
        body = {"grade": "minor", "source": "internal_audit", "clause": "4.1", "statement": "No review.",
                "objective_evidence": "Note of October."}  # fmt: skip
        own = claire.ok(claire.post(f"{house.base}/findings", body), 201)
        auditor.ok(auditor.post("/api/review/findings", CONCERN), 201)
        shown = auditor.ok(auditor.get("/api/review/findings"))["items"]
        assert [finding["ref"] for finding in shown] == ["AOC-1"]
        assert [finding["ref"] for finding in auditor.ok(auditor.get("/api/review"))["findings"]] == ["AOC-1"]
        judge = {"action": "withdraw", "reason": "No."}
        answer = auditor.post(f"/api/review/findings/{own['id']}/transitions", judge, etag=own["etag"])
        assert answer.status_code == 404

    def test_cookies_open_nothing_else(self, stage: Stage, auditor: Client) -> None:
        """An auditor's session opens no page of the organisation, a member's session not the room."""
        house = stage.house
        assert auditor.get(f"{house.base}/evidence").status_code == 401
        assert house.client("marcus").get("/api/review").status_code == 401
        auditor.http.set_cookie("sid", auditor.http.get_cookie("rid").value)
        assert auditor.get(f"{house.base}/evidence").status_code == 401


class TestFindings:
    def test_judged(self, stage: Stage, auditor: Client) -> None:
        """The auditor is offered the judgements that are the body's, and takes one."""
        raised = auditor.ok(auditor.post("/api/review/findings", CONCERN), 201)
        assert raised["allowed"] == ["withdraw"]
        body = {"action": "withdraw", "reason": "Shown on the second day."}
        address = f"/api/review/findings/{raised['id']}/transitions"
        assert auditor.post(address, body).status_code == 428
        moved = auditor.ok(auditor.post(address, body, etag=raised["etag"]))
        assert (moved["state"], moved["history"][-1]["by"]["name"]) == ("withdrawn", "Elena Rossi")

    def test_grades_of_the_stage(self, auditor: Client) -> None:
        """Stage 1 yields areas of concern only."""
        answer = auditor.post("/api/review/findings", {**CONCERN, "grade": "major"})
        assert (answer.status_code, answer.get_json()["field"]) == (422, "grade")

    def test_not_the_organisations_part(self, auditor: Client) -> None:
        """The auditor cannot answer a finding in the organisation's place."""
        raised = auditor.ok(auditor.post("/api/review/findings", CONCERN), 201)
        address = f"/api/review/findings/{raised['id']}/transitions"
        assert auditor.post(address, {"action": "accept"}, etag=raised["etag"]).status_code == 422

    def test_recommendation_of_the_stage(self, auditor: Client) -> None:
        """Stage 1 ends with proceed or not ready, not with a certificate."""
        answer = auditor.put("/api/review/conclusion", {"text": "Good", "recommendation": "certify"})
        assert (answer.status_code, answer.get_json()["field"]) == (422, "recommendation")


class TestPrivate:
    NOTE = "Ask who the customer of S4 is"

    def test_members_cannot_read(self, stage: Stage, auditor: Client) -> None:
        """A note lies in the grant's own records only, and no member's page or journal tells more than that it is."""
        house = stage.house
        auditor.ok(auditor.put("/api/review/notes/4.1", {"text": self.NOTE}))
        auditor.ok(auditor.post("/api/review/clauses/4.3/seen", {"seen": True}))
        assert holding(house.portal, self.NOTE) == {"NOTE"}
        journal = house.portal.records.query(f"O#{house.org}#J#202611", limit=None).records
        private = [r.body for r in journal if r.body["what"] in ("review:noted", "review:marked")]
        assert len(private) == 2
        assert not any("4.1" in str(body["object"]) + body["text"] or "4.3" in body["text"] for body in private)

    def test_another_grant(self, stage: Stage, auditor: Client) -> None:
        """Another auditor of the same stage sees neither notes nor marks."""
        auditor.ok(auditor.put("/api/review/notes/4.1", {"text": self.NOTE}))
        auditor.ok(auditor.post("/api/review/clauses/4.1/seen", {"seen": True}))
        other = stage.let_in(name="James Okoro", email="james.okoro@meridian.example")
        colleague = enter(stage.house.portal, other["link"], "james.okoro@meridian.example")
        assert colleague.ok(colleague.get("/api/review"))["seen"] == 0
        assert colleague.ok(colleague.get("/api/review/clauses/4.1"))["note"] is None

    def test_written_over_knowingly(self, auditor: Client) -> None:
        """A note is changed only by who names the version they read."""
        auditor.ok(auditor.put("/api/review/notes/4.1", {"text": "First"}))
        assert auditor.put("/api/review/notes/4.1", {"text": "Second"}).status_code == 412
        assert auditor.put("/api/review/notes/4.1", {"text": "Second"}, etag="7").status_code == 412
        assert auditor.ok(auditor.put("/api/review/notes/4.1", {"text": "Second"}, etag="1"))["etag"] == "2"
        assert auditor.put("/api/review/notes/4.2", {"text": "Second"}, etag="1").status_code == 412
        shown = auditor.ok(auditor.get("/api/review/clauses/4.1"))["note"]
        assert (shown["text"], shown["etag"]) == ("Second", "2")


class TestCapabilities:
    def test_read_only(self, stage: Stage) -> None:
        """A grant to read lets its holder look and note, and nothing else is there."""
        auditor = enter(stage.house.portal, stage.let_in(capabilities=["read"])["link"])
        (piece,) = evidence_of(auditor)
        assert auditor.put("/api/review/notes/4.1", {"text": "Mine"}).status_code == 200
        assert download(auditor, piece).status_code == 404
        assert auditor.post("/api/review/findings", CONCERN).status_code == 404
        assert auditor.put("/api/review/conclusion", READY).status_code == 404

    def test_nothing_implied(self, stage: Stage) -> None:
        """Who may raise findings may not therefore conclude; reading is always part."""
        auditor = enter(stage.house.portal, stage.let_in(capabilities=["raise_findings"])["link"])
        assert auditor.ok(auditor.get("/api/review"))["capabilities"] == ["read", "raise_findings"]
        assert auditor.post("/api/review/findings", CONCERN).status_code == 201
        assert auditor.put("/api/review/conclusion", READY).status_code == 404
