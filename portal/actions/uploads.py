"""Uploads: announce a file, send its bytes to the store, have them verified, and use them once."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from portal import ids
from portal.actions import downloads
from portal.actions.context import Ctx, Event, NotAllowed, stamp
from portal.actions.errors import TooLarge
from portal.domain.common import Invalid, RuleBroken
from portal.files import names, tickets
from portal.files.port import Empty, FilesError, HashMismatch, LengthMismatch, ReadableStream
from portal.files.port import TooLarge as TooManyBytes
from portal.files.signing import Refusal
from portal.records import keys
from portal.records.port import Insert, Record, Replace, Write

TARGET_SECONDS = 900
KEPT_SECONDS = 86_400
_KINDS = "PDF, Office and OpenDocument files, text, tables, pictures, mail, video or a ZIP"


def begin(ctx: Ctx, filename: str, length: int, sha256: str) -> dict[str, Any]:
    """Announce a file; return where its bytes go. Nothing is taken from the name but its extension."""
    _check(ctx, filename, length)
    org, upload = ctx.scope.organisation, ctx.new_id()
    body = {
        "id": upload, "programme": ctx.scope.programme, "by": {"id": ctx.actor.id, "name": ctx.actor.name},
        "filename": filename, "length": length, "sha256": sha256.lower(), "begun_at": stamp(ctx.now),
        "completed_at": None, "used_for": None,
    }  # fmt: skip
    target = ctx.files.upload_target(
        org, upload, length=length, sha256=body["sha256"], expires_at=ctx.epoch + TARGET_SECONDS, holder=ctx.actor.id
    )
    until = stamp(datetime.fromtimestamp(target.expires_at, UTC))
    shown = {"id": upload, "method": target.method, "url": target.url, "headers": dict(target.headers),
             "expires_at": until}  # fmt: skip
    record = Record(keys.upload(org, upload), "UPLOAD", body, expires=ctx.epoch + KEPT_SECONDS)
    event = Event("upload:begun", "upload", upload, filename, f"began to upload “{filename}”")
    ctx.commit(event, Insert(record), reply=shown)
    return shown


def _check(ctx: Ctx, filename: str, length: int) -> None:
    names.check_filename(filename)
    if not names.is_allowed(filename):
        raise Invalid(f"Files of this kind are not taken. Use {_KINDS}.", "filename")
    if length < 1:
        raise Empty
    most = ctx.settings.max_upload
    if length > most:
        raise TooLarge(f"A file may have up to {most // 2**20:,} MiB. Split it, or ask your operator.", "length")


def receive(ctx: Ctx, token: str, stream: ReadableStream, length: int) -> None:
    """Take the bytes that a signed address was made for, `length` of them; nothing is kept when they differ."""
    ticket = tickets.read_upload(downloads.signer(ctx), token, ctx.epoch)
    if isinstance(ticket, Refusal) or not downloads.stands(ctx, ticket.organisation, ticket.holder):
        raise NotAllowed("upload")
    key = keys.upload(ticket.organisation, ticket.upload)
    if ctx.need(key, key.partition).body["completed_at"]:
        raise RuleBroken("This upload is complete. Begin another one for another file.")
    if length < ticket.length:
        raise LengthMismatch(ticket.length, length)
    if length > ticket.length:
        raise TooManyBytes(ticket.length)
    ctx.files.receive(ticket.organisation, ticket.upload, stream, length=length, sha256=ticket.sha256)


def complete(ctx: Ctx, upload: str) -> dict[str, Any]:
    """Verify what arrived and put it into the store; doing it again gives the same answer."""
    record = _own(ctx, upload)
    shown = view(record.body)
    if record.body["completed_at"]:
        return shown
    _promote(ctx, record.body)
    done = replace(record, body={**record.body, "completed_at": stamp(ctx.now)})
    name = record.body["filename"]
    detail = {"sha256": record.body["sha256"], "length": record.body["length"]}
    ctx.commit(Event("upload:completed", "upload", upload, name, f"uploaded “{name}”", detail), Replace(done))
    with suppress(OSError, FilesError):  # the file is stored; what cannot be removed is swept later
        ctx.files.discard(ctx.scope.organisation, upload)
    return shown


def _promote(ctx: Ctx, body: Mapping[str, Any]) -> None:
    org, upload = ctx.scope.organisation, body["id"]
    arrived = ctx.files.received(org, upload)
    if arrived is None:
        raise RuleBroken("The file has not arrived. Send its bytes to the address of the upload first.")
    # A store with its own door cannot be trusted to have compared both.
    if arrived.length != body["length"]:
        raise LengthMismatch(body["length"], arrived.length)
    if arrived.sha256 != body["sha256"]:
        raise HashMismatch(body["sha256"], arrived.sha256)
    ctx.files.promote(org, upload, body["sha256"])


def _own(ctx: Ctx, upload: str) -> Record:
    """Return an upload that the actor began."""
    if not ids.is_id(upload):
        raise NotAllowed(upload)
    record = ctx.need(keys.upload(ctx.scope.organisation, upload))
    if record.body["by"]["id"] != ctx.actor.id:
        raise NotAllowed(upload)
    return record


def view(body: Mapping[str, Any]) -> dict[str, Any]:
    """Show a completed upload."""
    return {"id": body["id"], "filename": body["filename"], "length": body["length"], "sha256": body["sha256"],
            "label": names.kind_label(body["filename"])}  # fmt: skip


def take(ctx: Ctx, upload: str, evidence_id: str) -> tuple[dict[str, Any], Write]:
    """Return a completed upload as `domain.evidence.add_version` takes a file, and the write that uses it up."""
    record = _own(ctx, upload)
    body = record.body
    if not body["completed_at"]:
        raise RuleBroken("The file has not arrived yet. Complete its upload first.", "upload")
    if body["used_for"]:
        raise RuleBroken("This upload is in use already. Upload the file again for another version.", "upload")
    name = body["filename"]
    file = {"filename": name, "sha256": body["sha256"], "length": body["length"],
            "media_type": names.media_type(name), "label": names.kind_label(name)}  # fmt: skip
    return file, Replace(replace(record, body={**body, "used_for": evidence_id}))
