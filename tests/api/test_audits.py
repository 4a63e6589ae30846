"""Audits: planned, prepared, concluded, decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from portal.actions.context import Event
from portal.records import keys
from portal.records.port import Insert
from portal.records.sqlite import SqliteRecords
from tests.support.evidence import House
from tests.support.meddling import MeddlingRecords
from tests.support.portal import Clock, Portal
from tests.support.review import Stage, enter

INTERNAL = {"kind": "internal", "start": "2026-10-05", "end": "2026-10-09", "lead_auditor": "Claire Dubois"}

GRANTED = {
    "decision": "granted", "decided_on": "2026-11-02", "decided_by": "Sam Reed", "certificate_number": "MC-2041",
    "scope_wording": "Managed hosting",
}  # fmt: skip


@pytest.fixture
def house(portal: Portal) -> House:
    """Give an organisation with people."""
    return House(portal)


def listed(house: House) -> dict[str, Any]:
    """Read the audits."""
    client = house.client("viola")
    return dict(client.ok(client.get(f"{house.base}/audits")))


class TestPlan:
    def test_created(self, house: House) -> None:
        """A new audit is planned, named after its kind, and stands in the list that members read."""
        stage = Stage(house)
        audit = stage.audit()
        assert (audit["title"], audit["state"], audit["snapshot"], audit["grants"]) == ("Stage 1", "planned", None, [])
        assert audit["can"] == {
            "edit": True,
            "prepare": True,
            "grant": False,
            "revoke": True,
            "conclude": False,
            "decide": False,
        }
        shown = listed(house)
        assert [(a["id"], a["can"]["edit"]) for a in shown["items"]] == [(stage.id, False)]
        assert shown["headline"]

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"end": "2026-10-01"}, "end"),
            ({"sites": ["01m6dqs9m01pa3yrppb8rd8vke"]}, "sites"),
            ({"clauses": ["4.1", "99.9"]}, "clauses"),
            ({"kind": "stage1", "clauses": ["4.1"]}, "clauses"),
            ({"kind": "stage3"}, "kind"),
            ({"start": "soon"}, "start"),
        ],
    )
    def test_refused(self, house: House, facts: dict[str, Any], field: str) -> None:
        """What cannot be planned is refused by the name of its field."""
        answer = house.client("marcus").post(f"{house.base}/audits", {**INTERNAL, **facts})
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)

    def test_changed(self, house: House) -> None:
        """The plan changes on the version that was read, and not on an older one."""
        stage = Stage(house)
        marcus, before = house.client("marcus"), stage.audit()
        changed = marcus.ok(marcus.patch(stage.address, {"end": "2026-11-11"}, etag=before["etag"]))
        assert (changed["end"], changed["etag"]) == ("2026-11-11", "2")
        assert marcus.patch(stage.address, {"end": "2026-11-12"}, etag=before["etag"]).status_code == 412
        assert marcus.patch(stage.address, {"end": "2026-11-12"}).status_code == 428

    def test_internal_report_concludes(self, house: House) -> None:
        """The report of an internal audit concludes it and its clauses count as covered."""
        marcus = house.client("marcus")
        audit = marcus.ok(marcus.post(f"{house.base}/audits", {**INTERNAL, "clauses": ["4.1", "4.2"]}), 201)
        report = house.accepted(title="Audit report", steps=[6])
        assert "4.1" in listed(house)["coverage"]["uncovered"]
        body = {"report": {"received_on": "2026-10-12", "evidence": report["id"]}}
        done = marcus.ok(marcus.patch(f"{house.base}/audits/{audit['id']}", body, etag=audit["etag"]))
        assert (done["state"], done["report"]["evidence"]) == ("concluded", report["id"])
        assert "4.1" not in listed(house)["coverage"]["uncovered"]

    def test_report_is_known_evidence(self, house: House) -> None:
        """A report's file is evidence of this organisation."""
        stage, marcus = Stage(house), house.client("marcus")
        body = {"report": {"received_on": "2026-11-02", "evidence": "01m6dqs9m01pa3yrppb8rd8vke"}}
        answer = marcus.patch(stage.address, body, etag="1")
        assert (answer.status_code, answer.get_json()["field"]) == (422, "report.evidence")

    def test_impartial(self, house: House) -> None:
        """Nobody plans an internal audit of clauses for which only their owner is there to audit."""
        marcus = house.client("marcus")
        marcus.ok(marcus.put(f"{house.base}/requirements/4.1-a", {"owner": house.id("hannah")}, etag="0"))
        body = {**INTERNAL, "clauses": ["4.1", "4.2"], "lead_auditor": "Hannah Osei"}
        answer = marcus.post(f"{house.base}/audits", body)
        assert (answer.status_code, answer.get_json()["field"]) == (409, "lead_auditor")
        assert marcus.post(f"{house.base}/audits", {**body, "team": ["Claire Dubois"]}).status_code == 201

    def test_roles(self, house: House) -> None:
        """Who may only read plans, prepares and decides nothing."""
        stage = Stage(house)
        for first in ("viola", "hannah"):
            client = house.client(first)
            assert client.post(f"{house.base}/audits", INTERNAL).status_code == 404
            assert client.patch(stage.address, {"end": "2026-11-11"}, etag="1").status_code == 404
            assert client.post(f"{stage.address}/prepare", etag="1").status_code == 404
            assert client.get(stage.address).status_code == 200

    def test_not_there(self, house: House) -> None:
        """An audit of another programme is not there."""
        stage = Stage(house)
        house.programme = house.portal.programme(house.org)
        assert stage.marcus.get(stage.address).status_code == 404
        assert stage.marcus.get(f"{stage.address}/snapshot").status_code == 404


