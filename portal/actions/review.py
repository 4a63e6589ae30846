"""The review room: what one auditor sees of one frozen stage, and what the auditor leaves there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.actions import downloads, findings, review_views
from portal.actions.audit_views import conclusion_view
from portal.actions.context import Ctx, Event, NotAllowed, stamp
from portal.actions.guarding import bump
from portal.actions.review_room import Room, load
from portal.actions.snapshots import stored
from portal.catalogue import Clause
from portal.domain import audits
from portal.domain.audits import Audit
from portal.records import codec, keys
from portal.records.port import Insert, Record, Replace, Write

LOOK_AGAIN = 600  # seconds in which looking at the same clause again is the same look


def show(ctx: Ctx) -> dict[str, Any]:
    """Return the room: the frozen header, the clauses of the stage, its findings."""
    return review_views.room_view(load(ctx, everything=True), ctx)


def clause(ctx: Ctx, number: str) -> dict[str, Any]:
    """Return one clause with its frozen evidence; that it was looked at is journalled first."""
    room = load(ctx)
    found = room.clause(number)
    _looked(ctx, room, found)
    return review_views.clause_view(room, found)


def _looked(ctx: Ctx, room: Room, found: Clause) -> None:
    standing = room.seen.get(found.sort_key)
    if standing and ctx.epoch - standing.body["viewed"] < LOOK_AGAIN:
        return
    title = f"{found.number} {found.title}"
    event = Event("review:viewed", "clause", found.number, title, f"looked at {title}")
    ctx.commit(event, _marked(ctx, found.sort_key, standing, {"clause": found.number, "viewed": ctx.epoch}))


def _marked(ctx: Ctx, place: str, standing: Record | None, facts: Mapping[str, Any]) -> Write:
    if standing:
        return Replace(replace(standing, body={**standing.body, **facts}))
    return Insert(Record(keys.grant_seen(ctx.scope.grant, place), "SEEN", {"viewed": 0, "seen": False, **facts}))


def mark_seen(ctx: Ctx, number: str, seen: bool) -> dict[str, Any]:
    """Mark a clause as seen, or take the mark back; only the auditor can read it."""
    found = load(ctx).clause(number)
    standing = ctx.records.get(keys.grant_seen(ctx.scope.grant, found.sort_key))
    event = _private(ctx, "marked", "marked what they have seen")
    ctx.commit(event, _marked(ctx, found.sort_key, standing, {"clause": number, "seen": seen}))
    return {"clause": number, "seen": seen}


def _private(ctx: Ctx, what: str, text: str) -> Event:
    """Return an event that tells nothing of what an auditor keeps to themselves."""
    return Event(f"review:{what}", "review", ctx.actor.id.removeprefix("grant:"), "Review room", text)


def keep_note(ctx: Ctx, number: str, text: str) -> dict[str, Any]:
    """Keep a private note on a clause; the journal says only that a note was kept."""
    found = load(ctx).clause(number)
    key = keys.grant_note(ctx.scope.grant, found.sort_key)
    standing = ctx.records.get(key)
    # Without If-Match the note is a new one: one that is there already is not written over.
    version = standing.version if standing else 0
    ctx.etag = 0 if ctx.etag is None else ctx.etag
    ctx.expect(version)
    body = {"clause": number, "text": text, "saved_at": stamp(ctx.now)}
    write = Replace(replace(standing, body=body)) if standing else Insert(Record(key, "NOTE", body))
    ctx.commit(_private(ctx, "noted", "kept a private note"), write)
    return review_views.note_view(body, version + 1)


def download(ctx: Ctx, evidence: str, version: int) -> dict[str, Any]:
    """Return a URL for a frozen file, for 60 seconds; the download is journalled before."""
    entry = _frozen(ctx, evidence, version)
    place = f"EV#{evidence}#{version}"
    standing = ctx.records.get(keys.grant_seen(ctx.scope.grant, place))
    text = f"downloaded “{entry['title']}” version {version}"
    event = Event("review:downloaded", "evidence", evidence, entry["title"], text, {"sha256": entry["sha256"]})
    ctx.commit(event, _marked(ctx, place, standing, {"viewed": ctx.epoch}))
    return downloads.open_target(ctx, ctx.scope.organisation, entry["sha256"], entry["filename"])


def _frozen(ctx: Ctx, evidence: str, version: int) -> Mapping[str, Any]:
    for entry in stored(ctx, ctx.scope.snapshot).entries:
        if entry["evidence"] == evidence and entry["version"] == version:
            return entry
    raise NotAllowed(evidence)


def list_findings(ctx: Ctx) -> dict[str, Any]:
    """Return the findings of the auditor's stage, oldest first."""
    pairs = [(f, v) for f, v in findings.all_of(ctx) if f.source == ctx.scope.stage]
    return {"items": [review_views.finding(ctx, f, v) for f, v in pairs], "next": None}


def raise_finding(ctx: Ctx, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Raise a finding of the auditor's stage."""
    return _narrowed(findings.raise_finding(ctx, facts, source=ctx.scope.stage, audit=ctx.scope.audit))


def move_finding(ctx: Ctx, finding: str, action: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Judge the answer to a finding of the auditor's stage."""
    return _narrowed(findings.move(ctx, finding, action, inputs))


def _narrowed(shown: dict[str, Any]) -> dict[str, Any]:
    return {**shown, "allowed": [action for action in shown["allowed"] if action in review_views.MOVES]}


def conclude(ctx: Ctx, text: str, recommendation: str) -> dict[str, Any]:
    """Record the auditor's conclusion of the stage."""
    record = ctx.need(keys.audit(ctx.scope.organisation, ctx.scope.programme, ctx.scope.audit))
    ctx.expect(record.version)
    audit = codec.load(Audit, record.body)
    concluded = audits.conclude(
        audit, text=text, recommendation=recommendation, by=ctx.actor.person, now=ctx.now, is_body=True
    )
    said = f"concluded {audit.title}: {recommendation.replace('_', ' ')}"
    event = Event("audit:concluded", "audit", audit.id, audit.title, said)
    ctx.commit(event, Replace(replace(record, body=codec.dump(concluded))), bump(ctx))
    return {**(conclusion_view(concluded.conclusion) or {}), "state": concluded.state.value}
