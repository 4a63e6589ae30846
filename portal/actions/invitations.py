"""Invitations: a link that makes somebody a member of an organisation or a consultant of a practice, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from portal import ids
from portal.actions import accounts, passwords, policy, tries
from portal.actions.context import Ctx, Event, NotAllowed, stamp
from portal.actions.errors import BadInput, SignInFailed
from portal.actions.tenants import consultant_record, member_record
from portal.records import keys
from portal.records.port import Delete, Insert, Record, Replace, Write

DAYS = 14
PURPOSE = "invitation-secret"


Made = tuple[dict[str, Any], str, Write]


def invite(ctx: Ctx, name: str, email: str, roles: Sequence[str], place: str, portfolio: str | None = None) -> Made:
    """Return the view, the secret link and the write of a new invitation to the scope's organisation or practice."""
    if ctx.scope.organisation:
        return invite_to(ctx, ctx.scope.organisation, name, email, roles, place, portfolio)
    return _invitation(ctx, "practice", ctx.scope.practice, name, email, roles, place, None)


def invite_to(
    ctx: Ctx, org: str, name: str, email: str, roles: Sequence[str], place: str, portfolio: str | None
) -> Made:
    """Return the same for an organisation that this very use case opens."""
    return _invitation(ctx, "organisation", org, name, email, roles, place, portfolio)


def _invitation(
    ctx: Ctx, kind: str, owner: str, name: str, email: str, roles: Sequence[str], place: str, portfolio: str | None
) -> Made:
    invitation, secret = ctx.new_id(), ids.secret(32)
    body = {
        "id": invitation, "name": name.strip(), "email": email.strip(), "roles": list(roles), "kind": kind,
        "owner": owner, "place": place, "invited_by": {"id": ctx.actor.id, "name": ctx.actor.name},
        "secret": ids.keyed(ctx.settings.secret, PURPOSE, secret), "portfolio": portfolio,
        "expires_at": stamp(datetime.fromtimestamp(ctx.epoch + DAYS * 86_400, UTC)),
    }  # fmt: skip
    index = keys.invitations_of(f"{'O' if kind == 'organisation' else 'C'}#{owner}", invitation)
    record = Record(keys.invitation(invitation), "INVITE", body, index1=index, expires=ctx.epoch + DAYS * 86_400)
    return view(body), f"{ctx.settings.public_url}/join.html#i.{invitation}.{secret}", Insert(record)


def view(body: Mapping[str, Any]) -> dict[str, Any]:
    """Show an invitation to those who manage members."""
    return {k: body[k] for k in ("id", "email", "name", "roles", "invited_by", "expires_at")}


def pending(ctx: Ctx, home: str) -> list[dict[str, Any]]:
    """Return the invitations of an organisation or practice that wait for an answer."""
    found = ctx.reach(("N",)).query(keys.invitations_of(home).partition, index=1, limit=None)
    return [view(r.body) for r in found.records]


def mail_task(to: str, name: str, place: str, by: str, link: str) -> dict[str, str]:
    """Return the task that mails an invitation."""
    text = f"{by} invites you to “{place}” on Certway.\n\nOpen this link within {DAYS} days:\n{link}\n"
    return {"task": "mail", "to": to, "name": name, "subject": f"Invitation to {place}", "text": text}


def withdraw(ctx: Ctx, invitation: str) -> None:
    """Take an invitation back."""
    record = ctx.need(keys.invitation(invitation), "N")
    if record.body["owner"] not in (ctx.scope.organisation or None, ctx.scope.practice or None):
        raise NotAllowed(invitation)
    event = Event(
        "member:invitation-withdrawn", "invitation", invitation, record.body["name"],
        f"withdrew the invitation of {record.body['name']}",
    )  # fmt: skip
    ctx.commit(event, Delete(record.key, record.version, "INVITE"), outside=("N",))


def redeem(ctx: Ctx, invitation: str, secret: str) -> Record:
    """Return a living invitation; unknown, expired, used and altered links are told alike."""
    tries.count(ctx.services, "invitation", invitation, limit=30, window=900)
    record = ctx.records.get(keys.invitation(invitation)) if ids.is_id(invitation) else None
    if record is None or not ids.same(record.body["secret"], ids.keyed(ctx.settings.secret, PURPOSE, secret)):
        raise NotAllowed(invitation)
    return record


def look_up(ctx: Ctx, invitation: str, secret: str) -> dict[str, Any]:
    """Tell the invited person what the link is for."""
    body = redeem(ctx, invitation, secret).body
    shown = {k: body[k] for k in ("name", "email", "roles", "expires_at", "kind")}
    known = accounts.find_user(ctx, body["email"]) is not None
    place = {"place": body["place"], body["kind"]: body["place"]}
    return {**shown, **place, "invited_by": body["invited_by"]["name"], "known_user": known}


def accept(ctx: Ctx, invitation: str, secret: str, name: str | None, password: str) -> accounts.SignedIn:
    """Take an invitation up, with a new account or the one that the address has; the link works once."""
    record = redeem(ctx, invitation, secret)
    user, writes = _who(ctx, record.body, name, password)
    accounts.act_as(ctx, user["id"], user["name"], user["email"])
    joined = _membership(ctx, record.body, user)
    signed_in, session = accounts.session_for(ctx, user)
    home = f"{'O' if record.body['kind'] == 'organisation' else 'C'}#{record.body['owner']}"
    event = Event("member:joined", "member", user["id"], user["name"], f"joined as {spoken(record.body['roles'])}")
    used = Delete(record.key, record.version, "INVITE")
    ctx.commit(event, *writes, joined, used, session, outside=(home,), home=home)
    return signed_in


def _who(
    ctx: Ctx, invited: Mapping[str, Any], name: str | None, password: str
) -> tuple[Mapping[str, Any], list[Write]]:
    known = accounts.find_user(ctx, invited["email"])
    if known is None:
        if not (name or invited["name"]).strip():
            raise BadInput("Enter your name.", "name")
        _, writes = accounts.new_user(ctx, name or invited["name"], invited["email"], password)
        return writes[0].record.body, writes  # type: ignore[union-attr]
    tries.count(
        ctx.services, "sign-in", invited["email"].lower(), limit=ctx.settings.sign_in_tries, window=accounts.WINDOW
    )
    if not passwords.fits(password, known.body["password"]):
        raise SignInFailed("The password of your account is not right. Try again.", "password")
    return known.body, [accounts.unchanged(known)]


def _membership(ctx: Ctx, invited: Mapping[str, Any], user: Mapping[str, Any]) -> Write:
    if invited["kind"] == "practice":
        return Insert(consultant_record(ctx, invited["owner"], user, invited["roles"][0]))
    record = member_record(ctx, invited["owner"], user, invited["roles"], invited.get("portfolio"))
    standing = ctx.reach((f"O#{invited['owner']}",)).get(record.key)
    if standing is None:
        return Insert(record)
    roles = [*standing.body["roles"], *(r for r in invited["roles"] if r not in standing.body["roles"])]
    return Replace(replace(standing, body={**standing.body, "roles": roles}))


def spoken(roles: Sequence[str]) -> str:
    """Say roles as people do."""
    return " and ".join(ROLE_NAMES.get(role, role) for role in roles)


ROLE_NAMES = {
    policy.OWNER: "owner", policy.TOP: "top management", policy.SMS: "SMS manager", policy.PROCESS: "process owner",
    policy.AUDITOR: "internal auditor", policy.VIEWER: "viewer", policy.CONSULTANT: "consultant",
    policy.PRACTICE_OWNER: "practice owner", policy.PRACTICE_CONSULTANT: "consultant",
}  # fmt: skip
