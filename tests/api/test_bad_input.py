"""Bad input to every route: one clear problem that names the field, never a 500, and nothing is written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields
from marshmallow.validate import OneOf
from werkzeug.test import TestResponse

from portal.api.resources import RESOURCES
from portal.api.routes import Route
from portal.api.schemas.paging import PageQuery
from tests.support.examples import EXAMPLES
from tests.support.frozen import address, frozen, somebody
from tests.support.world import World

ROUTES = [route for resource in RESOURCES for route in resource.routes]
BODIES = [route for route in ROUTES if route.body]
UNSAFE = [route for route in ROUTES if route.method != "GET" and not route.raw]
HEADERS = {"X-Requested-By": "certway", "Content-Type": "application/json", "If-Match": '"1"'}


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give a world in which nothing can be written."""
    with frozen(tmp_path_factory.mktemp("frozen")) as made:
        yield made


@pytest.fixture(autouse=True)
def _nothing_written(world: World) -> Iterator[None]:
    """Fail a test in which anything tried to write, unless it says that it may."""
    before = world.portal.records.commits
    yield
    assert world.portal.records.commits == before


def send(world: World, route: Route, data: bytes, path: str = "", **headers: str | None) -> TestResponse:
    """Send raw bytes to a route as somebody who may use it; a header given as None is left out."""
    sent = HEADERS | {key.replace("_", "-"): value for key, value in headers.items()}
    client = somebody(world, route).http
    wanted = {key: value for key, value in sent.items() if value is not None}
    return client.open(path or address(world, route), method=route.method, data=data, headers=wanted)


def refused(answer: TestResponse, *statuses: int) -> dict[str, Any]:
    """Return the one problem that an answer must be."""
    text = answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json", text
    found = json.loads(text)
    assert found["status"] == answer.status_code
    assert answer.status_code in (statuses or range(400, 500)), text
    assert found["type"].startswith("/problems/")
    assert all(isinstance(found[part], str) and found[part] for part in ("title", "detail")), text
    return found


def named(found: dict[str, Any]) -> set[str]:
    """Return the fields that a problem names, and what lies above each of them."""
    names = {error["field"] for error in found.get("errors", ())} | {found.get("field", "")}
    return {".".join(parts[:n]) for parts in (field.split(".") for field in names) for n in range(1, len(parts) + 1)}


