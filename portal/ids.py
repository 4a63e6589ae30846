"""Identifiers and secrets: sortable ids, random secrets, and the hashes kept instead of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import threading
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


class _Last:
    """Remember the last id of this process, so that those of one millisecond sort in the order they were made."""

    def __init__(self) -> None:
        self.lock, self.number = threading.Lock(), 0

    def next(self, moment: int) -> int:
        with self.lock:
            if self.number >> 80 == moment:
                self.number += 1 + int.from_bytes(os.urandom(4), "big")
            else:
                self.number = (moment << 80) | int.from_bytes(os.urandom(10), "big")
            return self.number


_last = _Last()
os.register_at_fork(after_in_child=lambda: _last.__init__())  # type: ignore[misc]


def new_id(now: float | None = None) -> str:
    """Return a new id of 26 characters that sorts by time (48 bits of milliseconds, 80 random bits)."""
    number = _last.next(int((time.time() if now is None else now) * 1000) & (2**48 - 1))
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
    if not pepper:
        raise ValueError("this process has no key for signatures")
    key = hmac.new(pepper.encode(), purpose.encode(), hashlib.sha256).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two texts in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
