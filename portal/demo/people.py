"""The demo's accounts: a consultancy with two consultants, and the people of each client."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from portal.actions import accounts, invitations, policy
from portal.actions.context import NOBODY, SYSTEM, Ctx, Event, Scope, Services, stamp
from portal.actions.sessions import ending, sessions_of
from portal.actions.tenants import consultant_record, member_record
from portal.demo import past
from portal.demo.house import House, Person
from portal.records import keys
from portal.records.port import Insert, Record, Write

PRACTICE = "Harbour ITSM Consulting"
LEAD, SECOND = "Priya Nair", "Jonas Meyer"
EVERYTHING = policy.Ruling("demo", frozenset({policy.ALWAYS}))


@dataclass(frozen=True, slots=True)
class Practice:
    """Hold the consultancy: its id, its consultants by name, and the one password of the demo as a hash."""

    id: str
    people: dict[str, Person]
    hashed: str


def address(name: str, domain: str) -> str:
    """Return somebody's e-mail address."""
    return f"{name.lower().replace(' ', '.')}@{domain}"


def open_practice(services: Services, password: str, at: datetime) -> Practice:
    """Make the first account with its practice, as the first-run page does, and a second consultant."""
    then = past.at(services, at)
    email = address(LEAD, "harbour.example")
    ctx = Ctx(then, NOBODY, Scope(), policy.rule("public", NOBODY.roles))
    entered = accounts.first_run(ctx, LEAD, email, password, "practice", PRACTICE)
    services.records.commit(ending(sessions_of(then, entered.user)))
    found = services.records.query(keys.practices_of(entered.user).partition, index=1, prefix="C#").records
    user = services.records.get(keys.user(entered.user))
    assert user is not None
    practice = Practice(
        found[0].body["practice"], {LEAD: {"id": entered.user, "name": LEAD, "email": email}}, user.body["password"]
    )
    _second(then, practice)
    return practice


def _second(services: Services, practice: Practice) -> None:
    ctx = Ctx(services, SYSTEM, Scope(practice=practice.id), EVERYTHING)
    person, writes = _account(ctx, SECOND, address(SECOND, "harbour.example"), practice.hashed)
    record = consultant_record(ctx, practice.id, person, policy.PRACTICE_CONSULTANT)
    _join(ctx, person, [*writes, Insert(record)], [policy.PRACTICE_CONSULTANT])
    practice.people[SECOND] = person


def _account(ctx: Ctx, name: str, email: str, hashed: str) -> tuple[Person, list[Write]]:
    """Return a person and the writes of the account; hashing one password for each of them would take too long."""
    person = {"id": ctx.new_id(), "name": name, "email": email}
    body = {**person, "password": hashed, "since": stamp(ctx.now), "totp": None}
    kept = Record(accounts.address_key(ctx, email), "ADDRESS", {"user": person["id"]})
    return person, [Insert(Record(keys.user(person["id"]), "USER", body)), Insert(kept)]


def _join(ctx: Ctx, person: Person, writes: list[Write], roles: list[str]) -> None:
    accounts.act_as(ctx, person["id"], person["name"], person["email"])
    text = f"joined as {invitations.spoken(roles)}"
    outside = tuple(key.partition for write in writes for key in _keys(write))
    ctx.commit(Event("member:joined", "member", person["id"], person["name"], text), *writes, outside=outside)


def _keys(write: Write) -> list[keys.Key]:
    assert isinstance(write, Insert)
    return [key for key in (write.record.key, write.record.index1) if key]


def add_members(house: House, hashed: str, at: datetime) -> None:
    """Let everybody of an organisation join, each with the role their work asks for."""
    people = house.data["organisation"]["people"]
    for place, (name, work) in enumerate(people.items()):
        ctx = Ctx(past.at(house.services, at), SYSTEM, Scope(organisation=house.org), EVERYTHING)
        person, writes = _account(ctx, name, address(name, house.story["address"]), hashed)
        roles = _roles(place, work)
        _join(ctx, person, [*writes, Insert(member_record(ctx, house.org, person, roles, house.practice))], roles)
        house.people[name], house.roles[name] = person, roles


def _roles(place: int, work: str) -> list[str]:
    if place == 0:
        return [policy.OWNER, policy.TOP]
    if place == 1:
        return [policy.SMS]
    return [policy.AUDITOR if "internal auditor" in work.lower() else policy.PROCESS]


def consult(house: House, practice: Practice, at: datetime) -> Ctx:
    """Return the context of the lead consultant in the practice."""
    person = practice.people[LEAD]
    roles = frozenset({policy.PRACTICE_OWNER})
    actor = replace(NOBODY, id=person["id"], name=LEAD, email=person["email"], via="consultant", roles=roles)
    return Ctx(past.at(house.services, at), actor, Scope(practice=practice.id), EVERYTHING)
