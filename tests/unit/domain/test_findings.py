"""Findings: raising, life-cycle, separations, due dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import findings as f
from portal.domain.common import DomainError, Invalid, Person, RuleBroken, SeparationBroken
from portal.domain.finding_table import JUDGEMENTS, TABLE, WORK, rule_for

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
TIAGO, CLAIRE, BEN, MARCUS = (Person(n[0].lower(), n) for n in ("Tiago", "Claire", "Ben", "Marcus"))
ELENA = Person("grant:1", "Elena Rossi")
VERIFIERS = {CLAIRE.id, BEN.id, MARCUS.id}
DAYS = f.DueDays(30, 90, 90)


def raised(grade: str = "major", source: str = "internal_audit", **more: object) -> f.Finding:
    known = {
        "clause": "8.7.2", "statement": "The continuity plan for Managed Hosting has never been tested.",
        "objective_evidence": "Plan v1.0, section 6: test column empty", "by": CLAIRE, "owner": TIAGO, "now": NOW,
    }  # fmt: skip
    return f.raise_finding("f1", "IA-01", grade=grade, source=source, **{**known, **more})


def move(finding: f.Finding, action: str, by: Person, **said: object) -> f.Finding:
    body = by == ELENA
    return f.move(finding, action, f.Said(**said), by=by, now=NOW, is_verifier=by.id in VERIFIERS, is_body=body)


ANSWERS: dict[str, dict[str, object]] = {
    "correct": {"text": "Restore test held on 20 November"},
    "explain": {"text": "Testing was in nobody's calendar"},
    "plan": {"text": "Half-yearly test calendar", "owner": TIAGO, "due": TODAY + timedelta(20)},
    "implement": {"text": "Calendar set up", "evidence": ("e1",)},
    "verify": {"text": "Calendar seen"},
    "confirm_effective": {"text": "Second test held"},
    "dispute": {"reason": "A test was held"}, "uphold": {"reason": "Not of this system"},
    "withdraw": {"reason": "Raised in error"}, "return_plan": {"reason": "No date"},
    "return_implementation": {"reason": "Nothing shown"}, "not_effective": {"reason": "It came back"},
    "close": {"text": "Done"},
}  # fmt: skip
WAY = ("accept", "correct", "explain", "plan", "accept_plan", "implement", "verify", "confirm_effective", "close")


def along(finding: f.Finding, until: str, judge: Person = BEN) -> f.Finding:
    for action in WAY[: WAY.index(until) + 1]:
        by = judge if action in JUDGEMENTS else TIAGO
        finding = move(finding, action, by, **ANSWERS.get(action, {}))
    return finding


class TestRaising:
    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"grade": "grave"}, "grade"),
            ({"source": "rumour"}, "source"),
            ({"grade": "area_of_concern"}, "grade"),
            ({"grade": "major", "source": "stage1"}, "grade"),
            ({"grade": "ofi", "source": "stage1"}, "grade"),
            ({"grade": "area_of_concern", "source": "stage2"}, "grade"),
            ({"statement": ""}, "statement"),
            ({"objective_evidence": " "}, "objective_evidence"),
            ({"clause": None}, "clause"),
        ],
    )
    def test_a_finding_needs_statement_clause_evidence_and_a_fitting_grade(
        self, change: dict[str, object], field: str
    ) -> None:
        """A finding lacking a part, or graded against its source, is refused under the field's name."""
        with pytest.raises(Invalid) as refused:
            raised(**change)
        assert refused.value.field == field

    def test_stage_1_raises_areas_of_concern(self) -> None:
        """Stage 1 raises areas of concern, which alone can say that they may become a major."""
        assert raised("area_of_concern", "stage1", could_be_major=True).could_be_major
        assert not raised("minor", "stage2", could_be_major=True).could_be_major

    def test_the_auditor_never_owns_the_audited_process(self) -> None:
        """A finding of an internal audit is not owned by its auditor, now or later."""
        with pytest.raises(SeparationBroken):
            raised(owner=CLAIRE)
        with pytest.raises(SeparationBroken):
            f.edit(raised(), {"owner": CLAIRE}, by=MARCUS, now=NOW)

    @pytest.mark.parametrize(
        ("source", "grade", "existing", "ref"),
        [
            ("internal_audit", "minor", ("IA-01", "IA-09", "NC-4"), "IA-10"),
            ("internal_audit", "ofi", (), "IA-01"),
            ("stage1", "area_of_concern", ("AOC-1",), "AOC-2"),
            ("stage2", "major", ("NC-1", "OFI-3"), "NC-2"),
            ("stage2", "ofi", ("NC-1", "OFI-3"), "OFI-4"),
            ("gap", "minor", (), "GA-1"),
            ("other", "minor", (), "F-1"),
        ],
    )
    def test_references_count_on_by_source(self, source: str, grade: str, existing: tuple[str, ...], ref: str) -> None:
        """The next reference counts on from the highest of its own kind."""
        assert f.next_ref(source, grade, existing) == ref


