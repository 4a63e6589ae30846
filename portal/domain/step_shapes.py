"""The shapes of a step's definition and of a checklist line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Phase = Literal["plan", "do", "check", "act", "certification"]
EDITIONS = (2018, 2011)


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one checklist line; a criterion must hold before the gate is met, `proof` is what confirming it takes.

    `clauses` gives the clause per edition; `only` limits the line to one edition; `group` joins lines that
    are one criterion together.
    """

    id: str
    text: str
    why: str
    clauses: Mapping[int, str]
    criterion: bool = False
    proof: Literal["", "note", "evidence"] = ""
    only: int | None = None
    group: str = ""

    def clause(self, edition: int) -> str | None:
        """Return the clause the line rests on in an edition, None when it rests on practice or a rule."""
        return self.clauses.get(edition)


@dataclass(frozen=True, slots=True)
class StepDefinition:
    """Hold what a step is; `weeks` is its usual length, shortest and longest."""

    number: int
    slug: str
    name: str
    phase: Phase
    purpose: str
    lines: tuple[Line, ...]
    outputs: tuple[str, ...]
    weeks: tuple[int, int]
    short: str = ""
