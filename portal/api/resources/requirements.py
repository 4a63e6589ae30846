"""Requirements and their ratings."""

from __future__ import annotations

from typing import Any

from portal.actions import requirements
from portal.actions.context import Ctx
from portal.api.routes import PROGRAMME, Resource
from portal.api.schemas import programmes as shapes
from portal.domain.ratings import Filter

resource = Resource("requirements")


@resource.get(f"{PROGRAMME}/requirements", permission="requirement.read", query=shapes.RequirementQuery)
def list_requirements(ctx: Ctx, org: str, programme: str, query: dict[str, Any]) -> dict[str, Any]:
    """List clauses and items with their ratings, or those that a filter chooses."""
    return requirements.listing(ctx, Filter(**query))


@resource.get(f"{PROGRAMME}/requirements/<item>", permission="requirement.read")
def get_requirement(ctx: Ctx, org: str, programme: str, item: str) -> dict[str, Any]:
    """Show one item with its evidence and history."""
    return requirements.show(ctx, item)


@resource.put(f"{PROGRAMME}/requirements/<item>", permission="requirement.rate", body=shapes.Rating, match=True)
def rate_requirement(ctx: Ctx, org: str, programme: str, item: str, body: dict[str, Any]) -> dict[str, Any]:
    """Rate an item, or change its note, owner or due date."""
    return requirements.rate_item(ctx, item, body)


@resource.get(f"{PROGRAMME}/rollup", permission="requirement.read", query=shapes.RollUpQuery)
def roll_up(ctx: Ctx, org: str, programme: str, query: dict[str, Any]) -> dict[str, Any]:
    """Add ratings up by clause, PDCA phase, step or audit stage."""
    return requirements.rolled_up(ctx, query["by"])