class TestLifeCycle:
    def test_the_whole_way_keeps_every_answer_and_its_history(self) -> None:
        """A major goes from raised to closed, each part of the answer kept with name and instant."""
        finding = along(raised(), "close")
        assert finding.state == f.State.CLOSED
        assert [entry.action for entry in finding.history] == ["raise", *WAY]
        kept = (finding.correction, finding.cause, finding.plan, finding.plan_acceptance, finding.implementation,
                finding.verification, finding.effectiveness)  # fmt: skip
        assert all(part and part.at == NOW for part in kept)
        assert finding.plan
        assert (finding.plan.owner, finding.plan.due) == (TIAGO, TODAY + timedelta(20))

    def test_acceptance_needs_an_owner(self) -> None:
        """A finding nobody owns is accepted only together with an owner."""
        orphan = raised(owner=None)
        with pytest.raises(Invalid) as refused:
            move(orphan, "accept", TIAGO)
        assert refused.value.field == "owner"
        assert move(orphan, "accept", TIAGO, owner=TIAGO).owner == TIAGO

    @pytest.mark.parametrize(
        ("until", "action", "by", "missing", "field"),
        [
            ("accept", "correct", TIAGO, {"text": ""}, "text"),
            ("explain", "plan", TIAGO, {"owner": None}, "owner"),
            ("explain", "plan", TIAGO, {"due": None}, "due"),
            ("explain", "plan", TIAGO, {"due": TODAY - timedelta(1)}, "due"),
            ("plan", "return_plan", BEN, {"reason": None}, "reason"),
            ("accept_plan", "implement", TIAGO, {"evidence": ()}, "evidence"),
            ("implement", "verify", BEN, {"text": " "}, "text"),
        ],
    )
    def test_required_inputs_are_named(
        self, until: str, action: str, by: Person, missing: dict[str, object], field: str
    ) -> None:
        """An action without what it needs is refused under the field's name."""
        with pytest.raises(Invalid) as refused:
            move(along(raised(), until), action, by, **{**ANSWERS[action], **missing})
        assert refused.value.field == field

    @pytest.mark.parametrize(
        "cause",
        [
            "The continuity plan for Managed Hosting has never been tested.",
            "the CONTINUITY plan, for managed hosting: has never been tested",
            "Because the continuity plan has never been tested",
            "The root cause is that the plan was never tested",
            "…",
        ],
    )
    def test_the_cause_is_not_the_finding_repeated(self, cause: str) -> None:
        """A cause that says nothing beyond the finding is refused."""
        with pytest.raises(Invalid) as refused:
            move(along(raised(), "correct"), "explain", TIAGO, text=cause)
        assert refused.value.field == "text"

    def test_a_dispute_is_settled_once(self) -> None:
        """An upheld finding is back at raised and cannot be disputed again."""
        upheld = move(
            move(raised(), "dispute", TIAGO, reason="A test was held"), "uphold", CLAIRE, reason="Another one"
        )
        assert upheld.state == f.State.RAISED
        assert "dispute" not in f.allowed_actions(upheld, TIAGO, False, False)
        with pytest.raises(RuleBroken):
            move(upheld, "dispute", TIAGO, reason="Again")

    def test_a_returned_plan_is_planned_again(self) -> None:
        """A returned plan leads back to the cause, with the reason in the history."""
        back = move(along(raised(), "plan"), "return_plan", BEN, reason="No date")
        assert (back.state, back.history[-1].text) == (f.State.CAUSE_FOUND, "No date")

    def test_what_is_not_effective_is_reopened(self) -> None:
        """A finding whose cause was not removed is reopened, without plan, proof or verification."""
        again = move(along(raised(), "verify"), "not_effective", BEN, reason="It came back", due=TODAY)
        assert again.state == f.State.REOPENED
        assert (again.plan, again.plan_acceptance, again.implementation, again.verification) == (None,) * 4
        assert again.due.plan == TODAY
        assert again.correction

    def test_an_opportunity_takes_the_short_path(self) -> None:
        """An opportunity is accepted and closed with what was decided; there is no duty to act."""
        ofi = move(raised("ofi"), "accept", TIAGO)
        assert f.allowed_actions(ofi, BEN, True, False) == ("close",)
        assert f.allowed_actions(ofi, TIAGO, False, False) == ()
        with pytest.raises(Invalid):
            move(ofi, "close", BEN)
        assert move(ofi, "close", BEN, text="Three-question form").state == f.State.CLOSED
        with pytest.raises(Invalid):
            move(ofi, "correct", TIAGO, text="x")

    def test_an_unknown_action_is_refused(self) -> None:
        """An action outside the table is refused under 'action'."""
        with pytest.raises(Invalid) as refused:
            move(raised(), "forget", TIAGO)
        assert refused.value.field == "action"

    def test_its_words_stay_as_raised(self) -> None:
        """Owner and due dates of an open finding change, its statement and a closed one do not."""
        edited = f.edit(raised(), {"owner": MARCUS, "due_plan": TODAY}, by=MARCUS, now=NOW)
        assert (edited.owner, edited.due.plan, edited.history[-1].action) == (MARCUS, TODAY, "edit")
        with pytest.raises(Invalid):
            f.edit(raised(), {"statement": "Milder"}, by=MARCUS, now=NOW)
        with pytest.raises(RuleBroken):
            f.edit(along(raised(), "close"), {"owner": MARCUS}, by=MARCUS, now=NOW)