class TestPrepare:
    def test_freezes_accepted_evidence(self, house: House) -> None:
        """Preparing freezes the accepted evidence of the stage: version, hash, owner, who accepted it."""
        piece = house.accepted(title="Context note", items=["4.1-a", "4.3-a"])
        house.create("hannah", title="A draft", items=["4.1-a"])
        stage = Stage(house)
        audit = stage.prepare()
        assert audit["state"] == "prepared"
        assert (audit["snapshot"]["evidence_count"], audit["snapshot"]["items_count"]) == (1, 2)
        shown = stage.marcus.ok(stage.marcus.get(f"{stage.address}/snapshot"))
        (entry,) = shown["items"]
        assert (entry["evidence"], entry["version"], entry["clauses"]) == (piece["id"], 1, ["4.1", "4.3"])
        assert shown["digest"] == audit["snapshot"]["digest"]

    def test_again_while_unused(self, house: House) -> None:
        """A stage is prepared again until an auditor has come in; links to the earlier freeze end with it."""
        stage = Stage(house)
        first = stage.prepare()
        early = stage.let_in()
        assert stage.audit()["state"] == "open"
        house.accepted(items=["4.1-a"])
        second = stage.prepare()
        assert second["state"] == "prepared"
        assert second["snapshot"]["id"] != first["snapshot"]["id"]
        assert second["snapshot"]["evidence_count"] == 1
        (ended,) = second["grants"]
        assert (ended["id"], ended["state"]) == (early["id"], "revoked")
        enter(house.portal, stage.let_in()["link"])
        answer = stage.marcus.post(f"{stage.address}/prepare", etag=stage.audit()["etag"])
        assert (answer.status_code, answer.get_json()["type"]) == (409, "/problems/conflict")

    def test_internal(self, house: House) -> None:
        """Nothing is frozen for an internal audit."""
        marcus = house.client("marcus")
        audit = marcus.ok(marcus.post(f"{house.base}/audits", INTERNAL), 201)
        answer = marcus.post(f"{house.base}/audits/{audit['id']}/prepare", etag=audit["etag"])
        assert answer.status_code == 409

    def test_stage2_names_stage1(self, house: House) -> None:
        """The snapshot of Stage 2 is its own and names the one of Stage 1."""
        house.accepted(items=["4.4-b"])
        first, second = Stage(house), Stage(house, "stage2", start="2026-12-07", end="2026-12-09")
        before = first.prepare()["snapshot"]
        assert second.prepare()["snapshot"]["evidence_count"] == 1
        shown = second.marcus.ok(second.marcus.get(f"{second.address}/snapshot"))
        assert shown["previous"] == {"id": before["id"], "digest": before["digest"]}
        assert before["evidence_count"] == 0

    def test_more_than_one_page(self, house: House) -> None:
        """More evidence than one page or one query holds is frozen whole."""
        piece = house.accepted(items=["4.1-a"])
        _copied(house, piece["id"], 229)
        stage = Stage(house)
        assert stage.prepare()["snapshot"]["evidence_count"] == 230
        shown = stage.marcus.ok(stage.marcus.get(f"{stage.address}/snapshot"))
        assert len({entry["evidence"] for entry in shown["items"]}) == 230


