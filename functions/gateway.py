"""Requests of API Gateway's HTTP API (payload version 2.0) as WSGI environs, and WSGI answers as its replies."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_TEXT = re.compile(r"text/|application/(?:[\w.+-]+\+)?json\b")
_ADDRESS = re.compile(r"[0-9A-Fa-f:.]{2,45}")
_STAGE = re.compile(r"\$default|[\w-]{1,128}", re.ASCII)
# A name with an underscore would come out as another header's, so it is left out, as servers do.
_NAME = re.compile(r"[A-Za-z0-9-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# What the body's own length tells, or what is told apart.
_LEFT_OUT = frozenset({"content-length", "transfer-encoding", "cookie"})


class NotARequest(Exception):
    """Tell that an event is no request of an HTTP API."""


def environ_of(event: Any) -> dict[str, Any]:
    """Return the WSGI environ of a request; raise `NotARequest` for an event of any other shape.

    The client's address is the one API Gateway saw; no header is asked for it.
    """
    if not isinstance(event, dict) or event.get("version") != "2.0":
        raise NotARequest
    context = _part(event, "requestContext", dict)
    http = _part(context, "http", dict)
    body = _body(event)
    return {
        "REQUEST_METHOD": _method(http),
        "SCRIPT_NAME": "",
        "PATH_INFO": _path(event, context),
        "QUERY_STRING": _native(_text(event, "rawQueryString")),
        "REMOTE_ADDR": _matching(_text(http, "sourceIp"), _ADDRESS),
        "SERVER_NAME": _native(_text(context, "domainName")),
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        **_headers(event),
        **_cookies(event),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def answer(app: App, environ: dict[str, Any]) -> dict[str, Any]:
    """Have the app answer a request; return the reply as API Gateway takes it."""
    said: list[Any] = []
    body: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], None]:
        said[:] = [status, headers]
        return body.append

    pieces = app(environ, start_response)
    try:
        body.extend(pieces)
    finally:
        getattr(pieces, "close", lambda: None)()
    return reply(int(said[0].split(" ", 1)[0]), said[1], b"".join(body))


def reply(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> dict[str, Any]:
    """Return a reply: cookies apart, a header sent twice as one, what is no text in base64."""
    cookies: list[str] = []
    kept: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == "set-cookie":
            cookies.append(value)
        else:
            kept[name] = f"{kept[name]}, {value}" if name in kept else value
    text = _as_text(kept, body)
    content = text if text is not None else base64.b64encode(body).decode()
    shown = {"statusCode": status, "headers": kept, "body": content, "isBase64Encoded": text is None}
    return {**shown, "cookies": cookies} if cookies else shown


def _as_text(headers: Mapping[str, str], body: bytes) -> str | None:
    if body and ("Content-Encoding" in headers or not _TEXT.match(headers.get("Content-Type", ""))):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _part(of: Mapping[str, Any], name: str, kind: type) -> Any:
    part = of.get(name)
    if not isinstance(part, kind):
        raise NotARequest
    return part


def _text(of: Mapping[str, Any], name: str) -> str:
    text: str = _part(of, name, str)
    if _CONTROL.search(text):
        raise NotARequest
    return text


def _matching(text: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(text):
        raise NotARequest
    return text


def _native(text: str) -> str:
    """Return a text as WSGI wants it: one character for each byte."""
    try:
        return text.encode().decode("latin-1")
    except UnicodeEncodeError as error:
        raise NotARequest from error


def _method(http: Mapping[str, Any]) -> str:
    method = _text(http, "method")
    if method not in METHODS:
        raise NotARequest
    return method


def _path(event: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """Return the path behind the stage's name, which an HTTP API puts before it unless the stage is `$default`."""
    path, stage = _text(event, "rawPath"), _matching(_text(context, "stage"), _STAGE)
    if not path.startswith("/"):
        raise NotARequest
    if path == f"/{stage}" or path.startswith(f"/{stage}/"):
        path = path[len(stage) + 1 :] or "/"
    return unquote_to_bytes(_native(path).encode("latin-1")).decode("latin-1")


def _headers(event: Mapping[str, Any]) -> dict[str, str]:
    sent = _part(event, "headers", dict)
    texts = {name.lower(): _native(_text(sent, name)) for name in sent if isinstance(name, str)}
    kept = {name: value for name, value in texts.items() if _NAME.fullmatch(name) and name not in _LEFT_OUT}
    media_type = {"CONTENT_TYPE": kept.pop("content-type")} if "content-type" in kept else {}
    return media_type | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in kept.items()}


def _cookies(event: Mapping[str, Any]) -> dict[str, str]:
    if event.get("cookies") is None:
        return {}
    cookies = _part(event, "cookies", list)
    if not all(isinstance(cookie, str) and not _CONTROL.search(cookie) for cookie in cookies):
        raise NotARequest
    return {"HTTP_COOKIE": _native("; ".join(cookies))} if cookies else {}


def _body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body")
    packed = _part(event, "isBase64Encoded", bool)
    if body is None:
        return b""
    if not isinstance(body, str):
        raise NotARequest
    try:
        return base64.b64decode(body, validate=True) if packed else body.encode()
    except ValueError as error:
        raise NotARequest from error
