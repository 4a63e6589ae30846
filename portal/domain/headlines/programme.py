"""Headlines of the overview, the steps, one step and the requirements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from portal.domain.blockers import STOP, Blocker
from portal.domain.facts import AuditFact
from portal.domain.forecast import Forecast
from portal.domain.headlines.shape import AUDIT_NAMES, Headline, are, joined, things
from portal.domain.ratings import Counts, percent
from portal.domain.steps import Step, StepState, current_step, late_days
from portal.domain.wording import (
    count_words,
    day,
    days_late,
    days_until,
    full_day,
    listed,
    lowered,
    plural,
    sentence,
    verb,
)


def overview(
    *,
    today: date,
    counts: Counts,
    in_the_way: int = 0,
    current: int | None = None,
    next_audit: AuditFact | None = None,
    target: date | None = None,
    forecast: Forecast | None = None,
    certified_until: date | None = None,
    next_visit: date | None = None,
) -> Headline:
    """Answer: will we make it, and what is in the way? `next_visit` is the next surveillance after the certificate."""
    if certified_until:
        return _certified(certified_until, next_visit, today)
    if not counts.rated and not next_audit:
        return Headline("Nothing is rated yet: the gap analysis shows where to begin", _when(forecast, target, today))
    if next_audit and next_audit.start:
        when = _audit(next_audit, next_audit.start, today)
        return Headline(f"{when}, with {things(in_the_way)}", _when(forecast, target, today))
    if current is None:
        return Headline("All eleven steps are done", _when(forecast, target, today))
    return Headline(
        f"{_standing(current, forecast, target)}, with {things(in_the_way)}", _when(forecast, target, today)
    )


def _standing(current: int, forecast: Forecast | None, target: date | None) -> str:
    """Return how the pace stands against the target; a mere plan says nothing about that, so then where one is."""
    if forecast is None or target is None or not forecast.steps_done:
        return f"Step {current} of 11"
    late = forecast.days_against(target)
    if not late:
        return "On target"
    return sentence(f"{plural(abs(late), 'day')} {'behind' if late > 0 else 'ahead of'} the target")


def _certified(until: date, visit: date | None, today: date) -> Headline:
    if until < today:
        return Headline(f"The certificate ended on {full_day(until)}", "It can be restored within six months.")
    lede = f"The next surveillance audit is due by {full_day(visit)}." if visit else ""
    if visit and visit < today:
        lede = f"The surveillance audit due by {full_day(visit)} is {days_late((today - visit).days)}."
    return Headline(f"Certified until {full_day(until)}", lede)


def _audit(audit: AuditFact, start: date, today: date) -> str:
    name = AUDIT_NAMES.get(audit.kind, "Audit")
    if start < today:
        return f"{name} began {days_until(start, today)}"
    return f"{name} {days_until(start, today)}"


def _when(forecast: Forecast | None, target: date | None, today: date) -> str:
    aim = f"The target is {day(target, today)}." if target else ""
    if forecast is None:
        return aim
    low, likely, high = (day(value, today) for value in (forecast.low, forecast.likely, forecast.high))
    pace = "At the pace so far" if forecast.steps_done else "By the plan"
    if low == high:
        return joined(f"{pace} the certificate is due on {likely}.", aim)
    return joined(f"{pace} the certificate is due between {low} and {high}, most likely {likely}.", aim)


def steps(all_steps: Sequence[Step], *, today: date, doubts: Mapping[int, int] | None = None) -> Headline:
    """Answer: how far along the eleven steps are we, and is one late?"""
    done = sum(step.done for step in all_steps)
    late = [step for step in all_steps if late_days(step, today)]
    current = current_step(all_steps)
    if current is None:
        return Headline("All eleven steps are done", _doubted(doubts))
    if not any(step.state is not StepState.NOT_STARTED for step in all_steps):
        return Headline("No step has been started yet", "Step 1, the gap analysis, shows what the others have to do.")
    number = "Ten" if done == 10 else sentence(count_words(done))  # beside "eleven" in words as well
    head = f"{number} of eleven steps {verb(done, 'is', 'are')} done" if done else "No step is done yet"
    named = listed([f"step {step.number}" for step in late])
    return Headline(f"{head}, {named} {verb(len(late), 'is', 'are')} late" if late else head, _doubted(doubts))


def _doubted(doubts: Mapping[int, int] | None) -> str:
    if not doubts:
        return ""
    cause, numbers = min(doubts.values()), sorted(doubts)
    named = f"{'Step' if len(numbers) == 1 else 'Steps'} {listed([str(number) for number in numbers])}"
    return f"{named} {verb(len(numbers), 'is', 'are')} in doubt until step {cause} is done again."


def step(
    one: Step, blockers: Sequence[Blocker], *, today: date, doubt: int | None = None, earlier: Sequence[int] = ()
) -> Headline:
    """Answer: what must be true before the next step, and what is still open?"""
    override = one.override
    passed = f"Its gate was passed with a reason by {override.by.name}: {override.reason}" if override else ""
    if one.done:
        return Headline(_done(one, today), joined(_in_doubt(one, doubt), passed))
    return Headline(_open(one, len(blockers)), joined(_ahead(one, blockers, today), _earlier(one, earlier), passed))


def _done(one: Step, today: date) -> str:
    return f"{one.name} was done on {day(one.actual_end, today)}" if one.actual_end else f"{one.name} is done"


def _in_doubt(one: Step, doubt: int | None) -> str:
    return f"Step {doubt} was reopened since, which puts this step in doubt." if doubt else ""


def _open(one: Step, number: int) -> str:
    if one.state is StepState.NOT_STARTED:
        return f"{one.name} has not been started"
    again = ", reopened" if one.state is StepState.REOPENED else ""
    return f"{one.name}{again}: {lowered(are(number, 'thing', 'in the way')) if number else 'nothing is in the way'}"


def _ahead(one: Step, blockers: Sequence[Blocker], today: date) -> str:
    late = late_days(one, today)
    plan = f"Planned to end on {day(one.planned_end, today)}" if one.planned_end else ""
    plan = f"{plan}, {days_late(late)}." if late else (f"{plan}." if plan else "")
    stops = sum(blocker.severity == STOP for blocker in blockers)
    return joined(plan, f"{sentence(count_words(stops))} would cost the certificate." if stops else "")


def _earlier(one: Step, earlier: Sequence[int]) -> str:
    if not earlier or one.number not in (9, 11):
        return ""
    named = listed([str(number) for number in earlier])
    return f"{'Step' if len(earlier) == 1 else 'Steps'} {named} {verb(len(earlier), 'is', 'are')} still open."


def requirements(counts: Counts, *, unproven: int = 0, clause: str = "") -> Headline:
    """Answer: where are we against each item, and how do we know? `unproven` items are rated met without evidence."""
    where = f"{clause}: " if clause else ""
    if not counts.items:
        return Headline("No item fits this choice", "Choose fewer filters to see more.")
    if not counts.rated:
        return Headline(f"{where}nothing is rated yet" if where else "Nothing is rated yet", _first_rating(counts))
    if counts.met == counts.expected:
        return Headline(f"{where}every item is met" if where else "Every item is met", _proof(unproven))
    head = f"{percent(counts)} % ready, with {_lacking(counts)}"
    return Headline(f"{where}{head}", joined(_kinds(counts), _proof(unproven)))


def _first_rating(counts: Counts) -> str:
    return f"{sentence(plural(counts.items, 'item'))} to rate: 0 missing, 1 begun, 2 mostly, 3 met."


def _lacking(counts: Counts) -> str:
    if counts.missing:
        return f"{plural(counts.missing, 'item')} missing"
    if counts.unrated:
        return f"{plural(counts.unrated, 'item')} to rate"
    return f"{plural(counts.partly, 'item')} partly met"


def _kinds(counts: Counts) -> str:
    kinds = (
        (counts.met, "met"), (counts.partly, "partly"), (counts.missing, "missing"), (counts.unrated, "to rate"),
        (counts.did_not_occur, "did not occur"),
    )  # fmt: skip
    named = ", ".join(f"{count_words(number)} {word}" for number, word in kinds if number)
    return f"{sentence(plural(counts.items, 'item'))}: {named}."


def _proof(unproven: int) -> str:
    if not unproven:
        return ""
    return f"{sentence(plural(unproven, 'item'))} rated met {verb(unproven, 'has', 'have')} no accepted evidence."
