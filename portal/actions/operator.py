"""What the operator of a deployment does from the command line."""

from __future__ import annotations

from dataclasses import replace

from portal.actions import accounts, passwords, policy
from portal.actions.context import SYSTEM, Ctx, Event, Scope, Services
from portal.actions.errors import BadInput
from portal.actions.sessions import end_others, ending, sessions_of
from portal.records.port import Replace


class Refused(Exception):
    """Tell the operator in one sentence why nothing was done."""


def reset_password(services: Services, email: str, password: str) -> None:
    """Give an account a new password, end its sessions and turn its app codes off; raise `Refused`."""
    ctx = Ctx(services, SYSTEM, Scope(), policy.Ruling("operator", frozenset({policy.ALWAYS})))
    user = accounts.find_user(ctx, email)
    if user is None:
        raise Refused(f"There is no account with the address {email}.")
    try:
        changed = replace(user, body={**user.body, "password": passwords.make(password), "totp": None})
    except BadInput as error:
        raise Refused(error.detail) from error
    user_id, name = user.body["id"], user.body["name"]
    event = Event("account:password-reset", "user", user_id, name, f"gave {name} a new password")
    ctx.commit(event, Replace(changed), *ending(sessions_of(services, user_id))[:90], home=f"U#{user_id}")
    end_others(services, user_id)
