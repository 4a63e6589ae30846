"""The eleven steps: what each is, its checklist and its outputs; the texts are in step_texts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from portal.domain.step_shapes import EDITIONS, Line, StepDefinition
from portal.domain.step_texts import ALL, REVIEW_INPUTS

__all__ = [
    "DEFINITIONS", "FIRST", "LAST", "REVIEW_INPUTS", "Line", "StepDefinition", "checklist", "definition", "line_of",
]  # fmt: skip

FIRST, LAST = 1, 11

DEFINITIONS: Mapping[int, StepDefinition] = MappingProxyType({step.number: step for step in ALL})


def definition(number: int) -> StepDefinition:
    """Return the definition of one step; raise KeyError when there is none of that number."""
    return DEFINITIONS[number]


def checklist(number: int, edition: int = 2018) -> tuple[Line, ...]:
    """Return the checklist of a step for an edition; an edition unknown here has the lines of 2018."""
    known = edition if edition in EDITIONS else 2018
    return tuple(line for line in definition(number).lines if line.only in (None, known))


def line_of(number: int, line_id: str, edition: int = 2018) -> Line | None:
    """Return one checklist line of a step, None when it has none of that id."""
    return next((line for line in checklist(number, edition) if line.id == line_id), None)
