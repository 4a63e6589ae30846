"""The review room of the certification body's auditor."""

from __future__ import annotations

from typing import Any

from portal.actions import review, review_session
from portal.actions.context import Ctx
from portal.api.dispatch import Reply
from portal.api.resources.accounts import session_cookie
from portal.api.routes import Resource
from portal.api.schemas import review as shapes

resource = Resource("review")
ROOM = "/api/review"


@resource.post(f"{ROOM}/session", permission="public", body=shapes.Exchange, status=202)
def begin_session(ctx: Ctx, body: dict[str, Any]) -> dict[str, str]:
    """Exchange a link for a one-time code."""
    return review_session.exchange(ctx, body["id"], body["secret"], body["email"])


@resource.post(f"{ROOM}/session/code", permission="public", body=shapes.Code)
def enter_code(ctx: Ctx, body: dict[str, Any]) -> Reply:
    """Enter the review room with the one-time code."""
    token = review_session.enter(ctx, body["exchange"], body["code"])
    return Reply({"ok": True}, cookies=[session_cookie(ctx, "rid", token)])


@resource.delete(f"{ROOM}/session", permission="review.read", status=204)
def end_session(ctx: Ctx) -> Reply:
    """Leave the review room."""
    review_session.leave(ctx)
    return Reply(cookies=[session_cookie(ctx, "rid", "")])


@resource.get(ROOM, permission="review.read")
def get_room(ctx: Ctx) -> dict[str, Any]:
    """Show the review room."""
    return review.show(ctx)


@resource.get(f"{ROOM}/clauses/<clause>", permission="review.read")
def get_clause(ctx: Ctx, clause: str) -> dict[str, Any]:
    """Show a clause with its frozen evidence."""
    return review.clause(ctx, clause)


@resource.post(f"{ROOM}/clauses/<clause>/seen", permission="review.note", body=shapes.Seen)
def mark_seen(ctx: Ctx, clause: str, body: dict[str, Any]) -> dict[str, Any]:
    """Mark a clause as seen."""
    return review.mark_seen(ctx, clause, body["seen"])


@resource.put(f"{ROOM}/notes/<clause>", permission="review.note", body=shapes.Note, match=None)
def keep_note(ctx: Ctx, clause: str, body: dict[str, Any]) -> dict[str, Any]:
    """Keep a private note on a clause."""
    return review.keep_note(ctx, clause, body["text"])


@resource.post(f"{ROOM}/evidence/<evidence>/versions/<int:number>/download", permission="review.download")
def download(ctx: Ctx, evidence: str, number: int) -> dict[str, Any]:
    """Get a short-lived URL of a frozen file."""
    return review.download(ctx, evidence, number)


@resource.get(f"{ROOM}/findings", permission="review.read")
def list_findings(ctx: Ctx) -> dict[str, Any]:
    """List the findings of the stage."""
    return review.list_findings(ctx)


@resource.post(f"{ROOM}/findings", permission="review.raise", body=shapes.NewFinding, creates=True, status=201)
def raise_finding(ctx: Ctx, body: dict[str, Any]) -> dict[str, Any]:
    """Raise a finding."""
    return review.raise_finding(ctx, body)


@resource.post(f"{ROOM}/findings/<finding>/transitions", permission="review.raise", body=shapes.Move, match=True)
def move_finding(ctx: Ctx, finding: str, body: dict[str, Any]) -> dict[str, Any]:
    """Judge the answer to a finding."""
    return review.move_finding(ctx, finding, body["action"], body)


@resource.put(f"{ROOM}/conclusion", permission="review.conclude", body=shapes.Conclusion, match=None)
def conclude(ctx: Ctx, body: dict[str, Any]) -> dict[str, Any]:
    """Record the conclusion of the stage."""
    return review.conclude(ctx, body["text"], body["recommendation"])
