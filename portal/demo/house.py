"""One client of the demo while its story is told: its facts, its people, and the contexts they act in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal.actions import policy
from portal.actions.context import Actor, Ctx, NotAllowed, Scope, Services
from portal.demo import past
from portal.demo.data import load
from portal.demo.dates import shift_dates, shift_for
from portal.demo.factory import Factory
from portal.demo.script import Script
from portal.records import keys

Person = dict[str, str]  # id, name, email


@dataclass
class House:
    """Hold one client: facts and story with moved dates, and the ids of what the story has made so far."""

    name: str
    services: Services
    factory: Factory
    shift: timedelta
    practice: str
    people: dict[str, Person]  # by name; begins with the consultants
    today: date
    script: Script = field(default_factory=Script)
    org: str = ""
    programme: str = ""
    roles: dict[str, list[str]] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)  # ids by name
    ids: dict[str, str] = field(default_factory=dict)  # of evidence, findings, audits and grants, by their refs
    links: dict[str, str] = field(default_factory=dict)  # of grants

    def __post_init__(self) -> None:
        self.data: dict[str, Any] = shift_dates(load(self.name), self.shift)
        self.story: dict[str, Any] = shift_dates(load(f"{self.name}-story"), self.shift)
        for step in self.data["steps"]:
            if step["end"] and step["end"] >= self.today.isoformat():
                step |= {"planned_end": step["end"], "end": None}

    @property
    def top(self) -> str:
        """Return who leads the organisation."""
        return next(iter(self.data["organisation"]["people"]))

    @property
    def manager(self) -> str:
        """Return the SMS manager."""
        return list(self.data["organisation"]["people"])[1]

    @property
    def auditor(self) -> str:
        """Return the lead internal auditor."""
        return next(name for name, roles in self.roles.items() if policy.AUDITOR in roles)

    def id_of(self, name: str) -> str:
        """Return the user id of a person."""
        return self.people[name]["id"]

    def on(self, day: str, clock: str, do: Callable[[datetime], object]) -> None:
        """Write a scene of the story down."""
        self.script.at(past.moment(day, clock), do)

    def ctx(self, name: str, permission: str, at: datetime, *, portfolio: bool = False) -> Ctx:
        """Return the context of somebody who uses a permission at an instant; raise `NotAllowed` without it.

        The portfolio is worked out once at the end, so only grants name it: their auditors' deeds update it later.
        """
        person, roles = self.people[name], frozenset(self.roles[name])
        ruling = policy.rule(permission, roles)
        if not ruling.allowed:
            raise NotAllowed(f"{name} has no {permission}")
        via = "consultant" if policy.CONSULTANT in roles else "member"
        actor = Actor(person["id"], person["name"], person["email"], via, roles)
        scope = Scope(self.org, "", self.programme, portfolio=self.practice if portfolio else "")
        ctx = Ctx(past.at(self.services, at), actor, scope, ruling)
        ctx.head = self.services.records.get(keys.programme(self.org, self.programme))
        return ctx


def shifts(now: datetime) -> dict[str, timedelta]:
    """Return how far each client's dates move: Northwind waits for Meridian's answer, the others are a bit further."""
    today = now.astimezone(UTC).date()
    waiting = shift_for(today, date(2026, 11, 5))
    return {"northwind": waiting, "alder": shift_for(today), "cormorant": shift_for(today)}
