"""How an auditor comes in: the link is exchanged for a one-time code, the code for a session; and how they leave."""

from __future__ import annotations

import secrets
from dataclasses import replace

from portal import ids
from portal.actions import grants, tries
from portal.actions.context import SYSTEM, Actor, Ctx, Event, Scope
from portal.actions.errors import CodeWrong
from portal.actions.sessions import ending, live_grant, open_session
from portal.domain import codes
from portal.domain.codes import Code, Refused
from portal.domain.grants import begin_session
from portal.records import codec, keys
from portal.records.port import Check, Insert, Key, Record, Replace, Write

EXCHANGES, WINDOW = 10, 900
LIFE = int(codes.LIFE.total_seconds())


def exchange(ctx: Ctx, public_id: str, secret: str, email: str) -> dict[str, str]:
    """Start an exchange; whatever is wrong with the link or the address, the answer and the work are the same."""
    tries.count(ctx.services, "review-link", public_id, limit=EXCHANGES, window=WINDOW)
    grant = _let_in(ctx, public_id, secret, email)
    token, number = ids.secret(32), codes.written(secrets.randbelow(10**codes.DIGITS))
    if grant is None:
        # A code that nobody is told, and that no eight digits match.
        ctx.quietly(_code(ctx, token, "", ids.secret(16)))
    else:
        _send(ctx, grant, _code(ctx, token, grants.grant_of(grant).hash, number), number)
    return {"exchange": token, "sent_to": masked(email)}


def _let_in(ctx: Ctx, public_id: str, secret: str, email: str) -> Record | None:
    grant = live_grant(ctx.services, grants.hashed_id(ctx, public_id))
    body = grant.body if grant else {"secret_hash": "", "email": ""}
    right = ids.same(body["secret_hash"], grants.hashed_secret(ctx, secret))
    theirs = ids.same(body["email"], email.strip().lower())
    return grant if right and theirs else None


def _code(ctx: Ctx, token: str, grant: str, number: str) -> Insert:
    # Whole seconds, so that record and code end together.
    made = codes.make(ids.digest(token), grant, _hashed(ctx, token, number), ctx.now.replace(microsecond=0))
    return Insert(Record(keys.code(made.exchange), "CODE", codec.dump(made), expires=ctx.epoch + LIFE))


def _hashed(ctx: Ctx, token: str, number: str) -> str:
    return ids.keyed(ctx.settings.secret, "review-code", f"{token}:{number}")


def _send(ctx: Ctx, grant: Record, code: Insert, number: str) -> None:
    body = grant.body
    text = f"Your code for {body['place']}:\n\n{number}\n\nIt works once, within ten minutes, where you asked for it.\n"
    mail = {"task": "mail", "to": body["email"], "name": body["name"], "subject": f"Code for {body['place']}"}
    event = Event("grant:code-sent", "grant", body["id"], body["name"], f"sent {body['name']} a one-time code")
    sender = Ctx(ctx.services, SYSTEM, scope_of(grant), ctx.ruling)
    proof = Check(grant.key, grant.version, grant.kind)
    sender.commit(event, code, proof, tasks=({**mail, "text": text},), outside=(code.key.partition,))


def scope_of(grant: Record) -> Scope:
    """Return what a grant opens: one stage of one programme."""
    body = grant.body
    return Scope(
        organisation=body["organisation"], programme=body["programme"], stage=body["stage"], grant=body["hash"],
        audit=body["audit"], snapshot=body["snapshot"], portfolio=body["portfolio"],
    )  # fmt: skip


def masked(email: str) -> str:
    """Return an address as its owner knows it again: 'e…@meridian.example'."""
    name, _, domain = email.strip().partition("@")
    return f"{name[:1]}…@{domain}"


def enter(ctx: Ctx, token: str, given: str) -> str:
    """Return a new session's token for the right code; raise `CodeWrong` for whatever else it is."""
    record = ctx.records.get(keys.code(ids.digest(token)))
    if record is None:
        raise CodeWrong
    number = "".join(letter for letter in given if letter.isdecimal())
    judged = codes.check_code(codec.load(Code, record.body), _hashed(ctx, token, number), ctx.now)
    tried = Replace(replace(record, body=codec.dump(judged.code)))
    if isinstance(judged, Refused):
        if judged.reason == "wrong":
            ctx.quietly(tried)
        raise CodeWrong
    grant = live_grant(ctx.services, judged.code.grant)
    if grant is None:
        raise CodeWrong
    return _begin(ctx, grant, tried)


def _begin(ctx: Ctx, grant: Record, used: Write) -> str:
    now = ctx.now.replace(microsecond=0)
    begun = grants.kept(grant, begin_session(grants.grant_of(grant), now))
    body = grant.body
    token, opened = open_session("rid", body["hash"], {"grant": body["hash"]}, ctx.epoch, until=body["ends"])
    actor = Actor(f"grant:{body['id']}", body["name"], body["email"], "grant", frozenset(body["capabilities"]))
    event = Event("review:entered", "grant", body["id"], body["name"], f"entered the review room of {body['place']}")
    room = Ctx(ctx.services, actor, scope_of(grant), ctx.ruling)
    outside = (used.key.partition, opened.key.partition, keys.sessions_of(body["hash"]).partition)
    room.commit(event, Replace(begun), used, opened, outside=outside)
    return token


def leave(ctx: Ctx) -> None:
    """End the session at hand."""
    session = ctx.need(Key(ctx.actor.session, "SESSION"), ctx.actor.session)
    public_id = ctx.actor.id.removeprefix("grant:")
    event = Event("review:left", "grant", public_id, ctx.actor.name, "left the review room")
    ctx.commit(event, *ending([session]), outside=(ctx.actor.session,))

