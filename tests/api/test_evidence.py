"""Evidence: put in, submitted, judged by somebody else, linked, found again."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.records import keys
from portal.records.sqlite import SqliteRecords
from tests.support.counting import CountingRecords
from tests.support.evidence import House
from tests.support.portal import Clock, Portal


@pytest.fixture
def house(portal: Portal) -> House:
    """Give an organisation with people."""
    return House(portal)


def shown(house: House, piece: dict[str, Any], who: str = "marcus") -> dict[str, Any]:
    """Read one piece of evidence."""
    client = house.client(who)
    return client.ok(client.get(f"{house.base}/evidence/{piece['id']}"))


def library(house: House, query: str = "", who: str = "marcus") -> dict[str, Any]:
    """Read the library."""
    client = house.client(who)
    return client.ok(client.get(f"{house.base}/evidence{query}"))


def titles(house: House, query: str = "") -> list[str]:
    """Return the titles that the library shows."""
    return [item["title"] for item in library(house, query)["items"]]


def item_counts(house: House, item: str) -> tuple[int, int]:
    """Return how much evidence the requirement says is linked and accepted."""
    client = house.client("marcus")
    found = client.ok(client.get(f"{house.base}/requirements/{item}"))
    return found["linked"], found["accepted"]


class TestCreate:
    def test_draft(self, house: House) -> None:
        """New evidence is a draft owned by whoever put it in, with its file and its links."""
        piece = house.create("hannah", items=["4.1-b", "4.1-a"], steps=[2], source_system="ServiceNow")
        assert (piece["state"], piece["version"], piece["label"]) == ("draft", 1, "PDF")
        assert piece["owner"] == {"id": house.id("hannah"), "name": "Hannah Osei"}
        assert (piece["links"], piece["steps"]) == (["4.1-a", "4.1-b"], [2])
        assert [line["what"] for line in piece["history"]] == ["evidence:created"]

    def test_answer_is_what_is_read(self, house: House) -> None:
        """The answer to a change is what reading gives afterwards."""
        piece = house.create("hannah", items=["4.1-a"])
        assert shown(house, piece, "hannah") == piece
        piece = house.client("hannah").ok(house.act("hannah", piece, "submit"))
        assert shown(house, piece, "hannah") == piece
        body = {"upload": house.upload("hannah", b"new", "new.docx")}
        piece = house.client("hannah").ok(house.act("hannah", piece, "versions", body), 201)
        assert shown(house, piece, "hannah") == piece

    def test_for_somebody_else(self, house: House) -> None:
        """Evidence may be put in for another member to own; somebody outside cannot own it."""
        assert house.create("marcus", owner=house.id("otto"))["owner"]["name"] == "Otto Lindqvist"
        stranger = house.portal.user("Nobody Here")
        body = {"title": "Plan", "kind": "document", "owner": stranger["id"]}
        answer = house.client("marcus").post(f"{house.base}/evidence", body)
        assert (answer.status_code, answer.get_json()["field"]) == (422, "owner")

    def test_readers_put_nothing_in(self, house: House) -> None:
        """Who may only read finds no way to put evidence in."""
        body = {"title": "Plan", "kind": "document"}
        assert house.client("viola").post(f"{house.base}/evidence", body).status_code == 404


class TestEdit:
    def test_details(self, house: House) -> None:
        """Details change one by one and the history says which."""
        piece = house.create("hannah")
        change = {"review_by": "2027-11-02", "period": {"from": "2026-07-01", "to": "2026-09-30"}, "kind": "record"}
        answer = house.client("hannah").patch(f"{house.base}/evidence/{piece['id']}", change, etag=piece["etag"])
        edited = house.client("hannah").ok(answer)
        assert (edited["review_by"], edited["period"], edited["kind"]) == tuple(change.values())
        assert edited["title"] == piece["title"]
        said = "changed the kind, period and review date of “Capacity plan”"
        assert edited["history"][0]["text"] == said

    def test_nothing_changed(self, house: House) -> None:
        """A change to what is so already leaves the version and the history alone."""
        piece = house.create("hannah")
        address = f"{house.base}/evidence/{piece['id']}"
        answer = house.client("hannah").patch(address, {"title": "Capacity plan"}, etag=piece["etag"])
        assert house.client("hannah").ok(answer) == piece

    def test_emptied(self, house: House) -> None:
        """Null empties whatever may be empty."""
        filled = {"source_system": "ServiceNow", "description": "Figures", "review_by": "2027-11-02",
                  "period": {"from": "2026-07-01", "to": "2026-09-30"}}  # fmt: skip
        piece = house.create("marcus", **filled)
        change = {**dict.fromkeys(filled), "owner": None, "period": {"from": None, "to": None}}
        address = f"{house.base}/evidence/{piece['id']}"
        edited = house.client("marcus").ok(house.client("marcus").patch(address, change, etag=piece["etag"]))
        assert [edited[name] for name in change] == ["", "", None, None, None]

    def test_own_only(self, house: House) -> None:
        """A process owner changes what they own; what others own looks as if it were not there."""
        piece = house.create("hannah")
        address = f"{house.base}/evidence/{piece['id']}"
        assert house.client("otto").patch(address, {"title": "Mine"}, etag=piece["etag"]).status_code == 404
        assert house.act("otto", piece, "submit").status_code == 404
        assert house.client("marcus").patch(address, {"title": "Ours"}, etag=piece["etag"]).status_code == 200

    def test_what_was_read(self, house: House) -> None:
        """A change needs the version it was made from, and that version must still be the current one."""
        piece = house.create("hannah")
        address, client = f"{house.base}/evidence/{piece['id']}", house.client("hannah")
        assert client.patch(address, {"title": "One"}).status_code == 428
        assert client.patch(address, {"title": "One"}, etag=piece["etag"]).status_code == 200
        assert client.patch(address, {"title": "Two"}, etag=piece["etag"]).status_code == 412

    def test_accepted_kind(self, house: House) -> None:
        """Changing what the reviewer relied on takes accepted evidence back to draft, and off the counters."""
        piece = house.accepted(items=["4.1-a"])
        assert item_counts(house, "4.1-a") == (1, 1)
        address = f"{house.base}/evidence/{piece['id']}"
        change = {"kind": "record", "period": {"from": "2026-07-01", "to": "2026-09-30"}}
        edited = house.client("hannah").ok(house.client("hannah").patch(address, change, etag=piece["etag"]))
        assert edited["state"] == "draft"
        assert item_counts(house, "4.1-a") == (1, 0)


class TestReview:
    def test_accepted(self, house: House) -> None:
        """Somebody else accepts what was submitted, by name."""
        piece = house.accepted()
        assert piece["state"] == "accepted"
        assert piece["decided"]["by"]["name"] == "Marcus Webb"
        assert [line["what"] for line in piece["history"]] == [
            "evidence:accepted", "evidence:submitted", "evidence:created",
        ]  # fmt: skip

    @pytest.mark.parametrize(("owner", "uploader"), [("claire", "marcus"), ("marcus", "claire")])
    def test_not_the_own_work(self, house: House, owner: str, uploader: str) -> None:
        """Neither the owner nor the uploader judges evidence, and both are told why."""
        piece = house.create(uploader, owner=house.id(owner))
        piece = house.client("marcus").ok(house.act("marcus", piece, "submit"))
        for action, body in (("accept", {}), ("return", {"reason": "Blurred"})):
            answer = house.act("marcus", piece, action, body)
            assert answer.status_code == 409
            assert "somebody other than its owner and uploader" in answer.get_json()["detail"]
        assert shown(house, piece)["can"]["review"] is False

    def test_not_by_everybody(self, house: House) -> None:
        """Roles that do not judge evidence find nothing to judge."""
        piece = house.create("hannah")
        piece = house.client("hannah").ok(house.act("hannah", piece, "submit"))
        assert [house.act(who, piece, "accept").status_code for who in ("otto", "viola")] == [404, 404]

    def test_returned(self, house: House) -> None:
        """Returned evidence says why, and can be submitted again."""
        piece = house.client("hannah").ok(house.act("hannah", house.create("hannah"), "submit"))
        piece = house.client("marcus").ok(house.act("marcus", piece, "return", {"reason": "The period is missing."}))
        assert (piece["state"], piece["decided"]["reason"]) == ("returned", "The period is missing.")
        assert piece["headline"] == "Returned by Marcus Webb: The period is missing."
        assert house.client("hannah").ok(house.act("hannah", piece, "submit"))["state"] == "submitted"

    def test_only_what_is_submitted(self, house: House) -> None:
        """A draft cannot be accepted; the answer says what comes first."""
        answer = house.act("marcus", house.create("hannah"), "accept")
        assert (answer.status_code, answer.get_json()["detail"]) == (
            409, "“Capacity plan” is still a draft. Submit it first.",
        )  # fmt: skip

    def test_exactly_what_was_seen(self, house: House) -> None:
        """What changed after the reviewer opened it is not accepted unseen."""
        piece = house.client("hannah").ok(house.act("hannah", house.create("hannah"), "submit"))
        body = {"upload": house.upload("hannah", b"swapped", "plan.pdf")}
        swapped = house.client("hannah").ok(house.act("hannah", piece, "versions", body), 201)
        house.client("hannah").ok(house.act("hannah", swapped, "submit"))
        assert house.act("marcus", piece, "accept").status_code == 412

    @pytest.mark.parametrize(
        ("facts", "field"),
        [({"file": False}, "upload"), ({"owner": None}, "owner"), ({"kind": "record"}, "period")],
    )
    def test_submit_needs(self, house: House, facts: dict[str, Any], field: str) -> None:
        """Evidence is submitted with a file, an owner and, for a record, its period."""
        answer = house.act("marcus", house.create("marcus", **facts), "submit")
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)

    def test_new_version(self, house: House) -> None:
        """A new version of accepted evidence is a draft again, and no longer counts as accepted."""
        piece = house.accepted(items=["4.1-a"])
        body = {"upload": house.upload("hannah", b"version 2", "plan-2.pdf"), "note": "Peak figures"}
        piece = house.client("hannah").ok(house.act("hannah", piece, "versions", body), 201)
        assert (piece["state"], piece["version"], piece["filename"]) == ("draft", 2, "plan-2.pdf")
        assert [(v["number"], v["note"]) for v in piece["versions"]] == [(2, "Peak figures"), (1, "")]
        assert item_counts(house, "4.1-a") == (1, 0)

    def test_what_one_can_do(self, house: House) -> None:
        """The page tells each reader what is open to them."""
        piece = house.client("hannah").ok(house.act("hannah", house.create("hannah"), "submit"))
        can = {who: sorted(k for k, v in shown(house, piece, who)["can"].items() if v) for who in house.people}
        assert can == {
            "marcus": ["add_version", "edit", "review"], "hannah": ["add_version", "edit"],
            "claire": ["add_version", "edit", "review"], "viola": [], "otto": [],
        }  # fmt: skip


class TestLinks:
    def links(self, house: House, piece: dict[str, Any], items: list[str], steps: list[int]) -> dict[str, Any]:
        """Link evidence to exactly these."""
        address = f"{house.base}/evidence/{piece['id']}/links"
        answer = house.client("hannah").put(address, {"items": items, "steps": steps}, etag=piece["etag"])
        return house.client("hannah").ok(answer)

    def test_moved(self, house: House) -> None:
        """Links of accepted evidence take their counters along."""
        piece = house.accepted(items=["4.1-a", "4.1-b"])
        piece = self.links(house, piece, ["4.1-b", "4.2-a"], [5])
        assert [item_counts(house, item) for item in ("4.1-a", "4.1-b", "4.2-a")] == [(0, 0), (1, 1), (1, 1)]
        assert piece["history"][0]["text"] == "linked “Capacity plan” to 4.2-a and step 5 and unlinked it from 4.1-a"

    def test_taken_and_given_back(self, house: House) -> None:
        """A link that was taken away can be made again."""
        piece = house.create("hannah", items=["4.1-a"])
        piece = self.links(house, piece, [], [])
        piece = self.links(house, piece, ["4.1-a"], [])
        assert item_counts(house, "4.1-a") == (1, 0)

    def test_beside_item_and_step(self, house: House) -> None:
        """An item and a step show the evidence linked to them."""
        piece = house.create("hannah", items=["4.1-a"], steps=[5])
        client = house.client("viola")
        item = client.ok(client.get(f"{house.base}/requirements/4.1-a"))
        step = client.ok(client.get(f"{house.base}/steps/5"))
        assert [e["id"] for e in item["evidence"]] == [e["id"] for e in step["evidence"]] == [piece["id"]]

    def test_too_many_at_once(self, house: House) -> None:
        """More links than one commit holds are refused, with what to do instead."""
        client = house.client("marcus")
        clauses = client.ok(client.get(f"{house.base}/requirements"))["clauses"]
        items = [item["id"] for clause in clauses for item in clause["items"]][:100]
        answer = client.post(f"{house.base}/evidence", {"title": "All", "kind": "document", "items": items})
        assert (answer.status_code, answer.get_json()["field"]) == (422, "items")

    def test_second_programme(self, house: House) -> None:
        """Evidence serves a second programme with links of its own; acceptance counts in both."""
        piece = house.accepted(items=["4.1-a"])
        house.programme, first = house.portal.programme(house.org, "iso20000-1-2011"), house.programme
        assert shown(house, piece)["links"] == []
        linked = self.links(house, piece, ["4.1.1-a"], [1])
        assert (linked["links"], linked["steps"]) == (["4.1.1-a"], [1])
        assert item_counts(house, "4.1.1-a") == (1, 1)
        body = {"upload": house.upload("hannah", b"version 2", "plan.pdf")}
        house.client("hannah").ok(house.act("hannah", linked, "versions", body), 201)
        assert item_counts(house, "4.1.1-a") == (1, 0)
        house.programme = first
        assert item_counts(house, "4.1-a") == (1, 0)
        assert shown(house, piece)["links"] == ["4.1-a"]


class TestFacts:
    def test_guard(self, house: House) -> None:
        """Whatever a gate decides on moves the programme's guard; a new title does not."""
        guard = keys.guard(house.org, house.programme)

        def version() -> int:
            found = house.portal.records.get(guard)
            return found.version if found else 0

        piece = house.create("hannah", items=["4.1-a"])
        seen = [version()]
        piece = house.client("hannah").ok(house.act("hannah", piece, "submit"))
        piece = house.client("marcus").ok(house.act("marcus", piece, "accept"))
        seen.append(version())
        piece = TestLinks().links(house, piece, ["4.1-b"], [])
        seen.append(version())
        address = f"{house.base}/evidence/{piece['id']}"
        piece = house.client("hannah").ok(house.client("hannah").patch(address, {"title": "P"}, etag=piece["etag"]))
        assert version() == seen[-1]
        body = {"upload": house.upload("hannah", b"2", "plan.pdf")}
        piece = house.client("hannah").ok(house.act("hannah", piece, "versions", body), 201)
        seen.append(version())
        piece = house.client("hannah").ok(house.act("hannah", piece, "submit"))
        house.client("marcus").ok(house.act("marcus", piece, "return", {"reason": "Blurred"}))
        seen.append(version())
        assert seen == sorted(set(seen))

    def test_due(self, house: House) -> None:
        """Accepted evidence stands among what is due by its review date; while it is no longer accepted it does not."""
        piece = house.accepted(review_by="2027-03-01")
        partition = keys.due(house.org, Clock().now.date(), "").partition
        found = house.portal.records.query(partition, index=2).records
        assert [record.index2.sort for record in found] == [f"2027-03-01#{piece['id']}"]
        body = {"upload": house.upload("hannah", b"2", "plan.pdf")}
        house.act("hannah", piece, "versions", body)
        assert not house.portal.records.query(partition, index=2).records


