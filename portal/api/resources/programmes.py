"""Programmes: profile, overview, work."""

from __future__ import annotations

from typing import Any

from portal.actions import overview, programmes, work
from portal.actions.context import Ctx
from portal.api.routes import ORGANISATION, PROGRAMME, Resource
from portal.api.schemas import programmes as shapes

resource = Resource("programmes")


@resource.get(f"{ORGANISATION}/programmes", permission="organisation.read")
def list_programmes(ctx: Ctx, org: str) -> dict[str, Any]:
    """List an organisation's programmes."""
    return programmes.listing(ctx)


@resource.post(f"{ORGANISATION}/programmes", permission="programme.create", body=shapes.NewProgramme, creates=True,
               status=201)  # fmt: skip
def create_programme(ctx: Ctx, org: str, body: dict[str, Any]) -> dict[str, Any]:
    """Open a programme."""
    return programmes.create(ctx, body)


@resource.get(PROGRAMME, permission="programme.read")
def get_programme(ctx: Ctx, org: str, programme: str) -> dict[str, Any]:
    """Show a programme."""
    return programmes.show(ctx)


@resource.patch(PROGRAMME, permission="programme.edit", body=shapes.ProgrammeEdit, match=True)
def edit_programme(ctx: Ctx, org: str, programme: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change a programme."""
    return programmes.edit(ctx, body)


@resource.post(f"{PROGRAMME}/scope/agree", permission="scope.agree", match=True)
def agree_scope(ctx: Ctx, org: str, programme: str) -> dict[str, Any]:
    """Agree the scope."""
    return programmes.agree_scope(ctx)


@resource.get(f"{PROGRAMME}/overview", permission="programme.read")
def get_overview(ctx: Ctx, org: str, programme: str) -> dict[str, Any]:
    """Show where the programme stands and what is in the way."""
    return overview.overview(ctx)


@resource.get(f"{PROGRAMME}/work", permission="programme.read")
def get_work(ctx: Ctx, org: str, programme: str) -> dict[str, Any]:
    """List what is one's own to do, by when."""
    return work.mine(ctx)
