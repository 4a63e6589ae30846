"""Shapes of evidence and uploads."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from portal.api.schemas import fields as f
from portal.api.schemas.paging import PageQuery

KINDS = ("document", "record")
STATES = ("draft", "submitted", "accepted", "returned")


class Period(Schema):
    """Take the first and the last day of a period."""

    from_ = f.day(data_key="from", required=True, allow_none=True)
    to = f.day(required=True, allow_none=True)


class EvidenceQuery(PageQuery):
    """Choose evidence."""

    state = f.choice("", *STATES, load_default="")
    item = f.text(30, load_default="")
    clause = f.text(20, load_default="")
    step = fields.Integer(load_default=None, validate=validate.Range(1, 11, error="Enter a step from 1 to 11."))
    owner = f.text(26, load_default="")
    q = f.text(100, load_default="")


class EvidenceEdit(Schema):
    """Take what is to change in a piece of evidence."""

    title = f.text(200, least=1)
    kind = f.choice(*KINDS)
    owner = f.identifier(allow_none=True)
    source_system = f.text(120, allow_none=True)
    description = f.text(4000, allow_none=True)
    period = fields.Nested(Period, allow_none=True)
    review_by = f.day(allow_none=True)


class NewEvidence(EvidenceEdit):
    """Take what is known of new evidence, and its first file."""

    title = f.text(200, least=1, required=True)
    kind = f.choice(*KINDS, required=True)
    items = f.many(f.text(30, least=1), 100, load_default=list)
    steps = f.many(f.whole(1, 11), 11, load_default=list)
    upload = f.identifier(allow_none=True)


class Links(Schema):
    """Take all items and steps that evidence is to be linked to."""

    items = f.many(f.text(30, least=1), 100, required=True)
    steps = f.many(f.whole(1, 11), 11, required=True)


class NewVersion(Schema):
    """Take the upload that becomes a new version."""

    upload = f.identifier(required=True)
    note = f.text(1000, load_default="", allow_none=True)


class Acceptance(Schema):
    """Take a note on the acceptance."""

    note = f.text(1000, load_default="", allow_none=True)


class Return(Schema):
    """Take the reason for returning evidence."""

    reason = f.text(2000, least=1, required=True)


class NewUpload(Schema):
    """Take what a file is called, how long it is and what its bytes hash to; its type follows from its name."""

    filename = f.text(1000, required=True)
    length = f.whole(0, 2**53, required=True)
    sha256 = fields.String(
        required=True,
        validate=validate.Regexp(r"[0-9A-Fa-f]{64}\Z", error="Enter the SHA-256 of the file as 64 hexadecimal digits."),
    )
    media_type = f.text(255, allow_none=True)
