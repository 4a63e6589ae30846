"""Shapes of practices, clients, organisations, members and invitations."""

from __future__ import annotations

from marshmallow import Schema, fields

from portal.actions import policy
from portal.api.schemas import fields as f
from portal.api.schemas.paging import PageQuery

ROLES = tuple(role for role in policy.MEMBERS if role != policy.CONSULTANT)


class Site(Schema):
    """Take a site; one that is known already brings its id."""

    id = f.identifier()
    name = f.line(200, least=1, required=True)
    role = f.text(200)
    staff = f.whole(0, 1_000_000, allow_none=True)


class OrganisationEdit(Schema):
    """Take what is to change in an organisation's profile."""

    name = f.line(200, least=1)
    staff = f.whole(1, 1_000_000, allow_none=True)
    services = f.many(f.text(200, least=1), 100)
    sites = f.many(fields.Nested(Site), 200)


class Invite(Schema):
    """Take whom to invite to an organisation."""

    name = f.line(200, least=1, required=True)
    email = f.email(required=True)
    roles = f.many(f.choice(*ROLES), len(ROLES), least=1, required=True)


class RolesEdit(Schema):
    """Take a member's roles."""

    roles = f.many(f.choice(*policy.MEMBERS), len(policy.MEMBERS), least=1, required=True)


class InviteConsultant(Schema):
    """Take whom to invite to a practice."""

    name = f.line(200, least=1, required=True)
    email = f.email(required=True)
    role = f.choice(policy.PRACTICE_OWNER, policy.PRACTICE_CONSULTANT, required=True)


class Redeem(Schema):
    """Take the two parts of an invitation's link."""

    id = f.text(60, least=1, required=True)
    secret = f.text(100, least=1, required=True)


class Accept(Redeem):
    """Take who accepts an invitation."""

    name = f.line(200, load_default=None, allow_none=True)
    password = f.text(200, least=1, required=True)


class Owner(Schema):
    """Take the owner of a new client."""

    name = f.line(200, least=1, required=True)
    email = f.email(required=True)


class NewClient(Schema):
    """Take what is known of a new client."""

    name = f.line(200, least=1, required=True)
    staff = f.whole(1, 1_000_000, allow_none=True)
    services = f.many(f.text(200, least=1), 100)
    sites = f.many(fields.Nested(Site, exclude=("id",)), 200)
    edition = f.text(60, load_default="iso20000-1-2018")
    target_date = f.day(allow_none=True)
    owner = fields.Nested(Owner, allow_none=True)


class Assign(Schema):
    """Take the consultants of a client."""

    consultants = f.many(f.identifier(), 30, required=True)


class JournalQuery(PageQuery):
    """Take the month or the object to read about."""

    month = fields.String(load_default=None, validate=f.month)
    object = f.text(120, load_default=None)
