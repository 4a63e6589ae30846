"""The gate's guard: one record whose version changes with every fact that a gate decides on."""

from __future__ import annotations

from portal.actions.context import Ctx
from portal.records import keys
from portal.records.port import Check, Replace, Touch, Write


def bump(ctx: Ctx, programme: str = "") -> Write:
    """Return the write that tells every gate decision under way to look again.

    Changes do not wait for one another here: only a decision that has read the guard meets what came in between.
    `programme` names another of the organisation's programmes than the one in scope.
    """
    return Touch(keys.guard(ctx.scope.organisation, programme or ctx.scope.programme), "GUARD")


def hold(ctx: Ctx) -> Write:
    """Return the write that is stale when anything a gate decides on has changed since now; call it before reading."""
    key = keys.guard(ctx.scope.organisation, ctx.scope.programme)
    standing = ctx.records.get(key)
    return Replace(standing) if standing else Check(key, 0, "GUARD")
