"""The query of a list page."""

from __future__ import annotations

from marshmallow import Schema, fields, validate


class PageQuery(Schema):
    """Take the size of a page and the cursor it starts from."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100, error="Enter a number from 1 to 100."))
    cursor = fields.String(load_default=None, validate=validate.Length(max=1000))
