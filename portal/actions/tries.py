"""Tries: an exact, atomic limit on how often something may be attempted in a window."""

from __future__ import annotations

from dataclasses import replace

from portal import ids
from portal.actions.context import Services
from portal.actions.errors import TooMany
from portal.records import keys
from portal.records.port import Exists, Insert, Record, Replace, Stale


def count(services: Services, purpose: str, subject: str, *, limit: int, window: int) -> None:
    """Count one try; raise `TooMany` at limit + 1 within `window` seconds, however many race."""
    now = int(services.clock().timestamp())
    start = now - now % window
    key = keys.tries(ids.keyed(services.settings.secret, f"tries:{purpose}:{start}", subject))
    while True:
        standing = services.records.get(key)
        if standing and standing.body["n"] >= limit:
            raise TooMany(retry_after=max(1, start + window - now))
        try:
            services.records.commit([_next(key, standing, start + window)])
            return
        except (Exists, Stale):
            continue  # somebody else counted at the same moment


def _next(key: keys.Key, standing: Record | None, expires: int) -> Insert | Replace:
    if standing is None:
        return Insert(Record(key, "TRY", {"n": 1}, expires=expires))
    return Replace(replace(standing, body={"n": standing.body["n"] + 1}))
