"""The auditor's way into the demo: made by the SMS manager, and made again when it has ended."""

from __future__ import annotations

from dataclasses import replace

from portal.actions import grants, policy
from portal.actions.context import Actor, Ctx, Scope, Services
from portal.actions.sessions import live_grant
from portal.demo.house import House
from portal.demo.info import Account, DemoInfo, Door
from portal.demo.outbox import forget, mails_to
from portal.demo.visitor import LINK
from portal.domain.common import RuleBroken
from portal.records import keys

DAYS = 45
ALL = [policy.READ, policy.DOWNLOAD, policy.RAISE, policy.CONCLUDE]


def door_of(house: House) -> Door:
    """Return the way into Stage 2 that the story opened."""
    told, by = house.story["grants"]["elena-2"], house.people[house.manager]
    door = Door(
        told["name"], told["email"], house.org, house.programme, house.practice, house.ids["stage2"],
        Account("SMS manager", by["name"], by["email"]), by["id"],
    )  # fmt: skip
    return _with(door, house.links["elena-2"])


def _with(door: Door, link: str) -> Door:
    found = LINK.search(link)
    return replace(door, grant=found[1], secret=found[2]) if found else replace(door, grant="", secret="")


def opened(services: Services, known: DemoInfo) -> DemoInfo:
    """Return the demo with a link that opens Stage 2 now; without one once the certificate is decided."""
    door = known.door
    if door is None:
        return known
    ctx = _manager(services, door)
    if door.grant and live_grant(services, grants.hashed_id(ctx, door.grant)):
        return known
    return replace(known, door=_with(door, _again(ctx, door)))


def _manager(services: Services, door: Door) -> Ctx:
    roles = frozenset({policy.SMS})
    actor = Actor(door.by_id, door.by.name, door.by.email, roles=roles)
    scope = Scope(door.organisation, "", door.programme, portfolio=door.practice)
    ctx = Ctx(services, actor, scope, policy.rule("grant.create", roles))
    ctx.head = services.records.get(keys.programme(door.organisation, door.programme))
    return ctx


def _again(ctx: Ctx, door: Door) -> str:
    facts = {"name": door.name, "email": door.email, "days": DAYS, "capabilities": ALL}
    try:
        made = grants.create(ctx, door.audit, facts)
    except RuleBroken:
        return ""
    forget(ctx.services, [mail for mail in mails_to(ctx.services, door.email) if made["id"] in mail.body["text"]])
    return str(made["link"])
