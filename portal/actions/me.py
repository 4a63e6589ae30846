"""Oneself: who is signed in, and to which practices and organisations they belong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from portal.actions.context import Ctx, stamp
from portal.records import keys
from portal.records.port import Key, Record

MANY = 20  # beyond so many organisations (a consultant's) their programmes come with the portfolio


def me(ctx: Ctx, user_id: str) -> dict[str, Any]:
    """Return a user with their practices and organisations."""
    reach = ctx.reach(("O", "C"))
    user = ctx.need(keys.user(user_id)).body
    found = reach.query(keys.memberships_of(user_id).partition, index=1, limit=None).records
    members = [r for r in found if r.kind == "MEMBER"]
    consultants = [r for r in found if r.kind == "CONSULTANT"]
    heads = reach.get_many(_heads(members, consultants)) if found else {}
    return {
        "id": user["id"], "name": user["name"], "email": user["email"], "totp": bool(user.get("totp")),
        "fresh_until": _fresh(ctx),
        "practices": [_practice(r, heads) for r in consultants],
        "organisations": [_organisation(reach, r, heads, len(members) <= MANY) for r in members],
    }  # fmt: skip


def _heads(members: Sequence[Record], consultants: Sequence[Record]) -> list[Key]:
    practices = [keys.practice(r.body["practice"]) for r in consultants]
    return [*practices, *(keys.organisation(r.body["organisation"]) for r in members)][:100]


def _fresh(ctx: Ctx) -> str | None:
    until = ctx.actor.fresh_until
    return stamp(datetime.fromtimestamp(until, UTC)) if until > ctx.epoch else None


def _practice(record: Record, heads: dict[Key, Record]) -> dict[str, Any]:
    practice = record.body["practice"]
    head = heads.get(keys.practice(practice))
    return {"id": practice, "name": head.body["name"] if head else "", "role": record.body["roles"][0]}


def _organisation(reach: Any, record: Record, heads: dict[Key, Record], with_programmes: bool) -> dict[str, Any]:
    org = record.body["organisation"]
    head = heads.get(keys.organisation(org))
    page = reach.query(f"O#{org}", prefix="PROG#", limit=None).records if with_programmes else ()
    programmes = [{"id": r.body["id"], "name": r.body["name"]} for r in page]
    profile = head.body if head else {"name": "", "practice": None}
    practice = profile["practice"]["name"] if profile["practice"] else None
    roles = record.body["roles"]
    return {"id": org, "name": profile["name"], "roles": roles, "practice_name": practice, "programmes": programmes}
