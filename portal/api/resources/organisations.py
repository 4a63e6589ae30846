"""Organisations, their members, invitations and journal."""

from __future__ import annotations

from typing import Any

from portal.actions import invitations, journal, organisations
from portal.actions.context import Ctx
from portal.api.dispatch import Reply, cursor_for, mark_of
from portal.api.resources.accounts import welcome
from portal.api.routes import ORGANISATION, Resource
from portal.api.schemas import tenants as shapes

resource = Resource("organisations")


@resource.get(ORGANISATION, permission="organisation.read")
def get_organisation(ctx: Ctx, org: str) -> dict[str, Any]:
    """Show an organisation."""
    return organisations.profile(ctx)


@resource.patch(ORGANISATION, permission="organisation.edit", body=shapes.OrganisationEdit, match=True)
def edit_organisation(ctx: Ctx, org: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change an organisation's profile."""
    return organisations.edit(ctx, body)


@resource.get(f"{ORGANISATION}/members", permission="member.read")
def list_members(ctx: Ctx, org: str) -> dict[str, Any]:
    """List members and open invitations."""
    return organisations.members(ctx)


@resource.patch(f"{ORGANISATION}/members/<user>", permission="member.manage", body=shapes.RolesEdit, match=True)
def change_roles(ctx: Ctx, org: str, user: str, body: dict[str, Any]) -> dict[str, Any]:
    """Give a member other roles."""
    return organisations.change_roles(ctx, user, body["roles"])


@resource.delete(f"{ORGANISATION}/members/<user>", permission="member.manage", status=204)
def remove_member(ctx: Ctx, org: str, user: str) -> None:
    """End a membership."""
    organisations.remove(ctx, user)


@resource.post(f"{ORGANISATION}/invitations", permission="member.manage", body=shapes.Invite, creates=True, status=201)
def invite(ctx: Ctx, org: str, body: dict[str, Any]) -> dict[str, Any]:
    """Invite somebody to an organisation."""
    return organisations.invite(ctx, **body)


@resource.delete(f"{ORGANISATION}/invitations/<invitation>", permission="member.manage", status=204)
def withdraw_invitation(ctx: Ctx, org: str, invitation: str) -> None:
    """Take an invitation back."""
    invitations.withdraw(ctx, invitation)


@resource.post("/api/invitations/lookup", permission="public", body=shapes.Redeem)
def look_up_invitation(ctx: Ctx, body: dict[str, Any]) -> dict[str, Any]:
    """Tell what an invitation's link is for."""
    return invitations.look_up(ctx, body["id"], body["secret"])


@resource.post("/api/invitations/accept", permission="public", body=shapes.Accept)
def accept_invitation(ctx: Ctx, body: dict[str, Any]) -> Reply:
    """Take an invitation up and sign in."""
    return welcome(ctx, invitations.accept(ctx, body["id"], body["secret"], body["name"], body["password"]))


@resource.get(f"{ORGANISATION}/journal", permission="journal.read", query=shapes.JournalQuery)
def read_journal(ctx: Ctx, org: str, query: dict[str, Any]) -> dict[str, Any]:
    """Read the journal, newest first."""
    shown, after = journal.month(ctx, query["month"], query["object"], mark_of(ctx, query), query["limit"])
    return {**shown, "next": cursor_for(ctx, after)}