def _copied(house: House, evidence: str, times: int) -> None:
    """Store further accepted evidence like one that is there."""
    ctx = house.portal.ctx(organisation=house.org)
    head = house.portal.records.get(keys.evidence(house.org, evidence))
    copies = [(ctx.new_id(), replace(head, version=0)) for _ in range(times)]
    for start in range(0, times, 90):
        writes = [
            Insert(replace(record, key=keys.evidence(house.org, new), body={**record.body, "id": new},
                           index1=keys.evidence_in_state(house.org, "accepted", new)))
            for new, record in copies[start : start + 90]
        ]  # fmt: skip
        ctx.commit(Event("test:copied", "evidence", evidence, "", "was copied"), *writes)


class TestRaces:
    @pytest.fixture
    def meddled(self, tmp_path: Path) -> Iterator[House]:
        """Give an organisation on records that can be meddled with."""
        clock = Clock()
        records = MeddlingRecords(SqliteRecords(tmp_path / "certway.sqlite", clock=clock.epoch))
        yield House(Portal(tmp_path, clock, records))
        records.close()

    def test_accepted_in_the_middle(self, meddled: House) -> None:
        """Evidence accepted while a stage is being frozen is frozen with it: no freeze is half old, half new."""
        stage = Stage(meddled)
        meddled.portal.records.before("audit:prepared", lambda: meddled.accepted(items=["4.1-a"]))
        assert stage.prepare()["snapshot"]["evidence_count"] == 1

    def test_auditor_comes_in_meanwhile(self, meddled: House) -> None:
        """A stage is not frozen again under an auditor who comes in at that very moment."""
        stage = Stage(meddled)
        before = stage.prepare()["snapshot"]
        link = stage.let_in()["link"]
        meddled.portal.records.before("audit:prepared", lambda: enter(meddled.portal, link))
        answer = stage.marcus.post(f"{stage.address}/prepare", etag=stage.audit()["etag"])
        assert answer.status_code == 409
        assert stage.audit()["snapshot"] == before

    def test_reads(self, meddled: House) -> None:
        """The list costs two queries beside the session and the membership."""
        stage = Stage(meddled)
        stage.prepare()
        for _ in range(3):
            stage.let_in()
        listed(meddled)
        meddled.portal.records.reset()
        listed(meddled)
        assert meddled.portal.records.calls == ["get", "get_many", "query", "query"]


