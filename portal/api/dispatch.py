"""Dispatch: between a request and its view: body, query, If-Match, Idempotency-Key, and the answer."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flask import Flask, Response, current_app, g, request
from marshmallow import RAISE, Schema
from werkzeug.routing import IntegerConverter

from portal import ids
from portal.actions.context import Ctx, Once
from portal.api import cursors
from portal.api.guard import SAFE, guard
from portal.api.problems import Refusal
from portal.api.routes import Resource, Route
from portal.api.rules import MatchOnly
from portal.records import keys
from portal.records.port import Busy, Exists, Mark, Stale

TRIES = 10
PAUSE, LONGEST_PAUSE = 0.004, 0.064  # seconds at most before the first repetition, then twice as long each time
# Records that come into being with the first change of something: who comes second finds them and goes on.
RACED = frozenset({"ONCE", "REF", "RATE", "SEEN", "NOTE", "SPAN", "GUARD"})
_ETAG = re.compile(r'^"([0-9]{1,12})"$')
_ONCE = re.compile(r"^[A-Za-z0-9_-]{8,64}$")


@dataclass(slots=True)
class Reply:
    """Hold an answer that is more than a body: cookies, a location, another status."""

    body: Any = None
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[dict[str, Any]] = field(default_factory=list)


class Number(IntegerConverter):
    """Take a number in an address: plain digits, and no more of them than any step or version has."""

    regex = "[0-9]{1,9}"


def register(app: Flask, resources: list[Resource]) -> None:
    """Add every route of the resources to the app and to the guard's table."""
    app.url_map.merge_slashes = False  # an address has one spelling; any other is not found and leads nowhere
    app.url_map.converters["int"] = Number
    app.url_rule_class = MatchOnly
    table: dict[str, Route] = app.extensions.setdefault("certway.routes", {})
    for route in (route for resource in resources for route in resource.routes):
        table[route.name] = route
        app.add_url_rule(route.path, route.name, _endpoint(route), methods=[route.method])


def _endpoint(route: Route) -> Callable[..., Response]:
    def endpoint(**path: Any) -> Response:
        if route.raw:
            return respond(route, route.view(g.ctx, **path))
        arguments = {**path, **_inputs(route)}
        replay = _expectations(route)
        return respond(route, replay if replay is not None else _act(route, arguments))

    return endpoint


def _inputs(route: Route) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if route.query:
        arguments["query"] = _made(route.query).load(request.args.to_dict(), unknown=RAISE)
    if request.method not in SAFE:
        sent = body_of()
        if route.body:
            arguments["body"] = _made(route.body).load(sent, unknown=RAISE)
        elif sent:
            raise Refusal("invalid-input", "This request takes no fields.", field=next(iter(sent)))
    return arguments


@cache
def _made(schema: type[Schema]) -> Schema:
    """Return the one instance of a schema: loading changes nothing in it, making it copies every field."""
    return schema()


def body_of() -> dict[str, Any]:
    """Read the JSON object of the request; refuse what is too large, broken, or no object."""
    limit = current_app.extensions["certway"].settings.max_body
    request.max_content_length = None if request.content_length else limit + 1  # one whose length nobody announced
    if (request.content_length or 0) > limit or len(raw := request.get_data(cache=True)) > limit:
        raise Refusal("too-large", f"A request may hold {limit // 1024} KiB.")
    if not raw:
        return {}
    try:
        sent = _parsed(raw)
    except (ValueError, RecursionError) as error:
        raise Refusal("malformed-request", "The body is no valid JSON.") from error
    if not isinstance(sent, dict):
        raise Refusal("malformed-request")
    return sent


def _parsed(raw: bytes) -> Any:
    """Parse JSON as RFC 8259 and I-JSON have it: UTF-8, every name once, no NaN, no half characters."""
    text = raw.decode()
    sent = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_named_once)
    if "\\u" in text:
        json.dumps(sent, ensure_ascii=False).encode()
    return sent


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def _expectations(route: Route) -> Reply | None:
    ctx: Ctx = g.ctx
    ctx.etag = _if_match(route)
    if not route.creates or "Idempotency-Key" not in request.headers:
        return None
    key = request.headers["Idempotency-Key"]
    if not _ONCE.match(key):
        raise Refusal("invalid-input", "Idempotency-Key is 8 to 64 letters, digits, - or _.", field="Idempotency-Key")
    ctx.once = Once(key, ids.digest(f"{request.method} {request.path}\n" + request.get_data(as_text=True)))
    return _replayed(ctx)


def _if_match(route: Route) -> int | None:
    header = request.headers.get("If-Match")
    if header is None or route.match is False:
        if route.match:
            raise Refusal("precondition-required")
        return None
    found = _ETAG.match(header.strip())
    if found is None:
        raise Refusal("stale")
    return int(found[1])


def _replayed(ctx: Ctx) -> Reply | None:
    assert ctx.once is not None
    kept = ctx.services.records.get(keys.once(ctx.actor.id, ctx.once.key))
    if kept is None:
        return None
    if kept.body["request"] != ctx.once.request:
        raise Refusal("idempotency-key-reused")
    return Reply(kept.body["reply"], headers={"Idempotency-Replayed": "true"})


def _act(route: Route, arguments: Mapping[str, Any]) -> Any:
    """Run the view; a lost race is run again from the guard on, on what is true now (at most nine times).

    What the caller read is compared anew each time, so who loses to the end was not out of date, only unlucky.
    """
    for attempt in range(TRIES):
        try:
            return route.view(g.ctx, **arguments)
        except Stale:
            pass
        except Exists as error:
            if error.key.kind not in RACED:
                raise
        time.sleep(random.uniform(0, min(LONGEST_PAUSE, PAUSE * 2**attempt)))
        guard()
        replay = _expectations(route)
        if replay is not None:
            return replay
    raise Busy("others changed the same records at the same moment, time and again")


def respond(route: Route, result: Any) -> Response:
    """Build the answer: JSON, its ETag, its cookies."""
    if isinstance(result, Response):
        return result
    reply = result if isinstance(result, Reply) else Reply(result)
    status = reply.status or (204 if reply.body is None else route.status)
    text = "" if reply.body is None else json.dumps(reply.body, separators=(",", ":"), ensure_ascii=False)
    response = Response(text, status, headers=reply.headers, mimetype="application/json")
    if isinstance(reply.body, Mapping) and "etag" in reply.body:
        response.headers["ETag"] = f'"{reply.body["etag"]}"'
    for cookie in reply.cookies:
        response.set_cookie(**cookie)
    return response


def mark_of(ctx: Ctx, query: Mapping[str, Any]) -> Mark | None:
    """Return where a list goes on, from the query's cursor."""
    return cursors.read(ctx.settings.secret, query.get("cursor"), _bound(ctx))


def cursor_for(ctx: Ctx, mark: Mark | None) -> str | None:
    """Return the cursor with which this list goes on."""
    return cursors.sign(ctx.settings.secret, mark, _bound(ctx))


def _bound(ctx: Ctx) -> str:
    filters = sorted((k, v) for k, v in request.args.items(multi=True) if k not in ("cursor", "limit"))
    return json.dumps([g.route.name, request.path, filters, ctx.actor.id, ctx.scope.prefixes])
