"""Figures with their goals, as a table for people and as JSON for machines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
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
    """Return the figures as two tables: what requests take, one row each, and everything else."""
    shown = {one.name: one for one in figures}
    requests = [name.removesuffix(": p50") for name in shown if name.endswith(": p50")]
    told = {f"{name}: {column}" for name in requests for column in COLUMNS}
    head = ("request (ms; alone, then 8 clients at once)", *COLUMNS, "goal p50", "", "× health")
    first = [head, *(_request(shown, name) for name in requests)]
    others = [one for name, one in shown.items() if name not in told and not name.endswith(MULTIPLE)]
    second = [("figure", "value", "unit", "goal", "", "× health"), *(_other(shown, one) for one in others)]
    return f"{_lines(first)}\n\n{_lines(second)}"


COLUMNS = ("p50", "p95", "p5", "CPU", "8 × p50", "8 × p95", "8 × rate")


def _request(shown: Mapping[str, Figure], name: str) -> Sequence[str]:
    values = (f"{shown[f'{name}: {column}'].value:,.1f}" for column in COLUMNS)
    p50 = shown[f"{name}: p50"]
    return (name, *values, p50.goal or "", _VERDICT[p50.met], _times(shown, p50))


def _other(shown: Mapping[str, Figure], one: Figure) -> Sequence[str]:
    return (one.name, f"{one.value:,.2f}", one.unit, one.goal or "", _VERDICT[one.met], _times(shown, one))


_VERDICT = {None: "", True: "met", False: "NOT MET"}


def _times(shown: Mapping[str, Figure], one: Figure) -> str:
    multiple = shown.get(f"{one.name}{MULTIPLE}")
    return f"{multiple.value:,.1f}" if multiple else ""


def _lines(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    numbers = "0123456789p×"
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place and cell[:1] in numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def write(figures: Iterable[Figure], target: str | None) -> None:
    """Write the figures to a JSON file where one is named."""
    if target:
        Path(target).write_text(json.dumps([asdict(one) for one in figures], indent=1, ensure_ascii=False) + "\n")


def busy() -> str:
    """Say how busy the machine is, since that moves every figure but the multiples."""
    return f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} in the last minute"
