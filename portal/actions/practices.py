"""Practices: consultants, clients, and who is assigned to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.actions import invitations, policy, programmes
from portal.actions.context import Ctx, Event
from portal.actions.organisations import sites_from
from portal.actions.tenants import member_record, organisation_record
from portal.domain.common import Invalid, RuleBroken
from portal.domain.wording import listed
from portal.records import keys
from portal.records.port import Check, Delete, Insert, Record, Replace, Write


def show(ctx: Ctx) -> dict[str, Any]:
    """Return the practice, its consultants and its open invitations."""
    practice = ctx.scope.practice
    head = ctx.need(keys.practice(practice))
    waiting = invitations.pending(ctx, f"C#{practice}") if ctx.may("practice.manage") else []
    return {"id": practice, "name": head.body["name"], "etag": str(head.version),
            "consultants": [_consultant(r) for r in consultants(ctx)], "invitations": waiting}  # fmt: skip


def consultants(ctx: Ctx) -> list[Record]:
    """Return the consultants of the practice."""
    return list(ctx.records.query(f"C#{ctx.scope.practice}", prefix="CONSULTANT#", limit=None).records)


def _consultant(record: Record) -> dict[str, Any]:
    body = record.body
    return {"id": body["user"], "name": body["name"], "email": body["email"], "role": body["roles"][0]}


def invite(ctx: Ctx, name: str, email: str, role: str) -> dict[str, Any]:
    """Invite a consultant."""
    place = ctx.need(keys.practice(ctx.scope.practice)).body["name"]
    shown, link, write = invitations.invite(ctx, name, email, [role], place)
    event = Event("practice:invited", "invitation", shown["id"], name, f"invited {name} ({email}) as a consultant")
    task = invitations.mail_task(email, name, place, ctx.actor.name, link)
    ctx.commit(event, write, outside=("N",), tasks=(task,), reply={**shown, "link": None})
    return {**shown, "link": link}


def remove(ctx: Ctx, user: str) -> None:
    """End a consultant's place in the practice; who still works for a client, or is the last owner, stays."""
    practice = ctx.scope.practice
    record = ctx.need(keys.consultant(practice, user))
    name = record.body["name"]
    if served := _clients_of(ctx, user):
        raise RuleBroken(f"{name} still works for {listed(served, 2)}. Assign somebody else there first.")
    stays = _another_owner(ctx, user) if policy.PRACTICE_OWNER in record.body["roles"] else ()
    event = Event("practice:consultant-removed", "consultant", user, name, f"removed {name}")
    ctx.commit(event, Delete(record.key, record.version, "CONSULTANT"), *stays, outside=(f"U#{user}",))


def _clients_of(ctx: Ctx, user: str) -> list[str]:
    found = ctx.records.query(f"C#{ctx.scope.practice}", prefix="CLIENT#", limit=None).records
    return [r.body["name"] for r in found if r.kind == "CLIENT" and user in r.body["consultants"]]


def _another_owner(ctx: Ctx, user: str) -> tuple[Check, ...]:
    """Require that another owner is one still when this commits, so that two cannot remove each other."""
    for record in consultants(ctx):
        if policy.PRACTICE_OWNER in record.body["roles"] and record.body["user"] != user:
            proven = ctx.actor.membership and ctx.actor.membership[0] == record.key
            return () if proven else (Check(record.key, record.version, "CONSULTANT"),)
    raise RuleBroken("The last practice owner stays. Invite another one first.")


