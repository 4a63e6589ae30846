"""Grants: a named auditor's time-limited way into one frozen stage; made, ended, and what was done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal import ids
from portal.actions import journal
from portal.actions.audit_views import grant_view
from portal.actions.context import Ctx, Event, NotAllowed, stamp
from portal.actions.guarding import bump
from portal.actions.sessions import ending, sessions_of
from portal.domain import audits
from portal.domain import grants as domain
from portal.domain.audits import Audit
from portal.domain.grants import Grant
from portal.domain.wording import full_day
from portal.records import codec, keys
from portal.records.port import Check, Insert, Record, Replace, Write

GRANT = "GRANT"
MOST_ROWS = 500


def hashed_id(ctx: Ctx, public_id: str) -> str:
    """Return the hash of a grant's id, under which it is kept."""
    return ids.keyed(ctx.settings.secret, "grant-id", public_id)


def hashed_secret(ctx: Ctx, secret: str) -> str:
    """Return what is kept of a grant's secret."""
    return ids.keyed(ctx.settings.secret, "grant-secret", secret)


def body_of(grant: Grant, public_id: str, portfolio: str, place: str) -> dict[str, Any]:
    """Return a grant as it is kept; `not_before` and `ends` are in epoch seconds, since every request compares them."""
    revoked = grant.revoked
    return {
        **codec.dump(grant), "id": public_id, "portfolio": portfolio, "place": place,
        "starts_at": stamp(grant.not_before), "not_before": int(grant.not_before.timestamp()),
        "ends": int(grant.expires_at.timestamp()), "revoked_at": stamp(revoked.at) if revoked else None,
        "revoked_by": codec.dump(revoked.by) if revoked else None,
    }  # fmt: skip


def grant_of(record: Record) -> Grant:
    """Return the grant that a record keeps."""
    return codec.load(Grant, {**record.body, "not_before": record.body["starts_at"]})


def kept(record: Record, grant: Grant) -> Record:
    """Return the record with a changed grant."""
    body = record.body
    return replace(record, body=body_of(grant, body["id"], body["portfolio"], body["place"]))


def view(record: Record, now: datetime, version: int | None = None) -> dict[str, Any]:
    """Show a grant."""
    return grant_view(grant_of(record), record.body["id"], version or record.version, now)


def of_programme(ctx: Ctx) -> Sequence[Record]:
    """Return the grants of the programme in scope, oldest first: one query."""
    partition = keys.grants_of(ctx.scope.organisation, ctx.scope.programme).partition
    found = ctx.reach(("G",)).query(partition, index=1, limit=None).records
    return sorted(found, key=lambda record: record.body["created_at"])


def find(ctx: Ctx, public_id: str) -> Record:
    """Return a grant of the programme in scope; raise `NotAllowed`."""
    key = keys.grant(hashed_id(ctx, public_id))
    record = ctx.need(key, key.partition)
    if (record.body["organisation"], record.body["programme"]) != (ctx.scope.organisation, ctx.scope.programme):
        raise NotAllowed(public_id)
    return record


