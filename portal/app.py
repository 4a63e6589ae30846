"""The application: one Flask app over whatever stores the settings name."""

from __future__ import annotations

from flask import Flask, Response

from portal.actions.context import Services
from portal.api import dispatch, guard, problems
from portal.api.resources import RESOURCES
from portal.site import SECURITY_HEADERS

API_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox"


def create_app(services: Services) -> Flask:
    """Build the API over these services; nothing slow is imported and nothing is read here."""
    app = Flask("portal", static_folder=None)
    app.extensions["certway"] = services
    app.json.sort_keys = False  # type: ignore[attr-defined]
    problems.install(app)
    guard.install(app)
    dispatch.register(app, RESOURCES)
    app.after_request(harden)
    return app


def harden(response: Response) -> Response:
    """Give every answer of the API the headers it must have."""
    for name, value in SECURITY_HEADERS:
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", API_CSP)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