class TestSeparations:
    @pytest.mark.parametrize("until", ["plan", "implement", "verify", "confirm_effective"])
    def test_owner_and_worker_never_judge(self, until: str) -> None:
        """Neither the owner nor who worked on it judges any part of the answer, whatever their role."""
        finding = along(raised(), until)
        assert not set(f.allowed_actions(finding, TIAGO, True, False)) & JUDGEMENTS

    def test_who_implemented_does_not_verify(self) -> None:
        """A verifier who implemented the action for the owner cannot verify it."""
        done = move(along(raised(), "accept_plan"), "implement", MARCUS, text="Done", evidence=("e1",))
        with pytest.raises(SeparationBroken):
            move(done, "verify", MARCUS, text="Seen")

    def test_who_accepted_the_plan_does_not_implement(self) -> None:
        """Whoever accepted the plan leaves the work to others."""
        with pytest.raises(SeparationBroken):
            move(along(raised(), "accept_plan"), "implement", BEN, text="Done", evidence=("e1",))

    def test_a_judge_never_becomes_owner(self) -> None:
        """Whoever judged the answer cannot be made owner of the finding or its plan."""
        with pytest.raises(SeparationBroken):
            f.edit(along(raised(), "verify"), {"owner": BEN}, by=MARCUS, now=NOW)
        back = move(along(raised(), "plan"), "return_plan", BEN, reason="No date")
        with pytest.raises(SeparationBroken):
            move(back, "plan", TIAGO, text="Calendar", owner=BEN, due=TODAY)

    def test_a_process_owner_does_not_verify(self) -> None:
        """Somebody whose role does not judge cannot verify even a finding that is not theirs."""
        with pytest.raises(SeparationBroken):
            move(along(raised(), "implement"), "verify", Person("x", "Omar"), text="Seen")

    def test_the_auditor_does_not_accept_the_own_finding(self) -> None:
        """Whoever raised a finding leaves its acceptance to the owner."""
        with pytest.raises(SeparationBroken):
            move(raised(), "accept", CLAIRE)

    def test_only_the_body_or_its_recorder_judges_the_bodys_findings(self) -> None:
        """The body's auditor accepts a plan; a member does so only for a named auditor and a day that has come."""
        planned = along(raised("minor", "stage2", by=ELENA), "plan")
        assert move(planned, "accept_plan", ELENA).plan_acceptance.recorded_for is None
        for said, field in (
            ({}, "recorded_for"),
            ({"recorded_for": "Elena Rossi"}, "answered_on"),
            ({"recorded_for": "Elena Rossi", "answered_on": TODAY + timedelta(1)}, "answered_on"),
        ):
            with pytest.raises(Invalid) as refused:
                move(planned, "accept_plan", CLAIRE, **said)
            assert refused.value.field == field
        recorded = move(planned, "accept_plan", CLAIRE, recorded_for="Elena Rossi", answered_on=TODAY)
        assert recorded.history[-1].recorded_for == f.OnBehalf("Elena Rossi", TODAY)
        with pytest.raises(SeparationBroken):
            move(planned, "accept_plan", TIAGO, recorded_for="Elena Rossi", answered_on=TODAY)

    def test_the_body_answers_nothing_and_judges_only_its_own(self) -> None:
        """The body's auditor neither answers a finding nor judges one of an internal audit."""
        assert not set(f.allowed_actions(raised("minor", "stage2", by=ELENA), ELENA, False, True)) & (WORK | {"accept"})
        assert f.allowed_actions(along(raised(), "plan"), ELENA, False, True) == ()

    def test_the_body_closes_what_it_verified(self) -> None:
        """The body closes its finding on verification, without waiting for effectiveness."""
        verified = along(raised("minor", "stage2", by=ELENA), "verify", judge=ELENA)
        assert move(verified, "close", ELENA).state == f.State.CLOSED
        assert "close" not in f.allowed_actions(along(raised(), "verify"), BEN, True, False)


