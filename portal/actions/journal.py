"""The journal as people read it: who did what, when, on which object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.actions import links
from portal.actions.context import Ctx
from portal.domain import headlines
from portal.records import keys
from portal.records.port import Mark, Page, Record


def month(
    ctx: Ctx, wanted: str | None, obj: str | None, after: Mark | None, limit: int
) -> tuple[dict[str, Any], Mark | None]:
    """Return a page of one month, or of one object's history ('kind/id'), newest first."""
    org = ctx.scope.organisation
    if obj:
        kind, _, object_id = obj.partition("/")
        partition = keys.history_of(f"O#{org}", kind, object_id).partition
        page = ctx.records.query(partition, index=1, after=after, limit=limit, reverse=True)
    else:
        page = _month(ctx, wanted or f"{ctx.now:%Y-%m}", after, limit)
    items = [row(ctx, record) for record in page.records]
    first = None if obj else datetime.fromisoformat(f"{wanted or format(ctx.now, '%Y-%m')}-01").date()
    people = {i["who"]["id"] for i in items}
    auditors = {i["who"]["id"] for i in items if i["who"]["via"] == "grant"}
    chosen = items[0]["object"]["title"] if obj and items else ""
    spoken = headlines.journal(
        month=first, events=len(items), people=len(people), auditors=len(auditors), chosen=chosen,
        more=page.after is not None,
    )  # fmt: skip
    return {"headline": spoken[0], "lede": spoken[1], "items": items}, page.after


def _month(ctx: Ctx, wanted: str, after: Mark | None, limit: int) -> Page:
    first = datetime.fromisoformat(f"{wanted}-01T00:00:00+00:00")
    partition = keys.event(f"O#{ctx.scope.organisation}", first, "").partition
    return ctx.records.query(partition, after=after, limit=limit, reverse=True)


def row(ctx: Ctx, record: Record) -> dict[str, Any]:
    """Show one event."""
    body = record.body
    thing = {**body["object"], "href": links.to_object(ctx.scope.organisation, body)}
    return {"id": record.key.sort, "at": body["at"], "who": body["who"], "what": body["what"], "text": body["text"],
            "object": thing}  # fmt: skip


def history(ctx: Ctx, kind: str, object_id: str, limit: int = 50) -> list[dict[str, Any]]:
    """Return the latest events of one object: when, who, what, text."""
    partition = keys.history_of(f"O#{ctx.scope.organisation}", kind, object_id).partition
    page = ctx.records.query(partition, index=1, limit=limit, reverse=True)
    return [lines(record) for record in page.records]


def lines(record: Record) -> dict[str, Any]:
    """Show one event inside the page of its object."""
    body = record.body
    return {"at": body["at"], "who": body["who"], "what": body["what"], "text": body["text"]}


def viewers(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Return those events that tell who looked at an object."""
    return [lines(r) for r in records if r.body["what"].endswith((":downloaded", ":viewed"))]
