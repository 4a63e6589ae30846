"""Downloads: the look is journalled first, then an address is given that lives a minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, BinaryIO

from portal import ids
from portal.actions.context import Ctx, Event, NotAllowed, stamp
from portal.actions.sessions import live_grant
from portal.files import names, tickets
from portal.files.signing import Refusal, Signer
from portal.records import keys

TARGET_SECONDS = 60
GRANT = "grant:"


@dataclass(frozen=True, slots=True)
class Opened:
    """Hold a stored file that is being sent; whoever sends it closes `stream`."""

    stream: BinaryIO
    length: int
    filename: str
    media_type: str


def of_version(ctx: Ctx, evidence_id: str, number: int) -> dict[str, Any]:
    """Journal that somebody fetches one version, then return where from."""
    org = ctx.scope.organisation
    if not ids.is_id(evidence_id):
        raise NotAllowed(evidence_id)
    head_key, key = keys.evidence(org, evidence_id), keys.evidence_version(org, evidence_id, number)
    found = ctx.records.get_many([head_key, key])
    if len(found) < 2:
        raise NotAllowed(evidence_id)
    title, file = found[head_key].body["title"], found[key].body
    shown = open_target(ctx, org, file["sha256"], file["filename"])
    detail = {"version": number, "sha256": file["sha256"]}
    text = f"downloaded “{title}” version {number}"
    ctx.commit(Event("evidence:downloaded", "evidence", evidence_id, title, text, detail))
    return shown


def open_target(ctx: Ctx, org: str, sha256: str, filename: str) -> dict[str, Any]:
    """Return a short-lived address of a stored file, for a caller who journals it before giving it away."""
    length = ctx.files.size(org, sha256)
    holder = GRANT + ctx.scope.grant if ctx.scope.grant else ctx.actor.id
    target = ctx.files.download_target(
        org, sha256, filename=filename, expires_at=ctx.epoch + TARGET_SECONDS, holder=holder
    )
    until = stamp(datetime.fromtimestamp(target.expires_at, UTC))
    return {"url": target.url, "filename": filename, "length": length, "sha256": sha256, "expires_at": until}


def fetch(ctx: Ctx, token: str) -> Opened:
    """Open the file that a signed address was made for, while whoever asked for it still has access."""
    ticket = tickets.read_download(signer(ctx), token, ctx.epoch)
    if isinstance(ticket, Refusal) or not stands(ctx, ticket.organisation, ticket.holder):
        raise NotAllowed("download")
    length = ctx.files.size(ticket.organisation, ticket.sha256)
    stream = ctx.files.open(ticket.organisation, ticket.sha256)
    return Opened(stream, length, ticket.filename, names.media_type(ticket.filename))


def signer(ctx: Ctx) -> Signer:
    """Return what signs the server's own file addresses."""
    return Signer(ctx.settings.secret.encode())


def stands(ctx: Ctx, org: str, holder: str) -> bool:
    """Tell whether the holder of a file address still belongs to the organisation, or the grant is still active."""
    if holder.startswith(GRANT):
        grant = live_grant(ctx.services, holder.removeprefix(GRANT))
        return grant is not None and grant.body["organisation"] == org
    key = keys.member(org, holder)
    return bool(holder) and ctx.reach((key.partition,)).get(key) is not None
