"""The guard: one function before every request that denies whatever is not allowed by name."""

from __future__ import annotations

from flask import Flask, Request, current_app, g, request

from portal.actions import policy
from portal.actions.context import Ctx, Fresh, NotAllowed, Services
from portal.api import identity
from portal.api.problems import Refusal
from portal.api.routes import Route

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Put the guard in front of every request."""
    app.before_request(guard)


def guard() -> None:
    """Find the route's permission and the actor, and build the context, or deny."""
    route = route_of(request)
    if request.method not in SAFE and not route.raw:
        refuse_foreign(request)
    services: Services = current_app.extensions["certway"]
    actor, scope, head = identity.recognise(services, request, route.permission)
    identity.require_ids(request)
    ruling = policy.rule(route.permission, actor.roles)
    if not ruling.allowed:
        raise NotAllowed(route.permission)
    if route.permission in policy.FRESH and actor.fresh_until <= services.clock().timestamp():
        raise Fresh(route.permission)
    g.route, g.ctx = route, Ctx(services, actor, scope, ruling)
    g.ctx.head = head


def route_of(incoming: Request) -> Route:
    """Return the policy-bearing route of a request; an unknown address looks like a forbidden one."""
    if incoming.routing_exception is not None:
        raise incoming.routing_exception
    route = current_app.extensions["certway.routes"].get(incoming.endpoint)
    if route is None:
        raise NotAllowed(str(incoming.endpoint))
    return route


def refuse_foreign(incoming: Request) -> None:
    """Refuse an unsafe request that a foreign page could have sent (ASVS 3.5)."""
    origins = current_app.extensions["certway"].settings.allowed_origins
    origin = incoming.headers.get("Origin")
    site = incoming.headers.get("Sec-Fetch-Site")
    if incoming.headers.get("X-Requested-By") != "certway":
        raise Refusal("malformed-request", "Send the header X-Requested-By: certway.")
    if (origin is not None and origin not in origins) or (site is not None and site != "same-origin"):
        raise Refusal("malformed-request", "This request came from another site.")
    sends = incoming.content_length or "Transfer-Encoding" in incoming.headers
    if sends and incoming.mimetype != "application/json":
        raise Refusal("unsupported-media-type")
