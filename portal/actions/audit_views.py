"""How audits, grants and what follows Stage 2 are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.actions.context import Ctx, stamp
from portal.actions.state import State
from portal.actions.views import person_view
from portal.domain import certificate as certificates
from portal.domain import findings
from portal.domain.audits import Audit, Conclusion, Decision, Kind
from portal.domain.audits import State as AuditState
from portal.domain.certificate import Certificate, TailLine
from portal.domain.grants import Grant, standing
from portal.domain.snapshots import Head
from portal.records import codec

OVER = frozenset({AuditState.CONCLUDED, AuditState.DECIDED})


def audit_view(
    audit: Audit, version: int, raised: int = 0, grants: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Show an audit with its grants; `raised` counts its findings."""
    report = audit.report
    return {
        "id": audit.id, "kind": audit.kind.value, "title": audit.title, "state": audit.state.value,
        "start": audit.start.isoformat(), "end": audit.end.isoformat(), "lead_auditor": audit.lead_auditor,
        "team": list(audit.team), "sites": list(audit.sites), "clauses": list(audit.clauses),
        "report": {"received_on": report.received_on.isoformat(), "evidence": report.evidence} if report else None,
        "stage2_date_confirmed": _iso(audit.stage2_date_confirmed), "snapshot": snapshot_view(audit.snapshot),
        "conclusion": conclusion_view(audit.conclusion), "decision": _decision(audit.decision),
        "findings": raised, "grants": list(grants), "etag": str(version),
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def snapshot_view(head: Head | None) -> dict[str, Any] | None:
    """Show what is known of a snapshot."""
    if head is None:
        return None
    return {"id": head.id, "frozen_at": stamp(head.frozen_at), "by": person_view(head.by), "digest": head.digest,
            "evidence_count": head.evidence_count, "items_count": head.items_count}  # fmt: skip


def conclusion_view(made: Conclusion | None) -> dict[str, Any] | None:
    """Show what the body's auditor concluded."""
    if made is None:
        return None
    behalf = made.recorded_for
    recorded_for = {"name": behalf.name, "answered_on": behalf.answered_on.isoformat()} if behalf else None
    return {"text": made.text, "recommendation": made.recommendation, "by": person_view(made.by), "at": stamp(made.at),
            "recorded_for": recorded_for}  # fmt: skip


def _decision(made: Decision | None) -> dict[str, Any] | None:
    if made is None:
        return None
    return {"decision": made.decision, "decided_on": made.decided_on.isoformat(), "decided_by": made.decided_by,
            "recorded_by": person_view(made.recorded_by), "at": stamp(made.at)}  # fmt: skip


def grant_view(grant: Grant, public_id: str, version: int, now: datetime) -> dict[str, Any]:
    """Show a grant as it stands at an instant; never its secret."""
    revoked = grant.revoked
    ended = {"by": person_view(revoked.by), "at": stamp(revoked.at), "reason": revoked.text} if revoked else None
    return {
        "id": public_id, "name": grant.name, "email": grant.email, "audit": grant.audit, "stage": grant.stage,
        "state": standing(grant, now).value, "not_before": stamp(grant.not_before),
        "expires_at": stamp(grant.expires_at), "first_used_at": _moment(grant.first_used_at),
        "last_used_at": _moment(grant.last_used_at), "sessions": grant.sessions, "max_sessions": grant.max_sessions,
        "revoked": ended, "capabilities": list(grant.capabilities), "created_by": person_view(grant.created_by),
        "created_at": stamp(grant.created_at), "etag": str(version),
    }  # fmt: skip


def _moment(at: datetime | None) -> str | None:
    return stamp(at) if at else None


def may(ctx: Ctx, audit: Audit) -> dict[str, bool]:
    """Tell what the actor can do with an audit as it stands."""
    body, decided = audit.kind != Kind.INTERNAL, audit.state == AuditState.DECIDED
    return {
        "edit": ctx.may("audit.edit") and not decided,
        "prepare": ctx.may("audit.prepare") and body and audit.state not in OVER,
        "grant": ctx.may("grant.create") and audit.snapshot is not None and not decided,
        "revoke": ctx.may("grant.revoke"),
        "conclude": ctx.may("audit.decide") and body and audit.snapshot is not None and audit.state not in OVER,
        "decide": ctx.may("audit.decide") and audit.kind == Kind.STAGE2 and audit.state == AuditState.CONCLUDED,
    }


def tail(state: State, today: date) -> dict[str, Any]:
    """Show what follows Stage 2: answers, decision, certificate, surveillance, recertification."""
    held = [audit for audit in state.audits if audit.kind == Kind.STAGE2]
    latest = max(held, key=lambda audit: audit.start) if held else None
    decision, kept = latest.decision if latest else None, state.head.body["certificate"]
    made = certificates.tail(
        today=today, concluded=latest is not None and latest.state in OVER,
        unanswered=findings.unanswered(state.findings),
        decision=decision.decision if decision else None,  # type: ignore[arg-type]
        decided_on=decision.decided_on if decision else None, last_audit_day=latest.end if latest else None,
        certificate=codec.load(Certificate, kept) if kept else None,
    )  # fmt: skip
    return {"next": made.next, "lines": [_line(line) for line in made.lines]}


def _line(line: TailLine) -> dict[str, Any]:
    return {"key": line.key, "label": line.label, "state": line.state, "text": line.text, "due": _iso(line.due),
            "done_on": _iso(line.done_on), "late_days": line.late_days}  # fmt: skip
