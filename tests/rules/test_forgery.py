"""No foreign page can make a signed-in browser change anything (ASVS 3.5)."""

from __future__ import annotations

import pytest

from portal.api.resources import RESOURCES
from portal.api.routes import Route
from tests.rules.test_matrix import address
from tests.support.world import World

ROUTES = [
    route
    for resource in RESOURCES
    for route in resource.routes
    if route.method not in ("GET", "HEAD") and not route.raw and not route.permission.startswith("review.")
]
GOOD = {"X-Requested-By": "certway", "Content-Type": "application/json"}
FORGED = {
    "a form": {"Content-Type": "application/x-www-form-urlencoded"},
    "a form with files": {"Content-Type": "multipart/form-data; boundary=x"},
    "plain text": {"Content-Type": "text/plain"},
    "JSON without the header": {"Content-Type": "application/json"},
    "a form with the header": {**GOOD, "Content-Type": "application/x-www-form-urlencoded"},
    "plain text with the header": {**GOOD, "Content-Type": "text/plain"},
    "no type with the header": {"X-Requested-By": "certway"},
    "another origin": {**GOOD, "Origin": "https://evil.example"},
    "no origin": {**GOOD, "Origin": "null"},
    "another port": {**GOOD, "Origin": "http://localhost:81"},
    "a cross-site fetch": {**GOOD, "Sec-Fetch-Site": "cross-site"},
    "a same-site fetch": {**GOOD, "Sec-Fetch-Site": "same-site"},
    "a typed address": {**GOOD, "Sec-Fetch-Site": "none"},
    "another header value": {**GOOD, "X-Requested-By": "XMLHttpRequest"},
}


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
def test_forged_requests_are_refused(world: World, route: Route) -> None:
    """Whatever a foreign page can send is refused before anything is read or done."""
    client = world.actors["owner"].http
    for kind, headers in FORGED.items():
        answer = client.open(address(world, route, own=True), method=route.method, data=b"{}", headers=headers)
        assert answer.status_code in (400, 415), kind
        assert answer.mimetype == "application/problem+json"
