"""Pieces that many views share: persons, signed remarks, blockers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal.actions import links
from portal.actions.context import Scope, stamp
from portal.domain.common import Person


def person_view(person: Person | None) -> dict[str, str] | None:
    """Show a person, or nobody."""
    return {"id": person.id, "name": person.name} if person else None


def noted_view(by: Person, at: datetime, text: str) -> dict[str, Any]:
    """Show something somebody stated."""
    return {"by": person_view(by), "at": stamp(at), "text": text, "reason": text}


def blocker_view(blocker: Any, scope: Scope | None = None, today: date | None = None) -> dict[str, Any]:
    """Show a blocker: what is missing, why, and the link to where it is mended."""
    due = blocker.due
    late = (today - due).days if today and due and due < today else None
    href = links.to_place(blocker.place, scope) if scope else None
    return {
        "code": blocker.code, "text": blocker.text, "why": blocker.why, "href": href, "severity": blocker.severity,
        "owner": person_view(blocker.owner), "due": due.isoformat() if due else None, "late_days": late,
    }  # fmt: skip
