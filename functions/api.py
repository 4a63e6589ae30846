"""The API on Lambda: requests of its HTTP API, and nothing else an event could ask for.

Importing this makes no connection and reads no secret, so that copies restored from one snapshot share none.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from functions import gateway, wiring
from portal.app import API_CSP, create_app
from portal.site import SECURITY_HEADERS

_REFUSED = (
    b'{"type":"/problems/malformed-request","title":"The request cannot be read","status":400,'
    b'"detail":"Send a request of HTTP."}'
)
_HEADERS = (
    *SECURITY_HEADERS,
    ("Content-Security-Policy", API_CSP),
    ("Cache-Control", "no-store"),
    ("Content-Type", "application/problem+json"),
)


def handler(event: Any, _context: Any = None) -> dict[str, Any]:
    """Answer one request; an event of any other shape gets 400 and reaches nothing."""
    try:
        environ = gateway.environ_of(event)
    except gateway.NotARequest:
        return gateway.reply(400, _HEADERS, _REFUSED)
    return gateway.answer(application(), environ)


@cache
def application() -> gateway.App:
    """Return the app of this process, made when the first request comes."""
    return create_app(wiring.services())
