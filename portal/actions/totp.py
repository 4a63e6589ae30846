"""Codes from an authenticator app (RFC 6238): enrolling, checking, and ending it."""

from __future__ import annotations

from dataclasses import replace

from portal.actions import accounts
from portal.actions.context import Ctx, Event
from portal.actions.errors import BadInput, CodeWrong
from portal.records import keys
from portal.records.port import Record, Replace

STEP = 30


def begin(ctx: Ctx) -> dict[str, str]:
    """Offer a new secret; it counts only once a code made with it was confirmed."""
    import pyotp

    secret = pyotp.random_base32()
    user = ctx.need(keys.user(ctx.actor.id))
    offered = replace(user, body={**user.body, "totp_offered": secret})
    ctx.commit(_event(ctx, "codes-offered", "began to set up codes from an app"), Replace(offered))
    return {"secret": secret, "uri": pyotp.TOTP(secret).provisioning_uri(name=ctx.actor.email, issuer_name="Certway")}


def confirm(ctx: Ctx, code: str) -> None:
    """Turn codes on with a first code from the app; raise `BadInput` when it does not fit."""
    user = ctx.need(keys.user(ctx.actor.id))
    secret = user.body.get("totp_offered")
    counter = _counter(ctx, secret, code, -1) if secret else None
    if counter is None:
        raise BadInput("This code does not fit. Check the clock of your phone and try the next one.", "code")
    body = {k: v for k, v in user.body.items() if k != "totp_offered"}
    enrolled = replace(user, body={**body, "totp": {"secret": secret, "last": counter}})
    ctx.commit(_event(ctx, "codes-on", "turned codes from an app on"), Replace(enrolled))


def end(ctx: Ctx, password: str) -> None:
    """Turn codes off."""
    user, right = accounts.prove(ctx, password)
    if not right:
        raise BadInput("The password is not right.", "password")
    ended = replace(user, body={**user.body, "totp": None})
    ctx.commit(_event(ctx, "codes-off", "turned codes from an app off"), Replace(ended))


def verify_once(ctx: Ctx, user: Record, code: str) -> Record:
    """Accept a code that fits now or one step around, never the same one twice; raise `CodeWrong`.

    Return the account as it is afterwards.
    """
    enrolled = user.body["totp"]
    counter = _counter(ctx, enrolled["secret"], code, enrolled["last"])
    if counter is None:
        raise CodeWrong("The code does not fit. Try the next one.", "code")
    used = replace(user, body={**user.body, "totp": {**enrolled, "last": counter}})
    event = Event("account:code-used", "user", user.body["id"], user.body["name"], "used a code from an app")
    ctx.commit(event, Replace(used), home=f"U#{user.body['id']}")
    return replace(used, version=used.version + 1)


def _counter(ctx: Ctx, secret: str, code: str, last: int) -> int | None:
    import pyotp

    now = ctx.epoch // STEP
    made = pyotp.TOTP(secret)
    fitting = (c for c in (now - 1, now, now + 1) if c > last and pyotp.utils.strings_equal(made.generate_otp(c), code))
    return next(fitting, None)


def _event(ctx: Ctx, what: str, text: str) -> Event:
    return Event(f"account:{what}", "user", ctx.actor.id, ctx.actor.name, text)
