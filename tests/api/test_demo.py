"""The demo, loaded through the same actions that people use, read through the API."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.demo import info as kept
from portal.demo.info import DemoInfo, DemoRefused
from portal.demo.loader import load_demo, load_or_recall
from portal.demo.outbox import waiting
from portal.worker import drain
from tests.support.demo import auditor, member, tiny
from tests.support.portal import Clock, Portal

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
SMALL = ("cormorant",)

Demo = tuple[Portal, DemoInfo]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Give the whole demo, told once."""
    portal = Portal(tmp_path_factory.mktemp("demo"), Clock(NOW))
    yield portal, load_demo(portal.services, build=tiny)
    portal.services.records.close()


class TestNorthwind:
    def test_the_overview_shows_stage_2_with_what_is_in_the_way(self, demo: Demo) -> None:
        """Ten steps are done; the answers to two minors and the decision are missing."""
        client, base = member(*demo, "SMS manager")
        seen = client.ok(client.get(f"{base}/overview"))
        assert seen["headline"] == "13 days ahead of the target, with three things in the way"
        assert seen["counts"]["steps_done"] == 10
        assert (seen["counts"]["rated"], seen["counts"]["did_not_occur"]) == (402, 8)
        codes = [blocker["code"] for blocker in seen["next_gate"]["blockers"]]
        assert codes == ["finding:NC-1", "finding:NC-2", "decision"]
        assert [step["number"] for step in seen["steps"] if step["overridden"]] == [5, 6]

    def test_every_piece_of_evidence_has_a_file_and_a_state(self, demo: Demo) -> None:
        """All 74 are there; most are accepted, by somebody who neither owns nor uploaded them."""
        client, base = member(*demo, "SMS manager")
        listed = client.ok(client.get(f"{base}/evidence?limit=100"))
        assert listed["counts"] == {"draft": 1, "submitted": 2, "accepted": 70, "returned": 1, "total": 74}
        pieces = {piece["title"]: piece for piece in listed["items"]}
        assert len(pieces) == 74
        assert all(piece["filename"] and piece["links"] and piece["steps"] for piece in pieces.values())
        assert all(piece["period"] for piece in pieces.values() if piece["kind"] == "record")
        judged = [piece for piece in pieces.values() if piece["decided"]]
        assert all(piece["decided"]["by"] != piece["owner"] for piece in judged)
        assert pieces["Service catalogue"]["version"] == 2
        assert pieces["Supplier register"]["state"] == "returned"
        assert [title for title, piece in pieces.items() if piece["lapsed"]] == ["SMS project plan"]

    def test_findings_went_through_their_whole_life(self, demo: Demo) -> None:
        """What the internal audit and Stage 1 found is closed; what Stage 2 found waits for its auditor."""
        client, base = member(*demo, "SMS manager")
        found = {f["ref"]: f for f in client.ok(client.get(f"{base}/findings"))["items"]}
        assert len(found) == 13
        still_open = {ref: f["state"] for ref, f in found.items() if f["state"] != "closed"}
        assert still_open == {"NC-1": "planned", "NC-2": "planned", "OFI-1": "accepted"}
        major = found["IA-01"]
        assert (major["grade"], major["clause"], major["owner"]["name"]) == ("major", "8.7.2", "Tiago Ferreira")
        assert major["verification"]["by"]["name"] == "Claire Dubois"
        assert found["AOC-1"]["verification"]["recorded_for"]["name"] == "Elena Rossi"

    def test_audits_cover_every_clause_and_end_with_a_conclusion(self, demo: Demo) -> None:
        """The extra audit day closed the gap of the internal audit; both stages are concluded."""
        client, base = member(*demo, "SMS manager")
        seen = client.ok(client.get(f"{base}/audits"))
        assert seen["coverage"] == {"uncovered": [], "unvisited": []}
        held = {(audit["kind"], audit["state"]) for audit in seen["items"]}
        assert held == {("internal", "concluded"), ("stage1", "concluded"), ("stage2", "concluded")}
        states = {grant["name"]: grant["state"] for audit in seen["items"][2:] for grant in audit["grants"]}
        assert states == {"Elena Rossi": "active", "James Okoro": "expired"}

    def test_the_printed_link_opens_the_room_of_stage_2(self, demo: Demo) -> None:
        """The auditor sees what was frozen, her notes and her findings, and can accept a plan."""
        portal, info = demo
        room = auditor(portal, info, drain)
        seen = room.ok(room.get("/api/review"))
        assert (seen["stage"], seen["evidence_count"]) == ("stage2", 68)
        assert seen["seen"] > 20
        found = {finding["ref"]: finding for finding in seen["findings"]}
        assert found["NC-2"]["allowed"] == ["accept_plan", "return_plan"]
        clause = room.ok(room.get("/api/review/clauses/8.5.3"))
        assert clause["note"]["text"].startswith("REL-0412")


