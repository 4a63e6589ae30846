"""Sessions: opening, recognising and ending them, for members and for auditors alike."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from portal import ids
from portal.actions.context import Services
from portal.records import keys
from portal.records.port import MAX_WRITES, Busy, Delete, Full, Insert, Record, Replace, Stale, Write

HOUR = 3600
LIFETIME = {"sid": 12 * HOUR, "rid": 8 * HOUR}  # absolute
IDLE = {"sid": 2 * HOUR, "rid": HOUR // 2}
TOUCH_AFTER = 120  # seconds between two notes of activity


def open_session(kind: str, owner: str, body: dict[str, Any], now: int, until: int | None = None) -> tuple[str, Write]:
    """Return a new token (256 bits, kept as a hash only) and the write that makes it valid."""
    token = ids.secret(32)
    hashed = ids.digest(token)
    expires = min(now + LIFETIME[kind], until or now + LIFETIME[kind])
    kept = {**body, "kind": kind, "opened": now, "touched": now}
    index = keys.sessions_of(owner, hashed)
    return token, Insert(Record(keys.session(hashed), "SESSION", kept, index1=index, expires=expires))


def live_session(services: Services, token: str, kind: str) -> Record | None:
    """Return the session behind a token unless it has ended or lain idle too long; note activity now and then."""
    if len(token) > 100 or not token.isascii():
        return None
    session = services.records.get(keys.session(ids.digest(token)))
    if session is None or session.body["kind"] != kind:
        return None
    now = int(services.clock().timestamp())
    idle = now - session.body["touched"]
    if idle >= IDLE[kind]:
        return None
    if idle > TOUCH_AFTER:
        _touch(services, session, now)
    return session


def _touch(services: Services, session: Record, now: int) -> None:
    touched = replace(session, body={**session.body, "touched": now})
    try:
        services.records.commit([Replace(touched)])
    except (Stale, Busy, Full):
        return  # another request of the same session noted it, or the next one will: reading needs no room


def live_grant(services: Services, grant_hash: str) -> Record | None:
    """Return a grant, read now, if it is active at this instant: not early, not expired, not revoked."""
    record = services.records.get(keys.grant(grant_hash))
    if record is None or record.body.get("revoked_at"):
        return None
    now = services.clock().timestamp()
    return record if record.body["not_before"] <= now < record.body["ends"] else None


def sessions_of(services: Services, owner: str) -> list[Record]:
    """Return the open sessions of a user or a grant."""
    return list(services.records.query(keys.sessions_of(owner).partition, index=1, limit=None).records)


def end_others(services: Services, owner: str, but: str = "") -> None:
    """End every session of a user but the one in partition `but`, those included that began a moment ago."""
    while others := ending(sessions_of(services, owner), but)[:MAX_WRITES]:
        with suppress(Stale):  # one of them noted activity; it is read again
            services.records.commit(others)


def ending(sessions: list[Record], but: str = "") -> list[Write]:
    """Return the writes that end sessions, all but the one in partition `but`."""
    return [Delete(s.key, s.version, "SESSION") for s in sessions if s.key.partition != but]
