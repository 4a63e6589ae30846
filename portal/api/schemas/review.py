"""Shapes of the auditor's link and of the review room."""

from __future__ import annotations

from marshmallow import Schema

from portal.actions.review_views import MOVES
from portal.api.schemas import fields as f


class Exchange(Schema):
    """Take the two parts of an auditor's link and the auditor's address."""

    id = f.text(60, least=1, required=True)
    secret = f.text(100, least=1, required=True)
    email = f.email(required=True)


class Code(Schema):
    """Take the one-time code of an exchange."""

    exchange = f.text(100, least=1, required=True)
    code = f.text(20, least=1, required=True)


class Seen(Schema):
    """Take whether a clause is seen."""

    seen = f.yes_no(required=True)


class Note(Schema):
    """Take a private note."""

    text = f.text(20_000, required=True)


class NewFinding(Schema):
    """Take what an auditor found."""

    grade = f.choice("major", "minor", "ofi", "area_of_concern", required=True)
    clause = f.text(20, least=1, required=True)
    items = f.many(f.text(30, least=1), 100)
    statement = f.text(2000, least=1, required=True)
    objective_evidence = f.text(4000, least=1, required=True)
    site = f.text(200)
    could_be_major = f.yes_no()


class Move(Schema):
    """Take one judgement of an answer."""

    action = f.choice(*MOVES, required=True)
    text = f.text(4000)
    reason = f.text(4000)


class Conclusion(Schema):
    """Take the auditor's conclusion."""

    text = f.text(8000, least=1, required=True)
    recommendation = f.choice("proceed", "not_ready", "certify", "not_yet", required=True)
