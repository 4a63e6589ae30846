"""Shapes of findings and their moves."""

from __future__ import annotations

from marshmallow import Schema

from portal.api.schemas import fields as f
from portal.domain.finding_table import TABLE

ACTIONS = tuple(TABLE)


class NewFinding(Schema):
    """Take a new finding."""

    grade = f.choice("major", "minor", "ofi", "area_of_concern", required=True)
    source = f.choice("internal_audit", "gap", "stage1", "stage2", "other", required=True)
    clause = f.text(20, least=1, required=True)
    items = f.many(f.text(30, least=1), 50)
    statement = f.text(2000, least=1, required=True)
    objective_evidence = f.text(4000, least=1, required=True)
    site = f.text(200)
    owner = f.identifier(allow_none=True)
    audit = f.identifier(allow_none=True)
    recorded_for = f.text(120, allow_none=True)
    answered_on = f.day(allow_none=True)
    could_be_major = f.yes_no()


class FindingEdit(Schema):
    """Take owner or due dates of a finding."""

    owner = f.identifier(allow_none=True)
    due_plan = f.day(allow_none=True)
    due_evidence = f.day(allow_none=True)


class Move(Schema):
    """Take one action of a finding's life-cycle and what comes with it."""

    action = f.choice(*ACTIONS, required=True)
    text = f.text(4000)
    reason = f.text(4000)
    owner = f.identifier(allow_none=True)
    due = f.day(allow_none=True)
    evidence = f.many(f.identifier(), 50)
    recorded_for = f.text(120)
    answered_on = f.day(allow_none=True)


class FindingQuery(Schema):
    """Choose findings."""

    state = f.choice("open", "closed", "all", "", load_default="all")
    grade = f.choice("major", "minor", "ofi", "area_of_concern", "", load_default="")
    owner = f.text(26, load_default="")
    source = f.choice("internal_audit", "gap", "stage1", "stage2", "other", "", load_default="")
