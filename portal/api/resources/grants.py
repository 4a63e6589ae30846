"""Grants: an auditor's time-limited access."""

from __future__ import annotations

from typing import Any

from portal.actions import grants
from portal.actions.context import Ctx
from portal.api.routes import PROGRAMME, Resource
from portal.api.schemas import audits as shapes

resource = Resource("grants")
GRANT = f"{PROGRAMME}/grants/<grant>"


@resource.post(
    f"{PROGRAMME}/audits/<audit>/grants", permission="grant.create", body=shapes.NewGrant, creates=True, status=201
)
def create_grant(ctx: Ctx, org: str, programme: str, audit: str, body: dict[str, Any]) -> dict[str, Any]:
    """Let an auditor in; the link is shown once."""
    return grants.create(ctx, audit, body)


@resource.post(f"{GRANT}/revoke", permission="grant.revoke", body=shapes.Revocation)
def revoke_grant(ctx: Ctx, org: str, programme: str, grant: str, body: dict[str, Any]) -> dict[str, Any]:
    """End an auditor's access at once."""
    return grants.revoke(ctx, grant, body["reason"])


@resource.get(f"{GRANT}/activity", permission="journal.read")
def get_activity(ctx: Ctx, org: str, programme: str, grant: str) -> dict[str, Any]:
    """Show what an auditor looked at and did."""
    return grants.activity(ctx, grant)
