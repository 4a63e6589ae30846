"""Liveness and readiness."""

from __future__ import annotations

from typing import Any

from portal.actions.context import Ctx
from portal.api.routes import Resource
from portal.records import keys

resource = Resource("health")


@resource.get("/api/health", permission="public")
def health(ctx: Ctx) -> dict[str, Any]:
    """Tell that the process answers and can read its records."""
    ctx.services.records.get(keys.first_run())
    return {"status": "ok"}
