"""How long records reach back: the days that accepted records of a programme cover, from the first to the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from portal.actions.context import Ctx
from portal.domain.evidence import Kind, State
from portal.records import keys
from portal.records.port import Insert, Record, Replace, Write

Body = Mapping[str, Any]
Span = tuple[str, str] | None


def of(body: Body) -> Span:
    """Return the period of an evidence head that is an accepted record, in ISO days."""
    counts = body.get("state") == State.ACCEPTED and body.get("kind") == Kind.RECORD
    return (body["period_from"], body["period_to"]) if counts and body.get("period_from") else None


def writes(ctx: Ctx, old: Body, new: Body) -> list[Write]:
    """Return what keeps the span true when a head changes: widened at once, worked out anew when one falls away."""
    before, after = of(old), of(new)
    if before == after:
        return []
    key = keys.records_span(ctx.scope.organisation, ctx.scope.programme)
    standing = ctx.records.get(key)
    known = _kept(standing.body) if standing else None
    others = known if before is None else _widest(_accepted(ctx, but=new["id"]))
    wanted = _widest(span for span in (others, after) if span)
    body = {"from": wanted[0], "to": wanted[1]} if wanted else {}
    if standing is None:
        return [Insert(Record(key, "SPAN", body))]
    return [] if body == standing.body else [Replace(replace(standing, body=body))]


def _kept(body: Body) -> Span:
    return (body["from"], body["to"]) if body else None


def _widest(spans: Iterator[tuple[str, str]] | Any) -> Span:
    found = list(spans)
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None


def _accepted(ctx: Ctx, but: str) -> Iterator[tuple[str, str]]:
    """Yield the periods of the accepted records but one, page by page."""
    partition, after = keys.evidence_in_state(ctx.scope.organisation, State.ACCEPTED).partition, None
    while True:
        page = ctx.records.query(partition, index=1, after=after)
        yield from (span for r in page.records if r.body["id"] != but and (span := of(r.body)))
        after = page.after
        if after is None:
            return
