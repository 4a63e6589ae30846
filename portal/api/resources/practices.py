"""Practices and their clients."""

from __future__ import annotations

from typing import Any

from portal.actions import invitations, portfolio, practices
from portal.actions.context import Ctx
from portal.api.routes import Resource
from portal.api.schemas import tenants as shapes

resource = Resource("practices")
PRACTICE = "/api/practices/<practice>"


@resource.get(PRACTICE, permission="practice.read")
def get_practice(ctx: Ctx, practice: str) -> dict[str, Any]:
    """Show a practice and its consultants."""
    return practices.show(ctx)


@resource.post(f"{PRACTICE}/invitations", permission="practice.manage", body=shapes.InviteConsultant, creates=True,
               status=201)  # fmt: skip
def invite_consultant(ctx: Ctx, practice: str, body: dict[str, Any]) -> dict[str, Any]:
    """Invite a consultant."""
    return practices.invite(ctx, **body)


@resource.delete(f"{PRACTICE}/invitations/<invitation>", permission="practice.manage", status=204)
def withdraw_consultant_invitation(ctx: Ctx, practice: str, invitation: str) -> None:
    """Take a consultant's invitation back."""
    invitations.withdraw(ctx, invitation)


@resource.delete(f"{PRACTICE}/consultants/<user>", permission="practice.manage", status=204)
def remove_consultant(ctx: Ctx, practice: str, user: str) -> None:
    """End a consultant's place in the practice."""
    practices.remove(ctx, user)


@resource.get(f"{PRACTICE}/clients", permission="practice.read")
def list_clients(ctx: Ctx, practice: str) -> dict[str, Any]:
    """List the clients of a practice, those that need somebody first."""
    return portfolio.clients(ctx)


@resource.post(f"{PRACTICE}/clients", permission="client.create", body=shapes.NewClient, creates=True, status=201)
def create_client(ctx: Ctx, practice: str, body: dict[str, Any]) -> dict[str, Any]:
    """Open a client with its first programme."""
    return practices.new_client(ctx, body)


@resource.put(f"{PRACTICE}/clients/<client>/consultants", permission="client.assign", body=shapes.Assign, match=True)
def assign_consultants(ctx: Ctx, practice: str, client: str, body: dict[str, Any]) -> dict[str, Any]:
    """Assign consultants to a client."""
    return practices.assign(ctx, client, body["consultants"])
