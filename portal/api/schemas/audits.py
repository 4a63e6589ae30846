"""Shapes of audits and grants."""

from __future__ import annotations

from marshmallow import Schema, fields

from portal.actions import policy
from portal.api.schemas import fields as f

CAPABILITIES = (policy.READ, policy.DOWNLOAD, policy.RAISE, policy.CONCLUDE)


class NewAudit(Schema):
    """Take what is known of a new audit."""

    kind = f.choice("internal", "stage1", "stage2", required=True)
    title = f.text(200)
    start = f.day(required=True)
    end = f.day(required=True)
    lead_auditor = f.text(120, allow_none=True)
    team = f.many(f.text(120, least=1), 20)
    sites = f.many(f.identifier(), 200)
    clauses = f.many(f.text(20, least=1), 200)


class Report(Schema):
    """Take when the report came in, and the evidence that is its file."""

    received_on = f.day(required=True)
    evidence = f.identifier(load_default=None, allow_none=True)


class AuditEdit(Schema):
    """Take what is to change in an audit."""

    title = f.text(200, least=1)
    start = f.day()
    end = f.day()
    lead_auditor = f.text(120, allow_none=True)
    team = f.many(f.text(120, least=1), 20)
    sites = f.many(f.identifier(), 200)
    clauses = f.many(f.text(20, least=1), 200)
    report = fields.Nested(Report)
    stage2_date_confirmed = f.day(allow_none=True)


class NewGrant(Schema):
    """Take who is let in, until when, to do what."""

    name = f.text(120, least=1, required=True)
    email = f.email(required=True)
    expires_on = f.day()
    days = f.whole(1, 45)
    capabilities = f.many(f.choice(*CAPABILITIES), len(CAPABILITIES), load_default=lambda: list(CAPABILITIES))


class Revocation(Schema):
    """Take why an access ends."""

    reason = f.text(1000, load_default="")


class RecordedConclusion(Schema):
    """Take a conclusion that the certification body's auditor gave outside the review room."""

    text = f.text(8000, least=1, required=True)
    recommendation = f.choice("proceed", "not_ready", "certify", "not_yet", required=True)
    recorded_for = f.text(120, least=1, required=True)
    answered_on = f.day(required=True)


class Decision(Schema):
    """Take the certification decision and, when granted, the certificate."""

    decision = f.choice("granted", "refused", required=True)
    decided_on = f.day(required=True)
    decided_by = f.text(120, least=1, required=True)
    certificate_number = f.text(80, allow_none=True)
    valid_until = f.day(allow_none=True)
    scope_wording = f.text(2000, allow_none=True)
