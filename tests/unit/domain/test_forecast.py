"""The forecast follows the plan at the pace so far."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.forecast import forecast, paces
from portal.domain.steps import Step, StepState

START = date(2026, 1, 5)


def planned(length=19, gap=0):
    """Return eleven steps planned one after the other."""
    way, day = [], START
    for number in range(1, 12):
        way.append(Step(number, planned_start=day, planned_end=day + timedelta(days=length)))
        day += timedelta(days=length + gap)
    return way


def finished(step, factor=1.0):
    length = round((step.planned_end - step.planned_start).days * factor)
    end = step.planned_start + timedelta(days=length)
    return replace(step, state=StepState.DONE, actual_start=step.planned_start, actual_end=end)


def underway(step):
    return replace(step, state=StepState.IN_PROGRESS, actual_start=step.planned_start)


class TestForecast:
    def test_nothing_begun_or_all_done(self):
        """There is no forecast before the first step has begun and after the last is done."""
        way = planned()
        assert forecast(way, START) is None
        assert forecast([finished(step) for step in way], START) is None

    def test_as_planned(self):
        """At the planned pace the likeliest day is the planned end."""
        way = planned()
        way = [finished(step) for step in way[:3]] + [underway(way[3])] + way[4:]
        found = forecast(way, way[3].planned_start)
        assert (found.low, found.likely, found.high) == (way[-1].planned_end,) * 3
        assert found.steps_done == 3

    def test_slower_pace_stretches_the_rest(self):
        """Steps that took longer than planned stretch those that remain, booked audits apart."""
        way = planned(length=20)
        slow = [finished(step, 1.5) for step in way[:3]]
        found = forecast([*slow, *way[3:]], slow[-1].actual_end)
        late = found.likely - way[-1].planned_end
        assert timedelta(days=60) < late < timedelta(days=85)

    def test_audit_is_not_moved_forward(self):
        """A quick team still waits for the booked audit."""
        way = planned(length=20)
        quick = [finished(step, 0.6) for step in way[:8]]
        found = forecast([*quick, *way[8:]], quick[-1].actual_end)
        assert found.likely == way[-1].planned_end

    def test_overdue_step_pushes_the_rest(self):
        """A step that should have ended ends today at the earliest."""
        way = planned()
        way = [underway(way[0]), *way[1:]]
        today = way[0].planned_end + timedelta(days=30)
        assert forecast(way, today).likely >= way[-1].planned_end + timedelta(days=30)

    def test_without_a_plan_the_usual_length_counts(self):
        """Without planned dates the usual lengths of the steps are taken."""
        way = [replace(Step(1), state=StepState.IN_PROGRESS, actual_start=START), *map(Step, range(2, 12))]
        found = forecast(way, START)
        assert timedelta(weeks=30) < found.likely - START < timedelta(weeks=70)
        assert found.low < found.likely < found.high

    @given(
        factors=st.lists(st.floats(0.1, 5), min_size=1, max_size=10),
        length=st.integers(1, 90),
        gap=st.integers(-10, 30),
        ahead=st.integers(-200, 500),
    )
    def test_range_is_in_order_and_never_past(self, factors, length, gap, ahead):
        """Whatever happened, the range is in order and does not lie in the past."""
        way = planned(length, gap)
        way = [finished(step, factor) for step, factor in zip(way, factors, strict=False)] + way[len(factors) :]
        today = START + timedelta(days=ahead)
        found = forecast(way, today)
        assert today <= found.low <= found.likely <= found.high


class TestPaces:
    def test_without_done_steps(self):
        """Without a step done the plan is believed, with room to be slower."""
        assert paces(planned()) == (0.9, 1.0, 1.3)

    def test_extremes_are_bounded(self):
        """One step that took years does not make a forecast of decades."""
        way = planned()
        assert paces([finished(way[0], 50), *way[1:]])[1] == 3.0


@pytest.mark.parametrize(("target", "days"), [(None, None), (date(2026, 8, 1), 1), (date(2026, 8, 15), -13)])
def test_days_against_target(target, days):
    """Days after the target count up, days before it down."""
    way = [replace(Step(11), state=StepState.IN_PROGRESS, actual_start=date(2026, 7, 1),
                   planned_start=date(2026, 7, 1), planned_end=date(2026, 8, 2))]  # fmt: skip
    assert forecast(way, date(2026, 7, 20)).days_against(target) == days
