"""A person's work list names what is theirs to do, the latest first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from portal.domain.facts import EvidenceFact
from portal.domain.steps import Step, StepState
from portal.domain.work import Worker, work_items
from tests.support.domain_facts import CLAIRE, INGRID, ITEMS, MARCUS, TODAY, finding

MINE = Worker(MARCUS, may_review=True, may_verify=True)
PLAN = EvidenceFact("e1", "Capacity plan", "submitted", CLAIRE, CLAIRE, date(2026, 7, 20))


def kinds(worker=MINE, **facts):
    return [item.kind for item in work_items(worker, TODAY, **facts)]


def test_nothing():
    """Without facts there is no work."""
    assert work_items(MINE, TODAY) == ()


class TestItems:
    def test_mine_with_a_date(self):
        """An item of mine that is not met and has a date is work."""
        mine = ITEMS[0]._replace(rating=1, due=TODAY)
        assert kinds(items=[mine]) == ["requirement"]
        others = [mine._replace(owner=CLAIRE), mine._replace(due=None), mine._replace(rating=3)]
        assert kinds(items=[*others, mine._replace(rating="did_not_occur")]) == []


class TestEvidence:
    def test_review(self):
        """Submitted evidence waits for whoever may review it, five days long."""
        (item,) = work_items(MINE, TODAY, evidence=[PLAN])
        assert (item.title, item.due, item.late_days) == ("Review “Capacity plan”", date(2026, 7, 25), 1)

    @pytest.mark.parametrize(
        "piece", [replace(PLAN, owner=MARCUS), replace(PLAN, submitted_by=MARCUS), replace(PLAN, state="accepted")]
    )
    def test_own_work_is_not_mine_to_review(self, piece):
        """Nobody is asked to review what they own or submitted."""
        assert kinds(evidence=[piece]) == []

    def test_not_a_reviewer(self):
        """Somebody who may not review is not asked to."""
        assert kinds(Worker(MARCUS), evidence=[PLAN]) == []

    def test_returned_and_draft(self):
        """Returned evidence comes back to its owner with the reason; a draft waits to be submitted."""
        back = replace(PLAN, owner=MARCUS, state="returned", reason="No period")
        (item,) = work_items(MINE, TODAY, evidence=[back])
        assert (item.kind, item.text) == ("returned", "No period")
        assert kinds(evidence=[replace(back, state="draft")]) == ["draft"]

    @pytest.mark.parametrize(("days", "found"), [(31, []), (30, ["lapsing"]), (-1, ["lapsing"])])
    def test_lapsing(self, days, found):
        """Accepted evidence of mine asks for a look thirty days before its review date."""
        piece = replace(PLAN, owner=MARCUS, state="accepted", review_by=TODAY + timedelta(days=days))
        assert kinds(evidence=[piece]) == found


class TestFindings:
    def test_owner_answers(self):
        """The owner of a finding is told the next answer."""
        (item,) = work_items(MINE, TODAY, findings=[finding(state="plan_accepted")])
        assert (item.title, item.late_days) == ("IA-03: carry out the plan", 9)

    def test_verifier_judges(self):
        """Whoever may verify, and does not own it, judges the answer."""
        (item,) = work_items(Worker(CLAIRE, may_verify=True), TODAY, findings=[finding()])
        assert item.title == "IA-03: verify the corrective action"
        assert kinds(findings=[finding()]) == []
        assert kinds(Worker(INGRID), findings=[finding()]) == []

    def test_the_body_judges_its_own(self):
        """What the certification body raised is judged in the review room, not here."""
        assert kinds(Worker(CLAIRE, may_verify=True), findings=[finding(source="stage2")]) == []

    def test_opportunity(self):
        """An accepted opportunity asks nothing more of its owner, only to be closed."""
        accepted = finding("ofi", "accepted")
        assert kinds(findings=[accepted]) == []
        assert kinds(Worker(CLAIRE, may_verify=True), findings=[accepted]) == ["finding"]


class TestSteps:
    def test_late_steps_of_mine(self):
        """A step I own is work once it is late."""
        step = Step(7, StepState.IN_PROGRESS, MARCUS, planned_end=TODAY - timedelta(days=2))
        (item,) = work_items(MINE, TODAY, steps=[step])
        assert (item.title, item.late_days) == ("Finish step 7, Corrective action", 2)
        assert kinds(steps=[replace(step, planned_end=TODAY), replace(step, owner=CLAIRE)]) == []


def test_latest_first():
    """The latest comes first, what has no date last."""
    found = work_items(
        MINE,
        TODAY,
        items=[ITEMS[0]._replace(rating=1, due=TODAY)],
        evidence=[PLAN, replace(PLAN, state="returned", owner=MARCUS)],
        findings=[finding(state="plan_accepted")],
    )
    assert [item.kind for item in found] == ["finding", "review", "requirement", "returned"]
