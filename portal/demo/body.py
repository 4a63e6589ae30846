"""The demo's audits, and what the certification body's auditors did in their review rooms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from portal import catalogue
from portal.actions import audits, grants, review
from portal.demo.answers import raising
from portal.demo.house import House
from portal.demo.script import minutes
from portal.demo.visitor import Visitor

ALL = ["read", "download", "raise_findings", "conclude"]

Told = dict[str, Any]


def hold(house: House) -> None:
    """Write down the audits: planned, prepared, opened to the auditors, reported."""
    for name, told in house.story.get("audits", {}).items():
        house.on(told["day"], "10:40", partial(_plan, house, name, told))
        if "prepared" in told:
            house.on(told["prepared"], "09:30", partial(_prepare, house, name, told))
        house.on(told["reported"], "15:00", partial(_report, house, name, told))
        if "confirmed" in told:
            house.on(told["confirmed_on"], "14:20", partial(_confirm, house, name, told))
    for name, told in house.story.get("grants", {}).items():
        house.on(told["day"], "10:00", partial(_grant, house, name, told))
        if "revoked" in told:
            house.on(told["revoked"], "16:45", partial(_revoke, house, name, told))
    for told in house.story.get("visits", []):
        house.on(told["day"], "09:05", partial(_visit, house, told))


def _plan(house: House, name: str, told: Told, at: datetime) -> None:
    facts = {
        "kind": told["kind"], "title": told.get("title", ""), "start": date.fromisoformat(told["start"]),
        "end": date.fromisoformat(told["end"]), "lead_auditor": told["lead"], "team": told.get("team", []),
        "sites": [house.sites[site] for site in told["sites"]], "clauses": _clauses(house, told),
    }  # fmt: skip
    house.ids[name] = audits.create(house.ctx(told["by"], "audit.edit", at), facts)["id"]


def _clauses(house: House, told: Told) -> list[str]:
    if told["kind"] != "internal":
        return []
    edition = catalogue.load(house.data["organisation"]["edition"])
    every = [clause.number for clause in edition.assessable]
    return told.get("clauses") or [number for number in every if number not in told["but"]]


def _prepare(house: House, name: str, told: Told, at: datetime) -> None:
    audits.prepare(house.ctx(told["by"], "audit.prepare", at), house.ids[name])


def _report(house: House, name: str, told: Told, at: datetime) -> None:
    report = {"received_on": date.fromisoformat(told["received"]), "evidence": house.ids[told["report"]]}
    audits.edit(house.ctx(told["by"], "audit.edit", at), house.ids[name], {"report": report})


def _confirm(house: House, name: str, told: Told, at: datetime) -> None:
    day = date.fromisoformat(told["confirmed"])
    audits.edit(house.ctx(told["by"], "audit.edit", at), house.ids[name], {"stage2_date_confirmed": day})


def _grant(house: House, name: str, told: Told, at: datetime) -> None:
    facts = {"name": told["name"], "email": told["email"], "days": told["days"],
             "capabilities": told.get("capabilities", ALL)}  # fmt: skip
    made = grants.create(house.ctx(told["by"], "grant.create", at, portfolio=True), house.ids[told["audit"]], facts)
    house.ids[name], house.links[name] = made["id"], made["link"]


def _revoke(house: House, name: str, told: Told, at: datetime) -> None:
    grants.revoke(house.ctx(told["by"], "grant.revoke", at), house.ids[name], told["reason"])


def _visit(house: House, told: Told, at: datetime) -> None:
    """Let an auditor in, look around, leave notes, raise findings and conclude, all through the room's own actions."""
    address = house.story["grants"][told["grant"]]["email"]
    visitor = Visitor(house.services, house.links[told["grant"]], address)
    visitor.enter(at)
    clock = minutes(at + timedelta(minutes=4), 6)
    _look(house, visitor, told, clock)
    _judge(house, visitor, told, clock)
    visitor.leave(next(clock))


def _look(house: House, visitor: Visitor, told: Told, clock: Iterator[datetime]) -> None:
    for number in told.get("clauses", []):
        review.clause(visitor.ctx("review.read", next(clock)), number)
        if number in told.get("notes", {}):
            review.keep_note(visitor.ctx("review.note", next(clock)), number, told["notes"][number])
        review.mark_seen(visitor.ctx("review.note", next(clock)), number, True)
    for ref in told.get("files", []):
        at = next(clock)
        review.download(visitor.ctx("review.download", at), *visitor.frozen(house.ids[ref], at))


def _judge(house: House, visitor: Visitor, told: Told, clock: Iterator[datetime]) -> None:
    for ref in told.get("raise", []):
        facts = next(facts for facts in house.data["findings"] if facts["id"] == ref)
        raised = review.raise_finding(visitor.ctx("review.raise", next(clock)), raising(house, facts))
        house.ids[ref] = raised["id"]
    for ref in told.get("accept_plans", []):
        review.move_finding(visitor.ctx("review.raise", next(clock)), house.ids[ref], "accept_plan", {})
    if "conclude" in told:
        recommendation, text = told["conclude"]
        review.conclude(visitor.ctx("review.conclude", next(clock)), text, recommendation)