class TestDueDates:
    def test_dates_count_from_the_last_audit_day(self) -> None:
        """Plan and proof are owed 30 and 90 days after the last audit day, or after raising without one."""
        day = date(2026, 10, 8)
        assert f.due_dates(f.Grade.MINOR, TODAY, day, DAYS) == f.Due(date(2026, 11, 7), date(2027, 1, 6))
        assert f.due_dates(f.Grade.MAJOR, day, None, DAYS).plan == date(2026, 11, 7)
        assert f.due_dates(f.Grade.OFI, TODAY, day, DAYS) == f.Due()

    def test_the_bodys_limits_replace_the_defaults(self) -> None:
        """A body's own limits win; what it leaves open comes from the reference data."""
        rules = [
            {"id": "nc_response_plan", "default_days": 30}, {"id": "major_evidence", "default_days": 90},
            {"id": "minor_evidence", "default_days": 90}, {"id": "cycle", "months": 36},
        ]  # fmt: skip
        assert f.due_days(rules) == DAYS
        assert f.due_days(rules, {"plan_days": 14, "major_evidence_days": None}) == f.DueDays(14, 90, 90)
        with pytest.raises(Invalid) as refused:
            f.due_days(rules, {"plan_days": 0})
        assert refused.value.field == "certification_body.plan_days"

    def test_the_next_answer_moves_on(self) -> None:
        """The plan is owed first, then the proof, then nothing; lateness counts from the day after."""
        due = f.Due(TODAY, TODAY + timedelta(60))
        finding = raised(due=due)
        assert f.next_due(finding) == TODAY
        assert f.late_days(finding, TODAY) is None
        assert f.late_days(finding, TODAY + timedelta(9)) == 9
        assert f.next_due(along(finding, "plan")) == due.evidence
        assert f.next_due(along(finding, "implement")) is None


