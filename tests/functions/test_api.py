"""The API's handler: requests come through as they were sent, and nothing else reaches the app."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from functions import api, gateway
from tests.functions.payloads import FOREIGN, REQUESTS, payload
from tests.functions.random_events import anything, broken
from tests.support.portal import Portal


def environ(event: dict[str, Any]) -> dict[str, Any]:
    """Return the environ of a request, its body read."""
    made = gateway.environ_of(event)
    return {**made, "body": made["wsgi.input"].read()}


class Untouched:
    """Stand where the app would be made, and note whoever asks for it."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> gateway.App:
        self.asked += 1
        raise AssertionError("the app was reached")


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> Untouched:
    """Put nothing behind the handler."""
    made = Untouched()
    monkeypatch.setattr(api, "application", made)
    return made


class TestRequest:
    """What the app is told of a request."""

    def test_all_of_it(self) -> None:
        """Method, path, query, headers, cookies and body come through."""
        told = environ(payload("requests/cookies"))
        assert (told["REQUEST_METHOD"], told["SCRIPT_NAME"]) == ("GET", "")
        assert told["PATH_INFO"] == "/api/organisations/01k9z8x7w6v5t4s3r2q1p0n9m8/programmes"
        assert told["QUERY_STRING"] == "limit=10&q=caf%C3%A9%20plan"
        assert (told["HTTP_COOKIE"], told["HTTP_ACCEPT"]) == ("sid=abc; theme=dark", "application/json")
        assert (told["wsgi.url_scheme"], told["CONTENT_LENGTH"], told["body"]) == ("https", "0", b"")

    def test_body(self) -> None:
        """A body comes through as text or from base64, with the length that it has, whatever a header says."""
        plain, packed = environ(payload("requests/post")), environ(payload("requests/base64"))
        assert json.loads(plain["body"]) == json.loads(packed["body"])
        assert plain["CONTENT_LENGTH"] == str(len(plain["body"]))
        assert plain["CONTENT_TYPE"] == "application/json"

    @pytest.mark.parametrize(
        ("stage", "raw", "path"),
        [
            ("production", "/production/api/health", "/api/health"), ("production", "/production", "/"),
            ("production", "/productions/api", "/productions/api"), ("$default", "/api/health", "/api/health"),
            ("api", "/api/api/health", "/api/health"), ("production", "/production/caf%C3%A9", "/cafÃ©"),
            ("production", "/production/café", "/cafÃ©"), ("production", "/production/a%2Fb", "/a/b"),
        ],
    )  # fmt: skip
    def test_stage(self, stage: str, raw: str, path: str) -> None:
        """The stage's name is taken off the path once, and only as a whole part of it."""
        event = payload("requests/get")
        event["rawPath"], event["requestContext"]["stage"] = raw, stage
        assert environ(event)["PATH_INFO"] == path

    def test_address(self) -> None:
        """The client's address is the one that API Gateway saw, whatever headers say."""
        event = payload("requests/get")
        event["headers"] |= dict.fromkeys(("x-forwarded-for", "x-real-ip", "remote-addr"), "198.51.100.9")
        assert environ(event)["REMOTE_ADDR"] == "192.0.2.44"

    def test_headers_stay_apart(self) -> None:
        """No header can pass for another one, or for what the gateway says itself."""
        event = payload("requests/get")
        event["headers"] |= {"x_requested_by": "certway", "Transfer-Encoding": "chunked", "cookie": "sid=other"}
        told = environ(event)
        assert not {"HTTP_X_REQUESTED_BY", "HTTP_TRANSFER_ENCODING", "HTTP_COOKIE"} & set(told)


