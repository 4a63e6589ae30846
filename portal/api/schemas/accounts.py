"""Shapes of sign-in and of one's own account."""

from __future__ import annotations

from marshmallow import Schema

from portal.api.schemas import fields as f


class SignIn(Schema):
    """Take address and password, and a code where the account asks for one."""

    email = f.text(254, least=1, required=True)
    password = f.text(200, least=1, required=True)
    code = f.text(10, load_default=None, allow_none=True)


class Confirm(Schema):
    """Take the password again."""

    password = f.text(200, least=1, required=True)
    code = f.text(10, load_default=None, allow_none=True)


class FirstRun(Schema):
    """Take the first account and what it belongs to."""

    name = f.line(200, least=1, required=True)
    email = f.email(required=True)
    password = f.text(200, least=1, required=True)
    kind = f.choice("practice", "organisation", required=True)
    organisation_name = f.line(200, least=1, required=True)


class Rename(Schema):
    """Take a name."""

    name = f.line(200, least=1, required=True)


class NewPassword(Schema):
    """Take the current and the new password."""

    current = f.text(200, least=1, required=True)
    new = f.text(200, least=1, required=True)


class Code(Schema):
    """Take a code from an authenticator app."""

    code = f.text(10, least=6, required=True)


class Password(Schema):
    """Take the password."""

    password = f.text(200, least=1, required=True)