class TestPredicates:
    def test_what_bars_the_certificate(self) -> None:
        """A major bars the decision until verified, a minor until its plan is accepted, an opportunity never."""
        major, minor = raised("major", "stage2", by=ELENA), raised("minor", "stage2", by=ELENA)
        assert f.blocks_certificate(along(major, "implement", ELENA))
        assert not f.blocks_certificate(along(major, "verify", ELENA))
        assert f.blocks_certificate(along(minor, "plan", ELENA))
        assert not f.blocks_certificate(along(minor, "accept_plan", ELENA))
        assert not f.blocks_certificate(raised("ofi", "stage2", by=ELENA))
        assert f.unanswered((major, minor, raised(), raised("ofi", "stage2", by=ELENA))) == 2

    def test_withdrawn_is_closed_and_owes_nothing(self) -> None:
        """A withdrawn finding is not open and bars nothing."""
        gone = move(raised(), "withdraw", BEN, reason="Raised in error")
        assert not f.is_open(gone)
        assert f.closed_or_verified(gone)
        assert not f.blocks_certificate(gone)

    def test_every_action_reads_after_a_name(self) -> None:
        """Each action has words for the history."""
        assert all(f.said_by(action) for action in (*TABLE, "raise", "edit"))
        assert f.said_by("return_plan") == "returned the plan"


ACTORS = st.sampled_from((TIAGO, CLAIRE, BEN, MARCUS, ELENA))
ACTS = st.tuples(st.sampled_from((*TABLE, "own")), ACTORS, st.booleans())
STARTS = st.sampled_from(
    (("major", "internal_audit", CLAIRE), ("minor", "stage2", ELENA), ("ofi", "gap", MARCUS),
     ("area_of_concern", "stage1", ELENA))
)  # fmt: skip


@given(STARTS, st.integers(0, len(WAY)), st.lists(ACTS, max_size=25))
def test_no_sequence_breaks_the_separations(
    start: tuple[str, str, Person], skip: int, acts: list[tuple[str, Person, bool]]
) -> None:
    """Whatever people try in whatever order, states change by the table only and nobody judges their own work."""
    finding = raised(start[0], start[1], by=start[2])
    for action in WAY[:skip]:
        try:
            finding = move(finding, action, ELENA if start[2] == ELENA and action in JUDGEMENTS else TIAGO,
                           **ANSWERS.get(action, {}))  # fmt: skip
        except DomainError:
            break
    for action, person, on_behalf in acts:
        finding = _tried(finding, action, person, on_behalf)
        engaged = {entry.by.id for entry in finding.history if entry.action in WORK}
        judges = {entry.by.id for entry in finding.history if entry.action in JUDGEMENTS}
        assert not engaged & judges
        assert finding.owner is None or finding.owner.id not in judges
        if finding.source == f.Source.INTERNAL_AUDIT:
            assert finding.owner != finding.raised_by
            assert ELENA.id not in judges
        assert finding.state != f.State.VERIFIED or (finding.verification and finding.implementation)


def _tried(finding: f.Finding, action: str, person: Person, on_behalf: bool) -> f.Finding:
    said = {**ANSWERS.get(action, {}), **({"recorded_for": "Elena", "answered_on": TODAY} if on_behalf else {})}
    if action == "plan":
        said["owner"] = person if person != ELENA else TIAGO
    possible = f.allowed_actions(finding, person, person.id in VERIFIERS, person == ELENA)
    try:
        if action == "own":
            return f.edit(finding, {"owner": person}, by=MARCUS, now=NOW)
        after = move(finding, action, person, **said)
    except Invalid:
        return finding
    except RuleBroken as broken:
        # What is offered is refused only for what comes with it: an owner who has judged.
        about_owner = broken.field == "owner"
        assert about_owner or action not in possible
        return finding
    rule = rule_for(finding, action)
    assert action in possible
    assert rule
    assert finding.state in rule.sources
    assert after.state == rule.to
    assert replace(after, history=()) != replace(finding, history=()) or rule.to == finding.state
    return after
