"""Each gate lists what its exit criteria still lack, and is met when they hold (DOMAIN section 2)."""

from dataclasses import replace
from datetime import date

import pytest

from portal.domain.facts import DecisionFact
from portal.domain.gates import earlier_open, gate_blockers
from portal.domain.steps import Step, StepState
from tests.support import domain_facts as given
from tests.support.domain_facts import INTERNAL, ITEMS, STAGE1, STAGE2, confirmed, facts, finding


def codes(step, known, confirmations=None):
    confirmations = confirmed(step, known.edition) if confirmations is None else confirmations
    return [blocker.code for blocker in gate_blockers(step, known, confirmations)]


def with_item(index, **changes):
    return facts(items=tuple(item._replace(**changes) if n == index else item for n, item in enumerate(ITEMS)))


@pytest.mark.parametrize("step", range(1, 12))
def test_clear(step):
    """A gate whose criteria all hold lists nothing."""
    assert codes(step, facts()) == []


@pytest.mark.parametrize("step", [1, 2, 3, 5, 8, 9])
def test_criteria_without_their_own_place_are_asked_for(step):
    """A criterion nobody confirmed is a blocker that leads to its line."""
    blockers = gate_blockers(step, facts(records_to=None), {})
    assert blockers
    assert {blocker.place.page for blocker in blockers} == {"step"}


def test_a_real_fact_takes_the_place_of_a_confirmation():
    """A fact the product knows settles a line that nobody confirmed."""
    assert codes(2, facts(known={"2.share-trained": True}), {}) == ["line:2.auditors-qualified"]


def test_every_blocker_says_what_why_and_where():
    """No blocker lacks its text, its reason or its place."""
    bare = facts(items=tuple(item._replace(rating=0, accepted=0) for item in ITEMS), audits=(), scope_statement="")
    for step in range(1, 12):
        for blocker in gate_blockers(step, bare, {}):
            assert blocker.text
            assert blocker.why
            assert blocker.place.page


class TestStep1:
    def test_unrated_items(self):
        """Items that nobody rated keep the gap analysis open, as one blocker."""
        blockers = gate_blockers(1, with_item(0, rating=None), confirmed(1))
        assert [blocker.text for blocker in blockers] == ["One item is not rated yet"]

    def test_did_not_occur_is_rated(self):
        """An item that did not occur in the period counts as rated."""
        assert codes(1, with_item(0, rating="did_not_occur")) == []

    @pytest.mark.parametrize(
        ("change", "code"),
        [({"scope_statement": " "}, "scope-missing"), ({"scope_agreed": False}, "scope-not-agreed")],
    )
    def test_scope(self, change, code):
        """The scope has to be stated and agreed."""
        assert codes(1, facts(**change)) == [code]


class TestStep4:
    def test_required_document_without_accepted_evidence(self):
        """A document the standard asks for needs accepted evidence, said per clause with its owner."""
        (blocker,) = gate_blockers(4, with_item(1, accepted=0), {})
        assert (blocker.code, blocker.severity, blocker.owner) == ("document:8.3.3", "open", given.CLAIRE)
        assert blocker.text == "8.3.3 Service level management: no approved document"

    def test_critical_gap(self):
        """An item asked for in writing and rated 0 would cost the certificate; its clause is named once."""
        (blocker,) = gate_blockers(4, with_item(1, accepted=0, rating=0), {})
        assert (blocker.code, blocker.severity) == ("gap:8.3.3", "stop")

    def test_one_blocker_per_clause(self):
        """Several items of a clause make one blocker."""
        more = tuple(ITEMS[1]._replace(id=f"8.3.3-{letter}", accepted=0) for letter in "abc")
        assert codes(4, facts(items=more)) == ["document:8.3.3"]

    @pytest.mark.parametrize("changes", [{"explicit": False}, {"step": 5}, {"rating": "did_not_occur"}])
    def test_what_is_not_asked_for(self, changes):
        """Help texts, later steps and what did not occur never make a missing document."""
        assert codes(4, with_item(1, accepted=0, **changes)) == []