UNREADABLE: dict[str, bytes] = {
    "cut off": b'{"name": "x"', "no value": b'{"name": }', "single quotes": b"{'name': 'x'}", "two values": b"{} {}",
    "a comma too many": b'{"name": "x",}', "a list": b"[]", "a number": b"1", "null": b"null", "a text": b'"x"',
    "only space": b"  ", "NaN": b'{"name": NaN}', "Infinity": b'{"name": Infinity}',
    "-Infinity": b'{"name": -Infinity}',
    "a name twice": b'{"name": "x", "name": "y"}', "a name twice below": b'{"name": {"a": 1, "a": 2}}',
    "brackets": b"[" * 10_000 + b"]" * 10_000, "open brackets": b"[" * 10_000,
    "objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "brackets in a field": b'{"name":' + b"[" * 10_000,
    "a lone surrogate": b'{"name": "a\\ud800b"}', "a lone surrogate as a name": b'{"\\udfff": 1}',
    "a lone surrogate in bytes": b'{"name": "a\xed\xa0\x80b"}', "no UTF-8": b'{"name": "\xff\xfe"}',
    "overlong UTF-8": b'{"name": "\xc0\xaf"}', "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "UTF-16 without a mark": '{"name": "\\ud800"}'.encode("utf-16-le"), "UTF-32": '{"name": "x"}'.encode("utf-32"),
    "a byte order mark": b'\xef\xbb\xbf{"name": "x"}', "a raw line break": b'{"name": "a\nb"}',
    "a raw NUL": b'{"name": "a\0b"}', "an endless number": b'{"name": ' + b"9" * 5000 + b"}",
}  # fmt: skip


@pytest.mark.parametrize("route", UNSAFE, ids=name)
class TestEveryBody:
    def test_unreadable(self, world: World, route: Route) -> None:
        """What is no JSON object, in whatever way, is refused as unreadable."""
        for kind, data in UNREADABLE.items():
            found = refused(send(world, route, data), 400)
            assert found["type"] == "/problems/malformed-request", kind

    def test_too_large(self, world: World, route: Route) -> None:
        """A body of one byte more than 1 MiB is refused, announced or sent in pieces of unknown number."""
        data = b'{"name": "' + b"x" * (2**20 - 11) + b'"}'
        assert len(data) == 2**20 + 1
        refused(send(world, route, data), 413)
        environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
        client = somebody(world, route).http
        answer = client.open(
            address(world, route), method=route.method, data=data, headers=HEADERS, environ_overrides=environ
        )
        refused(answer, 413)

    def test_content_type(self, world: World, route: Route) -> None:
        """Whatever does not say that it is JSON is refused, announced or sent in pieces."""
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", "application/jsonp", None):
            refused(send(world, route, b"{}", Content_Type=kind), 415)
            refused(send(world, route, b"{}", Content_Type=kind, Transfer_Encoding="chunked"), 415)

    def test_unknown_field(self, world: World, route: Route) -> None:
        """A field that the route does not know is refused by its name."""
        body = {**EXAMPLES.get(route.name, {}), "surprise": 1}
        assert "surprise" in named(refused(send(world, route, json.dumps(body).encode()), 422))


LONG = "x" * 30_000
TEXTS = ["a\0b", "a\x1bb", "a\x85b", "a\u202eb", "a\u2066b", LONG]
WRONG: dict[type[fields.Field[Any]], list[Any]] = {
    fields.String: [7, 7.5, True, [], ["x"], {}, {"a": 1}],
    fields.Integer: ["", "x", "5", 5.5, 5.0, 1e300, True, [], [5], {}, -1, 10**30],
    fields.Boolean: ["", "x", "true", 0, 1, 1.0, [], {}],
    fields.Date: ["", "x", "tomorrow", "2026-02-30", "2026-13-01", "26-11-02", "20261102", "2026-W45-1",
                  "2026-11-02T09:00:00Z", "0001-01-01", "9999-12-31", 20261102, True, [], {}, LONG],
    fields.List: ["", "x", 7, True, {}, {"0": "x"}, [None], [[]], [7.5], ["\0"], [LONG], ["x"] * 1000],
    fields.Nested: ["", "x", 7, True, [], [{}], {"surprise": 1}],
    fields.Field: ["", "x", "3", 4, -1, 2.5, 3.0, True, [], {}, [3]],
}  # fmt: skip


def wrong(field: fields.Field[Any]) -> list[Any]:
    """Return values that a field must refuse."""
    kind = next(known for known in type(field).__mro__ if known in WRONG)
    values = WRONG[kind] + ([] if field.allow_none else [None])
    if isinstance(field, fields.String):
        texts = ["", *TEXTS] if field.required and not blank(field) else TEXTS
        values = values + (["surprise"] if any(isinstance(v, OneOf) for v in field.validators) else texts)
    return values


def blank(field: fields.Field[Any]) -> bool:
    """Tell whether a field may be a text of nothing: a note that is wiped, or a name that the files port refuses."""
    return any(getattr(validator, "min", 1) == 0 for validator in field.validators)


@pytest.mark.parametrize("route", BODIES, ids=name)
class TestEveryField:
    def test_example(self, world: World, route: Route) -> None:
        """The examples are such that each route takes them, so that a refusal below is the field's."""
        assert route.body
        assert route.body().validate(EXAMPLES[route.name]) == {}

    def test_wrong_values(self, world: World, route: Route) -> None:
        """A value of a wrong type, out of range or with hidden characters is refused at its field."""
        assert route.body
        self._refuse(world, route, route.body(), EXAMPLES[route.name], [])

    def _refuse(self, world: World, route: Route, schema: Schema, example: dict[str, Any], above: list[str]) -> None:
        for attribute, field in schema.fields.items():
            key = field.data_key or attribute
            for value in wrong(field):
                body = whole = json.loads(json.dumps(EXAMPLES[route.name]))
                for part in above:
                    body = body.setdefault(part, {})
                body[key] = value
                found = refused(send(world, route, json.dumps(whole).encode()), 422)
                assert ".".join([*above, key]) in named(found), (key, value, found)
            if isinstance(field, fields.Nested):
                self._refuse(world, route, field.schema, example.get(key) or {}, [*above, key])

    def test_missing(self, world: World, route: Route) -> None:
        """What is required and missing is named, all of it at once."""
        assert route.body
        required = {f.data_key or n for n, f in route.body().fields.items() if f.required}
        if required:
            assert named(refused(send(world, route, b"{}"), 422)) == required

    def test_blank(self, world: World, route: Route) -> None:
        """A text that must say something cannot be made of spaces."""
        assert route.body
        for attribute, field in route.body().fields.items():
            if isinstance(field, fields.String) and not blank(field) and ids_not(field):
                body = {**EXAMPLES[route.name], attribute: "  \u00a0 "}
                assert attribute in named(refused(send(world, route, json.dumps(body).encode()), 422))


def ids_not(field: fields.Field[Any]) -> bool:
    """Tell whether a field is free text."""
    return any(getattr(validator, "min", None) for validator in field.validators)


def test_every_body_has_an_example() -> None:
    """No route with a body is left out, and no example is of a route that has gone."""
    assert {route.name for route in BODIES} == set(EXAMPLES)


PLACES = [(route, part[1:-1]) for route in ROUTES for part in route.path.split("/") if part.startswith("<")]
BAD_IDS = ["x", "0" * 26, "0" * 25, "0" * 27, "O" * 26, "o" * 26, "%00", "..", "..%2F..%2Fx", "%23", "%F0%9F%98%80",
           "%FF", "%E2%80%AE", "%20", "null", "-", "a%23b", "x" * 3000]  # fmt: skip
BAD_NUMBERS = ["0", "-1", "12", "99999", "9" * 20, "9" * 5000, "1.0", "x", "1e0", "0x1", "%D9%A1", "1%00", "+1", "%20"]


@pytest.mark.parametrize(("route", "place"), PLACES, ids=lambda value: value if isinstance(value, str) else name(value))
def test_bad_ids(world: World, route: Route, place: str) -> None:
    """An id that names nothing, whatever its shape, is not found, and looks like what does not exist."""
    data = json.dumps(EXAMPLES.get(route.name, {})).encode()
    good = address(world, route, **{place.removeprefix("int:"): "\0"})
    exists = world.own.parameters() | {"practice": world.practice, "grant": world.grants["stage1_auditor"]}
    bad = BAD_NUMBERS if place.startswith("int:") else [*BAD_IDS, exists.get(place, "x") + "%23ROLL"]
    for one in bad:
        answer = send(world, route, data, path=good.replace("\0", one))
        refused(answer, 404, 405) if one == ".." else refused(answer, 404)


@pytest.mark.parametrize("route", [route for route in UNSAFE if route.match], ids=name)
def test_if_match(world: World, route: Route) -> None:
    """A change without If-Match is asked for it; one that names no version, or another, is out of date."""
    data = json.dumps(EXAMPLES.get(route.name, {})).encode()
    refused(send(world, route, data, If_Match=None), 428)
    bad = ["", "*", "1", "'1'", '"', '""', '"x"', '"-1"', '"1.0"', 'W/"1"', '"1", "2"', f'"{"9" * 13}"', "\xff", '"1']
    for etag in bad:
        refused(send(world, route, data, If_Match=etag), 412)
    # Something else may be in the way of the example itself, so it is refused, and by nothing unexpected.
    refused(send(world, route, data, If_Match='"999999999999"'), 404, 412, 422)


@pytest.mark.parametrize("route", [route for route in ROUTES if route.creates], ids=name)
def test_idempotency_key(world: World, route: Route) -> None:
    """A key that is too short, too long or of other characters is refused by its name."""
    data = json.dumps(EXAMPLES.get(route.name, {})).encode()
    for key in ("", "short", "x" * 65, "with a space", "dot.dot.dot", "\xfc\xfc\xfc\xfc\xfc\xfc\xfc\xfc", "12345678;"):
        found = refused(send(world, route, data, Idempotency_Key=key), 422)
        assert found["field"] == "Idempotency-Key"


LISTS = [route for route in ROUTES if route.query and issubclass(route.query, PageQuery)]


@pytest.mark.parametrize("route", LISTS, ids=name)
class TestLists:
    @pytest.mark.parametrize("limit", ["0", "101", "x", "-1", "1.5", "", "%00", "1e1", "9" * 5000, "1&surprise=1"])
    def test_limit(self, world: World, route: Route, limit: str) -> None:
        """A page has 1 to 100 rows, and a list takes nothing that it does not know."""
        found = refused(send(world, route, b"", path=f"{address(world, route)}?limit={limit}"), 422)
        assert found["field"] in ("limit", "surprise")

    def test_cursors(self, world: World, route: Route) -> None:
        """A cursor that is altered in a place, made up, or of no text at all goes on with nothing."""
        good = cursor_of(world)
        altered = [good[:n] + ("A" if good[n] != "A" else "B") + good[n + 1 :] for n in range(0, len(good), 5)]
        made_up = [".", "a.b", "a", good[:-1], good + "0", good.split(".")[0], "." + good.split(".")[1], "%00", "%FF",
                   "%C3%BC.%C3%BC", "%F0%9F%98%80", "x" * 1001, "W10.", good.upper(), f"%20{good}"]  # fmt: skip
        for cursor in (*altered, *made_up):
            found = refused(send(world, route, b"", path=f"{address(world, route)}?cursor={cursor}"), 422)
            assert found["field"] == "cursor", cursor


def cursor_of(world: World, actor: str = "owner", query: str = "") -> str:
    """Return the cursor of the second page of the journal."""
    client, org = world.actors[actor], world.own.house.org
    answer = client.ok(client.get(f"/api/organisations/{org}/journal?limit=1{query}"))
    assert answer["next"]
    return str(answer["next"])


def test_cursors_of_others(world: World) -> None:
    """A cursor goes on with its own list, for whom it was made, under the same choice, and with nothing else."""
    owner, cursor = world.actors["owner"], cursor_of(world)
    journal = f"/api/organisations/{world.own.house.org}/journal"
    assert owner.get(f"{journal}?limit=1&cursor={cursor}").status_code == 200
    claire = world.other.house.people["claire"]
    assert claire
    asked = [
        owner.get(f"{world.own.house.base}/evidence?cursor={cursor}"),
        owner.get(f"{journal}?month=2026-11&cursor={cursor}"),
        owner.get(f"{journal}?object=programme/{world.own.house.programme}&cursor={cursor}"),
        world.actors["sms_manager"].get(f"{journal}?cursor={cursor}"),
        world.actors["consultant_assigned"].get(f"{journal}?cursor={cursor}"),
    ]
    for answer in asked:
        assert refused(answer, 422)["field"] == "cursor"


QUERIES = {
    "journal": ["month=2026-13", "month=x", "month=20%D9%A2%D9%A6-01", "month=2026-1", "month=", "object=%00",
                "object=" + "x" * 200, "surprise=1"],
    "evidence": ["step=0", "step=12", "step=%D9%A1x", "state=%00", "item=%00", "q=%E2%80%AE", "owner=" + "x" * 27],
    "requirements": ["step=0", "step=12", "step=x", "rating=4", "stage=3", "pdca=x", "clause=" + "x" * 21, "owner=%00"],
    "rollup": ["by=x", "by=", "surprise=1"],
    "findings": ["state=x", "grade=x", "source=x", "owner=" + "x" * 27, "surprise=1"],
}  # fmt: skip


@pytest.mark.parametrize("route", [route for route in ROUTES if route.query], ids=name)
def test_queries(world: World, route: Route) -> None:
    """A choice that means nothing is refused by its name."""
    for query in QUERIES[route.path.rsplit("/", 1)[1]]:
        found = refused(send(world, route, b"", path=f"{address(world, route)}?{query}"), 422)
        assert found["field"] == query.split("=")[0]


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES}))
def test_methods(world: World, path: str) -> None:
    """A method that an address does not take is refused with those it takes; none of them tells or changes anything."""
    known = {route.method: route for route in ROUTES if route.path == path}
    some = next(iter(known.values()))
    client, where = somebody(world, some).http, address(world, some)
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "X"} - known.keys():
        answer = client.open(where, method=method, headers=HEADERS)
        refused(answer, 405)
        assert known.keys() <= set(answer.headers["Allow"].split(", "))
    options = client.open(where, method="OPTIONS", headers={"Origin": "https://evil.example"})
    assert options.status_code < 500
    assert options.get_data() == b"" or options.mimetype == "application/problem+json"
    assert not [header for header in dict(options.headers) if header.startswith("Access-Control")]


@pytest.mark.parametrize("path", ["/api//me", "/api/me/", "/api/%2e%2e/me", "/api/no", "/api", "/api/", "//api/me"])
def test_no_such_address(world: World, path: str) -> None:
    """An address that is none, or is written in another way, is not found."""
    for method in ("GET", "POST"):
        refused(world.actors["owner"].http.open(path, method=method, headers=HEADERS), 404)
