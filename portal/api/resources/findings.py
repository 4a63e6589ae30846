"""Findings and their life-cycle."""

from __future__ import annotations

from typing import Any

from portal.actions import findings
from portal.actions.context import Ctx
from portal.api.routes import PROGRAMME, Resource
from portal.api.schemas import findings as shapes

resource = Resource("findings")
FINDING = f"{PROGRAMME}/findings/<finding>"


@resource.get(f"{PROGRAMME}/findings", permission="finding.read", query=shapes.FindingQuery)
def list_findings(ctx: Ctx, org: str, programme: str, query: dict[str, Any]) -> dict[str, Any]:
    """List findings, open ones first by when the next answer is due."""
    return findings.listing(ctx, query)


@resource.post(f"{PROGRAMME}/findings", permission="finding.raise", body=shapes.NewFinding, creates=True, status=201)
def raise_finding(ctx: Ctx, org: str, programme: str, body: dict[str, Any]) -> dict[str, Any]:
    """Raise a finding."""
    return findings.raise_finding(ctx, body, source=body["source"], audit=body.get("audit") or "")


@resource.get(FINDING, permission="finding.read")
def get_finding(ctx: Ctx, org: str, programme: str, finding: str) -> dict[str, Any]:
    """Show a finding."""
    return findings.show(ctx, finding)


@resource.patch(FINDING, permission="finding.edit", body=shapes.FindingEdit, match=True)
def edit_finding(ctx: Ctx, org: str, programme: str, finding: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change owner or due dates of a finding."""
    return findings.edit(ctx, finding, body)


@resource.post(f"{FINDING}/transitions", permission="finding.move", body=shapes.Move, match=True)
def move_finding(ctx: Ctx, org: str, programme: str, finding: str, body: dict[str, Any]) -> dict[str, Any]:
    """Take one action of a finding's life-cycle."""
    return findings.move(ctx, finding, body["action"], body)
