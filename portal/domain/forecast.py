"""When the certificate is due at the pace so far.

Pace is actual over planned length of the steps done: 1.2 means that steps take a fifth longer than planned. What
remains is the rest of the plan, stretched by it; steps without planned dates count with their usual length. The range
comes from the quicker and the slower quarter of the steps done. A booked audit is never moved forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import quantiles

from portal.domain.steps import LAST, Step, StepState, definition

BOOKED = frozenset({9, 11})
SLOWEST, QUICKEST = 3.0, 0.5
# With fewer steps done the spread of their pace says nothing yet: a tenth quicker, three tenths slower.
ENOUGH = 3
QUICKER, SLOWER = 0.9, 1.3


@dataclass(frozen=True, slots=True)
class Forecast:
    """Hold between which days the certificate is due, the likeliest day, and how many steps say so."""

    low: date
    likely: date
    high: date
    steps_done: int

    def days_against(self, target: date | None) -> int | None:
        """Return the days the likely day lies after the target, below zero when before; None without a target."""
        return (self.likely - target).days if target else None


@dataclass(frozen=True, slots=True)
class _Span:
    start: date
    end: date
    booked: bool  # an audit with a date


def forecast(steps: Sequence[Step], today: date) -> Forecast | None:
    """Return the forecast of the certificate, None before the first step has begun and after the last is done."""
    ordered = sorted(steps, key=lambda step: step.number)
    begun = any(step.state is not StepState.NOT_STARTED for step in ordered)
    if not begun or all(step.done for step in ordered if step.number == LAST):
        return None
    low, likely, high = paces(ordered)
    plan = _planned(ordered, today)
    days = [_finish(ordered, plan, pace, today) for pace in (low, likely, high)]
    return Forecast(days[0], days[1], days[2], sum(step.done for step in ordered))


def paces(steps: Sequence[Step]) -> tuple[float, float, float]:
    """Return quicker, likely and slower pace: actual over planned length of the steps that are done."""
    lengths = ((_actual(step), _plan(step)) for step in steps if step.done)
    known = [(actual, planned) for actual, planned in lengths if actual and planned]
    if not known:
        return QUICKER, 1.0, SLOWER
    likely = _within(sum(actual for actual, _ in known) / sum(planned for _, planned in known))
    if len(known) < ENOUGH:
        return likely * QUICKER, likely, likely * SLOWER
    quarters = quantiles((_within(actual / planned) for actual, planned in known), n=4, method="inclusive")
    return min(quarters[0], likely), likely, max(quarters[2], likely)


def _within(pace: float) -> float:
    return min(SLOWEST, max(QUICKEST, pace))


def _actual(step: Step) -> int:
    return _days(step.actual_start, step.actual_end)


def _plan(step: Step) -> int:
    return _days(step.planned_start, step.planned_end)


def _days(start: date | None, end: date | None) -> int:
    return max((end - start).days, 0) + 1 if start and end else 0


def _planned(steps: Sequence[Step], today: date) -> dict[int, _Span]:
    """Return planned spans, completed for steps without dates: after the step before, for the usual length."""
    spans: dict[int, _Span] = {}
    after = min((day for step in steps if (day := step.planned_start or step.actual_start)), default=today)
    for step in steps:
        weeks = definition(step.number).weeks
        usual = timedelta(days=7 * sum(weeks) // 2)
        start = step.planned_start or (step.planned_end - usual if step.planned_end else after)
        end = max(start, step.planned_end or start + usual)
        spans[step.number] = _Span(start, end, step.number in BOOKED and step.planned_start is not None)
        after = end
    return spans


def _finish(steps: Sequence[Step], plan: dict[int, _Span], pace: float, today: date) -> date:
    """Return the end of the last step, walking the plan from where the steps done left it."""
    finished, planned_end = _from_here(steps, plan, today)
    for step in steps:
        if step.done:
            continue
        span = plan[step.number]
        begin = step.actual_start or _begin(span, finished, planned_end, today)
        end = max(today, begin + _stretched(span, pace))
        finished, planned_end = max(finished, end), max(planned_end, span.end)
    return finished


def _from_here(steps: Sequence[Step], plan: dict[int, _Span], today: date) -> tuple[date, date]:
    """Return the latest actual and the latest planned end of the steps done, or the plan's start without any."""
    done = [step for step in steps if step.done and step.actual_end]
    if not done:
        first = plan[steps[0].number].start
        return first, first
    return max(step.actual_end or today for step in done), max(plan[step.number].end for step in done)


def _begin(span: _Span, finished: date, planned_end: date, today: date) -> date:
    # The gap (or overlap) the plan leaves between steps stays as planned.
    begin = max(today, finished + (span.start - planned_end))
    return max(begin, span.start) if span.booked else begin


def _stretched(span: _Span, pace: float) -> timedelta:
    length = (span.end - span.start).days
    return timedelta(days=length if span.booked else round(length * pace))
