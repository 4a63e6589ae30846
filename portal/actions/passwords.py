"""Passwords: argon2id hashing, and the one rule on what a password must be."""

from __future__ import annotations

import functools
import threading
from typing import Any

from portal.actions.errors import BadInput

SHORTEST, LONGEST = 12, 200
# Each hash takes 19 MiB and a whole processor: one at a time in each process, however many sign in at once.
_turn = threading.Lock()


@functools.cache
def _hasher() -> Any:
    from argon2 import PasswordHasher  # slow to import; only sign-in needs it

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@functools.cache
def _nobody() -> str:
    return str(_hasher().hash("nobody has this password"))


def make(password: str, field: str = "password") -> str:
    """Hash a new password; raise `BadInput` when it is too short (ASVS 6.2.1) or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"Use {SHORTEST} to {LONGEST} characters; a short sentence is fine.", field)
    with _turn:
        return str(_hasher().hash(password))


def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one kept; takes as long when there is none kept."""
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        with _turn:
            return bool(_hasher().verify(kept or _nobody(), password)) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False
