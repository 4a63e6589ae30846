"""Identifiers and secrets: sortable ids, random secrets, and the hashes kept instead of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(now: float | None = None) -> str:
    """Return a new id of 26 characters that sorts by time (48 bits of milliseconds, 80 random bits)."""
    moment = int((time.time() if now is None else now) * 1000) & (2**48 - 1)
    number = (moment << 80) | int.from_bytes(os.urandom(10), "big")
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def is_id(text: str) -> bool:
    """Tell whether a text has the shape of an id."""
    return len(text) == 26 and all(letter in _ALPHABET for letter in text)


def secret(size: int = 32) -> str:
    """Return `size` random bytes as base64url without padding."""
    return base64.urlsafe_b64encode(secrets.token_bytes(size)).rstrip(b"=").decode()


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def keyed(pepper: str, purpose: str, text: str) -> str:
    """Return HMAC-SHA256 of a text under the deployment's key, one purpose apart from another."""
    key = hmac.new(pepper.encode(), purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two texts in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
