"""Requirements: where the organisation stands against each item, and how it knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.actions import organisations
from portal.actions.context import Ctx, Event, NotAllowed
from portal.actions.evidence_views import for_target
from portal.actions.guarding import bump
from portal.actions.journal import history
from portal.actions.state import State, edition_catalogue, item_fact, load_ratings
from portal.catalogue import Catalogue, Clause
from portal.domain import headlines
from portal.domain.common import Person
from portal.domain.facts import ItemFact
from portal.domain.ratings import LABELS, Counts, Filter, ItemRating, count, percent_begun, percent_met, rate, roll_up
from portal.domain.step_definitions import definition
from portal.records import codec, keys
from portal.records.port import Insert, Record, Replace

FIELDS = ("rating", "note", "owner", "due")


def listing(ctx: Ctx, wanted: Filter) -> dict[str, Any]:
    """Return every clause with its items, or those that a filter chooses: one query."""
    state = load_ratings(ctx)
    narrowed = wanted != Filter()
    chosen = [item for item in state.items if wanted.matches(item)] if narrowed else state.items
    by_clause: dict[str, list[ItemFact]] = {}
    for item in chosen:
        by_clause.setdefault(item.clause, []).append(item)
    counts = count(item.rating for item in chosen)
    headline, lede = headlines.requirements(counts)
    clauses = [clause_view(c, by_clause, state) for c in state.catalogue.clauses]
    return {
        "headline": headline, "lede": lede, "counts": counts_view(counts),
        "edition": {"id": state.catalogue.id, "title": state.catalogue.name},
        "clauses": [c for c in clauses if c["counts"]["items"] or not narrowed],
    }  # fmt: skip


def clause_view(clause: Clause, by_clause: Mapping[str, list[ItemFact]], state: State) -> dict[str, Any]:
    """Show one clause: its own items, and for a heading what is below it."""
    own = by_clause.get(clause.number, [])
    below = own
    if not clause.assessable:
        prefix = f"{clause.number}."
        below = [item for number, items in by_clause.items() if number.startswith(prefix) for item in items]
    counts = count(item.rating for item in below)
    texts = {item.id: item.text for item in clause.items}
    return {
        "number": clause.number, "title": clause.title, "parent": clause.parent, "level": clause.level,
        "assessable": clause.assessable, "summary": clause.summary, "counts": counts_view(counts),
        "percent_met": percent_met(counts), "percent_begun": percent_begun(counts),
        "items": [item_view(item, texts[item.id], state.ratings.get(item.id)) for item in own],
    }  # fmt: skip


def counts_view(counts: Counts) -> dict[str, int]:
    """Show counts of ratings."""
    return {"items": counts.items, "rated": counts.rated, "met": counts.met, "partly": counts.partly,
            "missing": counts.missing, "unrated": counts.unrated, "did_not_occur": counts.did_not_occur}  # fmt: skip


def item_view(item: ItemFact, text: str, rating: Mapping[str, Any] | None) -> dict[str, Any]:
    """Show one item with its rating."""
    rating = rating or {}
    return {
        "id": item.id, "text": text, "stage": item.stage, "step": item.step, "explicit": item.explicit,
        "documentation": item.documentation, "rating": item.rating, "note": rating.get("note", ""),
        "owner": rating.get("owner"), "due": rating.get("due"), "linked": item.linked, "accepted": item.accepted,
        "changed_by": rating.get("changed_by"), "changed_at": rating.get("changed_at"),
        "etag": str(rating.get("version", 0)),
    }  # fmt: skip


def known(catalogue: Catalogue, item: str) -> Any:
    """Return an item of the edition; raise `NotAllowed` for one it does not have."""
    if not catalogue.has_item(item):
        raise NotAllowed(item)
    return catalogue.item(item)


def show(ctx: Ctx, item_id: str) -> dict[str, Any]:
    """Return one item with its evidence, its findings and its history."""
    catalogue = edition_catalogue(ctx)
    item = known(catalogue, item_id)
    state = load_ratings(ctx, f"RATE#{catalogue.clause_key(item.clause)}")
    fact = next(f for f in state.items if f.id == item_id)
    shown = item_view(fact, item.text, state.ratings.get(item_id))
    return {**shown, "clause": item.clause, "evidence": for_target(ctx, item_id),
            "history": history(ctx, "requirement", item_id, 20)}  # fmt: skip


def rate_item(ctx: Ctx, item_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change rating, note, owner or due date of an item; only a change of the same item conflicts."""
    catalogue = edition_catalogue(ctx)
    item = known(catalogue, item_id)
    org, programme = ctx.scope.organisation, ctx.scope.programme
    key = keys.ratings(org, programme, catalogue.clause_key(item.clause))
    counts_key = keys.rating_counts(org, programme, catalogue.clause_key(item.clause))
    found = ctx.records.get_many([key, counts_key])
    record = found.get(key)
    items = dict(record.body["items"]) if record else {}
    before = codec.load(ItemRating, items[item_id]) if item_id in items else None
    ctx.expect(before.version if before else 0)
    after = rate(before, _resolved(ctx, changes), ctx.actor.person, ctx.now)
    items[item_id] = codec.dump(after)
    body = {"items": items}
    if after != before:
        write = Replace(replace(record, body=body)) if record else Insert(Record(key, "RATE", body))
        event = Event("requirement:rated", "requirement", item_id, item.text, _said(item_id, before, after))
        ctx.commit(event, write, bump(ctx))
    linked = found[counts_key].counters if counts_key in found else {}
    clause = catalogue.clause(item.clause)
    return item_view(item_fact(item, clause.pdca, items[item_id], linked), item.text, items[item_id])


def _resolved(ctx: Ctx, changes: Mapping[str, Any]) -> dict[str, Any]:
    resolved = dict(changes)
    if resolved.get("owner"):
        resolved["owner"] = Person(**organisations.need_member(ctx, resolved["owner"]))
    return resolved


def _said(item: str, before: ItemRating | None, after: ItemRating) -> str:
    if before is None or before.rating != after.rating:
        number = f"{after.rating} " if isinstance(after.rating, int) else ""
        return f"rated {item} {number}{LABELS[after.rating]}"
    changed = [name for name in FIELDS if getattr(before, name) != getattr(after, name)]
    return f"changed {' and '.join(changed)} of {item}"


def rolled_up(ctx: Ctx, by: str) -> dict[str, Any]:
    """Return the ratings added up by clause, PDCA phase, step or audit stage."""
    state = load_ratings(ctx)
    items = [
        {"key": roll.key, "title": _title(state.catalogue, by, roll.key), "percent": roll.percent,
         **counts_view(roll.counts)}
        for roll in roll_up(state.items, by)
    ]  # fmt: skip
    return {"items": items}


def _title(catalogue: Catalogue, by: str, key: str) -> str:
    if by == "clause":
        return catalogue.clause(key).title
    if by == "step":
        return definition(int(key)).name
    return {"stage1": "Stage 1", "stage2": "Stage 2"}.get(key, key.capitalize())
