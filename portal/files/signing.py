"""Sign and verify short-lived capability tokens, each for one purpose only.

A token is `payload.mac`, both base64url without padding. The MAC is HMAC-SHA256 over the payload's text,
under a key of its own per purpose, and is compared as text: a token has exactly one spelling.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

MIN_KEY = 32
_TOKEN = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})")

Reason = Literal["malformed", "forged", "expired"]


@dataclass(frozen=True, slots=True)
class Claims:
    """Hold what a valid token says; `expires_at` in epoch seconds."""

    values: Mapping[str, Any]
    expires_at: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Say why a token is refused; the reason is for logs and tests, never for whoever sent the token."""

    reason: Reason


class Signer:
    """Make and check tokens with one secret key of at least 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < MIN_KEY:
            raise ValueError(f"the signing key has {len(key)} bytes; it needs at least {MIN_KEY}")
        self._key = key

    def sign(self, purpose: str, claims: Mapping[str, Any], expires_at: int) -> str:
        """Return a URL-safe token for `claims` (plain JSON values), refused from `expires_at` on."""
        body = json.dumps([expires_at, dict(claims)], separators=(",", ":"))
        payload = _text(body.encode())
        return f"{payload}.{self._mac(purpose, payload)}"

    def verify(self, purpose: str, token: str, now: float) -> Claims | Refusal:
        """Return the claims of a token signed for `purpose` and not expired at `now`, else why not."""
        match = _TOKEN.fullmatch(token)
        if not match:
            return Refusal("malformed")
        payload, mac = match.groups()
        if not hmac.compare_digest(mac, self._mac(purpose, payload)):
            return Refusal("forged")
        expires_at, values = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return Claims(values, expires_at) if now < expires_at else Refusal("expired")

    def _mac(self, purpose: str, payload: str) -> str:
        key = hmac.digest(self._key, f"certway token: {purpose}".encode(), hashlib.sha256)
        return _text(hmac.digest(key, payload.encode(), hashlib.sha256))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