class TestEveryClient:
    def test_nothing_lies_in_the_future_and_no_mail_waits(self, demo: Demo) -> None:
        """Every event is past, and nobody is written to."""
        portal, _ = demo
        client, base = member(*demo, "consultant")
        org = base.split("/")[3]
        months = client.ok(client.get(f"/api/organisations/{org}/journal"))["items"]
        assert max(row["at"] for row in months) <= f"{NOW:%Y-%m-%dT%H:%M:%SZ}"
        assert [task.body for task in waiting(portal.services) if task.body["task"] == "mail"] == []

    def test_the_portfolio_shows_three_clients(self, demo: Demo) -> None:
        """One waits for its certificate, one is half-way, one has just begun."""
        client, _ = member(*demo, "consultant")
        me = client.ok(client.get("/api/me"))
        shown = client.ok(client.get(f"/api/practices/{me['practices'][0]['id']}/clients"))["items"]
        steps = {entry["name"].split()[0]: entry["current_step"] for entry in shown}
        assert steps == {"Northwind": 11, "Alder": 5, "Cormorant": 1}
        alder = next(entry for entry in shown if entry["name"].startswith("Alder"))
        assert alder["steps"][:5] == ["overridden", "done", "done", "overridden", "in_progress"]

    def test_a_process_owner_has_findings_of_her_own(self, demo: Demo) -> None:
        """Anjali Rao signs in and finds what she has to bring to met."""
        client, base = member(*demo, "process owner")
        titles = [item["title"] for item in client.ok(client.get(f"{base}/work"))["items"]]
        assert "Bring 8.5.3-f to met" in titles


class TestStartingAgain:
    def test_the_data_stay_and_the_link_follows_the_address(self, demo: Demo) -> None:
        """A second start loads nothing; the same link is printed under the address it is served at now."""
        portal, info = demo
        moved = replace(portal.services, settings=replace(portal.settings, public_url="http://127.0.0.1:8123"))
        again = load_or_recall(moved, build=tiny)
        assert again == info
        assert again.link == info.link.replace("http://localhost", "http://127.0.0.1:8123")
        assert f"  {again.link}" in again.lines()
        assert stat.S_IMODE((portal.settings.data / kept.KEPT).stat().st_mode) == 0o600

    def test_an_expired_link_is_made_again(self, demo: Demo) -> None:
        """After the grant's last day another one is made, once, and works."""
        portal, info = demo
        portal.clock.now = NOW + timedelta(days=60)
        try:
            again = load_or_recall(portal.services, build=tiny)
            assert again.link != info.link
            assert load_or_recall(portal.services, build=tiny).link == again.link
            assert auditor(portal, again, drain).get("/api/review").status_code == 200
        finally:
            portal.clock.now = NOW

    def test_a_folder_with_accounts_is_refused(self, demo: Demo) -> None:
        """Loading once more says what to do instead."""
        with pytest.raises(DemoRefused, match="Choose an empty folder"):
            load_demo(demo[0].services, build=tiny)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Portal]:
    """Give a portal without accounts."""
    portal = Portal(tmp_path, Clock(NOW))
    yield portal
    portal.services.records.close()


@pytest.mark.parametrize("day", ["2026-08-30", "2027-03-01", "2028-02-29"])
def test_it_loads_on_any_day(empty: Portal, day: str) -> None:
    """The days move with the day of loading, back or ahead."""
    empty.clock.now = datetime.fromisoformat(f"{day}T00:30:00+00:00")
    told: list[str] = []
    info = load_demo(empty.services, told.append, build=tiny, clients=SMALL)
    assert [account.name for account in info.accounts] == ["Priya Nair"]
    assert told[-1] == "  Cormorant Managed Print Ltd: 100 %"
    client, base = member(empty, info, "consultant")
    listed = client.ok(client.get(f"{base}/evidence"))
    assert listed["counts"] == {"draft": 1, "submitted": 1, "accepted": 1, "returned": 0, "total": 3}


def test_a_folder_with_other_data_is_served_without_the_demo(empty: Portal) -> None:
    """Somebody's own accounts are left alone, and the start says so."""
    first = {"name": "Ada", "email": "ada@example.org", "password": "correct horse battery", "kind": "organisation"}
    empty.client().post("/api/first-run", {**first, "organisation_name": "Ada Ltd"})
    assert load_or_recall(empty.services, build=tiny).lines() == [
        "This data folder has accounts of its own, so it is served without the demo."
    ]


def test_a_half_loaded_folder_says_how_to_mend_it(empty: Portal) -> None:
    """When loading was cut short, the next start asks for the folder to be deleted."""

    def fails(_: object) -> tuple[str, bytes]:
        raise RuntimeError("cut short")

    with pytest.raises(RuntimeError):
        load_demo(empty.services, build=fails, clients=SMALL)
    for start in (load_demo, load_or_recall):
        with pytest.raises(DemoRefused, match="delete the folder and start again"):
            start(empty.services, build=tiny)
