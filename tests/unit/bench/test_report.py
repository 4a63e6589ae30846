"""Figures of the bench, judged and told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bench import report
from tests.bench.report import COLUMNS, Figure, figure


@pytest.mark.parametrize(
    ("value", "goal", "least", "met"),
    [(11.9, 12, False, True), (12.001, 12, False, False), (80, 80, True, True), (79.9, 80, True, False)],
)
def test_goals(value: float, goal: float, least: bool, met: bool) -> None:
    """A goal is reached at its very value, from the side that is better."""
    assert figure("x", value, "ms", goal, least=least).met is met


def test_no_goal() -> None:
    """A figure without a goal is neither met nor missed."""
    assert figure("x", 1.23456, "ms") == Figure("x", 1.235, "ms", None, None)


def test_multiples() -> None:
    """Times are also told as multiples of the base, whatever their unit; other units are not."""
    told = report.with_multiples([figure("a", 3, "ms"), figure("b", 0.6, "s"), figure("c", 80, "MB")], 1.5)
    assert [(one.name, one.value) for one in told if one.unit == "times"] == [
        (f"a{report.MULTIPLE}", 2), (f"b{report.MULTIPLE}", 400)
    ]  # fmt: skip


def test_json(tmp_path: Path) -> None:
    """The file holds the figures with exactly the five names they are read by."""
    target = tmp_path / "figures.json"
    report.write([figure("a", 3, "ms", 4)], str(target))
    assert json.loads(target.read_text()) == [{"name": "a", "value": 3, "unit": "ms", "goal": "≤ 4", "met": True}]


def test_table() -> None:
    """Requests stand in one row each, everything else below, and a missed goal shows."""
    requests = [figure(f"page: {column}", 7, "ms", 6 if column == "p50" else None) for column in COLUMNS]
    lines = report.table([*requests, figure("start", 0.5, "s", 0.6)]).splitlines()
    assert sum(line.startswith("page") for line in lines) == 1
    assert "NOT MET" in lines[1]
    assert lines[-1].split() == ["start", "0.50", "s", "≤", "0.6", "met"]
