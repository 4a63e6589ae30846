"""The static site of the embedded deployment: plain files from memory, with the headers CloudFront will send."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'none'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; worker-src 'self'; manifest-src 'self'"
)
SECURITY_HEADERS = (
    ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "accelerometer=(), camera=(), clipboard-read=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), "
        "serial=(), usb=(), xr-spatial-tracking=()",
    ),
)
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".woff2": "font/woff2",
          ".html": "text/html; charset=utf-8", ".json": "application/json", ".svg": "image/svg+xml"}  # fmt: skip

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


@dataclass(frozen=True, slots=True)
class Held:
    """Hold one file as it is sent: bytes, compressed bytes, type, tag, and the state of the file it was read from."""

    state: tuple[int, int]
    plain: bytes
    packed: bytes | None
    media_type: str
    tag: str


class Site:
    """Serve files below a folder; hand every address below /api/ to the API."""

    def __init__(
        self, folder: Path, api: Callable[..., Iterable[bytes]], extra: dict[str, Callable[[], bytes]]
    ) -> None:
        self.folder, self.api, self.extra = folder.resolve(), api, extra
        self.held: dict[str, Held] = {}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        path = environ.get("PATH_INFO", "/")
        if path == "/api" or path.startswith("/api/"):
            return self.api(environ, start_response)
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            start_response("405 Method Not Allowed", [*_headers(), ("Allow", "GET, HEAD"), ("Content-Length", "0")])
            return [b""]
        found = self._find("/index.html" if path == "/" else path)
        status = "200 OK" if found else "404 Not Found"
        return self._send(environ, start_response, status, found or self._find("/404.html"), path)

    def _find(self, path: str) -> Held | None:
        if path in self.extra:
            return self._made(path)
        file = (self.folder / path.lstrip("/")) if "\0" not in path else self.folder
        if not file.is_file() or self.folder not in file.resolve().parents:
            return None
        state = (file.stat().st_mtime_ns, file.stat().st_size)
        held = self.held.get(path)
        if held is None or held.state != state:
            held = self.held[path] = hold(file.read_bytes(), file.suffix, state)
        return held

    def _made(self, path: str) -> Held:
        if path not in self.held:
            self.held[path] = hold(self.extra[path](), Path(path).suffix, (0, 0))
        return self.held[path]

    def _send(
        self, environ: dict[str, Any], start_response: StartResponse, status: str, held: Held | None, path: str
    ) -> Iterable[bytes]:
        if held is None:
            start_response(status, [*_headers(), ("Content-Length", "0")])
            return [b""]
        headers = [*_headers(), ("Content-Type", held.media_type), ("ETag", held.tag), ("Cache-Control", _cache(path))]
        headers.append(("Vary", "Accept-Encoding"))
        if environ.get("HTTP_IF_NONE_MATCH") == held.tag and status.startswith("200"):
            start_response("304 Not Modified", headers)
            return [b""]
        body = held.plain
        if held.packed is not None and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            body, headers = held.packed, [*headers, ("Content-Encoding", "gzip")]
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def hold(plain: bytes, suffix: str, state: tuple[int, int]) -> Held:
    """Prepare a file for sending: its type, its tag, and a compressed form where that pays."""
    media_type = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    packed = gzip.compress(plain, 9, mtime=0) if suffix in (".js", ".css", ".html", ".json", ".svg") else None
    return Held(state, plain, packed, media_type, f'"{hashlib.sha256(plain).hexdigest()[:20]}"')


def _headers() -> list[tuple[str, str]]:
    return [*SECURITY_HEADERS, ("Content-Security-Policy", CSP)]


def _cache(path: str) -> str:
    return "public, max-age=86400" if path.startswith(("/vendor/", "/catalogues/")) else "no-cache"