class TestStep5:
    def test_process_without_record(self):
        """Each process clause needs an accepted record."""
        assert codes(5, facts(clauses_with_records=frozenset())) == ["record:8.6.1"]

    def test_clause_outside_the_processes_needs_none(self):
        """Only the clauses that hold the processes are sampled here; in 2011 they are 5 to 9."""
        item = ITEMS[2]._replace(id="9.1-a", clause="9.1")
        assert codes(5, facts(items=(item,))) == []
        assert codes(5, facts(items=(item,), edition=2011)) == ["record:9.1"]

    def test_period_from_records(self):
        """Three months of accepted records settle the period without a confirmation, less does not."""
        but = confirmed(5, but="5.three-months")
        assert codes(5, facts(records_to=date(2026, 5, 31)), but) == []
        (blocker,) = gate_blockers(5, facts(records_to=date(2026, 5, 30)), but)
        assert blocker.text == "Records cover 1 March to 30 May, less than three months"

    def test_period_by_name(self):
        """Records kept elsewhere count when somebody confirms them."""
        assert codes(5, facts(records_from=None)) == []


class TestStep6:
    def test_no_audit(self):
        """Without an internal audit there is one thing to do first."""
        assert codes(6, facts(audits=())) == ["audit-missing"]

    def test_report_not_issued(self):
        """An audit without report covers nothing yet."""
        audit = replace(INTERNAL, report_received=None)
        assert codes(6, facts(audits=(audit,))) == [
            "report:a1", "uncovered:4", "uncovered:8", "uncovered:9", "site:leeds", "site:porto"
        ]  # fmt: skip

    def test_uncovered_clause_and_site(self):
        """Clauses and sites no audit covered are named."""
        audit = replace(INTERNAL, clauses=INTERNAL.clauses - {"8.3.3"}, sites=frozenset({"leeds"}))
        blockers = gate_blockers(6, facts(audits=(audit,)), {})
        assert [blocker.text for blocker in blockers] == [
            "8 Operation: one clause not audited", "Porto has not been audited"
        ]  # fmt: skip

    def test_audits_add_up(self):
        """Several audits cover the system together; one that lies ahead is not waited for."""
        halves = (
            replace(INTERNAL, clauses=frozenset({"4.3", "8.3.3"}), sites=frozenset({"leeds"})),
            replace(INTERNAL, id="a9", clauses=frozenset({"8.6.1", "9.3"}), sites=frozenset({"porto"})),
            replace(INTERNAL, id="a10", start=date(2027, 1, 10), report_received=None),
        )
        assert codes(6, facts(audits=halves)) == []


class TestStep7:
    def test_waits_for_a_report(self):
        """Before an internal audit has reported, corrective action cannot be said to be done."""
        assert codes(7, facts(audits=())) == ["not-reported"]

    @pytest.mark.parametrize(
        ("grade", "state", "blocked"),
        [
            ("major", "implemented", True), ("major", "plan_accepted", True), ("major", "verified", False),
            ("major", "closed", False), ("major", "withdrawn", False), ("major", "reopened", True),
            ("minor", "planned", True), ("minor", "plan_accepted", False), ("minor", "closed", False),
            ("minor", "raised", True), ("minor", "reopened", True), ("ofi", "raised", False),
        ],
    )  # fmt: skip
    def test_grades_and_states(self, grade, state, blocked):
        """Majors have to be verified, minors closed or planned with a date; opportunities bind nobody."""
        assert bool(codes(7, facts(findings=(finding(grade, state),)))) is blocked

    def test_accepted_plan_needs_its_date(self):
        """A minor whose accepted plan has no date is still open."""
        assert codes(7, facts(findings=(finding("minor", "plan_accepted", next_due=None),))) == ["finding:IA-03"]

    def test_says_what_lacks(self):
        """The blocker reads as a person would say it, with lateness and owner."""
        (blocker,) = gate_blockers(7, facts(findings=(finding(),)), {})
        assert blocker.text == "Emergency changes closed without a review"
        assert blocker.why == (
            "Major nonconformity IA-03 against 8.5.1.3: the corrective action is done, its verification is missing. "
            "Owner: Marcus Webb."
        )
        assert (blocker.severity, blocker.late_days(given.TODAY)) == ("stop", 9)

    def test_the_body_s_findings_wait_for_their_own_steps(self):
        """Findings of Stage 1 and Stage 2 do not hold step 7."""
        found = (finding(source="stage1"), finding(source="stage2"))
        assert codes(7, facts(findings=found)) == []

    def test_majors_come_first(self):
        """What would cost the certificate is listed first, then by due date."""
        found = (
            finding("minor", "raised", ref="IA-01", next_due=date(2026, 7, 1)),
            finding("minor", "raised", ref="IA-02", next_due=None),
            finding("major", "raised", ref="IA-03"),
        )
        assert codes(7, facts(findings=found)) == ["finding:IA-03", "finding:IA-01", "finding:IA-02"]


