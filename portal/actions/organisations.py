"""Organisations: the profile, its sites and services, its members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from portal.actions import invitations, policy
from portal.actions.context import Ctx, Event
from portal.actions.guarding import bump
from portal.domain import headlines
from portal.domain.common import Invalid, RuleBroken
from portal.domain.wording import listed
from portal.records import keys
from portal.records.port import Check, Delete, Record, Replace, Write


def profile(ctx: Ctx) -> dict[str, Any]:
    """Return the organisation's profile."""
    return profile_view(ctx.need(keys.organisation(ctx.scope.organisation)))


def profile_view(record: Record) -> dict[str, Any]:
    """Show a profile."""
    shown = {k: record.body.get(k) for k in ("id", "name", "staff", "services", "sites", "practice")}
    return {**shown, "etag": str(record.version)}


def edit(ctx: Ctx, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change name, staff, services or sites; a site that goes leaves the programmes' scopes in the same commit."""
    record = ctx.need(keys.organisation(ctx.scope.organisation))
    ctx.expect(record.version)
    changes = dict(changes)
    if "sites" in changes:
        changes["sites"] = sites_from(ctx, changes["sites"])
    changes = {name: value for name, value in changes.items() if value != record.body.get(name)}
    edited = replace(record, body={**record.body, **changes})
    narrowed, said = _leave_scopes(ctx, edited.body["sites"]) if "sites" in changes else ([], [])
    told, tasks, beyond = _tell_practice(ctx, edited.body)
    named = listed([_SPOKEN[name] for name in sorted(changes)]) or "nothing"
    event = _event("organisation", edited.body, f"changed {named}")
    ctx.commit(event, Replace(edited), *narrowed, *told, more_events=said, outside=beyond, tasks=tasks)
    return profile_view(replace(edited, version=record.version + 1))


_SPOKEN = {"name": "the name", "staff": "the number of people", "services": "the services", "sites": "the sites"}


def _event(kind: str, body: Mapping[str, Any], text: str) -> Event:
    return Event(f"{kind}:edited", kind, body["id"], body["name"], text)


def _leave_scopes(ctx: Ctx, sites: Sequence[Mapping[str, Any]]) -> tuple[list[Write], list[Event]]:
    """Take sites that are no more out of every programme, whose scope is then to be agreed anew."""
    known, writes, events = {site["id"] for site in sites}, list[Write](), list[Event]()
    for head in ctx.records.query(f"O#{ctx.scope.organisation}", prefix="PROG#", limit=None).records:
        left = [site for site in head.body["sites"] if site in known]
        if left != head.body["sites"]:
            body = {**head.body, "sites": left, "scope_agreed": None}
            writes += [Replace(replace(head, body=body)), bump(ctx, body["id"])]
            events.append(_event("programme", body, "took out of the scope what is no site any more"))
    return writes, events


def _tell_practice(ctx: Ctx, body: Mapping[str, Any]) -> tuple[list[Write], list[dict[str, str]], tuple[str, ...]]:
    """Keep the portfolio's name and number of people; return writes, tasks and the partition beyond the scope."""
    practice = body["practice"]["id"] if body["practice"] else ""
    standing = ctx.reach((f"C#{practice}",)).get(keys.client(practice, body["id"])) if practice else None
    if standing is None:
        return [], [], ()
    told = {**standing.body, "name": body["name"], "staff": body["staff"]}
    task = {"task": "roll_up", "practice": practice, "organisation": body["id"], "programme": told["programme"]}
    return [Replace(replace(standing, body=told))], [task], (f"C#{practice}",)


def sites_from(ctx: Ctx, sites: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give every new site its id; two sites may not share a name."""
    names = [site["name"].strip().lower() for site in sites]
    if len(set(names)) != len(names):
        raise Invalid("Two sites have the same name. Give each its own.", "sites")
    blank = {"role": "", "staff": None}
    return [{**blank, **site, "name": site["name"].strip(), "id": site.get("id") or ctx.new_id()} for site in sites]


def members(ctx: Ctx) -> dict[str, Any]:
    """Return members and the invitations that wait (for those who manage them)."""
    org = ctx.scope.organisation
    found = ctx.records.query(f"O#{org}", prefix="MEMBER#", limit=None).records
    waiting = invitations.pending(ctx, f"O#{org}") if ctx.may("member.manage") else []
    shown = sorted((member_view(r) for r in found), key=lambda m: m["user"]["name"].lower())
    spoken = headlines.members(
        people=len(shown), invited=len(waiting), owners=sum(policy.OWNER in m["roles"] for m in shown),
        outside=sum(policy.CONSULTANT in m["roles"] for m in shown),
    )  # fmt: skip
    return {"headline": spoken[0], "lede": spoken[1], "items": shown, "invitations": waiting}


def member_view(record: Record) -> dict[str, Any]:
    """Show a member."""
    body = record.body
    who = {"id": body["user"], "name": body["name"]}
    return {"user": who, "email": body["email"], "roles": body["roles"], "joined_at": body["joined_at"],
            "etag": str(record.version)}  # fmt: skip


def invite(ctx: Ctx, name: str, email: str, roles: Sequence[str]) -> dict[str, Any]:
    """Invite somebody; the link is shown once and mailed."""
    _may_give(ctx, roles)
    body = ctx.need(keys.organisation(ctx.scope.organisation)).body
    portfolio = body["practice"]["id"] if body["practice"] else None
    shown, link, write = invitations.invite(ctx, name, email, roles, body["name"], portfolio)
    event = Event("member:invited", "invitation", shown["id"], name, f"invited {name} ({email})")
    task = invitations.mail_task(email, name, body["name"], ctx.actor.name, link)
    ctx.commit(event, write, outside=("N",), tasks=(task,), reply={**shown, "link": None})
    return {**shown, "link": link}


def change_roles(ctx: Ctx, user: str, roles: Sequence[str]) -> dict[str, Any]:
    """Give a member other roles; the last owner stays one."""
    record = ctx.need(keys.member(ctx.scope.organisation, user))
    ctx.expect(record.version)
    _may_give(ctx, set(roles) ^ set(record.body["roles"]))
    loses = policy.OWNER in record.body["roles"] and policy.OWNER not in roles
    stays = _another_owner(ctx, user) if loses else ()
    changed = replace(record, body={**record.body, "roles": list(roles)})
    text = f"made {record.body['name']} {invitations.spoken(roles)}"
    ctx.commit(Event("member:roles-changed", "member", user, record.body["name"], text), Replace(changed),
               *stays, outside=(f"U#{user}",))  # fmt: skip
    return member_view(replace(changed, version=record.version + 1))


def remove(ctx: Ctx, user: str) -> None:
    """End a membership; the last owner cannot leave."""
    record = ctx.need(keys.member(ctx.scope.organisation, user))
    _may_give(ctx, record.body["roles"])
    stays = _another_owner(ctx, user) if policy.OWNER in record.body["roles"] else ()
    event = Event("member:removed", "member", user, record.body["name"], f"removed {record.body['name']}")
    ctx.commit(event, Delete(record.key, record.version, "MEMBER"), *stays)


def _may_give(ctx: Ctx, roles: Any) -> None:
    if policy.OWNER in roles and not {policy.OWNER, policy.CONSULTANT} & ctx.actor.roles:
        raise Invalid("Only an owner makes or unmakes an owner.", "roles")
    if policy.CONSULTANT in roles:
        raise Invalid("Consultants are assigned by their practice.", "roles")


def _another_owner(ctx: Ctx, user: str) -> tuple[Check, ...]:
    """Require that another owner is one still when this commits, so that two cannot remove each other."""
    found = ctx.records.query(f"O#{ctx.scope.organisation}", prefix="MEMBER#", limit=None).records
    for record in found:
        if policy.OWNER in record.body["roles"] and record.body["user"] != user:
            proven = ctx.actor.membership and ctx.actor.membership[0] == record.key
            return () if proven else (Check(record.key, record.version, "MEMBER"),)
    raise RuleBroken("The last owner stays. Make somebody else an owner first.")


def need_member(ctx: Ctx, user: str) -> dict[str, Any]:
    """Return a member as a person; raise `Invalid` for somebody who is none."""
    record = ctx.records.get(keys.member(ctx.scope.organisation, user))
    if record is None:
        raise Invalid("Choose a member of this organisation.", "owner")
    return {"id": user, "name": record.body["name"]}
