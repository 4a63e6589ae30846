"""Grants: one named auditor's time-limited access to one frozen stage. Rights never widen, access ends by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from portal.domain import inputs
from portal.domain.common import Invalid, Noted, Person, RuleBroken
from portal.domain.wording import listed

DEFAULT_DAYS, LONGEST_DAYS = 14, 45
DEFAULT_SESSIONS, MOST_SESSIONS = 60, 200
SESSION_HOURS = 8
IDLE = timedelta(minutes=30)


class Capability(StrEnum):
    """Name what a grant lets its auditor do."""

    READ = "read"
    DOWNLOAD = "download"
    RAISE_FINDINGS = "raise_findings"
    CONCLUDE = "conclude"


class Standing(StrEnum):
    """Name how a grant stands at an instant."""

    ACTIVE = "active"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Grant:
    """Hold one grant under the hash of its id; `version` grows whenever its rights change."""

    hash: str
    secret_hash: str
    organisation: str
    programme: str
    stage: str
    audit: str
    snapshot: str
    name: str
    email: str
    capabilities: tuple[str, ...]
    created_by: Person
    created_at: datetime
    not_before: datetime
    expires_at: datetime
    max_sessions: int = DEFAULT_SESSIONS
    sessions: int = 0
    first_used_at: datetime | None = None
    last_used_at: datetime | None = None
    revoked: Noted | None = None
    version: int = 1


def make(
    hash: str, secret_hash: str, *, organisation: str, programme: str, stage: str, audit: str, snapshot: str,
    name: str | None, email: str | None, capabilities: Iterable[str], by: Person, now: datetime,
    expires_at: datetime | None = None, not_before: datetime | None = None, max_sessions: int = DEFAULT_SESSIONS,
) -> Grant:  # fmt: skip
    """Return a new grant, for 14 days unless told; raise Invalid naming the field."""
    starts, ends = not_before or now, expires_at or expiry(now)
    _check_times(starts, ends, now)
    if not 1 <= max_sessions <= MOST_SESSIONS:
        raise Invalid(f"Allow 1 to {MOST_SESSIONS} sessions.", "max_sessions")
    person, address = inputs.line(name, "name", "The auditor's name", 120), inputs.email(email)
    return Grant(
        hash, secret_hash, organisation, programme, stage, audit, snapshot, person, address,
        _capabilities(capabilities), by, now, starts, ends, max_sessions,
    )  # fmt: skip


def _check_times(starts: datetime, ends: datetime, now: datetime) -> None:
    if not starts < ends or ends <= now:
        raise Invalid("The access ends before it begins. Choose a later day.", "expires_on")
    if ends > now + timedelta(days=LONGEST_DAYS):
        raise Invalid(f"Access lasts {LONGEST_DAYS} days at most. Choose an earlier day.", "expires_on")


def _capabilities(wanted: Iterable[str]) -> tuple[str, ...]:
    chosen = {inputs.choice(Capability, word, "capabilities") for word in wanted} | {Capability.READ}
    return tuple(capability.value for capability in Capability if capability in chosen)


def expiry(now: datetime, days: int | None = None, on: date | None = None) -> datetime:
    """Return when access ends: after 1 to 45 days (14 unless told), or at the end of the day `on` in UTC.

    The end of the forty-fifth day is cut to 45 days from now.
    """
    if on is None:
        length = DEFAULT_DAYS if days is None else days
        if not 1 <= length <= LONGEST_DAYS:
            raise Invalid(f"Choose 1 to {LONGEST_DAYS} days.", "days")
        return now + timedelta(days=length)
    if not 1 <= (on - now.date()).days <= LONGEST_DAYS:
        raise Invalid(f"Choose a day from tomorrow up to {LONGEST_DAYS} days ahead.", "expires_on")
    midnight = datetime.combine(on, time.min, now.tzinfo) + timedelta(days=1)
    return min(midnight, now + timedelta(days=LONGEST_DAYS))


def standing(grant: Grant, now: datetime) -> Standing:
    """Tell how a grant stands, exact to the instant: it is expired from `expires_at` on, active from `not_before`."""
    if grant.revoked is not None:
        return Standing.REVOKED
    if now >= grant.expires_at:
        return Standing.EXPIRED
    return Standing.ACTIVE if now >= grant.not_before else Standing.NOT_YET


def allows(grant: Grant, capability: str, now: datetime) -> bool:
    """Tell whether a grant is active and holds a capability."""
    return standing(grant, now) == Standing.ACTIVE and capability in grant.capabilities


def revoke(grant: Grant, *, by: Person, now: datetime, reason: str | None = "") -> Grant:
    """Return the grant revoked; raise RuleBroken when it was before."""
    if grant.revoked is not None:
        raise RuleBroken(f"{grant.revoked.by.name} revoked this access already.")
    said = inputs.optional_text(reason, "reason", "The reason", 1_000)
    return replace(grant, revoked=Noted(said, by, now), version=grant.version + 1)


def narrow(
    grant: Grant, *, now: datetime, capabilities: Iterable[str] | None = None, expires_at: datetime | None = None
) -> Grant:
    """Return the grant with fewer capabilities or an earlier end; raise RuleBroken for anything wider."""
    if standing(grant, now) in (Standing.REVOKED, Standing.EXPIRED):
        raise RuleBroken("This access has ended. Make a new one.")
    kept = grant.capabilities if capabilities is None else _capabilities(capabilities)
    ends = expires_at or grant.expires_at
    wider = [capability for capability in kept if capability not in grant.capabilities]
    if wider or ends > grant.expires_at:
        what = listed(wider) or "a later end"
        raise RuleBroken(f"Access never widens: {what} needs a new link. Revoke this one and make another.")
    if ends <= now:
        raise Invalid("That moment has passed. Revoke the access instead.", "expires_on")
    return replace(grant, capabilities=kept, expires_at=ends, version=grant.version + 1)


def begin_session(grant: Grant, now: datetime) -> Grant:
    """Return the grant with one more session; raise RuleBroken when it is not active or its sessions are used up."""
    if standing(grant, now) != Standing.ACTIVE:
        raise RuleBroken("This access is not open.")
    if grant.sessions >= grant.max_sessions:
        raise RuleBroken("All sessions of this access are used. Ask the organisation for a new link.")
    return replace(grant, sessions=grant.sessions + 1, first_used_at=grant.first_used_at or now, last_used_at=now)


def session_expiry(grant: Grant, now: datetime) -> datetime:
    """Return when a session begun now ends at the latest: after eight hours, and never after the grant."""
    return min(now + timedelta(hours=SESSION_HOURS), grant.expires_at)


def session_alive(grant: Grant, *, version: int, expires_at: datetime, last_seen: datetime, now: datetime) -> bool:
    """Tell whether a session still holds: the grant active and unchanged, the end not reached, idle under 30 minutes.

    `version` is the grant's version the session was made from.
    """
    unchanged = grant.version == version and standing(grant, now) == Standing.ACTIVE
    return unchanged and now < expires_at and now < last_seen + IDLE
