"""Evidence in bulk: heads, versions, links and counters, as the use cases would have left them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from portal import catalogue
from portal.actions.context import Ctx
from portal.actions.evidence_links import NOTHING, body_of, changes
from portal.domain import evidence as domain
from portal.domain.common import Person
from portal.domain.evidence import Evidence
from portal.records import codec, keys
from portal.records.port import Add, Insert, Key, Record, Write

TYPE = "application/pdf"


def evidence_writes(
    ctx: Ctx, org: str, programme: str, number: int, owners: Sequence[Person], reviewer: Person
) -> Iterator[Write]:
    """Yield the writes of that many pieces of evidence; what they add to a counter comes as one write at the end."""
    items = [item.id for item in catalogue.load("iso20000-1-2018").items]
    counters: dict[Key, Counter[str]] = {}
    for place in range(number):
        piece = _piece(ctx, place, programme, items, owners[place // 10 % len(owners)], reviewer)
        body = body_of(piece, programme, NOTHING)
        for write in changes(org, None, body):
            if isinstance(write, Add):
                counters.setdefault(write.key, Counter()).update(write.deltas)
            else:
                yield write
        assert piece.current is not None
        yield Insert(Record(keys.evidence_version(org, piece.id, 1), "V", codec.dump(piece.current)))
    yield from (Add(key, "COUNTS", dict(deltas)) for key, deltas in counters.items())


def _piece(ctx: Ctx, place: int, programme: str, items: list[str], owner: Person, reviewer: Person) -> Evidence:
    """Return one piece: in ten one draft, one submitted, one returned and seven accepted, one of those past review."""
    details = {
        "title": f"Capacity plan and forecast, issue {place}", "kind": "record", "owner": owner,
        "source_system": "Service management tool", "period_from": ctx.today - timedelta(days=120),
        "period_to": ctx.today - timedelta(days=30), "review_by": ctx.today + timedelta(days=300),
    }  # fmt: skip
    linked = (items[place % len(items)], items[(place * 7 + 3) % len(items)])
    made = domain.create(ctx.new_id(), details, by=owner, now=ctx.now, items=linked, steps=(7,), programme=programme)
    digest = hashlib.sha256(made.id.encode()).hexdigest()
    made, _ = domain.add_version(
        made, filename=f"capacity-plan-{place}.pdf", sha256=digest, length=180_000, media_type=TYPE, label="PDF",
        by=owner, now=ctx.now,
    )  # fmt: skip
    if place % 10 == 0:
        return made
    made = domain.submit(made, by=owner, now=ctx.now)
    if place % 10 == 1:
        return made
    if place % 10 == 2:
        return domain.return_with_reason(made, by=reviewer, now=ctx.now, reason="The period is not the one asked for.")
    made = domain.accept(made, by=reviewer, now=ctx.now)
    return replace(made, review_by=ctx.today - timedelta(days=5)) if place % 10 == 3 else made
