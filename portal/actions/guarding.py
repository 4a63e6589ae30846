"""The gate's guard: one record whose version changes with every fact that a gate decides on."""

from __future__ import annotations

from portal.actions.context import Ctx
from portal.records import keys
from portal.records.port import Insert, Record, Replace, Write


def bump(ctx: Ctx, programme: str = "") -> Write:
    """Return the write that tells every gate decision under way to look again.

    `programme` names another of the organisation's programmes than the one in scope.
    """
    key = keys.guard(ctx.scope.organisation, programme or ctx.scope.programme)
    standing = ctx.records.get(key)
    if standing is None:
        return Insert(Record(key, "GUARD", {}))
    return Replace(standing)
