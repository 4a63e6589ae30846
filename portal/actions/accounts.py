"""Accounts: the first account, signing in and out, confirming who one is, one's own name and password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal import ids
from portal.actions import passwords, tries
from portal.actions.context import Actor, Ctx, Event, NotAllowed, stamp
from portal.actions.errors import BadInput, CodeRequired, SignInFailed
from portal.actions.sessions import end_others, ending, open_session, sessions_of
from portal.records import keys
from portal.records.port import Check, Exists, Insert, Record, Replace, Write

FRESH_FOR = 600
WINDOW = 900


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Hold a new session: its token (to be set as a cookie) and who it is."""

    token: str
    user: str
    name: str
    email: str


def address_key(ctx: Ctx, email: str) -> keys.Key:
    """Return the key that leads from an address to its user."""
    return keys.address(ids.keyed(ctx.settings.secret, "address", email.strip().lower()))


def find_user(ctx: Ctx, email: str) -> Record | None:
    """Return the user with an address."""
    address = ctx.records.get(address_key(ctx, email))
    return ctx.records.get(keys.user(address.body["user"])) if address else None


def new_user(ctx: Ctx, name: str, email: str, password: str) -> tuple[str, list[Write]]:
    """Return the id and the writes of a new account; the insert of the address fails when it is taken."""
    user_id = ctx.new_id()
    body = {"id": user_id, "name": name.strip(), "email": email.strip(), "password": passwords.make(password)}
    body |= {"since": stamp(ctx.now), "totp": None}
    address = Record(address_key(ctx, email), "ADDRESS", {"user": user_id})
    return user_id, [Insert(Record(keys.user(user_id), "USER", body)), Insert(address)]


def session_for(ctx: Ctx, user: Mapping[str, Any]) -> tuple[SignedIn, Write]:
    """Return a new, fresh session of a user and the write that opens it."""
    kept = {"user": user["id"], "name": user["name"], "email": user["email"], "fresh_until": ctx.epoch + FRESH_FOR}
    token, write = open_session("sid", user["id"], kept, ctx.epoch)
    return SignedIn(token, user["id"], user["name"], user["email"]), write


def first_run_open(ctx: Ctx) -> bool:
    """Tell whether the deployment has no account yet."""
    return ctx.records.get(keys.first_run()) is None


def first_run(ctx: Ctx, name: str, email: str, password: str, kind: str, organisation_name: str) -> SignedIn:
    """Create the first account with its practice or organisation; raise `NotAllowed` once there is one."""
    from portal.actions.tenants import new_organisation, new_practice

    if not first_run_open(ctx):
        raise NotAllowed("first run")
    user_id, writes = new_user(ctx, name, email, password)
    user = writes[0].record.body  # type: ignore[union-attr]
    act_as(ctx, user_id, name, email)
    make = new_practice if kind == "practice" else new_organisation
    tenant = make(ctx, organisation_name, user)
    signed_in, session = session_for(ctx, user)
    closed = Insert(Record(keys.first_run(), "FIRST", {"by": user_id}))
    try:
        ctx.commit(tenant.event, *writes, *tenant.writes, session, closed, outside=tenant.partitions, home=tenant.home)
    except Exists as error:
        raise NotAllowed("first run") from error
    return signed_in


def act_as(ctx: Ctx, user_id: str, name: str, email: str) -> None:
    """Let the rest of this use case act as the account that it creates or signs in."""
    ctx.actor = Actor(user_id, name.strip(), email, roles=ctx.actor.roles, fresh_until=ctx.epoch + FRESH_FOR)


def sign_in(ctx: Ctx, email: str, password: str, code: str | None) -> SignedIn:
    """Open a session; raise `SignInFailed`, `CodeRequired` or `TooMany`; always a new token (ASVS 7.2.4)."""
    subject = email.strip().lower()
    tries.count(ctx.services, "sign-in", subject, limit=ctx.settings.sign_in_tries, window=WINDOW)
    user = find_user(ctx, email)
    if not passwords.fits(password, user.body["password"] if user else None) or user is None:
        raise SignInFailed
    user = check_code(ctx, user, code)
    act_as(ctx, user.body["id"], user.body["name"], user.body["email"])
    signed_in, session = session_for(ctx, user.body)
    ctx.commit(_about(user, "signed-in", "signed in"), session, unchanged(user), home=f"U#{signed_in.user}")
    return signed_in


def unchanged(user: Record) -> Check:
    """Require the account to be as its password was compared: one that is changed meanwhile opens nothing."""
    return Check(user.key, user.version, user.kind)


def check_code(ctx: Ctx, user: Record, code: str | None) -> Record:
    """Require the authenticator's code where the account has one, each once; return the account as it is then."""
    enrolled = user.body.get("totp")
    if not enrolled:
        return user
    if not code:
        raise CodeRequired
    from portal.actions.totp import verify_once

    return verify_once(ctx, user, code)


def sign_out(ctx: Ctx) -> None:
    """End the session at hand."""
    session = ctx.need(keys.Key(ctx.actor.session, "SESSION"))
    ctx.commit(_self(ctx, "signed-out", "signed out"), *ending([session]))


def confirm(ctx: Ctx, password: str, code: str | None) -> None:
    """Confirm who one is, for ten minutes; raise as `sign_in` does."""
    user, right = prove(ctx, password)
    if not right:
        raise SignInFailed("The password is not right. Try again.", "password")
    check_code(ctx, user, code)
    session = ctx.need(keys.Key(ctx.actor.session, "SESSION"))
    fresh = replace(session, body={**session.body, "fresh_until": ctx.epoch + FRESH_FOR})
    ctx.commit(_self(ctx, "confirmed", "confirmed who they are"), Replace(fresh))


def prove(ctx: Ctx, password: str) -> tuple[Record, bool]:
    """Return one's own account and whether this is its password; raise `TooMany`, so that nobody tries them all."""
    tries.count(ctx.services, "confirm", ctx.actor.id, limit=ctx.settings.sign_in_tries, window=WINDOW)
    user = ctx.need(keys.user(ctx.actor.id))
    return user, passwords.fits(password, user.body["password"])


def rename(ctx: Ctx, name: str) -> None:
    """Change one's own name."""
    user = ctx.need(keys.user(ctx.actor.id))
    session = ctx.need(keys.Key(ctx.actor.session, "SESSION"))
    renamed = [replace(r, body={**r.body, "name": name.strip()}) for r in (user, session)]
    ctx.commit(_self(ctx, "renamed", f"is now called {name.strip()}"), *map(Replace, renamed))


def change_password(ctx: Ctx, current: str, new: str) -> None:
    """Change one's password and end every other session."""
    user, right = prove(ctx, current)
    if not right:
        raise BadInput("The current password is not right.", "current")
    changed = replace(user, body={**user.body, "password": passwords.make(new, "new")})
    others = ending(sessions_of(ctx.services, ctx.actor.id), but=ctx.actor.session)
    ctx.commit(_self(ctx, "password-changed", "changed their password"), Replace(changed), *others[:90])
    end_others(ctx.services, ctx.actor.id, but=ctx.actor.session)


def _self(ctx: Ctx, what: str, text: str) -> Event:
    return Event(f"account:{what}", "user", ctx.actor.id, ctx.actor.name, text)


def _about(user: Record, what: str, text: str) -> Event:
    return Event(f"account:{what}", "user", user.body["id"], user.body["name"], text)