class TestLibrary:
    def test_newest_first(self, house: House) -> None:
        """The library shows the newest first and counts by state."""
        for title in ("One", "Two", "Three"):
            house.create("hannah", title=title, file=False)
            house.portal.clock.forward(seconds=1)
        found = library(house)
        assert [item["title"] for item in found["items"]] == ["Three", "Two", "One"]
        assert found["counts"] == {"draft": 3, "submitted": 0, "accepted": 0, "returned": 0, "total": 3}
        assert found["next"] is None

    def test_filters(self, house: House) -> None:
        """State, item, clause, step, owner and words each narrow the library, alone and together."""
        house.accepted(title="Plan A", items=["4.1-a"], steps=[5])
        house.create("hannah", title="Plan B", file=False, items=["4.1-a", "8.5.1.1-a"])
        house.create("otto", title="Minutes", file=False, items=["4.2-a"], steps=[5])
        assert titles(house, "?state=accepted") == ["Plan A"]
        assert titles(house, "?item=4.1-a") == ["Plan B", "Plan A"]
        assert titles(house, "?item=4.1-a&state=draft") == ["Plan B"]
        assert titles(house, "?clause=4") == ["Minutes", "Plan B", "Plan A"]
        assert titles(house, "?clause=8.5.1") == ["Plan B"]
        assert titles(house, "?clause=8.5") == ["Plan B"]
        assert titles(house, "?step=5") == ["Minutes", "Plan A"]
        assert titles(house, f"?step=5&owner={house.id('otto')}") == ["Minutes"]
        assert titles(house, "?q=PLAN") == ["Plan B", "Plan A"]
        assert titles(house, "?q=plan.PDF") == ["Plan A"]
        assert titles(house, "?q=nothing") == []

    @pytest.mark.parametrize("query", ["", "state=draft", "item=4.1-a", "step=3", "clause=4.1", "q=plan"])
    def test_pages(self, house: House, query: str) -> None:
        """Pages of any narrowing give each piece once, in order, and then end."""
        for number in range(7):
            house.create("hannah", title=f"Plan {number}", file=False, items=["4.1-a"], steps=[3])
            house.portal.clock.forward(seconds=1)
        found, cursor, pages = [], "", 0
        while cursor is not None:
            page = library(house, f"?limit=3&{query}{cursor and f'&cursor={cursor}'}")
            found += [item["title"] for item in page["items"]]
            cursor, pages = page["next"], pages + 1
        assert found == [f"Plan {number}" for number in range(6, -1, -1)]
        assert pages == 3

    def test_cursor_is_bound(self, house: House) -> None:
        """A cursor goes on with the list it came from and with no other."""
        for number in range(3):
            house.create("hannah", title=f"Plan {number}", file=False)
        cursor = library(house, "?limit=1")["next"]
        answer = house.client("marcus").get(f"{house.base}/evidence?limit=1&state=draft&cursor={cursor}")
        assert (answer.status_code, answer.get_json()["field"]) == (422, "cursor")
        assert house.client("claire").get(f"{house.base}/evidence?limit=1&cursor={cursor}").status_code == 422

    def test_headline(self, house: House) -> None:
        """The headline answers what waits for the reader, whether one page shows all or not."""
        for number in range(2):
            piece = house.create("hannah", title=f"Plan {number}")
            house.client("hannah").ok(house.act("hannah", piece, "submit"))
        own = house.create("marcus")
        house.client("marcus").ok(house.act("marcus", own, "submit"))
        waits = "Two pieces of evidence wait for your review"
        assert [library(house, query)["headline"] for query in ("", "?limit=1")] == [waits, waits]
        assert library(house, who="viola")["headline"] == "Three pieces of evidence wait for review"

    def test_lapsed(self, house: House) -> None:
        """The headline counts accepted evidence whose review date has passed, on whatever page it stands."""
        house.accepted(review_by="2026-11-03")
        house.create("hannah", file=False)
        house.portal.clock.forward(days=2)
        house._clients.clear()
        assert "one past review" in library(house)["lede"]
        assert "one past review" in library(house, "?limit=1")["lede"]

    def test_other_organisation(self, house: House) -> None:
        """The library and every piece in it are invisible from another organisation."""
        piece, other = house.create("hannah", title="Secret"), House(house.portal, "Contoso")
        assert library(other)["items"] == []
        answer = other.client("marcus").get(f"{other.base}/evidence/{piece['id']}")
        assert answer.status_code == 404
        assert house.client("marcus").get(f"{other.base}/evidence").status_code == 404


