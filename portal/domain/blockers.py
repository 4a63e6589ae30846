"""What is in the way of a gate, and the small parts all gates share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from portal.domain.common import Person, Place
from portal.domain.facts import Facts
from portal.domain.step_definitions import Line, checklist
from portal.domain.steps import Confirmation
from portal.domain.wording import late_by, lowered

STOP: Literal["stop"] = "stop"  # would cost the certificate, or the stage itself
OPEN: Literal["open"] = "open"  # still to do


@dataclass(frozen=True, slots=True)
class Blocker:
    """Say what is missing before a gate is met, why that matters, and where to put it right."""

    code: str
    text: str
    why: str
    place: Place
    severity: Literal["stop", "open"] = OPEN
    owner: Person | None = None
    due: date | None = None

    def late_days(self, today: date) -> int | None:
        """Return by how many days it is late, None when it is not."""
        return late_by(self.due, today)


Confirmations = Mapping[str, Confirmation]
Rule = Callable[[Facts, Confirmations], Iterator[Blocker]]


def at_line(line: Line, step: int) -> Place:
    """Return the place where a checklist line is confirmed."""
    return Place("step", (("n", str(step)), ("line", line.id)))


def holds(line: Line, facts: Facts, confirmations: Confirmations) -> bool:
    """Tell whether a line is settled, by a fact of the product or by somebody's name."""
    return facts.known.get(line.id, False) or line.id in confirmations


def open_criteria(step: int, facts: Facts, confirmations: Confirmations) -> list[Line]:
    """Return the exit criteria of a step's checklist that nobody has confirmed and no fact has settled."""
    lines = checklist(step, facts.edition)
    return [line for line in lines if line.criterion and not holds(line, facts, confirmations)]


def line_blockers(step: int, facts: Facts, confirmations: Confirmations, but: str = "") -> Iterator[Blocker]:
    """Yield a blocker per open exit criterion, leaving out those that belong to a group and the line `but`."""
    for line in open_criteria(step, facts, confirmations):
        if not line.group and line.id != but:
            yield line_blocker(line, step, facts)


def line_blocker(line: Line, step: int, facts: Facts) -> Blocker:
    """Return the blocker for one open exit criterion."""
    clause = line.clause(facts.edition)
    why = f"{line.why.removesuffix('.')} (clause {clause})." if clause else line.why
    return Blocker(f"line:{line.id}", f"Not confirmed: {lowered(line.text)}", why, at_line(line, step))


def clause_place(clause: str) -> Place:
    """Return the place where the items of a clause are rated and their evidence is linked."""
    return Place("requirements", (("clause", clause),))


def titled(clause: str, facts: Facts) -> str:
    """Return a clause with its title: '8.3.3 Service level management'."""
    return f"{clause} {facts.titles.get(clause, '')}".strip()
