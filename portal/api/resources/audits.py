"""Audits: plan, prepare, decide."""

from __future__ import annotations

from typing import Any

from portal.actions import audits
from portal.actions.context import Ctx
from portal.api.routes import PROGRAMME, Resource
from portal.api.schemas import audits as shapes

resource = Resource("audits")
AUDIT = f"{PROGRAMME}/audits/<audit>"


@resource.get(f"{PROGRAMME}/audits", permission="audit.read")
def list_audits(ctx: Ctx, org: str, programme: str) -> dict[str, Any]:
    """List the audits and who is let into them."""
    return audits.listing(ctx)


@resource.post(f"{PROGRAMME}/audits", permission="audit.edit", body=shapes.NewAudit, creates=True, status=201)
def create_audit(ctx: Ctx, org: str, programme: str, body: dict[str, Any]) -> dict[str, Any]:
    """Plan an audit."""
    return audits.create(ctx, body)


@resource.get(AUDIT, permission="audit.read")
def get_audit(ctx: Ctx, org: str, programme: str, audit: str) -> dict[str, Any]:
    """Show an audit."""
    return audits.show(ctx, audit)


@resource.patch(AUDIT, permission="audit.edit", body=shapes.AuditEdit, match=True)
def edit_audit(ctx: Ctx, org: str, programme: str, audit: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change an audit's plan, or record its report."""
    return audits.edit(ctx, audit, body)


@resource.post(f"{AUDIT}/prepare", permission="audit.prepare", match=True)
def prepare_audit(ctx: Ctx, org: str, programme: str, audit: str) -> dict[str, Any]:
    """Freeze the evidence that the stage sees."""
    return audits.prepare(ctx, audit)


@resource.get(f"{AUDIT}/snapshot", permission="audit.read")
def get_snapshot(ctx: Ctx, org: str, programme: str, audit: str) -> dict[str, Any]:
    """Show what was frozen for an audit."""
    return audits.frozen(ctx, audit)


@resource.post(f"{AUDIT}/conclusion", permission="audit.decide", body=shapes.RecordedConclusion, match=True)
def record_conclusion(ctx: Ctx, org: str, programme: str, audit: str, body: dict[str, Any]) -> dict[str, Any]:
    """Record a conclusion that the certification body's auditor gave outside the review room."""
    return audits.conclude(ctx, audit, body)


@resource.post(f"{AUDIT}/decision", permission="audit.decide", body=shapes.Decision, match=True)
def record_decision(ctx: Ctx, org: str, programme: str, audit: str, body: dict[str, Any]) -> dict[str, Any]:
    """Record the certification decision."""
    return audits.decide(ctx, audit, body)
