"""Routes: an endpoint cannot exist without naming its permission; the rest of its contract stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema

from portal.actions import policy

ORGANISATION = "/api/organisations/<org>"
PROGRAMME = f"{ORGANISATION}/programmes/<programme>"


@dataclass(frozen=True, slots=True)
class Route:
    """Describe one endpoint."""

    method: str
    path: str
    name: str
    view: Callable[..., Any]
    permission: str
    body: type[Schema] | None = None
    query: type[Schema] | None = None
    returns: type[Schema] | None = None
    status: int = 200
    match: bool | None = False  # True: If-Match is required; None: it may be sent
    creates: bool = False  # takes an Idempotency-Key
    raw: bool = False  # the body is bytes, and a signed token stands for the session
    summary: str = ""


class Resource:
    """Collect the endpoints of one noun."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.routes: list[Route] = []

    def route(self, method: str, path: str, *, permission: str, **contract: Any) -> Callable[..., Any]:
        """Register a view; `permission` must stand in the policy table, else this raises at import."""
        if permission not in policy.POLICY:
            raise ValueError(f"{method} {path}: the policy has no permission {permission!r}")

        def register(view: Callable[..., Any]) -> Callable[..., Any]:
            summary = (view.__doc__ or "").strip().split("\n")[0]
            name = f"{self.name}.{view.__name__}"
            self.routes.append(Route(method, path, name, view, permission, summary=summary, **contract))
            return view

        return register

    def get(self, path: str, *, permission: str, **contract: Any) -> Callable[..., Any]:
        """Register a view for GET."""
        return self.route("GET", path, permission=permission, **contract)

    def post(self, path: str, *, permission: str, **contract: Any) -> Callable[..., Any]:
        """Register a view for POST."""
        return self.route("POST", path, permission=permission, **contract)

    def put(self, path: str, *, permission: str, **contract: Any) -> Callable[..., Any]:
        """Register a view for PUT."""
        return self.route("PUT", path, permission=permission, **contract)

    def patch(self, path: str, *, permission: str, **contract: Any) -> Callable[..., Any]:
        """Register a view for PATCH."""
        return self.route("PATCH", path, permission=permission, **contract)

    def delete(self, path: str, *, permission: str, **contract: Any) -> Callable[..., Any]:
        """Register a view for DELETE."""
        return self.route("DELETE", path, permission=permission, **contract)
