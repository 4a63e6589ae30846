"""The demo's findings: raised, answered by their owners, judged by somebody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from portal.actions import findings
from portal.demo import past
from portal.demo.gap import MET, MOSTLY, of_finding
from portal.demo.house import House
from portal.demo.script import workday

SOURCES = {
    "Internal audit": "internal_audit", "Internal observation": "other", "Stage 1": "stage1", "Stage 2": "stage2",
}  # fmt: skip
# How far into the time between raising and verifying each answer comes, in per cent, and at what time of day.
_PACE = {"accept": (5, "09:20"), "correct": (15, "10:05"), "explain": (30, "10:50"), "plan": (40, "11:25"),
         "accept_plan": (50, "13:05"), "implement": (85, "14:15"), "verify": (100, "15:10"),
         "confirm_effective": (0, "15:30"), "close": (0, "15:45")}  # fmt: skip
_WORK = ("accept", "correct", "explain", "plan", "implement")

Facts = dict[str, Any]


def answer_all(house: House) -> None:
    """Write down the life of each finding; what the certification body raises, its auditors raise in their room."""
    own = [facts for facts in house.data["findings"] if SOURCES[facts["source"]] in ("internal_audit", "other")]
    if own:
        house.on(_last_raised(house), "15:00", partial(_raise_own, house, own))
    for facts in house.data["findings"]:
        _answer(house, facts)


def _raise_own(house: House, own: list[Facts], _: datetime) -> None:
    # In the order of their references, each on its own day: references are given in the order of raising.
    for place, facts in enumerate(own):
        at = past.moment(facts["raised"], "14:00") + timedelta(minutes=4 * place)
        by, source = house.story["findings"][facts["id"]]["by"], SOURCES[facts["source"]]
        raised = {**raising(house, facts), "owner": house.id_of(facts["owner"])}
        audit = house.ids["internal"] if source == "internal_audit" else ""
        made = findings.raise_finding(house.ctx(by, "finding.raise", at), raised, source=source, audit=audit)
        house.ids[facts["id"]] = made["id"]


def raising(house: House, facts: Facts) -> Facts:
    """Return a finding as it is raised."""
    told = house.story["findings"][facts["id"]]
    return {
        "grade": facts["grade"], "clause": facts["clause_2018"], "items": told["items"], "site": facts["site"],
        "statement": facts["statement"], "objective_evidence": facts["objective_evidence"],
        "could_be_major": told.get("could_be_major", False),
    }  # fmt: skip


def _answer(house: House, facts: Facts) -> None:
    told = house.story["findings"][facts["id"]]
    if facts["grade"] == "ofi":
        _opportunity(house, facts, told)
        return
    days = told.get("days") or _pace(house, facts, told)
    for action, day in days.items():
        house.on(day, _PACE[action][1], partial(_move, house, facts, action))
    _rate(house, facts, told, days)


def _opportunity(house: House, facts: Facts, told: Facts) -> None:
    accepted = told.get("days", {}).get("accept") or _after(_last_raised(house), 1)
    house.on(accepted, "09:20", partial(_move, house, facts, "accept"))
    if facts["closed"]:
        house.on(facts["closed"], "15:45", partial(_move, house, facts, "close"))


def _last_raised(house: House) -> str:
    own = (f["raised"] for f in house.data["findings"] if SOURCES[f["source"]] in ("internal_audit", "other"))
    return str(max(own, default=""))


def _pace(house: House, facts: Facts, told: Facts) -> dict[str, str]:
    """Return when each answer comes: none before the audit has raised all its findings."""
    raised = _last_raised(house)
    length = (date.fromisoformat(facts["closed"]) - date.fromisoformat(raised)).days
    days = {
        action: _after(raised, max(1, length * share // 100))
        for action, (share, _) in _PACE.items()
        if share
    }
    return {**days, "verify": facts["closed"], "confirm_effective": told["effective"], "close": told["effective"]}


def _after(day: str, days: int) -> str:
    return workday(date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _rate(house: House, facts: Facts, told: Facts, days: dict[str, str]) -> None:
    """Rate the items concerned down when the finding is accepted, and up again when it is verified."""
    due = date.fromisoformat(told.get("plan_due") or facts["due"])
    items = [*told["items"], *told.get("also", [])]
    note = f"{facts['id']}: {facts['statement']}" if facts["source"] != "Internal observation" else facts["statement"]
    down = of_finding(house, items, MOSTLY, note, due)
    up = of_finding(house, items, MET, "", None) if "verify" in days else ()
    for action, scenes in (("accept", down), ("verify", up)):
        for scene in scenes:
            house.on(days[action], "16:00", scene)


def _move(house: House, facts: Facts, action: str, at: datetime) -> None:
    who = facts["owner"] if action in _WORK else _verifier(house, facts)
    ctx = house.ctx(who, "finding.move", at)
    findings.move(ctx, house.ids[facts["id"]], action, _said(house, facts, action, at))


def _verifier(house: House, facts: Facts) -> str:
    named = facts["verified_by"]
    return named if named in house.people else house.auditor


def _said(house: House, facts: Facts, action: str, at: datetime) -> Facts:
    told, owner = house.story["findings"][facts["id"]], house.id_of(facts["owner"])
    proof = [house.ids[ref] for ref in told.get("evidence", [])] if action == "implement" else []
    due = date.fromisoformat(told.get("plan_due") or facts["due"] or at.date().isoformat())
    said: dict[str, Facts] = {
        "accept": {"owner": owner},
        "correct": {"text": facts["correction"]},
        "explain": {"text": facts["cause"]},
        "plan": {"text": facts["corrective_action"], "owner": owner, "due": max(due, at.date())},
        "implement": {"text": facts["corrective_action"], "evidence": proof},
        "verify": {"text": "Seen at the place of work and in the evidence attached."},
        "confirm_effective": {"text": facts["effectiveness"]},
        "close": {"text": f"{facts['corrective_action']}. {facts['effectiveness']}"} if facts["grade"] == "ofi" else {},
    }
    return {**said.get(action, {}), **_on_behalf(facts, action, at)}


def _on_behalf(facts: Facts, action: str, at: datetime) -> Facts:
    if action in _WORK or not facts["source"].startswith("Stage"):
        return {}
    return {"recorded_for": "Elena Rossi", "answered_on": at.date()}
