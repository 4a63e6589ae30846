"""The eleven steps of the demo: planned, begun, their checklists confirmed by name, their gates passed."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Any

from portal.actions import steps
from portal.demo import past
from portal.demo.house import House
from portal.demo.script import minutes
from portal.domain.step_definitions import REVIEW_INPUTS, checklist

Step = dict[str, Any]


def walk(house: House) -> None:
    """Write down the way through the steps."""
    clock = minutes(past.moment(house.story["planned"], "13:30"), 1)
    for step in house.data["steps"]:
        told = {"lines": {}, **house.story["steps"][step["step"]]}
        house.script.at(next(clock), partial(_plan, house, step, told["owner"]))
        if step["start"]:
            house.on(step["start"], _opening(house, step), partial(_start, house, step["step"], told["owner"]))
        _confirm_lines(house, step, told)
        if step["end"]:
            _pass(house, step, told)


def _opening(house: House, step: Step) -> str:
    """Return when a step begins: the first one after its plan is made."""
    return "08:10" if step["start"] != house.story["planned"] else "14:00"


def _plan(house: House, step: Step, owner: str, at: datetime) -> None:
    start, end = step.get("planned_start") or step["start"], step.get("planned_end") or step["end"]
    days = {"planned_start": date.fromisoformat(start), "planned_end": date.fromisoformat(end)}
    ctx = house.ctx(house.story["consultants"][0], "step.plan", at)
    steps.plan(ctx, step["step"], {"owner": house.id_of(owner), **days})


def _start(house: House, number: int, owner: str, at: datetime) -> None:
    steps.start(house.ctx(owner, "step.work", at), number)


def _confirm_lines(house: House, step: Step, told: dict[str, Any]) -> None:
    last = told.get("passed_on") or step["end"]
    clock = minutes(past.moment(last, "13:10")) if last else None
    for line, grounds in {**_inputs(house, told), **told["lines"]}.items():
        at = past.moment(grounds["day"], "12:40") if "day" in grounds or clock is None else next(clock)
        house.script.at(at, partial(_confirm, house, step["step"], line, grounds, told["owner"]))


def _inputs(house: House, told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the inputs of the management review as lines, with what the minutes say of each."""
    if "inputs" not in told:
        return {}
    lines = [line for line in checklist(8, 2018) if line.group == REVIEW_INPUTS]
    said = {entry["item"].split("-")[1]: entry["summary"] for entry in house.data["management_review"]["inputs"]}
    return {line.id: {"note": said[line.id[-1]], "evidence": [told["inputs"]]} for line in lines}


def _confirm(house: House, number: int, line: str, grounds: dict[str, Any], owner: str, at: datetime) -> None:
    proof = [house.ids[ref] for ref in grounds.get("evidence", [])]
    ctx = house.ctx(grounds.get("by", owner), "step.work", at)
    steps.confirm(ctx, number, line, True, grounds.get("note", ""), proof)


def _pass(house: House, step: Step, told: dict[str, Any]) -> None:
    day = step.get("gate_passed_on") or told.get("passed_on") or step["end"]
    who = step.get("gate_passed_by") or told.get("passed_by") or house.manager
    reason = step.get("gate_reason") or told.get("reason", "")
    house.on(day, "16:30", lambda at: steps.pass_gate(house.ctx(who, "gate.pass", at), step["step"], reason))
