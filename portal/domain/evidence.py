"""Evidence: documents and records with their versions, and how one version comes to be accepted.

Accepting evidence says that it is what it claims to be. It never rates a requirement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from portal.domain import evidence_details
from portal.domain.common import Invalid, Noted, Person, RuleBroken, SeparationBroken
from portal.domain.inputs import optional_text, text


class Kind(StrEnum):
    """Tell a document (maintained) from a record (retained)."""

    DOCUMENT = "document"
    RECORD = "record"


class State(StrEnum):
    """Name where evidence stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Version:
    """Hold one version: the file, never changed; `length` in bytes, `sha256` in hex, `label` such as 'PDF'."""

    number: int
    filename: str
    sha256: str
    length: int
    media_type: str
    label: str
    uploaded_by: Person
    uploaded_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Hold who accepted which version, when; it stays when newer versions come."""

    version: int
    by: Person
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Hold the head of one piece of evidence; `version` counts its versions, `current` is the newest."""

    id: str
    title: str
    kind: Kind
    state: State
    created_by: Person
    created_at: datetime
    updated_at: datetime
    programme: str = ""
    owner: Person | None = None
    source_system: str = ""
    description: str = ""
    period_from: date | None = None
    period_to: date | None = None
    review_by: date | None = None
    version: int = 0
    current: Version | None = None
    submitted: Noted | None = None
    decided: Noted | None = None
    approvals: tuple[Approval, ...] = ()
    items: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()


# action → (states it starts from, state it leads to)
MOVES: Mapping[str, tuple[frozenset[State], State]] = {
    "submit": (frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED),
    "accept": (frozenset({State.SUBMITTED}), State.ACCEPTED),
    "return": (frozenset({State.SUBMITTED}), State.RETURNED),
}
# What a reviewer relied on: changing it after acceptance asks for a new review.
REVIEWED = ("kind", "period_from", "period_to")
_STANDS = {
    State.DRAFT: "is still a draft. Submit it first.",
    State.SUBMITTED: "is with the reviewer. Wait for the answer, or add a new version.",
    State.ACCEPTED: "is accepted already. Add a new version to change it.",
    State.RETURNED: "was returned. Submit it again first.",
}


def create(
    id: str, details: Mapping[str, Any], *, by: Person, now: datetime,
    items: Iterable[str] = (), steps: Iterable[int] = (), programme: str = "",
) -> Evidence:  # fmt: skip
    """Return new evidence as a draft without a version; `details` as in `describe`, title and kind required."""
    start = {"title": None, "kind": None, **details}
    checked = evidence_details.checked(start, {}, now.date())
    blank = Evidence(id, "", Kind.DOCUMENT, State.DRAFT, by, now, now, programme)
    return link(replace(blank, **_typed(checked)), items=items, steps=steps, now=now)


def describe(evidence: Evidence, changes: Mapping[str, Any], *, now: datetime) -> Evidence:
    """Return the evidence with changed details; raise Invalid naming the field.

    `changes` may hold title, kind, owner (Person), source_system, description, period_from, period_to, review_by.
    A new owner takes submitted evidence back to draft; a new kind or period does so with accepted evidence.
    """
    present = {name: getattr(evidence, name) for name in evidence_details.NAMES}
    checked = _typed(evidence_details.checked(changes, present, now.date()))
    altered = {name: value for name, value in checked.items() if value != present[name]}
    if not altered:
        return evidence
    _keep_reviewer_apart(evidence, altered.get("owner"))
    changed = replace(evidence, **altered, updated_at=now)
    return _back_to_draft(changed) if _needs_review(evidence, altered) else changed


def _typed(details: dict[str, Any]) -> dict[str, Any]:
    return details | ({"kind": Kind(details["kind"])} if "kind" in details else {})


def _keep_reviewer_apart(evidence: Evidence, owner: Person | None) -> None:
    reviewer = evidence.decided.by if evidence.state == State.ACCEPTED and evidence.decided else None
    if owner and reviewer and owner.id == reviewer.id:
        raise SeparationBroken(f"{owner.name} accepted this evidence and cannot own it. Choose another owner.", "owner")


def _needs_review(evidence: Evidence, altered: Mapping[str, Any]) -> bool:
    if evidence.state == State.ACCEPTED:
        return any(name in altered for name in REVIEWED)
    return evidence.state == State.SUBMITTED and "owner" in altered