class TestReply:
    """What API Gateway is told of an answer."""

    def test_text(self) -> None:
        """Text goes as text; cookies go apart; a header sent twice goes as one."""
        headers = [("Content-Type", "application/problem+json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"),
                   ("Vary", "Cookie"), ("Vary", "Accept")]  # fmt: skip
        told = gateway.reply(404, headers, '{"title": "größer"}'.encode())
        assert told == {
            "statusCode": 404, "headers": {"Content-Type": "application/problem+json", "Vary": "Cookie, Accept"},
            "cookies": ["a=1", "b=2"], "body": '{"title": "größer"}', "isBase64Encoded": False,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("headers", "body"),
        [({"Content-Type": "application/pdf"}, b"%PDF-1.7"), ({"Content-Type": "text/plain"}, b"\xff\xfe"), ({}, b"a"),
         ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"{}")],
    )  # fmt: skip
    def test_binary(self, headers: dict[str, str], body: bytes) -> None:
        """What is no text goes in base64."""
        told = gateway.reply(200, headers.items(), body)
        assert (told["isBase64Encoded"], base64.b64decode(told["body"])) == (True, body)

    def test_app_ends(self) -> None:
        """The app's iterator is closed, also when it fails, and what it wrote comes first."""
        closed = []

        class Pieces:
            def __iter__(self) -> Iterable[bytes]:
                yield b"two"
                raise OSError("torn")

            def close(self) -> None:
                closed.append(True)

        def app(_environ: dict[str, Any], start: Callable[..., Any]) -> Any:
            start("200 OK", [])(b"one")
            return Pieces()

        with pytest.raises(OSError, match="torn"):
            gateway.answer(app, {})
        assert closed == [True]


class TestHandler:
    """The handler over a real portal."""

    def test_same_as_embedded(self, portal: Portal) -> None:
        """Every stored request gets the very answer that the app gives without API Gateway."""
        for name in REQUESTS:
            told = environ(payload(f"requests/{name}"))
            sent = {"method": told["REQUEST_METHOD"], "path": told["PATH_INFO"], "data": told["body"]}
            headers = payload(f"requests/{name}")["headers"]
            direct = portal.app.test_client().open(**sent, query_string=told["QUERY_STRING"], headers=headers)
            through = api.handler(payload(f"requests/{name}"))
            assert (through["statusCode"], through["body"]) == (direct.status_code, direct.get_data(as_text=True)), name
            assert set(through["headers"]) == set(direct.headers.keys()) - {"Set-Cookie"}

    def test_signed_in(self, portal: Portal) -> None:
        """A session's cookie comes through in both directions."""
        user = portal.user("Mia Berg")
        token = portal.client(user).http.get_cookie("sid")
        event = payload("requests/get")
        event["rawPath"], event["cookies"] = "/production/api/me", [f"sid={token.value}"]
        shown = api.handler(event)
        assert (shown["statusCode"], json.loads(shown["body"])["name"]) == (200, "Mia Berg")
        event["rawPath"] = "/production/api/session"
        event["requestContext"]["http"]["method"] = "DELETE"
        event["headers"] |= {"x-requested-by": "certway"}
        ended = api.handler(event)
        assert ended["statusCode"] == 204
        assert [cookie.split("=")[0] for cookie in ended["cookies"]] == ["sid"]


class TestRefusal:
    """Whoever can invoke the function cannot make it do anything but answer requests."""

    @pytest.mark.parametrize("name", FOREIGN)
    def test_stored(self, untouched: Untouched, name: str) -> None:
        """Events of other services, and those that Zappa's handler obeys, are refused."""
        refused = api.handler(payload(f"foreign/{name}"))
        assert (refused["statusCode"], json.loads(refused["body"])["type"]) == (400, "/problems/malformed-request")
        assert refused["headers"]["Cache-Control"] == "no-store"
        assert untouched.asked == 0

    def test_random(self, untouched: Untouched) -> None:
        """Of 10,000 random events, broken requests among them, none reaches the app and none raises."""
        chance = random.Random(20000)
        for _ in range(10_000):
            event = broken(chance) if chance.random() < 0.6 else anything(chance)
            assert api.handler(event)["statusCode"] == 400, event
        assert untouched.asked == 0

    def test_the_check_sees(self, untouched: Untouched) -> None:
        """A request that is whole does reach the app, which the two tests above would notice."""
        with pytest.raises(AssertionError, match="reached"):
            api.handler(payload("requests/get"))
        assert untouched.asked == 1

