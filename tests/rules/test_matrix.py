"""The matrix: every route × every kind of actor × the own and another organisation, against the policy table.

Denied must look like what does not exist (or like nobody having signed in); allowed must be anything else. Nothing is
written while the matrix is walked: each commit is refused below the actions, which answers 503.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from portal.actions import policy
from portal.api.resources import RESOURCES
from portal.api.routes import Route
from tests.support.world import AUDITORS, ROLES, World, any_of

ROUTES = [route for resource in RESOURCES for route in resource.routes]
ACTORS = ("anonymous", *ROLES, "consultant_assigned", "consultant_not_assigned", *AUDITORS)
NOT_FOUND = {"type": "/problems/not-found", "title": "Not found", "status": 404,
             "detail": "It does not exist, or it is not open to you."}  # fmt: skip


def address(world: World, route: Route, *, own: bool) -> str:
    """Return the route's address with ids that exist in the own or in another organisation."""
    place = world.own if own else world.other
    parameters = {**place.parameters(), "practice": world.practice if own else place.house.org}
    parameters["grant"] = world.grants["stage1_auditor"] if own else "none"
    path = route.path.replace("<int:", "<")
    for name, value in parameters.items():
        path = path.replace(f"<{name}>", value)
    assert "<" not in path, path
    return path


def ask(world: World, route: Route, actor: str, *, own: bool) -> Any:
    """Send the route's request as an actor, with a body that no schema takes where one is asked for."""
    body = {} if route.method != "GET" else None
    return world.actors[actor].send(route.method, address(world, route, own=own), body)


def denied(answer: Any) -> bool:
    """Tell whether an answer is the one for what is not there, or for nobody having signed in."""
    if answer.status_code == 404:
        assert answer.get_json() == NOT_FOUND
        return True
    return answer.status_code == 401 and answer.get_json()["type"] == "/problems/sign-in-required"


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: f"{r.method} {r.path}")
def test_route(world: World, route: Route) -> None:
    """Every actor gets what the policy table says, in the own organisation and in another's."""
    for own in (True, False):
        for actor in ACTORS:
            ruling = policy.rule(
                route.permission, world.roles_of(actor, route.permission, own=own or not tenant(route))
            )
            answer = ask(world, route, actor, own=own)
            assert answer.status_code != 500, (actor, own)
            if route.permission == "public":
                continue
            if not ruling.allowed:
                assert denied(answer), (actor, own, answer.status_code)
            elif ruling.outright and not absent(route):
                assert not denied(answer), (actor, own, answer.status_code)


def tenant(route: Route) -> bool:
    """Tell whether a route belongs to an organisation or a practice."""
    return "<org>" in route.path or "<practice>" in route.path


def absent(route: Route) -> bool:
    """Tell whether the object in the address is one that this actor's stage or work does not hold."""
    return route.path in (
        "/api/review/evidence/<evidence>/versions/<int:number>/download",
        "/api/review/findings/<finding>/transitions",
    ) or route.name in ("uploads.complete_upload", "accounts.sign_out", "accounts.confirm", "accounts.confirm_totp")


def test_denials_cannot_be_told_apart(world: World) -> None:
    """What exists elsewhere and what exists nowhere are answered byte for byte alike, headers included."""
    owner, base = world.actors["owner"], world.own.house.base
    elsewhere = world.other.parameters()
    asked = [
        (f"{base}/evidence/{elsewhere['piece']}", f"{base}/evidence/{'0' * 26}"),
        (f"{base}/findings/{elsewhere['finding']}", f"{base}/findings/{'0' * 26}"),
        (f"{base}/audits/{elsewhere['audit']}", f"{base}/audits/{'0' * 26}"),
        (world.other.house.base, f"/api/organisations/{'0' * 26}/programmes/{'0' * 26}"),
        (f"/api/organisations/{elsewhere['org']}", f"/api/organisations/{'0' * 26}"),
        (f"/api/organisations/{world.own.house.org}/programmes/{elsewhere['programme']}",
         f"/api/organisations/{world.own.house.org}/programmes/{'0' * 26}"),
    ]  # fmt: skip
    for foreign, nowhere in asked:
        answers = [owner.get(foreign), owner.get(nowhere)]
        assert any_of([a.status_code for a in answers]) == 404
        any_of([a.get_data() for a in answers])
        any_of([sorted(a.headers) for a in answers])


def test_matrix_is_whole(world: World) -> None:
    """The matrix covers every kind of actor the product knows, in three organisations, and every route."""
    assert set(world.actors) == set(ACTORS)
    assert len({world.own.house.org, world.other.house.org, world.third.house.org}) == 3
    assert Counter(route.name for route in ROUTES).most_common(1)[0][1] == 1
    print(f"matrix: {len(ROUTES)} routes x {len(ACTORS)} actors x 2 = {len(ROUTES) * len(ACTORS) * 2} answers")