def _back_to_draft(evidence: Evidence) -> Evidence:
    return replace(evidence, state=State.DRAFT, submitted=None, decided=None)


def link(evidence: Evidence, *, items: Iterable[str], steps: Iterable[int], now: datetime) -> Evidence:
    """Return the evidence linked to exactly these items and steps, once each and in order."""
    numbers = tuple(sorted(set(steps)))
    if any(not 1 <= number <= 11 for number in numbers):
        raise Invalid("Steps are numbered 1 to 11.", "steps")
    return replace(evidence, items=tuple(sorted(set(items))), steps=numbers, updated_at=now)


def add_version(
    evidence: Evidence, *, filename: str, sha256: str, length: int, media_type: str, label: str,
    by: Person, now: datetime, note: str | None = "",
) -> tuple[Evidence, Version]:  # fmt: skip
    """Return the evidence with a new version, and that version; what was accepted or submitted is a draft again."""
    name, digest = evidence_details.file(filename, sha256, length)
    said = optional_text(note, "note", "The note", 1_000)
    version = Version(evidence.version + 1, name, digest, length, media_type, label, by, now, said)
    changed = replace(evidence, version=version.number, current=version, updated_at=now)
    # Returned evidence stays so until submitted: its reason is still the thing to answer.
    return (changed if evidence.state == State.RETURNED else _back_to_draft(changed)), version


def submit(evidence: Evidence, *, by: Person, now: datetime) -> Evidence:
    """Return the evidence as submitted; it needs a version, an owner and, for a record, its period."""
    state = _next(evidence, "submit")
    if evidence.current is None:
        raise Invalid("There is no file yet. Upload one, then submit.", "upload")
    if evidence.owner is None:
        raise Invalid("Nobody owns this evidence. Name an owner, then submit.", "owner")
    if evidence.kind == Kind.RECORD and evidence.period_to is None:
        raise Invalid("A record needs the period it covers: the first and the last day.", "period")
    return replace(evidence, state=state, submitted=Noted("", by, now), decided=None, updated_at=now)


def accept(evidence: Evidence, *, by: Person, now: datetime, note: str | None = "") -> Evidence:
    """Return the evidence as accepted; by somebody who neither owns nor uploaded it."""
    state = _next(evidence, "accept")
    _require_other(evidence, by)
    said = optional_text(note, "note", "The note", 1_000)
    approval = Approval(evidence.version, by, now, said)
    decided = Noted(said, by, now)
    approvals = (*evidence.approvals, approval)
    return replace(evidence, state=state, decided=decided, approvals=approvals, updated_at=now)


def return_with_reason(evidence: Evidence, *, by: Person, now: datetime, reason: str | None) -> Evidence:
    """Return the evidence to its owner with a reason; by somebody who neither owns nor uploaded it."""
    state = _next(evidence, "return")
    _require_other(evidence, by)
    decided = Noted(text(reason, "reason", "The reason", 2_000), by, now)
    return replace(evidence, state=state, decided=decided, updated_at=now)


def _next(evidence: Evidence, action: str) -> State:
    sources, target = MOVES[action]
    if evidence.state not in sources:
        raise RuleBroken(f"“{evidence.title}” {_STANDS[evidence.state]}")
    return target


def _require_other(evidence: Evidence, by: Person) -> None:
    if not is_reviewer(evidence, by):
        raise SeparationBroken("Evidence is reviewed by somebody other than its owner and uploader. Ask a colleague.")


def is_reviewer(evidence: Evidence, person: Person) -> bool:
    """Tell whether somebody may judge the current version: they neither own nor uploaded it."""
    uploader = evidence.current.uploaded_by if evidence.current else None
    return all(other is None or other.id != person.id for other in (evidence.owner, uploader))


def lapsed(evidence: Evidence, today: date) -> bool:
    """Tell whether the review-by date has passed."""
    return evidence.review_by is not None and evidence.review_by < today


def allowed_actions(evidence: Evidence, person: Person) -> tuple[str, ...]:
    """Return what the state and the separations let a person do: edit, add_version, submit, review.

    Which role may do so is the policy's to say.
    """
    submits = evidence.state in MOVES["submit"][0] and evidence.current is not None
    reviews = evidence.state == State.SUBMITTED and is_reviewer(evidence, person)
    possible = {"edit": True, "add_version": True, "submit": submits, "review": reviews}
    return tuple(action for action, holds in possible.items() if holds)
