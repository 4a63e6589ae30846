"""One-time codes: eight digits, ten minutes, five tries, bound to one exchange."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

DIGITS = 8
LIFE = timedelta(minutes=10)
TRIES = 5
Reason = Literal["wrong", "expired", "spent", "used"]


@dataclass(frozen=True, slots=True)
class Code:
    """Hold a code by its hash, for the grant that an exchange belongs to."""

    exchange: str
    grant: str
    code_hash: str
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Say that the code is right; `code` is spent now and has to be kept so."""

    code: Code


@dataclass(frozen=True, slots=True)
class Refused:
    """Say why a code is refused; `code` counts the try and has to be kept, `tries_left` are what remain."""

    code: Code
    reason: Reason
    tries_left: int


def written(number: int) -> str:
    """Write a random number below 10⁸ as the eight digits of a code."""
    if not 0 <= number < 10**DIGITS:
        raise ValueError(f"a code is made from a number below 10**{DIGITS}")
    return f"{number:0{DIGITS}d}"


def make(exchange: str, grant: str, code_hash: str, now: datetime) -> Code:
    """Return a code that can be used for ten minutes."""
    return Code(exchange, grant, code_hash, now + LIFE)


def check_code(code: Code, given_hash: str, now: datetime) -> Accepted | Refused:
    """Judge a try by the hash of what was given, in constant time; at `expires_at` it is too late."""
    reason = _closed(code, now)
    if reason:
        return Refused(code, reason, 0)
    tried = replace(code, tries=code.tries + 1)
    if hmac.compare_digest(code.code_hash.encode(), given_hash.encode()):
        return Accepted(replace(tried, used_at=now))
    return Refused(tried, "wrong", TRIES - tried.tries)


def _closed(code: Code, now: datetime) -> Reason | None:
    if code.used_at is not None:
        return "used"
    if now >= code.expires_at:
        return "expired"
    return "spent" if code.tries >= TRIES else None