def new_client(ctx: Ctx, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Open a client: organisation, first programme, engagement, and the owner's invitation where one is named."""
    practice = ctx.need(keys.practice(ctx.scope.practice)).body
    org, tie = ctx.new_id(), {"id": practice["id"], "name": practice["name"]}
    sites = sites_from(ctx, facts.get("sites", []))
    profile = organisation_record(
        org, facts["name"], staff=facts.get("staff"), sites=sites, services=facts.get("services", []), practice=tie
    )
    programme, opening = programmes.opening(
        ctx, org, edition=facts["edition"], target_date=facts.get("target_date"), sites=[s["id"] for s in sites]
    )
    engagement = engagement_record(practice["id"], org, facts, programme, [ctx.actor.id])
    assigned = member_record(ctx, org, _self(ctx), [policy.CONSULTANT], practice["id"])
    invited, more = _owner(ctx, org, facts, practice)
    event = Event("client:created", "client", org, facts["name"], f"opened the client “{facts['name']}”")
    roll_up = {"task": "roll_up", "practice": practice["id"], "organisation": org, "programme": programme}
    writes = [Insert(profile), *opening, Insert(engagement), Insert(assigned), *more]
    shown = {"organisation": org, "programme": programme}
    told = {**invited, "link": None} if invited else None
    tasks = (roll_up, *_mails(ctx, facts, invited))
    reached = (f"O#{org}", f"U#{ctx.actor.id}", "N")
    ctx.commit(event, *writes, outside=reached, reply={**shown, "owner_invitation": told}, tasks=tasks)
    return {**shown, "owner_invitation": invited}


def engagement_record(
    practice: str, org: str, facts: Mapping[str, Any], programme: str, assigned: Sequence[str]
) -> Record:
    """Return the engagement between a practice and an organisation."""
    body = {"organisation": org, "name": facts["name"], "staff": facts.get("staff"), "programme": programme,
            "edition": facts["edition"], "consultants": list(assigned)}  # fmt: skip
    return Record(keys.client(practice, org), "CLIENT", body, index1=keys.practice_of(org, practice))


def _self(ctx: Ctx) -> dict[str, str]:
    return {"id": ctx.actor.id, "name": ctx.actor.name, "email": ctx.actor.email}


def _owner(
    ctx: Ctx, org: str, facts: Mapping[str, Any], practice: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, list[Write]]:
    owner = facts.get("owner")
    if not owner:
        return None, []
    shown, link, write = invitations.invite_to(
        ctx, org, owner["name"], owner["email"], [policy.OWNER], facts["name"], practice["id"]
    )
    return {**shown, "link": link}, [write]


def _mails(ctx: Ctx, facts: Mapping[str, Any], invited: Mapping[str, Any] | None) -> list[dict[str, str]]:
    if not invited:
        return []
    return [invitations.mail_task(invited["email"], invited["name"], facts["name"], ctx.actor.name, invited["link"])]


def assign(ctx: Ctx, org: str, wanted: Sequence[str]) -> dict[str, Any]:
    """Assign consultants to a client; who is no longer named loses access in the same transaction."""
    record = ctx.need(keys.client(ctx.scope.practice, org))
    ctx.expect(record.version)
    here = {r.body["user"]: r for r in consultants(ctx)}
    known = {user: r.body for user, r in here.items()}
    if unknown := [user for user in wanted if user not in known]:
        raise Invalid("Choose consultants of this practice.", f"consultants.{wanted.index(unknown[0])}")
    before, reach = set(record.body["consultants"]), ctx.reach((f"O#{org}",))
    writes: list[Write] = [Replace(replace(record, body={**record.body, "consultants": list(dict.fromkeys(wanted))}))]
    for user in sorted(before - set(wanted)):
        standing = reach.get(keys.member(org, user))
        writes += [Delete(standing.key, standing.version, "MEMBER")] if standing else []
    for user in sorted(set(wanted) - before):
        who = {"id": user, "name": known[user]["name"], "email": known[user]["email"]}
        writes.append(Insert(member_record(ctx, org, who, [policy.CONSULTANT], ctx.scope.practice)))
        if not (ctx.actor.membership and ctx.actor.membership[0] == here[user].key):
            writes.append(Check(here[user].key, here[user].version, "CONSULTANT"))  # and is not removed meanwhile
    names = ", ".join(known[user]["name"] for user in wanted) or "nobody"
    event = Event("client:assigned", "client", org, record.body["name"], f"assigned {names} to “{record.body['name']}”")
    touched = (f"O#{org}", *(f"U#{user}" for user in before | set(wanted)))
    ctx.commit(event, *writes, outside=touched)
    return {"organisation": org, "consultants": [{"id": u, "name": known[u]["name"]} for u in wanted],
            "etag": str(record.version + 1)}  # fmt: skip
