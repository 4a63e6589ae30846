"""The state of a step changes only through its functions, and what happened stays on record."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import catalogue
from portal.domain import steps
from portal.domain.common import GateBlocked, Invalid, Place, RuleBroken
from portal.domain.gates import Blocker
from portal.domain.steps import Step, StepState
from tests.support.domain_facts import CLAIRE, INGRID, MARCUS, NOW, TODAY

BLOCKER = Blocker("x", "Scope is missing", "It is named in 4.3", Place("settings"))
LATER = NOW + timedelta(days=3)


def begun(number: int = 1) -> Step:
    return steps.start(Step(number), MARCUS, NOW)


def done(number: int = 1) -> Step:
    return steps.pass_gate(begun(number), [], MARCUS, NOW)


class TestDefinitions:
    def test_there_are_eleven_in_order(self):
        """The way has eleven steps, named as in the domain."""
        assert list(steps.DEFINITIONS) == list(range(1, 12))
        assert [one.name for one in steps.DEFINITIONS.values()][3] == "Documentation and process design"
        assert steps.definition(4).short == "Process design"

    def test_line_ids_name_their_step_once(self):
        """A checklist line's id begins with its step, and no two lines share one."""
        ids = [line.id for one in steps.DEFINITIONS.values() for line in one.lines]
        assert len(ids) == len(set(ids))
        assert all(line.id.startswith(f"{n}.") for n, one in steps.DEFINITIONS.items() for line in one.lines)

    @pytest.mark.parametrize(("edition", "inputs"), [(2018, 12), (2011, 10)])
    def test_review_inputs_follow_the_edition(self, edition, inputs):
        """The management review has the twelve inputs of 2018 or the ten of 2011."""
        lines = [line for line in steps.checklist(8, edition) if line.group]
        assert len(lines) == inputs

    @pytest.mark.parametrize("edition", [2018, 2011])
    def test_clauses_exist(self, edition):
        """Every clause a line rests on is an assessable clause of that edition."""
        whole = catalogue.load(f"iso20000-1-{edition}")
        assessable = {clause.number for clause in whole.assessable}
        lines = [line for n in steps.DEFINITIONS for line in steps.checklist(n, edition)]
        assert {line.clause(edition) for line in lines} - {None} <= assessable

    @pytest.mark.parametrize("edition", [2018, 2011])
    def test_review_inputs_are_items_of_the_catalogue(self, edition):
        """Each management-review input is one item of the catalogue, under its letter."""
        whole = catalogue.load(f"iso20000-1-{edition}")
        lines = [line for line in steps.checklist(8, edition) if line.group]
        assert {f"{line.clause(edition)}-{line.id[-1]}" for line in lines} <= {item.id for item in whole.items}


class TestStart:
    def test_starts_once(self):
        """Starting sets state, day and, where nobody owns the step, the owner; a second start is refused."""
        step = begun()
        assert (step.state, step.actual_start, step.owner) == (StepState.IN_PROGRESS, NOW.date(), MARCUS)
        with pytest.raises(RuleBroken):
            steps.start(step, MARCUS, NOW)

    def test_keeps_the_owner(self):
        """Starting leaves the owner as planned."""
        assert steps.start(Step(1, owner=CLAIRE), MARCUS, NOW).owner == CLAIRE


class TestPlan:
    def test_refuses_an_end_before_the_start(self):
        """A planned end before the planned start is refused, naming the field."""
        with pytest.raises(Invalid) as refused:
            steps.plan(Step(1), MARCUS, date(2026, 2, 2), date(2026, 2, 1))
        assert refused.value.field == "planned_end"

    def test_changes_plan_only(self):
        """Planning changes owner and dates, never the state."""
        step = steps.plan(done(), CLAIRE, TODAY, TODAY)
        assert (step.state, step.owner, step.planned_end) == (StepState.DONE, CLAIRE, TODAY)


class TestConfirm:
    def test_criterion_needs_evidence(self):
        """An exit criterion without its own place takes evidence, a note is not enough."""
        line = steps.line_of(2, "2.share-trained")
        with pytest.raises(Invalid) as refused:
            steps.confirm(begun(2), line, MARCUS, NOW, "131 of 140")
        assert refused.value.field == "evidence"
        step = steps.confirm(begun(2), line, MARCUS, NOW, "131 of 140", ["e1"])
        assert step.checklist[line.id] == steps.Confirmation(MARCUS, NOW, "131 of 140", ("e1",))

    def test_review_input_takes_nothing_to_report(self):
        """A management-review input is confirmed by what was shown or a stated 'nothing to report', not by silence."""
        line = steps.line_of(8, "8.input-2018-b")
        with pytest.raises(Invalid):
            steps.confirm(begun(8), line, INGRID, NOW)
        assert line.id in steps.confirm(begun(8), line, INGRID, NOW, "Nothing to report").checklist

    def test_starts_the_step(self):
        """Confirming a line of a step that has not begun starts it."""
        step = steps.confirm(Step(1), steps.line_of(1, "1.interviews"), MARCUS, NOW)
        assert step.state is StepState.IN_PROGRESS

    def test_done_step_is_left_alone(self):
        """The checklist of a done step cannot be changed without reopening it."""
        line = steps.line_of(1, "1.interviews")
        with pytest.raises(RuleBroken):
            steps.confirm(done(), line, MARCUS, NOW)
        with pytest.raises(RuleBroken):
            steps.unconfirm(done(), line)

    def test_can_be_taken_back(self):
        """A confirmation can be taken back while the step is open."""
        line = steps.line_of(1, "1.interviews")
        assert steps.unconfirm(steps.confirm(begun(), line, MARCUS, NOW), line).checklist == {}


