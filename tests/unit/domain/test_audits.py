"""Audits from planning to decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain import audits as a
from portal.domain.common import Invalid, Person, RuleBroken, SeparationBroken
from portal.domain.finding_types import OnBehalf
from portal.domain.snapshots import Head

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
ELENA, MARCUS, CLAIRE = Person("grant:1", "Elena Rossi"), Person("m", "Marcus Webb"), Person("c", "Claire Dubois")
HEAD = Head("s1", "a1", "stage2", NOW, MARCUS, 74, 300, "d")


def audit(kind: str = "stage2", **more: object) -> a.Audit:
    known = {"start": date(2026, 10, 5), "end": date(2026, 10, 8), "lead_auditor": "Elena Rossi"}
    return a.plan("a1", kind=kind, **{**known, **more})


def prepared(kind: str = "stage2") -> a.Audit:
    return a.prepare(audit(kind), HEAD)


def concluded() -> a.Audit:
    return a.conclude(
        a.opened(prepared()), text="Effective.", recommendation="certify", by=ELENA, now=NOW, is_body=True
    )


def decide(subject: a.Audit, **more: object) -> a.Audit:
    known = {"decision": "granted", "decided_on": TODAY, "decided_by": "Ruth Adler", "by": MARCUS, "now": NOW}
    return a.decide(subject, **{**known, **more})


class TestPlanning:
    @pytest.mark.parametrize(
        ("kind", "change", "field"),
        [
            ("stage3", {}, "kind"),
            ("stage1", {"end": date(2026, 10, 4)}, "end"),
            ("stage1", {"clauses": ("4.1",)}, "clauses"),
            ("internal", {"title": "x" * 201}, "title"),
        ],
    )
    def test_a_wrong_plan_names_its_field(self, kind: str, change: dict[str, object], field: str) -> None:
        """Unknown kinds, reversed days and clauses outside an internal audit are refused."""
        with pytest.raises(Invalid) as refused:
            audit(kind, **change)
        assert refused.value.field == field

    def test_stage_2_is_confirmed_with_stage_1_for_later(self) -> None:
        """The day of Stage 2 belongs to Stage 1 and comes after it."""
        stage1 = audit("stage1")
        assert a.edit(stage1, {"stage2_date_confirmed": date(2026, 11, 9)}).stage2_date_confirmed
        for wrong, day in ((stage1, stage1.end), (audit(), date(2026, 11, 9))):
            with pytest.raises(Invalid) as refused:
                a.edit(wrong, {"stage2_date_confirmed": day})
            assert refused.value.field == "stage2_date_confirmed"

    def test_an_unknown_field_is_refused(self) -> None:
        """The state is not a field that can be edited."""
        with pytest.raises(Invalid):
            a.edit(audit(), {"state": "decided"})


class TestPreparing:
    def test_a_grant_needs_the_frozen_snapshot(self) -> None:
        """An auditor is let in only once the evidence is frozen, and never into an internal audit."""
        with pytest.raises(RuleBroken):
            a.check_grantable(audit())
        with pytest.raises(RuleBroken):
            a.check_grantable(audit("internal"))
        assert a.check_grantable(prepared()) == HEAD

    def test_a_snapshot_is_replaced_only_until_it_is_used(self) -> None:
        """Preparing again replaces the snapshot until an auditor has entered."""
        again = replace(HEAD, id="s2")
        assert a.prepare(prepared(), again).snapshot == again
        for used in (a.opened(prepared()), concluded()):
            with pytest.raises(RuleBroken):
                a.prepare(used, again)
        with pytest.raises(RuleBroken):
            a.prepare(prepared(), again, grants_used=True)

    def test_internal_audits_are_not_prepared(self) -> None:
        """Nothing is frozen for an internal audit."""
        with pytest.raises(RuleBroken):
            a.prepare(audit("internal"), HEAD)

    def test_the_first_entry_opens(self) -> None:
        """The first entry opens the audit, later ones leave it as it is."""
        opened = a.opened(prepared())
        assert opened.state == a.State.OPEN
        assert a.opened(opened) is opened
        assert a.opened(concluded()).state == a.State.CONCLUDED


class TestConclusion:
    @pytest.mark.parametrize(
        ("kind", "fits", "other"), [("stage1", "proceed", "certify"), ("stage2", "not_yet", "proceed")]
    )
    def test_each_stage_has_its_recommendations(self, kind: str, fits: str, other: str) -> None:
        """Stage 1 says whether to proceed, Stage 2 whether to certify."""
        said = {"text": "Seen.", "by": ELENA, "now": NOW, "is_body": True}
        assert a.conclude(prepared(kind), recommendation=fits, **said).state == a.State.CONCLUDED
        with pytest.raises(Invalid) as refused:
            a.conclude(prepared(kind), recommendation=other, **said)
        assert refused.value.field == "recommendation"

    def test_a_member_concludes_only_on_behalf_of_the_auditor(self) -> None:
        """A member records a conclusion only for a named auditor, and it says so."""
        said = {"text": "Seen.", "recommendation": "certify", "by": MARCUS, "now": NOW, "is_body": False}
        with pytest.raises(SeparationBroken):
            a.conclude(prepared(), **said)
        behalf = OnBehalf("Elena Rossi", TODAY)
        recorded = a.conclude(prepared(), **said, recorded_for=behalf)
        assert recorded.conclusion
        assert recorded.conclusion.recorded_for == behalf

    def test_it_rests_on_frozen_evidence_and_ends_with_the_decision(self) -> None:
        """Nothing is concluded before preparation, in an internal audit or after the decision."""
        said = {"text": "Seen.", "recommendation": "certify", "by": ELENA, "now": NOW, "is_body": True}
        for subject in (audit(), audit("internal"), decide(concluded())):
            with pytest.raises(RuleBroken):
                a.conclude(subject, **said)


class TestReport:
    def test_the_report_concludes_an_internal_audit(self) -> None:
        """A received report concludes an internal audit and leaves the body's stages as they are."""
        day = date(2026, 10, 20)
        assert a.receive_report(audit("internal"), day, "e1", TODAY).state == a.State.CONCLUDED
        assert a.receive_report(prepared("stage1"), day, None, TODAY).state == a.State.PREPARED

    @pytest.mark.parametrize("day", [date(2026, 10, 4), TODAY + timedelta(1)])
    def test_it_arrives_after_the_start_and_not_ahead(self, day: date) -> None:
        """A report before the audit or in the future is refused."""
        with pytest.raises(Invalid) as refused:
            a.receive_report(audit(), day, None, TODAY)
        assert refused.value.field == "report.received_on"


