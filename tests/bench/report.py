"""Figures with their goals, as a table for people and as JSON for machines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

AT_MOST, AT_LEAST = "≤", "≥"


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold one measured figure; `goal` such as '≤ 12', None where there is none; `met` says whether it is reached."""

    name: str
    value: float
    unit: str
    goal: str | None = None
    met: bool | None = None


def figure(name: str, value: float, unit: str, goal: float | None = None, *, least: bool = False) -> Figure:
    """Return a figure, judged against its goal: at most that, or at least that."""
    value = round(value, 3)
    if goal is None:
        return Figure(name, value, unit)
    met = value >= goal if least else value <= goal
    return Figure(name, value, unit, f"{AT_LEAST if least else AT_MOST} {goal:g}", met)


def with_multiples(figures: Sequence[Figure], base: float) -> list[Figure]:
    """Return the figures, each in milliseconds or seconds followed by its multiple of the base (in milliseconds)."""
    told: list[Figure] = []
    for one in figures:
        told.append(one)
        if one.unit in _MILLISECONDS:
            told.append(figure(f"{one.name}{MULTIPLE}", one.value * _MILLISECONDS[one.unit] / base, "times"))
    return told


MULTIPLE = ", as a multiple of /api/health"
_MILLISECONDS = {"ms": 1, "s": 1000}


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table, a multiple beside the figure it belongs to."""
    shown = list(figures)
    multiples = {one.name.removesuffix(MULTIPLE): one.value for one in shown if one.name.endswith(MULTIPLE)}
    rows = [("figure", "value", "unit", "goal", "", "× health")]
    for one in (one for one in shown if not one.name.endswith(MULTIPLE)):
        verdict = {None: "", True: "met", False: "NOT MET"}[one.met]
        times = f"{multiples[one.name]:.1f}" if one.name in multiples else ""
        rows.append((one.name, f"{one.value:,.2f}", one.unit, one.goal or "", verdict, times))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, value, unit, goal, verdict, times = row
    cells = (name.ljust(widths[0]), value.rjust(widths[1]), unit.ljust(widths[2]), goal.ljust(widths[3]))
    return "  ".join((*cells, verdict.ljust(widths[4]), times.rjust(widths[5]))).rstrip()


def write(figures: Iterable[Figure], target: str | None) -> None:
    """Write the figures to a JSON file where one is named."""
    if target:
        Path(target).write_text(json.dumps([asdict(one) for one in figures], indent=1, ensure_ascii=False) + "\n")


def busy() -> str:
    """Say how busy the machine is, since that moves every figure but the multiples."""
    return f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} in the last minute"
