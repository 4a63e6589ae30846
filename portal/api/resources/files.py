"""File bytes at the server's own signed addresses; the token in the address is the only authority."""

from __future__ import annotations

from flask import Response, request
from werkzeug.wsgi import wrap_file

from portal.actions import downloads, uploads
from portal.actions.context import Ctx
from portal.api.dispatch import Reply
from portal.api.problems import Refusal
from portal.api.routes import Resource
from portal.files.names import content_disposition

resource = Resource("files")
CHUNK = 1 << 20


@resource.put("/api/files/<token>", permission="public", raw=True, status=204)
def store_file(ctx: Ctx, token: str) -> Reply:
    """Send the bytes of an upload."""
    if request.content_length is None:
        raise Refusal("malformed-request", "Send the header Content-Length with the length of the file.")
    uploads.receive(ctx, token, request.stream, request.content_length)
    return Reply()


@resource.get("/api/files/<token>", permission="public", raw=True)
def fetch_file(ctx: Ctx, token: str) -> Response:
    """Fetch a file, as an attachment."""
    opened = downloads.fetch(ctx, token)
    # The server's own wrapper lets it send the file without copying it through this process.
    body = wrap_file(request.environ, opened.stream, CHUNK)
    response = Response(body, content_type=opened.media_type, direct_passthrough=True)
    response.headers["Content-Length"] = str(opened.length)
    response.headers["Content-Disposition"] = content_disposition(opened.filename)
    response.headers["Accept-Ranges"] = "none"
    return response
