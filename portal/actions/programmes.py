"""Programmes: one organisation's way to one certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from portal import catalogue
from portal.actions.context import Ctx, Event, NotAllowed, stamp
from portal.actions.guarding import bump
from portal.domain.common import Invalid, RuleBroken
from portal.domain.steps import FIRST, LAST, Step
from portal.records import codec, keys
from portal.records.port import Insert, Record, Replace, Write

BODY_DEFAULTS = {"plan_days": 30, "major_evidence_days": 90, "minor_evidence_days": 90}


def opening(
    ctx: Ctx, org: str, *, edition: str, target_date: date | None, sites: Sequence[str], name: str = "",
    certification_body: Mapping[str, Any] | None = None,
) -> tuple[str, list[Write]]:  # fmt: skip
    """Return the id and the writes of a new programme: its head and its eleven steps."""
    programme = ctx.new_id()
    chosen = edition_of(edition)
    body = {
        "id": programme, "name": name.strip() or chosen.name, "edition": edition,
        "scope_statement": "", "scope_agreed": None, "sites": list(sites), "certificate": None,
        "certification_body": body_settings(certification_body), "opened_at": stamp(ctx.now),
        "target_date": target_date.isoformat() if target_date else None,
    }  # fmt: skip
    steps = [step_record(org, programme, Step(number)) for number in range(FIRST, LAST + 1)]
    head = Record(keys.programme(org, programme), "PROG", body)
    guard = Record(keys.guard(org, programme), "GUARD", {})
    return programme, [Insert(record) for record in (head, *steps, guard)]


def step_record(org: str, programme: str, step: Step, version: int = 0) -> Record:
    """Return the record of a step."""
    return Record(keys.step(org, programme, step.number), "STEP", codec.dump(step), version)


def edition_of(edition: str) -> Any:
    """Return the summary of an edition; raise `Invalid` for one that there is no catalogue of."""
    for summary in catalogue.editions():
        if summary.id == edition:
            return summary
    known = ", ".join(summary.id for summary in catalogue.editions())
    raise Invalid(f"Choose an edition that there is a catalogue of: {known}.", "edition")


def body_settings(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a certification body's settings with the usual time limits where none are given."""
    if not given:
        return None
    blank = {"name": "", "lead_auditor": "", "lead_auditor_email": ""}
    return {**blank, **BODY_DEFAULTS, **{k: v for k, v in given.items() if v is not None}}


def create(ctx: Ctx, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Open a further programme of an organisation."""
    org = ctx.scope.organisation
    sites = facts.get("sites")
    if sites is None:
        sites = [site["id"] for site in ctx.need(keys.organisation(org)).body["sites"]]
    programme, writes = opening(
        ctx, org, edition=facts["edition"], target_date=facts.get("target_date"), sites=sites,
        name=facts.get("name", ""), certification_body=facts.get("certification_body"),
    )  # fmt: skip
    shown = view(writes[0].record, version=1)  # type: ignore[union-attr]
    event = Event("programme:created", "programme", programme, shown["name"], f"opened the programme “{shown['name']}”")
    ctx.commit(event, *writes, reply=shown)
    return shown


def listing(ctx: Ctx) -> dict[str, Any]:
    """Return the organisation's programmes."""
    found = ctx.records.query(f"O#{ctx.scope.organisation}", prefix="PROG#", limit=None).records
    return {"items": [view(record) for record in found], "next": None}


def head_of(ctx: Ctx) -> Record:
    """Return the head of the programme in scope."""
    if ctx.head is None:
        raise NotAllowed("programme")
    return ctx.head


def show(ctx: Ctx) -> dict[str, Any]:
    """Return the programme in scope."""
    return view(head_of(ctx))


def view(record: Record, version: int | None = None) -> dict[str, Any]:
    """Show a programme."""
    body = record.body
    chosen = edition_of(body["edition"])
    return {
        "id": body["id"], "name": body["name"], "edition": {"id": chosen.id, "title": chosen.name},
        "scope_statement": body["scope_statement"], "scope_agreed": body["scope_agreed"], "sites": body["sites"],
        "certification_body": body["certification_body"], "target_date": body["target_date"],
        "certificate": body["certificate"], "state": "certified" if body["certificate"] else "under_way",
        "etag": str(version or record.version),
    }  # fmt: skip


def edit(ctx: Ctx, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change name, scope statement, sites, certification body or target date; a new scope is to be agreed anew."""
    head = head_of(ctx)
    ctx.expect(head.version)
    known = {site["id"] for site in ctx.need(keys.organisation(ctx.scope.organisation)).body["sites"]}
    if unknown := set(changes.get("sites", ())) - known:
        raise Invalid(f"The organisation has no site {sorted(unknown)[0]}.", "sites")
    body = {**head.body, **_stored(changes)}
    if body["scope_statement"] != head.body["scope_statement"] or body["sites"] != head.body["sites"]:
        body["scope_agreed"] = None
    event = Event("programme:edited", "programme", body["id"], body["name"], f"changed {_named(changes)}")
    return _save(ctx, head, body, event)


def _stored(changes: Mapping[str, Any]) -> dict[str, Any]:
    stored = {k: v.isoformat() if isinstance(v, date) else v for k, v in changes.items()}
    if "certification_body" in stored:
        stored["certification_body"] = body_settings(stored["certification_body"])
    return stored


def _named(changes: Mapping[str, Any]) -> str:
    words = {"scope_statement": "the scope statement", "certification_body": "the certification body",
             "target_date": "the target date", "sites": "the sites", "name": "the name"}  # fmt: skip
    return " and ".join(words[name] for name in sorted(changes)) or "nothing"


def agree_scope(ctx: Ctx) -> dict[str, Any]:
    """Agree the scope by name; raise `RuleBroken` while there is no statement."""
    head = head_of(ctx)
    ctx.expect(head.version)
    if not head.body["scope_statement"].strip():
        raise RuleBroken("There is no scope statement yet. Write it first, then agree it.", "scope_statement")
    agreed = {"by": {"id": ctx.actor.id, "name": ctx.actor.name}, "at": stamp(ctx.now)}
    event = Event("programme:scope-agreed", "programme", head.body["id"], head.body["name"], "agreed the scope")
    return _save(ctx, head, {**head.body, "scope_agreed": agreed}, event)


def _save(ctx: Ctx, head: Record, body: Mapping[str, Any], event: Event) -> dict[str, Any]:
    changed = replace(head, body=body)
    ctx.commit(event, Replace(changed), bump(ctx))
    return view(changed, version=head.version + 1)
