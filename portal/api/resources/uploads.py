"""Uploads: announced and completed as JSON; the bytes in between go to the address that announcing returns."""

from __future__ import annotations

from typing import Any

from portal.actions import uploads
from portal.actions.context import Ctx
from portal.api.routes import PROGRAMME, Resource
from portal.api.schemas import evidence as shapes

resource = Resource("uploads")


@resource.post(f"{PROGRAMME}/uploads", permission="evidence.create", body=shapes.NewUpload, creates=True, status=201)
def begin_upload(ctx: Ctx, org: str, programme: str, body: dict[str, Any]) -> dict[str, Any]:
    """Announce a file and learn where its bytes go."""
    return uploads.begin(ctx, body["filename"], body["length"], body["sha256"])


@resource.post(f"{PROGRAMME}/uploads/<upload>/complete", permission="evidence.create")
def complete_upload(ctx: Ctx, org: str, programme: str, upload: str) -> dict[str, Any]:
    """Have the bytes that arrived verified and stored."""
    return uploads.complete(ctx, upload)
