"""The API's own description."""

from __future__ import annotations

from pathlib import Path

from flask import Response

from portal.actions.context import Ctx
from portal.api.dispatch import Reply
from portal.api.routes import Resource

resource = Resource("docs")
FILE = Path(__file__).parent.parent / "openapi.json"


@resource.get("/api/openapi.json", permission="public")
def openapi(ctx: Ctx) -> Response:
    """Describe every endpoint (OpenAPI 3)."""
    return Response(FILE.read_bytes(), mimetype="application/json")


@resource.get("/api/docs", permission="public", status=302)
def docs(ctx: Ctx) -> Reply:
    """Lead to the page that shows the description."""
    return Reply(status=302, headers={"Location": "/api-docs.html"})