class TestDecision:
    @pytest.mark.parametrize("decision", ["granted", "refused"])
    def test_stage_2_is_decided_after_its_conclusion(self, decision: str) -> None:
        """A concluded Stage 2 is granted or refused, by a named person."""
        decided = decide(concluded(), decision=decision)
        assert decided.state == a.State.DECIDED
        assert decided.decision
        assert (decided.decision.decision, decided.decision.decided_by) == (decision, "Ruth Adler")

    @pytest.mark.parametrize("name", ["Elena Rossi", " elena  ROSSI ", "James Okoro"])
    def test_the_audit_team_does_not_decide(self, name: str) -> None:
        """Neither the lead auditor nor anybody else who audited takes the decision."""
        with pytest.raises(SeparationBroken):
            decide(concluded(), decided_by=name, auditors=("James Okoro",))

    def test_only_a_concluded_stage_2_is_decided(self) -> None:
        """Nothing is decided before the conclusion, twice, or after Stage 1."""
        for subject in (prepared(), a.opened(prepared()), decide(concluded()), prepared("stage1")):
            with pytest.raises(RuleBroken):
                decide(subject)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"decision": "maybe"}, "decision"),
            ({"decided_on": TODAY + timedelta(1)}, "decided_on"),
            ({"decided_on": date(2026, 10, 7)}, "decided_on"),
            ({"decided_by": ""}, "decided_by"),
        ],
    )
    def test_a_wrong_decision_names_its_field(self, change: dict[str, object], field: str) -> None:
        """Unusable words, days and names are refused under their field's name."""
        with pytest.raises(Invalid) as refused:
            decide(concluded(), **change)
        assert refused.value.field == field

    def test_a_decided_audit_stays(self) -> None:
        """After the decision the audit is not edited and no auditor is let in."""
        decided = decide(concluded())
        with pytest.raises(RuleBroken):
            a.edit(decided, {"title": "Other"})
        with pytest.raises(RuleBroken):
            a.check_grantable(decided)


def test_an_internal_auditor_audits_nothing_of_their_own() -> None:
    """An internal auditor who owns a covered process is refused, by clause."""
    with pytest.raises(SeparationBroken, match=r"8\.6\.1"):
        a.check_impartial(CLAIRE, {"8.6.1": (MARCUS, CLAIRE), "4.1": (MARCUS,)})
    a.check_impartial(CLAIRE, {"4.1": (MARCUS,)})
