"""One body for every route that takes one, such as its schema accepts."""

from __future__ import annotations

from typing import Any

from tests.support.evidence import PLAN, sha256

ID = "0" * 26
FINDING = {"grade": "minor", "clause": "8.6.1", "statement": "Found", "objective_evidence": "Seen in the log"}

EXAMPLES: dict[str, dict[str, Any]] = {
    "accounts.post_first_run": {
        "name": "Ann", "email": "ann@example.org", "password": "a short sentence", "kind": "practice",
        "organisation_name": "Harbour",
    },
    "accounts.sign_in": {"email": "ann@example.org", "password": "a short sentence"},
    "accounts.confirm": {"password": "a short sentence"},
    "accounts.patch_me": {"name": "Ann"},
    "accounts.change_password": {"current": "a short sentence", "new": "another sentence"},
    "accounts.confirm_totp": {"code": "123456"},
    "accounts.end_totp": {"password": "a short sentence"},
    "audits.create_audit": {"kind": "internal", "start": "2026-11-10", "end": "2026-11-11"},
    "audits.edit_audit": {"title": "Stage 1 in Leeds", "report": {"received_on": "2026-11-12", "evidence": None}},
    "audits.record_conclusion": {
        "text": "Seen and sampled", "recommendation": "proceed", "recorded_for": "Elena Rossi",
        "answered_on": "2026-11-12",
    },
    "audits.record_decision": {"decision": "refused", "decided_on": "2026-11-12", "decided_by": "Tomas Berg"},
    "evidence.create_evidence": {"title": "Plan", "kind": "document", "period": {"from": None, "to": None}},
    "evidence.edit_evidence": {"title": "Plan"},
    "evidence.link_evidence": {"items": ["4.1-a"], "steps": [1]},
    "evidence.add_version": {"upload": ID},
    "evidence.accept_evidence": {"note": "Seen"},
    "evidence.return_evidence": {"reason": "The period is missing"},
    "findings.raise_finding": {**FINDING, "source": "internal_audit"},
    "findings.edit_finding": {"owner": None},
    "findings.move_finding": {"action": "accept"},
    "grants.create_grant": {"name": "Elena Rossi", "email": "elena.rossi@meridian.example"},
    "grants.revoke_grant": {"reason": "The audit is over"},
    "organisations.edit_organisation": {"name": "Northwind", "sites": [{"name": "Leeds"}]},
    "organisations.change_roles": {"roles": ["viewer"]},
    "organisations.invite": {"name": "Guest", "email": "guest@example.org", "roles": ["viewer"]},
    "organisations.look_up_invitation": {"id": ID, "secret": "x"},
    "organisations.accept_invitation": {"id": ID, "secret": "x", "password": "a short sentence"},
    "practices.invite_consultant": {"name": "Guest", "email": "guest@example.org", "role": "practice_consultant"},
    "practices.create_client": {"name": "Osprey", "owner": {"name": "Ann", "email": "ann@example.org"}},
    "practices.assign_consultants": {"consultants": []},
    "programmes.create_programme": {"certification_body": {"name": "Meridian"}},
    "programmes.edit_programme": {"name": "Certificate"},
    "requirements.rate_requirement": {"rating": 2},
    "review.begin_session": {"id": "x", "secret": "x", "email": "elena.rossi@meridian.example"},
    "review.enter_code": {"exchange": "x", "code": "12345678"},
    "review.mark_seen": {"seen": True},
    "review.keep_note": {"text": "Asked for the log"},
    "review.raise_finding": {**FINDING, "grade": "area_of_concern"},
    "review.move_finding": {"action": "withdraw", "reason": "Seen meanwhile"},
    "review.conclude": {"text": "Seen", "recommendation": "proceed"},
    "steps.plan_step": {"owner": None},
    "steps.confirm_line": {"confirmed": True},
    "steps.pass_gate": {"reason": "Agreed"},
    "steps.reopen_step": {"reason": "Changed"},
    "uploads.begin_upload": {"filename": "plan.pdf", "length": len(PLAN), "sha256": sha256(PLAN)},
}  # fmt: skip
