"""What every rule speaks of: persons, signed remarks, and the refusals of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Hold a reference to a user, with the name as it was when the reference was made."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Hold something a named person stated at an instant, with the evidence that goes with it."""

    text: str
    by: Person
    at: datetime
    evidence: tuple[str, ...] = ()


class DomainError(Exception):
    """Refuse a change; `detail` says what to do instead, `field` names the input it is about."""

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail, self.field = detail, field


class RuleBroken(DomainError):
    """Refuse because a rule or the present state does not allow it."""


class Invalid(DomainError):
    """Refuse because one input is not usable; `field` names it."""


class SeparationBroken(RuleBroken):
    """Refuse because this person may not do both things: the own work is not one's own to judge."""


class GateBlocked(RuleBroken):
    """Refuse to pass a gate; `blockers` lists what is missing (see `gates.Blocker`)."""

    def __init__(self, detail: str, blockers: Sequence[object]) -> None:
        super().__init__(detail)
        self.blockers = tuple(blockers)


def required_text(value: str | None, field: str, what: str, longest: int = 4_000) -> str:
    """Return `value` stripped; raise Invalid when it is empty or longer than `longest` characters."""
    text = (value or "").strip()
    if not text:
        raise Invalid(f"{what} is missing: say it in a sentence.", field)
    if len(text) > longest:
        raise Invalid(f"{what} has {len(text):,} characters; keep it to {longest:,}.", field)
    return text


@dataclass(frozen=True, slots=True)
class Place:
    """Name a page of the site and what to show there; whoever answers the request makes it a link."""

    page: str
    params: tuple[tuple[str, str], ...] = ()
