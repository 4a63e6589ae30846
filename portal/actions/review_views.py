"""How the review room is shown to its auditor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from portal.actions import findings
from portal.actions.audit_views import conclusion_view
from portal.actions.context import Ctx, stamp
from portal.actions.finding_views import PARTS, finding_view
from portal.actions.review_room import Room
from portal.catalogue import Clause, Item
from portal.domain import headlines
from portal.domain.findings import Finding

# What the certification body does with a finding; the rest is the organisation's.
MOVES = ("uphold", "withdraw", "accept_plan", "return_plan", "verify", "return_implementation", "close")


def room_view(room: Room, ctx: Ctx) -> dict[str, Any]:
    """Show the room."""
    head, grant = room.snapshot.head, room.grant
    own = [_own(room, room.catalogue.clause(number)) for number in room.items]
    seen = sum(line["seen"] for line in own)
    conclusion = room.audit.conclusion if room.audit else None
    headline, lede = headlines.review_room(
        stage=room.stage, organisation=head["organisation"]["name"], seen=seen, total=len(own), today=ctx.today,
        frozen_at=_moment(head["frozen_at"]), evidence=head["evidence_count"], concluded=conclusion is not None,
        expires_on=_moment(grant["expires_at"]).date(),
    )  # fmt: skip
    return {
        "headline": headline, "lede": lede, "auditor": {"name": grant["name"], "email": grant["email"]},
        "stage": room.stage, "organisation": head["organisation"],
        "programme": {"name": head["programme"]["name"], **{k: head[k] for k in _PROGRAMME}},
        "certification_body": (head["certification_body"] or {}).get("name"), "frozen_at": _shown(head["frozen_at"]),
        "evidence_count": head["evidence_count"], "items_count": head["items_count"], "digest": head["digest"],
        "previous": head["previous"], "added_since": None, "expires_at": grant["expires_at"],
        "capabilities": grant["capabilities"], "clauses": _tree(room, {line["number"]: line for line in own}),
        "steps": [{**step, "evidence": _of_step(room, step["number"])} for step in head["steps"]],
        "findings": [finding(ctx, f, version) for f, version in room.findings],
        "named": _named(room), "conclusion": conclusion_view(conclusion), "seen": seen, "total": len(own),
    }  # fmt: skip


_PROGRAMME = ("edition", "scope_statement", "sites")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _shown(text: str) -> str:
    return stamp(_moment(text))


def _epoch(seconds: int) -> str | None:
    return stamp(datetime.fromtimestamp(seconds, UTC)) if seconds else None


def _own(room: Room, clause: Clause) -> dict[str, Any]:
    """Show a clause with items in the list of clauses."""
    held = {entry["evidence"] for item in room.items[clause.number] for entry in room.evidence.get(item.id, ())}
    seen, note = room.seen.get(clause.sort_key), room.notes.get(clause.sort_key)
    return {
        "number": clause.number, "title": clause.title, "level": clause.level, "assessable": True,
        "evidence": len(held), "seen": bool(seen and seen.body["seen"]),
        "viewed_at": _epoch(seen.body["viewed"]) if seen else None, "noted": bool(note and note.body["text"]),
    }  # fmt: skip


def _tree(room: Room, own: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Show the clauses of the stage under their headings."""
    lines = []
    for clause in room.catalogue.clauses:
        below = [line for number, line in own.items() if number.startswith(f"{clause.number}.")]
        if clause.number in own:
            lines.append(own[clause.number])
        elif below:
            lines.append(_heading(clause, below))
    return lines


def _heading(clause: Clause, below: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "number": clause.number, "title": clause.title, "level": clause.level, "assessable": False,
        "evidence": sum(line["evidence"] for line in below), "seen": all(line["seen"] for line in below),
        "viewed_at": None, "noted": any(line["noted"] for line in below),
    }  # fmt: skip


def _of_step(room: Room, number: int) -> list[dict[str, Any]]:
    """Show what was frozen for a step and stands under no requirement."""
    entries = room.snapshot.entries
    return [_entry(room, entry) for entry in entries if number in entry["steps"] and not entry["items"]]


def _named(room: Room) -> dict[str, dict[str, Any]]:
    """Show the frozen evidence that the answers to findings name, by id."""
    answers = (getattr(one, part) for one, _ in room.findings for part in PARTS)
    wanted = {piece for answer in answers if answer for piece in answer.evidence}
    return {entry["evidence"]: _entry(room, entry) for entry in room.snapshot.entries if entry["evidence"] in wanted}


def clause_view(room: Room, clause: Clause) -> dict[str, Any]:
    """Show one clause with the frozen evidence of each item of the stage."""
    note = room.notes.get(clause.sort_key)
    return {
        "number": clause.number, "title": clause.title, "summary": clause.summary,
        "items": [_item(room, item) for item in room.items[clause.number]],
        "note": note_view(note.body, note.version) if note else None,
    }  # fmt: skip


def _item(room: Room, item: Item) -> dict[str, Any]:
    evidence = [_entry(room, entry) for entry in room.evidence.get(item.id, ())]
    return {"id": item.id, "text": item.text, "documentation": item.documentation, "evidence": evidence}


def _entry(room: Room, entry: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: entry[name] for name in _ENTRY}
    period = {"from": entry["period_from"], "to": entry["period_to"]} if entry["period_from"] else None
    return {
        "id": entry["evidence"], **shown, "period": period, "after_freeze": False,
        "approved": {"by": entry["approved_by"], "at": _shown(entry["approved_at"])},
        "viewed_at": _epoch(room.viewed(entry)),
    }  # fmt: skip


_ENTRY = ("title", "filename", "label", "kind", "version", "sha256", "length", "owner", "source_system", "review_by")


def note_view(body: Mapping[str, Any], version: int) -> dict[str, Any]:
    """Show a private note to its author."""
    return {"text": body["text"], "saved_at": body["saved_at"], "etag": str(version)}


def finding(ctx: Ctx, one: Finding, version: int) -> dict[str, Any]:
    """Show a finding with what the auditor may do with it."""
    allowed = findings.allowed(ctx, one) if ctx.may("review.raise") else ()
    return finding_view(one, ctx.today, version, [action for action in allowed if action in MOVES])