class TestStep8:
    def test_one_input_missing(self):
        """An input without content or 'nothing to report' keeps the review open and is named."""
        (blocker,) = gate_blockers(8, facts(), confirmed(8, but="8.input-2018-f"))
        assert blocker.text == "One input of 12 is not covered"
        assert "feedback from customers" in blocker.why

    def test_inputs_of_2011(self):
        """The 2011 edition asks for its own ten inputs."""
        blockers = gate_blockers(8, facts(edition=2011), {})
        assert blockers[0].text == "10 inputs of 10 are not covered"
        assert codes(8, facts(edition=2011)) == []

    def test_go_to_stage_1(self):
        """Without the decision to go to Stage 1 the review is not complete."""
        assert codes(8, facts(), confirmed(8, but="8.go")) == ["line:8.go"]


class TestStep9:
    @pytest.mark.parametrize(
        ("audits", "code"),
        [
            ((INTERNAL,), "audit-missing"),
            ((replace(STAGE1, state="open"),), "not-concluded"),
            ((replace(STAGE1, report_received=None),), "report:stage1"),
        ],
    )
    def test_audit_and_report(self, audits, code):
        """Stage 1 is planned, concluded, and its report is here."""
        assert codes(9, facts(audits=audits)) == [code]

    def test_concerns_logged(self):
        """Somebody confirms that every concern of the report is logged."""
        assert codes(9, facts(), {}) == ["line:9.concerns-logged"]


class TestStep10:
    def test_grave_concern(self):
        """An open concern that could be a major holds step 10, a lesser or a closed one does not."""
        grave = finding("area_of_concern", "accepted", "stage1", ref="AOC-1", could_be_major=True)
        assert codes(10, facts(findings=(grave,))) == ["finding:AOC-1"]
        lesser = (replace(grave, could_be_major=False), replace(grave, state="closed"))
        assert codes(10, facts(findings=lesser)) == []

    def test_date_confirmed(self):
        """The certification body has to confirm the Stage 2 date."""
        assert codes(10, facts(audits=(replace(STAGE1, stage2_date_confirmed=None),))) == ["stage2-date"]


class TestStep11:
    def test_stage_1_comes_first(self):
        """Stage 2 cannot be held before Stage 1 is concluded."""
        assert codes(11, facts(audits=(STAGE2,))) == ["stage1-open"]

    def test_not_concluded(self):
        """While Stage 2 runs, nothing is said about a decision."""
        assert codes(11, facts(audits=(STAGE1, replace(STAGE2, state="open", decision=None)))) == ["not-concluded"]

    @pytest.mark.parametrize(
        ("decision", "code"),
        [
            (None, "decision"),
            (DecisionFact("refused", "Tomas Berg", given.TODAY), "refused"),
            (DecisionFact("granted", " elena rossi", given.TODAY), "decided-by"),
        ],
    )
    def test_decision(self, decision, code):
        """The decision is there, positive, and made by somebody outside the audit team."""
        assert codes(11, facts(audits=(STAGE1, replace(STAGE2, decision=decision)))) == [code]

    def test_findings_of_stage_2(self):
        """Majors of Stage 2 have to be verified, minors' plans accepted."""
        found = (
            finding("major", "implemented", "stage2", ref="NC-1"),
            finding("minor", "planned", "stage2", ref="NC-2"),
            finding("minor", "plan_accepted", "stage2", ref="NC-3"),
        )
        assert codes(11, facts(findings=found)) == ["finding:NC-1", "finding:NC-2"]

    def test_six_months_after(self):
        """Majors not verified six months after the last day mean another Stage 2."""
        major = (finding("major", "implemented", "stage2", ref="NC-1"),)
        assert "stage2-again" not in codes(11, facts(findings=major, today=date(2027, 1, 14)))
        assert "stage2-again" in codes(11, facts(findings=major, today=date(2027, 1, 15)))


def test_earlier_steps_are_information_only():
    """Steps before an audit that are not done are named beside its gate, and block nothing."""
    way = [Step(1, StepState.DONE), Step(2), Step(3, StepState.REOPENED), Step(9)]
    assert earlier_open(way, 9) == (2, 3)