@pytest.fixture
def counted(tmp_path: Path) -> Iterator[tuple[House, CountingRecords]]:
    """Give an organisation over records that count calls."""
    clock = Clock()
    records = CountingRecords(SqliteRecords(tmp_path / "certway.sqlite", clock=clock.epoch))
    yield House(Portal(tmp_path, clock, records)), records
    records.close()


GUARD = ["get", "get_many"]  # the session; membership and programme


class TestCalls:
    def fill(self, house: House, number: int) -> None:
        """Put evidence in, linked to one item."""
        for _ in range(number):
            house.create("hannah", file=False, items=["4.1-a"])

    def test_library(self, counted: tuple[House, CountingRecords]) -> None:
        """A page of fifty costs one query and one get beyond the guard; one that does not show all asks what lapsed."""
        house, records = counted
        self.fill(house, 50)
        house.client("marcus"), house.client("viola")
        records.reset()
        assert len(library(house)["items"]) == 50
        assert records.calls == [*GUARD, "query", "get"]
        records.reset()
        assert len(library(house, "?state=draft&limit=50", "viola")["items"]) == 50
        assert records.calls == [*GUARD, "query", "get", "query"]  # the last: what has lapsed, for the headline

    def test_item(self, counted: tuple[House, CountingRecords]) -> None:
        """The evidence for an item costs one index query and one batch."""
        house, records = counted
        self.fill(house, 3)
        ctx = house.portal.ctx(organisation=house.org, programme=house.programme)
        records.reset()
        from portal.actions.evidence_views import for_target

        assert len(for_target(ctx, "4.1-a")) == 3
        assert records.calls == ["query", "get_many"]

    def test_one(self, counted: tuple[House, CountingRecords]) -> None:
        """One piece of evidence costs its head, its versions and its history."""
        house, records = counted
        piece = house.create("hannah")
        house.client("marcus")
        records.reset()
        shown(house, piece)
        assert records.calls == [*GUARD, "get", "query", "query"]