class TestPassGate:
    def test_without_blockers_is_done(self):
        """A gate that is met is passed without a reason, by name."""
        step = done()
        assert (step.state, step.passed_by, step.actual_end, step.overrides) == (
            StepState.DONE, MARCUS, NOW.date(), ()
        )  # fmt: skip

    def test_needs_a_start(self):
        """A step that has not begun cannot be passed, one that is done not twice."""
        with pytest.raises(RuleBroken):
            steps.pass_gate(Step(1), [], MARCUS, NOW)
        with pytest.raises(RuleBroken):
            steps.pass_gate(done(), [], MARCUS, NOW)

    def test_lists_blockers(self):
        """A gate that is not met answers with its blockers."""
        with pytest.raises(GateBlocked) as refused:
            steps.pass_gate(begun(), [BLOCKER], MARCUS, NOW)
        assert refused.value.blockers == (BLOCKER,)
        assert refused.value.detail == "One thing is in the way of step 1."

    def test_reason_without_permission_is_refused(self):
        """A reason does not help somebody who may not override."""
        with pytest.raises(GateBlocked, match="top management"):
            steps.pass_gate(begun(), [BLOCKER], MARCUS, NOW, "We overlap the steps", may_override=False)

    def test_override_is_kept_for_ever(self):
        """An override keeps name, reason and what was missing, through reopening and a clean pass."""
        step = steps.pass_gate(begun(), [BLOCKER], INGRID, NOW, "We overlap the steps", may_override=True)
        assert steps.shown_state(step) == "overridden"
        step = steps.reopen(step, MARCUS, LATER, "Scope changed")
        step = steps.pass_gate(step, [], MARCUS, LATER)
        assert step.override == steps.Override(INGRID, NOW, "We overlap the steps", ("Scope is missing",))

    @given(
        missing=st.integers(0, 3),
        reason=st.text(max_size=3),
        may=st.booleans(),
        state=st.sampled_from([StepState.IN_PROGRESS, StepState.REOPENED]),
    )
    def test_never_done_with_blockers_and_no_reason(self, missing, reason, may, state):
        """No step becomes done while something is missing, unless a permitted person gave a reason that is kept."""
        before = replace(begun(), state=state)
        try:
            after = steps.pass_gate(before, [BLOCKER] * missing, MARCUS, NOW, reason, may)
        except (RuleBroken, Invalid):
            assert missing
        else:
            assert after.done
            assert len(after.overrides) == (1 if missing else 0)
            assert not missing or (may and after.override.reason == reason.strip() != "")


class TestReopen:
    def test_needs_a_reason_and_a_done_step(self):
        """Only a done step is reopened, and only with a reason."""
        with pytest.raises(RuleBroken):
            steps.reopen(begun(), MARCUS, NOW, "because")
        with pytest.raises(Invalid):
            steps.reopen(done(), MARCUS, NOW, "  ")
        step = steps.reopen(done(), MARCUS, LATER, "Scope changed")
        assert (step.state, step.actual_end, step.reopenings[-1].text) == (StepState.REOPENED, None, "Scope changed")

    def test_puts_later_steps_in_doubt(self):
        """Reopening a step puts every later done step in doubt until it is done again."""
        way = [done(n) for n in range(1, 6)] + [Step(n) for n in range(6, 12)]
        assert steps.later_in_doubt(way, 3) == (4, 5)
        way[2] = steps.reopen(way[2], MARCUS, LATER, "New policy")
        assert steps.in_doubt(way) == {4: 3, 5: 3}
        way[2] = steps.pass_gate(way[2], [], MARCUS, LATER)
        assert steps.in_doubt(way) == {}

    def test_passed_after_the_reopening_is_not_in_doubt(self):
        """A step passed in knowledge of the reopening is not in doubt."""
        way = [steps.reopen(done(1), MARCUS, NOW, "Scope changed"), replace(done(2), passed_at=LATER)]
        assert steps.in_doubt(way) == {}


class TestLateDays:
    @pytest.mark.parametrize(("end", "late"), [(TODAY, None), (TODAY - timedelta(days=9), 9), (None, None)])
    def test_counts_from_the_planned_end(self, end, late):
        """An unfinished step is late from the day after its planned end."""
        assert steps.late_days(replace(begun(), planned_end=end), TODAY) == late

    def test_done_is_never_late(self):
        """A done step is no longer late."""
        assert steps.late_days(replace(done(), planned_end=TODAY - timedelta(days=9)), TODAY) is None


def test_current_step_is_the_first_not_done():
    """The current step is the first that is not done; there is none at the end."""
    assert steps.current_step([done(1), begun(2), Step(3)]) == 2
    assert steps.current_step([done(n) for n in range(1, 12)]) is None
