"""The state of a step, and the only functions that change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from portal.domain import inputs
from portal.domain.common import GateBlocked, Invalid, Noted, Person, RuleBroken
from portal.domain.step_definitions import (
    DEFINITIONS,
    FIRST,
    LAST,
    Line,
    StepDefinition,
    checklist,
    definition,
    line_of,
)
from portal.domain.wording import late_by, plural, sentence, verb

__all__ = [
    "DEFINITIONS", "FIRST", "LAST", "Confirmation", "Line", "Override", "Step", "StepDefinition", "StepState",
    "checklist", "confirm", "current_step", "definition", "in_doubt", "late_days", "later_in_doubt", "line_of",
    "pass_gate", "plan", "reopen", "shown_state", "start", "unconfirm",
]  # fmt: skip


class StepState(StrEnum):
    """Name where a step is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Hold who confirmed a checklist line, when, on what grounds."""

    by: Person
    at: datetime
    note: str = ""
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """Hold who passed a gate that was not met, why, and what was missing then; it is never removed."""

    by: Person
    at: datetime
    reason: str
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Hold the state of one step of a programme."""

    number: int
    state: StepState = StepState.NOT_STARTED
    owner: Person | None = None
    planned_start: date | None = None
    planned_end: date | None = None
    actual_start: date | None = None
    actual_end: date | None = None
    checklist: Mapping[str, Confirmation] = field(default_factory=dict)
    passed_by: Person | None = None
    passed_at: datetime | None = None
    overrides: tuple[Override, ...] = ()
    reopenings: tuple[Noted, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the step."""
        return DEFINITIONS[self.number].name

    @property
    def override(self) -> Override | None:
        """Return the latest override; once given it stays, whatever happens to the step."""
        return self.overrides[-1] if self.overrides else None

    @property
    def done(self) -> bool:
        """Tell whether the gate has been passed and the step not reopened since."""
        return self.state is StepState.DONE


class Missing(Protocol):
    """Describe a blocker as far as a step keeps it."""

    @property
    def text(self) -> str: ...


def start(step: Step, by: Person, at: datetime) -> Step:
    """Begin the work on a step; raise RuleBroken when it has begun already."""
    if step.state is not StepState.NOT_STARTED:
        raise RuleBroken(f"Step {step.number} has been started already.")
    return replace(step, state=StepState.IN_PROGRESS, owner=step.owner or by, actual_start=at.date())


def plan(step: Step, owner: Person | None, planned_start: date | None, planned_end: date | None) -> Step:
    """Set the owner and the planned dates; raise Invalid when the end lies before the start."""
    if planned_start and planned_end and planned_end < planned_start:
        raise Invalid("The planned end lies before the planned start: choose a later end.", "planned_end")
    return replace(step, owner=owner, planned_start=planned_start, planned_end=planned_end)


def confirm(step: Step, line: Line, by: Person, at: datetime, note: str = "", evidence: Sequence[str] = ()) -> Step:
    """Confirm a checklist line by name, which also starts the step; raise Invalid when its proof is missing."""
    _editable(step)
    note, attached = inputs.optional_text(note, "note", "The note"), tuple(evidence)
    if line.proof == "evidence" and not attached:
        raise Invalid("This is an exit criterion: attach the evidence that shows it.", "evidence")
    if line.proof == "note" and not (note or attached):
        raise Invalid("Say in the note what was found, or attach the evidence; “nothing to report” counts.", "note")
    begun = start(step, by, at) if step.state is StepState.NOT_STARTED else step
    return replace(begun, checklist={**step.checklist, line.id: Confirmation(by, at, note, attached)})


def unconfirm(step: Step, line: Line) -> Step:
    """Take the confirmation of a checklist line back; without one nothing changes."""
    _editable(step)
    return replace(step, checklist={key: kept for key, kept in step.checklist.items() if key != line.id})


def pass_gate(
    step: Step, blockers: Sequence[Missing], by: Person, at: datetime, reason: str = "", may_override: bool = False
) -> Step:
    """Pass the gate of a step; what is missing needs a reason and the permission, and is kept as an override.

    Raise GateBlocked with the blockers when either lacks, RuleBroken when the step is not being worked on.
    """
    if step.done:
        raise RuleBroken(f"Step {step.number} is done already.")
    if step.state is StepState.NOT_STARTED:
        raise RuleBroken(f"Step {step.number} has not been started. Start it first.")
    overrides = step.overrides
    if blockers:
        overrides = (*overrides, _override(step, blockers, by, at, reason, may_override))
    return replace(step, state=StepState.DONE, actual_end=at.date(), passed_by=by, passed_at=at, overrides=overrides)


def _override(
    step: Step, blockers: Sequence[Missing], by: Person, at: datetime, reason: str, may_override: bool
) -> Override:
    number = len(blockers)
    counted = f"{plural(number, 'thing')} {verb(number, 'is', 'are')} in the way of step {step.number}"
    if not reason.strip():
        raise GateBlocked(f"{sentence(counted)}.", blockers)
    if not may_override:
        raise GateBlocked(f"{sentence(counted)}. Only top management or an owner can pass it regardless.", blockers)
    text = inputs.text(reason, "reason", "The reason")
    return Override(by, at, text, tuple(blocker.text for blocker in blockers))


def reopen(step: Step, by: Person, at: datetime, reason: str) -> Step:
    """Take a done step up again for a written reason; overrides and confirmations stay."""
    if not step.done:
        raise RuleBroken(f"Step {step.number} is not done, so there is nothing to reopen.")
    noted = Noted(inputs.text(reason, "reason", "The reason"), by, at)
    return replace(step, state=StepState.REOPENED, actual_end=None, reopenings=(*step.reopenings, noted))


def _editable(step: Step) -> None:
    if step.done:
        raise RuleBroken(f"Step {step.number} is done. Reopen it to change its checklist.")


def later_in_doubt(steps: Iterable[Step], number: int) -> tuple[int, ...]:
    """Return the done steps after one that is reopened: they were passed on what is now open again."""
    return tuple(sorted(step.number for step in steps if step.number > number and step.done))


def in_doubt(steps: Sequence[Step]) -> Mapping[int, int]:
    """Return each step in doubt with the earliest step that puts it there.

    A done step is in doubt while an earlier one is reopened, unless it was passed after that reopening.
    """
    doubts: dict[int, int] = {}
    for cause in sorted((step for step in steps if step.state is StepState.REOPENED), key=_number):
        since = cause.reopenings[-1].at
        for step in steps:
            earlier = step.passed_at is None or step.passed_at < since
            if step.number > cause.number and step.done and earlier:
                doubts.setdefault(step.number, cause.number)
    return doubts


def _number(step: Step) -> int:
    return step.number


def shown_state(step: Step) -> str:
    """Return the state as the portfolio shows it: a done step with an override is 'overridden'."""
    return "overridden" if step.done and step.overrides else step.state.value


def current_step(steps: Iterable[Step]) -> int | None:
    """Return the number of the first step that is not done, None when all are."""
    return min((step.number for step in steps if not step.done), default=None)


def late_days(step: Step, today: date) -> int | None:
    """Return by how many days an unfinished step is behind its planned end, None when it is not."""
    return None if step.done else late_by(step.planned_end, today)