ITEMS = ["4.1-a", "4.1-b", "4.2-a"]
MOVES = st.one_of(
    st.tuples(st.just("create"), st.sets(st.sampled_from(ITEMS))),
    st.tuples(st.just("link"), st.sets(st.sampled_from(ITEMS))),
    st.tuples(st.sampled_from(["submit", "accept", "return", "version", "kind", "owner"]), st.none()),
)


def play(house: House, pieces: list[str], move: str, items: set[str] | None, chosen: int) -> None:
    """Make one move on one piece of evidence; what the rules refuse changes nothing."""
    if move == "create" or not pieces:
        pieces.append(house.create("hannah", items=sorted(items or ()))["id"])
        return
    address = f"{house.base}/evidence/{pieces[chosen % len(pieces)]}"
    client = house.client("marcus")
    piece = client.ok(client.get(address))
    if move == "link":
        client.put(f"{address}/links", {"items": sorted(items or ()), "steps": []}, etag=piece["etag"])
    elif move == "version":
        client.post(f"{address}/versions", {"upload": house.upload("marcus")}, etag=piece["etag"])
    elif move in ("kind", "owner"):
        kind = "record" if piece["kind"] == "document" else "document"
        period = {"from": "2026-01-01", "to": "2026-01-31"}
        change = {"kind": kind, "period": period} if move == "kind" else {"owner": house.id("otto")}
        client.patch(address, change, etag=piece["etag"])
    else:
        answer = client.post(f"{address}/submit", etag=piece["etag"])
        etag = answer.get_json().get("etag", piece["etag"])
        body = {"reason": "Blurred"} if move == "return" else {}
        if move != "submit":
            house.client("claire").post(f"{address}/{move}", body, etag=etag)