def create(ctx: Ctx, audit_id: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Let one named auditor in; the link is in this answer and the auditor's mail, and nowhere else."""
    held = ctx.need(keys.audit(ctx.scope.organisation, ctx.scope.programme, audit_id))
    audit = codec.load(Audit, held.body)
    head = audits.check_grantable(audit)
    public_id, secret = ids.secret(16), ids.secret(32)
    # Whole seconds, so that a grant ends exactly when it says.
    now = ctx.now.replace(microsecond=0)
    grant = domain.make(
        hashed_id(ctx, public_id), hashed_secret(ctx, secret), organisation=ctx.scope.organisation,
        programme=ctx.scope.programme, stage=audit.kind.value, audit=audit.id, snapshot=head.id, name=facts["name"],
        email=facts["email"], capabilities=facts["capabilities"], by=ctx.actor.person, now=now,
        expires_at=domain.expiry(now, facts.get("days"), facts.get("expires_on")),
    )  # fmt: skip
    record = _record(ctx, grant, public_id, f"{audit.title} of {_organisation(ctx)}")
    shown = view(record, now, version=1)
    link = f"{ctx.settings.public_url}/review.html#g.{public_id}.{secret}"
    text = f"let {grant.name} ({grant.email}) into {audit.title} until {full_day(grant.expires_at.date())}"
    event = Event("grant:created", "grant", public_id, grant.name, text, {"audit": audit.id})
    ctx.commit(event, Insert(record), *_opening(ctx, held, audit), outside=(record.key.partition,),
               tasks=(_mail(ctx, record, link),), reply={**shown, "link": None})  # fmt: skip
    return {**shown, "link": link}


def _record(ctx: Ctx, grant: Grant, public_id: str, place: str) -> Record:
    index = keys.grants_of(grant.organisation, grant.programme, grant.hash)
    return Record(keys.grant(grant.hash), GRANT, body_of(grant, public_id, ctx.scope.portfolio, place), index1=index)


def _organisation(ctx: Ctx) -> str:
    return str(ctx.need(keys.organisation(ctx.scope.organisation)).body["name"])


def _opening(ctx: Ctx, held: Record, audit: Audit) -> tuple[Write, ...]:
    """Open the audit; where it is open already, still prove that its snapshot is the one granted."""
    opened = audits.opened(audit)
    if opened == audit:
        return (Check(held.key, held.version, held.kind),)
    return (Replace(replace(held, body=codec.dump(opened))), bump(ctx))


def _mail(ctx: Ctx, record: Record, link: str) -> dict[str, str]:
    body = record.body
    until = datetime.fromisoformat(body["expires_at"])
    text = (
        f"{ctx.actor.name} opens {body['place']} to you until {full_day(until.date())}, {until:%H:%M} UTC.\n\n"
        f"Open this link, enter this address, and a one-time code is sent to it:\n{link}\n\n"
        "The link is for you alone. What you open is recorded under your name.\n"
    )
    return {"task": "mail", "to": body["email"], "name": body["name"], "subject": body["place"], "text": text}


def revoke(ctx: Ctx, public_id: str, reason: str) -> dict[str, Any]:
    """End a grant and every session of it, at once."""
    record = find(ctx, public_id)
    write, event = revoking(ctx, record, reason)
    ended = ending(sessions_of(ctx.services, grant_of(record).hash))[:90]
    ctx.commit(event, write, *ended, outside=tuple(w.key.partition for w in (write, *ended)))
    return view(write.record, ctx.now, record.version + 1)


def revoking(ctx: Ctx, record: Record, reason: str) -> tuple[Replace, Event]:
    """Return the write that ends a grant, with its event."""
    grant = domain.revoke(grant_of(record), by=ctx.actor.person, now=ctx.now, reason=reason)
    said = f"ended the access of {grant.name}" + (f": {reason}" if reason else "")
    event = Event("grant:revoked", "grant", record.body["id"], grant.name, said, {"audit": grant.audit})
    return Replace(kept(record, grant)), event


def activity(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """Return what happened to a grant and what its auditor did with it, newest first."""
    record = find(ctx, public_id)
    history = keys.history_of(f"O#{ctx.scope.organisation}", "grant", public_id).partition
    rows = list(ctx.records.query(history, index=1, limit=MOST_ROWS, reverse=True).records)
    rows += _under(ctx, grant_of(record))
    newest = sorted({row.key.sort: row for row in rows}.values(), key=lambda row: row.key.sort, reverse=True)
    return {"items": [journal.row(ctx, row) for row in newest[:MOST_ROWS]], "next": None}


def _under(ctx: Ctx, grant: Grant) -> list[Record]:
    """Return the events under a grant: a grant lasts 45 days, so they lie in three months of the journal at most."""
    if grant.first_used_at is None:
        return []
    home, last = f"O#{ctx.scope.organisation}", min(ctx.now, grant.expires_at)
    months = {f"{at:%Y%m}": at for at in _months(grant.first_used_at, last)}
    since = ids.new_id(int(grant.first_used_at.timestamp()))[:10]
    found: list[Record] = []
    for at in months.values():
        page = ctx.records.query(keys.event(home, at, "").partition, start=since, limit=None)
        found += (row for row in page.records if row.body.get("grant") == grant.hash)
    return found


def _months(first: datetime, last: datetime) -> list[datetime]:
    months, at = [first], first
    while (at.year, at.month) < (last.year, last.month):
        at = at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1, day=1)
        months.append(at)
    return months
