"""The consultant's portfolio: every client with what it needs, read in one query; and the roll-up behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from portal.actions import policy
from portal.actions.context import SYSTEM, Ctx, Scope, Services, stamp
from portal.actions.overview import next_audit
from portal.actions.state import State, load
from portal.actions.step_views import domain_blockers
from portal.domain import headlines
from portal.domain.forecast import forecast
from portal.domain.ratings import count, percent
from portal.domain.steps import current_step, shown_state
from portal.records import keys
from portal.records.port import Exists, Insert, Record, Replace, Stale

QUIET = timedelta(days=21)
SOON = timedelta(days=30)


def clients(ctx: Ctx) -> dict[str, Any]:
    """Return all clients, those that need somebody first: one query."""
    found = ctx.records.query(f"C#{ctx.scope.practice}", limit=None).records
    rolls = {r.body["organisation"]: r.body for r in found if r.kind == "ROLLUP"}
    names = {r.body["user"]: r.body["name"] for r in found if r.kind == "CONSULTANT"}
    shown = [client_view(ctx, r, rolls.get(r.body["organisation"], {}), names) for r in found if r.kind == "CLIENT"]
    shown.sort(key=lambda c: (-c["attention"], c["name"].lower()))
    spoken = _headline(shown)
    return {"headline": spoken.headline, "lede": spoken.lede, "items": shown}


def _headline(shown: Sequence[Mapping[str, Any]]) -> headlines.Headline:
    return headlines.clients(
        total=len(shown), need_you=sum(c["attention"] > 1 for c in shown),
        audits_soon=sum(c["audit_soon"] for c in shown), quiet=sum(c["quiet"] for c in shown),
        on_course=sum(_against(c) is not None and _against(c) <= 0 for c in shown),
        behind=sum((_against(c) or 0) > 0 for c in shown),
    )  # fmt: skip


def _against(client: Mapping[str, Any]) -> Any:
    return client["days_against_target"]


def client_view(ctx: Ctx, record: Record, roll: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Show a client; what depends on today is worked out now."""
    body, today = record.body, ctx.today
    in_the_way = _in_the_way(roll, today)
    audit = roll.get("next_audit")
    soon = bool(audit) and date.fromisoformat(audit["date"]) - today <= SOON
    active = roll.get("last_activity")
    quiet = bool(active) and ctx.now - datetime.fromisoformat(active) > QUIET
    late = bool(in_the_way and in_the_way["late_days"])
    return {
        "organisation": body["organisation"], "name": body["name"], "staff": body["staff"], "sites": roll.get("sites"),
        "programme": {"id": body["programme"], "edition": body["edition"]},
        "steps": roll.get("steps") or ["not_started"] * 11, "current_step": roll.get("current_step", 1),
        "in_the_way": in_the_way, "ready_percent": roll.get("ready_percent", 0),
        "target_date": roll.get("target_date"), "forecast": roll.get("forecast"), "next_audit": audit,
        "days_against_target": roll.get("days_against_target"), "last_activity": active,
        "certificate_valid_until": roll.get("certificate_valid_until"), "next_visit": roll.get("next_visit"),
        "assigned": ctx.actor.id in body["consultants"],
        "consultants": [{"id": user, "name": names.get(user, "")} for user in body["consultants"]],
        "audit_soon": soon, "quiet": quiet, "attention": 4 * late + 2 * soon + 2 * quiet + _slipping(roll),
        "etag": str(record.version),
    }  # fmt: skip


def _slipping(roll: Mapping[str, Any]) -> int:
    return int((roll.get("days_against_target") or 0) > 14)


def _in_the_way(roll: Mapping[str, Any], today: date) -> dict[str, Any] | None:
    first = roll.get("in_the_way")
    if not first:
        return None
    due = date.fromisoformat(first["due"]) if first["due"] else None
    late = (today - due).days if due and due < today else None
    return {"text": first["text"], "when": first["due"], "late": bool(late), "late_days": late, "more": first["more"]}


def roll_up(services: Services, task: Mapping[str, Any]) -> None:
    """Work out anew what the portfolio shows of one client; harmless to repeat, never incremented."""
    org, programme, practice = task["organisation"], task["programme"], task["practice"]
    everything = policy.Ruling("roll_up", frozenset({policy.ALWAYS}))
    ctx = Ctx(services, SYSTEM, Scope(organisation=org, programme=programme), everything)
    ctx.head = ctx.records.get(keys.programme(org, programme))
    engagement = services.records.get(keys.client(practice, org))
    if ctx.head is None or engagement is None or engagement.body["programme"] != programme:
        return
    key = keys.client_roll_up(practice, org)
    for _ in range(5):
        standing = services.records.get(key)
        body = rolled(load(ctx), org, stamp(ctx.now))
        write = Replace(replace(standing, body=body)) if standing else Insert(Record(key, "ROLLUP", body))
        try:
            services.records.commit([write])
            return
        except (Exists, Stale):
            continue  # another process was faster; what it wrote may already be old


def rolled(state: State, org: str, at: str) -> dict[str, Any]:
    """Return what the portfolio keeps of a programme."""
    current = current_step(state.steps.values())
    certificate, target = state.head.body["certificate"], state.head.body["target_date"]
    expected, audit = forecast(tuple(state.steps.values()), state.today), next_audit(state)
    against = expected.days_against(date.fromisoformat(target)) if expected and target else None
    return {
        "organisation": org, "at": at, "last_activity": at, "sites": len(state.organisation.get("sites", ())),
        "steps": [shown_state(state.steps[n]) for n in sorted(state.steps)], "current_step": current,
        "in_the_way": _first_blocker(state, current), "ready_percent": percent(count(i.rating for i in state.items)),
        "target_date": target, "forecast": expected.likely.isoformat() if expected else None,
        "days_against_target": None if certificate else against,
        "next_audit": {"kind": audit.kind, "date": str(audit.start)} if audit else None,
        "certificate_valid_until": certificate["valid_until"] if certificate else None,
        "next_visit": _next_visit(certificate),
    }  # fmt: skip


def _next_visit(certificate: Mapping[str, Any] | None) -> str | None:
    return min((v["due"] for v in (certificate or {}).get("surveillance", ()) if not v["done_on"]), default=None)


def _first_blocker(state: State, current: int | None) -> dict[str, Any] | None:
    blockers = domain_blockers(state, current) if current else []
    if not blockers:
        return None
    first = blockers[0]
    return {"text": first.text, "due": first.due.isoformat() if first.due else None, "more": len(blockers) - 1}