class TestDecision:
    @pytest.fixture
    def stage(self, house: House) -> Stage:
        """Give Stage 2, concluded by Elena Rossi on its last day."""
        made = Stage(house, "stage2", start="2026-10-28", end="2026-11-02")
        made.prepare()
        made.conclude("certify")
        return made

    def decide(self, stage: Stage, **facts: Any) -> Any:
        """Record a decision."""
        body = {**GRANTED, **facts}
        return stage.marcus.post(f"{stage.address}/decision", body, etag=stage.audit()["etag"])

    def test_granted(self, house: House, stage: Stage) -> None:
        """A positive decision brings the certificate, its surveillance dates, and the tail of step 11."""
        audit = stage.marcus.ok(self.decide(stage))
        assert (audit["state"], audit["decision"]["decided_by"]) == ("decided", "Sam Reed")
        certificate = stage.marcus.ok(stage.marcus.get(house.base))["certificate"]
        assert (certificate["number"], certificate["valid_until"]) == ("MC-2041", "2029-11-01")
        assert [visit["due"] for visit in certificate["surveillance"]] == ["2027-11-02", "2028-12-31"]
        tail = stage.marcus.ok(stage.marcus.get(f"{house.base}/steps/11"))["tail"]
        states = {line["key"]: line["state"] for line in tail["lines"]}
        assert (states["decision"], states["certificate"], tail["next"]) == ("done", "done", "surveillance_1")

    def test_refused(self, house: House, stage: Stage) -> None:
        """A refusal is recorded and brings no certificate."""
        audit = stage.marcus.ok(self.decide(stage, decision="refused"))
        assert audit["decision"]["decision"] == "refused"
        assert stage.marcus.ok(stage.marcus.get(house.base))["certificate"] is None

    def test_by_somebody_else(self, house: House, stage: Stage) -> None:
        """Nobody who audited decides, whether as lead or with a grant to audit; a grant to read alone is no audit."""
        assert self.decide(stage, decided_by="elena  rossi").status_code == 409
        stage.let_in(name="James Okoro", email="james@meridian.example", capabilities=["raise_findings"])
        stage.let_in(name="Sam Reed", email="sam@meridian.example", capabilities=["read"])
        assert self.decide(stage, decided_by="James Okoro").status_code == 409
        assert self.decide(stage).status_code == 200

    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"certificate_number": None}, "certificate_number"),
            ({"decided_on": "2026-11-03"}, "decided_on"),
            ({"valid_until": "2031-01-01"}, "valid_until"),
            ({"decision": "maybe"}, "decision"),
        ],
    )
    def test_bad_input(self, stage: Stage, facts: dict[str, Any], field: str) -> None:
        """What is wrong with a decision is named, and nothing is recorded."""
        answer = self.decide(stage, **facts)
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)
        assert stage.audit()["state"] == "concluded"

    def test_once(self, stage: Stage) -> None:
        """A decision stands: it is not recorded twice, the audit is not changed, nobody further is let in."""
        stage.marcus.ok(self.decide(stage))
        etag = stage.audit()["etag"]
        assert self.decide(stage).status_code == 409
        assert stage.marcus.patch(stage.address, {"title": "Other"}, etag=etag).status_code == 409
        body = {"name": "Elena Rossi", "email": "elena.rossi@meridian.example"}
        assert stage.marcus.post(f"{stage.address}/grants", body).status_code == 409

    def test_after_the_conclusion_only(self, house: House) -> None:
        """Stage 2 is decided after its auditor has concluded it, and Stage 1 never."""
        first, second = Stage(house), Stage(house, "stage2", start="2026-10-28", end="2026-11-02")
        assert self.decide(first).status_code == 409
        assert self.decide(second).status_code == 409


class TestConclusionOnPaper:
    def test_recorded(self, house: House) -> None:
        """A conclusion that came outside the room is recorded for its auditor, by the member who enters it."""
        stage, marcus = Stage(house), house.client("marcus")
        body = {
            "text": "Ready",
            "recommendation": "proceed",
            "recorded_for": "Elena Rossi",
            "answered_on": "2026-11-02",
        }
        early = marcus.post(f"{stage.address}/conclusion", body, etag=stage.audit()["etag"])
        assert early.status_code == 409
        prepared = marcus.ok(marcus.post(f"{stage.address}/prepare", etag=stage.audit()["etag"]))
        done = marcus.ok(marcus.post(f"{stage.address}/conclusion", body, etag=prepared["etag"]))
        assert (done["state"], done["conclusion"]["by"]["name"]) == ("concluded", "Marcus Webb")
        assert done["conclusion"]["recorded_for"] == {"name": "Elena Rossi", "answered_on": "2026-11-02"}

    @pytest.mark.parametrize(
        ("facts", "field"),
        [({"recommendation": "certify"}, "recommendation"), ({"answered_on": "2027-01-01"}, "answered_on")],
    )
    def test_refused(self, house: House, facts: dict[str, Any], field: str) -> None:
        """A recommendation of the other stage and a day to come are refused by name."""
        stage, marcus = Stage(house), house.client("marcus")
        prepared = marcus.ok(marcus.post(f"{stage.address}/prepare", etag=stage.audit()["etag"]))
        body = {"text": "Ready", "recommendation": "proceed", "recorded_for": "Elena", "answered_on": "2026-11-02"}
        answer = marcus.post(f"{stage.address}/conclusion", {**body, **facts}, etag=prepared["etag"])
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)
