"""Evidence: the library, one piece of evidence, its versions and its review."""

from __future__ import annotations

from typing import Any

from portal.actions import downloads, evidence
from portal.actions.context import Ctx
from portal.actions.evidence_library import Wanted, listing
from portal.api.dispatch import cursor_for, mark_of
from portal.api.routes import PROGRAMME, Resource
from portal.api.schemas import evidence as shapes

resource = Resource("evidence")
PIECE = f"{PROGRAMME}/evidence/<piece>"


@resource.get(f"{PROGRAMME}/evidence", permission="evidence.read", query=shapes.EvidenceQuery)
def list_evidence(ctx: Ctx, org: str, programme: str, query: dict[str, Any]) -> dict[str, Any]:
    """List evidence, newest first, or what a filter chooses."""
    wanted = Wanted(**{k: v for k, v in query.items() if k not in ("limit", "cursor")})
    shown, after = listing(ctx, wanted, mark_of(ctx, query), query["limit"])
    return {**shown, "next": cursor_for(ctx, after)}


@resource.post(f"{PROGRAMME}/evidence", permission="evidence.create", body=shapes.NewEvidence, creates=True, status=201)
def create_evidence(ctx: Ctx, org: str, programme: str, body: dict[str, Any]) -> dict[str, Any]:
    """Put evidence in, as a draft."""
    return evidence.create(ctx, body)


@resource.get(PIECE, permission="evidence.read")
def get_evidence(ctx: Ctx, org: str, programme: str, piece: str) -> dict[str, Any]:
    """Show one piece of evidence with its versions, its history and who has looked at it."""
    return evidence.show(ctx, piece)


@resource.patch(PIECE, permission="evidence.edit", body=shapes.EvidenceEdit, match=True)
def edit_evidence(ctx: Ctx, org: str, programme: str, piece: str, body: dict[str, Any]) -> dict[str, Any]:
    """Change the details of evidence."""
    return evidence.edit(ctx, piece, body)


@resource.put(f"{PIECE}/links", permission="evidence.edit", body=shapes.Links, match=True)
def link_evidence(ctx: Ctx, org: str, programme: str, piece: str, body: dict[str, Any]) -> dict[str, Any]:
    """Link evidence to exactly these items and steps."""
    return evidence.link(ctx, piece, body["items"], body["steps"])


@resource.post(
    f"{PIECE}/versions", permission="evidence.edit", body=shapes.NewVersion, match=None, creates=True, status=201
)
def add_version(ctx: Ctx, org: str, programme: str, piece: str, body: dict[str, Any]) -> dict[str, Any]:
    """Add a new version from an upload."""
    return evidence.add_version(ctx, piece, body["upload"], body["note"])


@resource.post(f"{PIECE}/submit", permission="evidence.edit", match=True)
def submit_evidence(ctx: Ctx, org: str, programme: str, piece: str) -> dict[str, Any]:
    """Submit evidence for review."""
    return evidence.submit(ctx, piece)


@resource.post(f"{PIECE}/accept", permission="evidence.review", body=shapes.Acceptance, match=True)
def accept_evidence(ctx: Ctx, org: str, programme: str, piece: str, body: dict[str, Any]) -> dict[str, Any]:
    """Accept submitted evidence."""
    return evidence.accept(ctx, piece, body["note"])


@resource.post(f"{PIECE}/return", permission="evidence.review", body=shapes.Return, match=True)
def return_evidence(ctx: Ctx, org: str, programme: str, piece: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return submitted evidence with a reason."""
    return evidence.send_back(ctx, piece, body["reason"])


@resource.post(f"{PIECE}/versions/<int:number>/download", permission="evidence.download")
def download_version(ctx: Ctx, org: str, programme: str, piece: str, number: int) -> dict[str, Any]:
    """Journal the download of one version and return a short-lived address of its file."""
    return downloads.of_version(ctx, piece, number)
