"""Shapes of programmes, steps and ratings."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from portal.api.schemas import fields as f


class CertificationBody(Schema):
    """Take the certification body and the time limits it sets."""

    name = f.line(150, least=1, required=True)
    lead_auditor = f.line(100)
    lead_auditor_email = f.text(254)
    plan_days = f.whole(1, 365)
    major_evidence_days = f.whole(1, 365)
    minor_evidence_days = f.whole(1, 730)


class NewProgramme(Schema):
    """Take what is known of a new programme."""

    name = f.line(150)
    edition = f.text(60, load_default="iso20000-1-2018")
    target_date = f.day(allow_none=True)
    sites = f.many(f.identifier(), 200)
    certification_body = fields.Nested(CertificationBody, allow_none=True)


class ProgrammeEdit(Schema):
    """Take what is to change in a programme."""

    name = f.line(150, least=1)
    scope_statement = f.text(4000)
    target_date = f.day(allow_none=True)
    sites = f.many(f.identifier(), 200)
    certification_body = fields.Nested(CertificationBody, allow_none=True)


class StepPlan(Schema):
    """Take owner and planned dates of a step."""

    owner = f.identifier(allow_none=True)
    planned_start = f.day(allow_none=True)
    planned_end = f.day(allow_none=True)


class Gate(Schema):
    """Take the reason for passing a gate although something is in the way."""

    reason = f.text(4000, load_default="")


class Reason(Schema):
    """Take a reason."""

    reason = f.text(4000, least=1, required=True)


class Line(Schema):
    """Take the confirmation of a checklist line."""

    confirmed = f.yes_no(required=True)
    note = f.text(4000, load_default="")
    evidence = f.many(f.identifier(), 50, load_default=list)


class RatingValue(fields.Field[Any]):
    """Take 0 to 3, "did_not_occur", or null."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if (type(value) is int and 0 <= value <= 3) or value == "did_not_occur":
            return value
        raise ValidationError("Rate 0, 1, 2, 3 or did_not_occur.")


class Rating(Schema):
    """Take what is to change in an item's rating."""

    rating = RatingValue(allow_none=True)
    note = f.text(4000)
    owner = f.identifier(allow_none=True)
    due = f.day(allow_none=True)


class RequirementQuery(Schema):
    """Choose items."""

    clause = f.text(20, load_default="")
    rating = f.choice("0", "1", "2", "3", "did_not_occur", "unrated", "", load_default="")
    owner = f.text(26, load_default="")
    stage = f.choice("stage1", "stage2", "", load_default="")
    step = fields.Integer(load_default=None, validate=validate.Range(1, 11, error="Enter a step from 1 to 11."))
    pdca = f.choice("plan", "do", "check", "act", "", load_default="")


class RollUpQuery(Schema):
    """Choose how ratings are added up."""

    by = f.choice("clause", "pdca", "step", "stage", load_default="clause")
