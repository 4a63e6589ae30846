"""The OpenAPI document: made from the routes by `python -m portal.api.openapi`, checked in, served as it is.

apispec is needed only for making it; nothing of this is imported by the running API.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("openapi.json")
_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")


def build() -> dict[str, Any]:
    """Return the document of every registered route."""
    from apispec import APISpec
    from apispec.ext.marshmallow import MarshmallowPlugin

    from portal.api.resources import RESOURCES

    about = "Errors are application/problem+json (RFC 9457). Unsafe methods need X-Requested-By: certway."
    info = {"description": about}
    spec = APISpec("Certway", "1", "3.1.0", info=info, plugins=[MarshmallowPlugin(schema_name_resolver=_name)])
    spec.components.schema("Problem", _PROBLEM)
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "sid"})
    for route in sorted((r for x in RESOURCES for r in x.routes), key=lambda r: (r.path, r.method)):
        spec.path(_PARAMETER.sub(r"{\2}", route.path), operations={route.method.lower(): _operation(route)})
    return json.loads(json.dumps(spec.to_dict()))  # type: ignore[no-any-return]


def _name(schema: Any) -> str:
    """Name a schema by its module and class, and by what is left out where something is."""
    kind = schema if isinstance(schema, type) else type(schema)
    left_out = "".join(f"Without{field.capitalize()}" for field in sorted(getattr(schema, "exclude", ()) or ()))
    return f"{kind.__module__.rsplit('.', 1)[-1].capitalize()}{kind.__name__}{left_out}"


def _operation(route: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name, "summary": route.summary, "tags": [route.name.split(".")[0]],
        "x-permission": route.permission, "parameters": _parameters(route), "responses": _responses(route),
    }  # fmt: skip
    if route.body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": route.body}}}
    if route.permission != "public":
        operation["security"] = [{"session": []}]
    return operation


def _parameters(route: Any) -> list[dict[str, Any]]:
    path = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "integer" if kind == "int" else "string"}}
        for kind, name in _PARAMETER.findall(route.path)
    ]
    headers = [_header("If-Match", bool(route.match))] if route.match is not False else []
    headers += [_header("Idempotency-Key", False)] if route.creates else []
    query = [{"in": "query", "schema": route.query}] if route.query else []
    return [*path, *headers, *query]


def _header(name: str, required: bool) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": required, "schema": {"type": "string"}}


def _responses(route: Any) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    good: dict[str, Any] = {"description": route.summary or "Done"}
    if route.status != 204:
        schema = route.returns or {"type": "object"}
        good["content"] = {"application/json": {"schema": schema}}
    return {str(route.status): good, "default": {"description": "A problem", "content": problem}}


_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "errors": {"type": "array", "items": {"type": "object"}},
        "blockers": {"type": "array", "items": {"type": "object"}},
    },
}

if __name__ == "__main__":
    FILE.write_text(json.dumps(build(), indent=1, sort_keys=True) + "\n")