# Shrinking a failure would replay whole portals for minutes; the sequences are short enough to read.
WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


class TestCounters:
    @settings(max_examples=15, deadline=None, phases=WITHOUT_SHRINKING, suppress_health_check=[HealthCheck.too_slow])
    @given(moves=st.lists(st.tuples(MOVES, st.integers(0, 1)), min_size=6, max_size=20))
    def test_equal_what_the_heads_say(self, moves: list[tuple[tuple[str, set[str] | None], int]]) -> None:
        """After any sequence of changes, every counter equals what the heads add up to."""
        with tempfile.TemporaryDirectory() as folder:
            portal = Portal(Path(folder))
            house, pieces = House(portal), []
            for (move, items), chosen in moves:
                play(house, pieces, move, items, chosen)
            self.check(portal, house)
            portal.services.records.close()

    def check(self, portal: Portal, house: House) -> None:
        """Compare states, links and acceptance with the counters, and the links with their index."""
        heads = portal.records.query(keys.library(house.org), prefix="EV#", limit=None).records
        states = portal.records.get(keys.evidence_counts(house.org))
        assert +Counter(states.counters) == Counter(head.body["state"] for head in heads)
        said = Counter(f"{item}.linked" for head in heads for item in head.body["items"])
        accepted = [head for head in heads if head.body["state"] == "accepted"]
        said += Counter(f"{item}.accepted" for head in accepted for item in head.body["items"])
        inside = portal.records.query(keys.inside(house.org, house.programme), prefix="RATE#", limit=None).records
        counted = {name: number for record in inside for name, number in record.counters.items() if number}
        assert counted == dict(said)
        for item in ITEMS:
            partition = keys.evidence_for(house.org, house.programme, item).partition
            links = portal.records.query(partition, index=1).records
            linked = sorted(head.body["id"] for head in heads if item in head.body["items"])
            assert [link.index1.sort for link in links] == linked
