"""What must never be forgotten about routes: permission, shape, headers, documentation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portal.actions import policy
from portal.api.openapi import FILE, build
from portal.api.resources import RESOURCES
from portal.api.routes import Resource, Route
from portal.app import API_CSP
from portal.site import SECURITY_HEADERS
from tests.support.portal import Portal

ROUTES = [route for resource in RESOURCES for route in resource.routes]
SAFE = ("GET", "HEAD")


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_permission_is_mandatory() -> None:
    """A route without a permission, or with one that the table lacks, cannot even be imported."""
    resource = Resource("test")
    with pytest.raises(TypeError):
        resource.get("/api/test")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="no permission"):
        resource.get("/api/test", permission="test.read")


def test_every_permission_is_used() -> None:
    """The table holds no permission that nothing asks for."""
    code = "".join(p.read_text() for p in Path("portal").rglob("*.py") if p.name != "policy.py")
    unused = [p for p in policy.POLICY if f'"{p}"' not in code]
    assert unused == []


def test_public_routes_say_so_aloud() -> None:
    """What anybody may call is this list and nothing else."""
    public = sorted(name(r) for r in ROUTES if r.permission == "public")
    assert public == sorted(PUBLIC)


PUBLIC = [
    "GET /api/docs",
    "GET /api/files/<token>",
    "GET /api/first-run",
    "GET /api/health",
    "GET /api/openapi.json",
    "POST /api/first-run",
    "POST /api/invitations/accept",
    "POST /api/invitations/lookup",
    "POST /api/review/session",
    "POST /api/review/session/code",
    "POST /api/session",
    "PUT /api/files/<token>",
]


def test_flask_knows_no_other_route(tmp_path: Path) -> None:
    """Every address that Flask answers stands in the guard's table."""
    portal = Portal(tmp_path)
    known = set(portal.app.extensions["certway.routes"])
    assert {rule.endpoint for rule in portal.app.url_map.iter_rules()} == known
    portal.services.records.close()


@pytest.mark.parametrize("route", [r for r in ROUTES if r.method in ("PUT", "PATCH")], ids=name)
def test_changes_take_if_match(route: Route) -> None:
    """Every change of something that exists names the version it was made from."""
    free = ("/api/me", "/api/files/<token>", "/api/review/notes/<clause>", "/api/review/conclusion")
    assert route.match is True or route.path in free


@pytest.mark.parametrize("route", ROUTES, ids=name)
def test_headers(route: Route, tmp_path: Path) -> None:
    """Every answer of every route, refused or not, carries the security headers and is never stored."""
    portal = Portal(tmp_path)
    address = "/".join("x" if part.startswith("<") else part for part in route.path.split("/"))
    answer = portal.app.test_client().open(address, method=route.method)
    for header, value in SECURITY_HEADERS:
        assert answer.headers[header] == value
    assert answer.headers["Content-Security-Policy"] == API_CSP
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    portal.services.records.close()


def test_openapi_is_current() -> None:
    """The checked-in description is the one the routes make (else: python -m portal.api.openapi)."""
    assert json.loads(FILE.read_text()) == build()
