"""Tenants: the writes that bring a new practice or a new organisation into being."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.actions import policy
from portal.actions.context import Ctx, Event, stamp
from portal.records import keys
from portal.records.port import Insert, Record, Write


@dataclass(frozen=True, slots=True)
class Tenant:
    """Hold what a new tenant needs committed: its id, writes, event and the partitions they touch."""

    id: str
    writes: tuple[Write, ...]
    event: Event
    partitions: tuple[str, ...]

    @property
    def home(self) -> str:
        """Return the partition whose journal the event belongs to."""
        return self.partitions[0]


def new_practice(ctx: Ctx, name: str, user: Mapping[str, Any]) -> Tenant:
    """Return a new practice with its first consultant as owner."""
    practice = ctx.new_id()
    head = Record(keys.practice(practice), "PRACTICE", {"id": practice, "name": name.strip()})
    first = consultant_record(ctx, practice, user, policy.PRACTICE_OWNER)
    event = Event("practice:created", "practice", practice, name.strip(), f"opened the practice “{name.strip()}”")
    return Tenant(practice, (Insert(head), Insert(first)), event, (f"C#{practice}",))


def new_organisation(ctx: Ctx, name: str, user: Mapping[str, Any], **facts: Any) -> Tenant:
    """Return a new organisation with `user` as its owner."""
    org = ctx.new_id()
    writes = (Insert(organisation_record(org, name, **facts)), Insert(member_record(ctx, org, user, [policy.OWNER])))
    event = Event("organisation:created", "organisation", org, name.strip(), f"opened “{name.strip()}”")
    return Tenant(org, writes, event, (f"O#{org}",))


def organisation_record(org: str, name: str, **facts: Any) -> Record:
    """Return the profile of an organisation; `facts` may give staff, services, sites and practice."""
    body = {"id": org, "name": name.strip(), "staff": None, "services": [], "sites": [], "practice": None} | facts
    return Record(keys.organisation(org), "ORG", body)


def member_record(
    ctx: Ctx, org: str, user: Mapping[str, Any], roles: Sequence[str], portfolio: str | None = None
) -> Record:
    """Return a membership; `portfolio` is the practice whose portfolio shows the organisation."""
    who = {"user": user["id"], "name": user["name"], "email": user["email"]}
    body = {**who, "organisation": org, "roles": list(roles), "joined_at": stamp(ctx.now), "portfolio": portfolio}
    return Record(keys.member(org, user["id"]), "MEMBER", body, index1=keys.memberships_of(user["id"], org))


def consultant_record(ctx: Ctx, practice: str, user: Mapping[str, Any], role: str) -> Record:
    """Return a consultant of a practice; a practice owner consults as well."""
    who = {"user": user["id"], "name": user["name"], "email": user["email"]}
    body = {**who, "practice": practice, "roles": [role], "joined_at": stamp(ctx.now)}
    return Record(
        keys.consultant(practice, user["id"]), "CONSULTANT", body, index1=keys.practices_of(user["id"], practice)
    )
