"""Identity: who a request comes from, and the scope that this person, consultant or auditor has."""

from __future__ import annotations

from flask import Request

from portal import ids
from portal.actions import policy
from portal.actions.context import NOBODY, Actor, NotAllowed, Scope, Services
from portal.actions.sessions import live_grant, live_session
from portal.api.problems import Refusal
from portal.records import keys
from portal.records.port import Key, Record

Recognised = tuple[Actor, Scope, Record | None]

# What an address names by something else than an id: the edition's own numbers, a grant's public id, a signed token.
NAMED_OTHERWISE = frozenset({"item", "clause", "line", "number", "grant", "token"})


def cookie_name(services: Services, kind: str) -> str:
    """Return the name of a session cookie: 'sid' for members, 'rid' for auditors."""
    return f"__Host-{kind}" if services.settings.secure else kind


def recognise(services: Services, request: Request, permission: str) -> Recognised:
    """Return actor, scope and programme head of a request; raise what it gets instead."""
    if permission == "public":
        return NOBODY, Scope(), None
    if permission.startswith("review."):
        return _auditor(services, request)
    return _member(services, request, _path_id(request, "org"), _path_id(request, "practice"))


def require_ids(request: Request) -> None:
    """Raise `NotAllowed` unless every id in the address has the shape of one, so that none can reach into a key."""
    for name, text in (request.view_args or {}).items():
        if name not in NAMED_OTHERWISE and not ids.is_id(text):
            raise NotAllowed(text)


def _path_id(request: Request, name: str) -> str:
    text = (request.view_args or {}).get(name, "")
    if text and not ids.is_id(text):
        raise NotAllowed(text)
    return text


def _member(services: Services, request: Request, org: str, practice: str) -> Recognised:
    session = _session(services, request, "sid")
    user = session.body["user"]
    wanted = _membership_keys(request, user, org, practice)
    found = services.records.get_many(wanted) if wanted else {}
    membership = found.get(wanted[0]) if wanted else None
    head = found.get(wanted[1]) if len(wanted) > 1 else None
    if (wanted and membership is None) or (len(wanted) > 1 and head is None):
        raise NotAllowed("membership")
    actor = _actor(session, membership, org, practice)
    programme = _path_id(request, "programme")
    portfolio = membership.body.get("portfolio", "") if membership and org else ""
    own = user if not (org or practice) else ""
    return actor, Scope(org, practice, programme, portfolio=portfolio or "", user=own), head


def _membership_keys(request: Request, user: str, org: str, practice: str) -> list[Key]:
    if org:
        programme = _path_id(request, "programme")
        head = [keys.programme(org, programme)] if programme else []
        return [keys.member(org, user), *head]
    return [keys.consultant(practice, user)] if practice else []


def _actor(session: Record, membership: Record | None, org: str, practice: str) -> Actor:
    body = session.body
    roles = frozenset(membership.body["roles"]) if membership else frozenset({policy.SIGNED_IN})
    via = "consultant" if practice or policy.CONSULTANT in roles else "member"
    proof = (membership.key, membership.version) if membership else None
    return Actor(
        body["user"], body["name"], body["email"], via, roles, proof, body.get("fresh_until", 0), session.key.partition
    )


def _auditor(services: Services, request: Request) -> Recognised:
    session = _session(services, request, "rid")
    grant = live_grant(services, session.body["grant"])
    if grant is None:
        raise Refusal("sign-in-required", "This access has ended.")
    body = grant.body
    roles = frozenset(body["capabilities"])
    proof = (grant.key, grant.version)
    actor = Actor(f"grant:{body['id']}", body["name"], body["email"], "grant", roles, proof, 0, session.key.partition)
    scope = Scope(
        organisation=body["organisation"], programme=body["programme"], stage=body["stage"],
        grant=session.body["grant"], audit=body["audit"], snapshot=body["snapshot"],
        portfolio=body.get("portfolio", ""),
    )  # fmt: skip
    return actor, scope, None


def _session(services: Services, request: Request, kind: str) -> Record:
    token = request.cookies.get(cookie_name(services, kind), "")
    session = live_session(services, token, kind) if token else None
    if session is None:
        raise Refusal("sign-in-required")
    return session
