"""What evidence looks like to those who ask: in a list, beside an item or a step, on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.actions import journal
from portal.actions.context import Ctx, Event, stamp
from portal.actions.evidence_links import seen_from
from portal.actions.views import person_view
from portal.domain import evidence as domain
from portal.domain import headlines
from portal.domain.evidence import Evidence, Version
from portal.domain.facts import EvidenceFact
from portal.records import codec, keys
from portal.records.port import Record

EVENTS = 100


def for_target(ctx: Ctx, target: str) -> list[dict[str, Any]]:
    """Return the evidence linked to an item or a step ('S05'), newest first: one index query and one batch."""
    org, programme = ctx.scope.organisation, ctx.scope.programme
    partition = keys.evidence_for(org, programme, target).partition
    links = ctx.records.query(partition, index=1, limit=100, reverse=True).records
    return [summary(seen_from(head, programme), head.version, ctx.today) for head in heads_of(ctx, links) if head]


def heads_of(ctx: Ctx, links: Sequence[Record]) -> list[Record | None]:
    """Return the head behind each of up to 100 links."""
    wanted = [keys.evidence(ctx.scope.organisation, link.index1.sort) for link in links if link.index1]
    found = ctx.records.get_many(wanted) if wanted else {}
    return [found.get(key) for key in wanted]


def summary(evidence: Evidence, version: int, today: date) -> dict[str, Any]:
    """Show evidence as lists do; `version` is that of its head, for the etag."""
    file = evidence.current
    return {
        "id": evidence.id, "title": evidence.title, "kind": evidence.kind.value, "state": evidence.state.value,
        "filename": file.filename if file else None, "label": file.label if file else None,
        "length": file.length if file else None, "version": evidence.version, "owner": person_view(evidence.owner),
        "source_system": evidence.source_system, "period": _period(evidence), "review_by": _day(evidence.review_by),
        "lapsed": domain.lapsed(evidence, today), "updated_at": stamp(evidence.updated_at),
        "uploaded_at": stamp(file.uploaded_at) if file else None,
        "uploaded_by": person_view(file.uploaded_by) if file else None, "decided": _decided(evidence),
        "links": list(evidence.items), "steps": list(evidence.steps), "etag": str(version),
    }  # fmt: skip


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _period(evidence: Evidence) -> dict[str, Any] | None:
    if evidence.period_from is None and evidence.period_to is None:
        return None
    return {"from": _day(evidence.period_from), "to": _day(evidence.period_to)}


def _decided(evidence: Evidence) -> dict[str, Any] | None:
    said = evidence.decided
    return {"by": person_view(said.by), "at": stamp(said.at), "reason": said.text} if said else None


def page(ctx: Ctx, head: Record, pending: Event | None = None, added: Version | None = None) -> dict[str, Any]:
    """Show one piece of evidence in full; `pending` and `added` are what the commit under way brings."""
    evidence = seen_from(head, ctx.scope.programme)
    versions = [*([added] if added else []), *_versions(ctx, evidence.id)]
    events = _events(ctx, evidence.id)
    looks = journal.viewers(events)
    said = [journal.lines(record) for record in events if not record.body["what"].endswith((":downloaded", ":viewed"))]
    auditors = {look["who"]["id"] for look in looks if look["who"]["via"] == "grant"}
    headline, lede = _headline(evidence, ctx.today, len(auditors))
    return {
        **summary(evidence, head.version, ctx.today), "headline": headline, "lede": lede,
        "description": evidence.description, "created_by": person_view(evidence.created_by),
        "submitted": noted(evidence.submitted), "versions": [version_view(v) for v in versions],
        "history": [*([_line(ctx, pending)] if pending else []), *said], "seen_by": [_look(look) for look in looks],
        "can": can(ctx, evidence),
    }  # fmt: skip


def noted(said: Any) -> dict[str, Any] | None:
    """Show who submitted, and when."""
    return {"by": person_view(said.by), "at": stamp(said.at)} if said else None


def _versions(ctx: Ctx, evidence_id: str) -> list[Version]:
    partition = keys.evidence_version(ctx.scope.organisation, evidence_id, 1).partition
    found = ctx.records.query(partition, prefix="V#", limit=None, reverse=True).records
    return [codec.load(Version, record.body) for record in found]


def _events(ctx: Ctx, evidence_id: str) -> Sequence[Record]:
    partition = keys.history_of(f"O#{ctx.scope.organisation}", "evidence", evidence_id).partition
    return ctx.records.query(partition, index=1, limit=EVENTS, reverse=True).records


def version_view(version: Version) -> dict[str, Any]:
    """Show one version of a file."""
    return {
        "number": version.number, "filename": version.filename, "length": version.length, "sha256": version.sha256,
        "media_type": version.media_type, "label": version.label, "uploaded_by": person_view(version.uploaded_by),
        "uploaded_at": stamp(version.uploaded_at), "note": version.note,
    }  # fmt: skip


def _line(ctx: Ctx, event: Event) -> dict[str, Any]:
    who = {"id": ctx.actor.id, "name": ctx.actor.name, "via": ctx.actor.via}
    return {"at": stamp(ctx.now), "who": who, "what": event.what, "text": event.text}


def _look(look: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": look["who"]["name"], "via": look["who"]["via"], "at": look["at"], "what": look["what"],
            "text": look["text"]}  # fmt: skip


def _headline(evidence: Evidence, today: date, auditors: int) -> headlines.Headline:
    said = evidence.decided
    return headlines.evidence_item(
        fact(evidence), today=today, version=evidence.version, decided_by=said.by.name if said else "",
        decided_on=said.at.date() if said else None, seen_by_auditors=auditors,
    )  # fmt: skip


def fact(evidence: Evidence) -> EvidenceFact:
    """Return evidence as headlines and work lists need it."""
    sent = evidence.submitted
    reason = evidence.decided.text if evidence.decided and evidence.state == domain.State.RETURNED else ""
    return EvidenceFact(
        evidence.id, evidence.title, evidence.state.value, evidence.owner, sent.by if sent else None,
        sent.at.date() if sent else None, evidence.review_by, reason,
    )  # fmt: skip


def can(ctx: Ctx, evidence: Evidence) -> dict[str, bool]:
    """Tell what the reader may do with it: role, ownership, state and separation taken together."""
    possible = domain.allowed_actions(evidence, ctx.actor.person)
    owns = evidence.owner is not None and evidence.owner.id == ctx.actor.id
    edits = ctx.may("evidence.edit", owns=owns)
    reviews = ctx.may("evidence.review", owns=not domain.is_reviewer(evidence, ctx.actor.person))
    may = {"edit": edits, "submit": edits, "add_version": edits, "review": reviews}
    return {action: allowed and action in possible for action, allowed in may.items()}
