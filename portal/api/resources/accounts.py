"""Sign-in, first run and one's own account."""

from __future__ import annotations

from typing import Any

from portal.actions import accounts, me, totp
from portal.actions.accounts import SignedIn
from portal.actions.context import Ctx
from portal.actions.sessions import LIFETIME
from portal.api.dispatch import Reply
from portal.api.identity import cookie_name
from portal.api.routes import Resource
from portal.api.schemas import accounts as shapes

resource = Resource("accounts")


def session_cookie(ctx: Ctx, kind: str, token: str) -> dict[str, Any]:
    """Describe a session cookie (ASVS 3.3); an empty token takes it away."""
    age = LIFETIME[kind] if token else 0
    return {"key": cookie_name(ctx.services, kind), "value": token, "max_age": age, "path": "/",
            "secure": ctx.settings.secure, "httponly": True, "samesite": "Strict"}  # fmt: skip


def welcome(ctx: Ctx, signed_in: SignedIn, status: int = 200) -> Reply:
    """Answer with who signed in, and the cookie."""
    return Reply(me.me(ctx, signed_in.user), status, cookies=[session_cookie(ctx, "sid", signed_in.token)])


@resource.get("/api/first-run", permission="public")
def get_first_run(ctx: Ctx) -> dict[str, Any]:
    """Tell whether the first account is still to be created."""
    return {"open": accounts.first_run_open(ctx)}


@resource.post("/api/first-run", permission="public", body=shapes.FirstRun, status=201)
def post_first_run(ctx: Ctx, body: dict[str, Any]) -> Reply:
    """Create the first account and sign it in."""
    return welcome(ctx, accounts.first_run(ctx, **body), 201)


@resource.post("/api/session", permission="public", body=shapes.SignIn)
def sign_in(ctx: Ctx, body: dict[str, Any]) -> Reply:
    """Sign in."""
    return welcome(ctx, accounts.sign_in(ctx, **body))


@resource.delete("/api/session", permission="account", status=204)
def sign_out(ctx: Ctx) -> Reply:
    """Sign out."""
    accounts.sign_out(ctx)
    return Reply(cookies=[session_cookie(ctx, "sid", "")])


@resource.post("/api/session/confirm", permission="account", body=shapes.Confirm, status=204)
def confirm(ctx: Ctx, body: dict[str, Any]) -> None:
    """Confirm who one is, for ten minutes."""
    accounts.confirm(ctx, **body)


@resource.get("/api/me", permission="account")
def get_me(ctx: Ctx) -> dict[str, Any]:
    """Tell who is signed in, and where they belong."""
    return me.me(ctx, ctx.actor.id)


@resource.patch("/api/me", permission="account", body=shapes.Rename)
def patch_me(ctx: Ctx, body: dict[str, Any]) -> dict[str, Any]:
    """Change one's name."""
    accounts.rename(ctx, body["name"])
    return me.me(ctx, ctx.actor.id)


@resource.post("/api/me/password", permission="account", body=shapes.NewPassword, status=204)
def change_password(ctx: Ctx, body: dict[str, Any]) -> None:
    """Change one's password; every other session ends."""
    accounts.change_password(ctx, **body)


@resource.post("/api/me/totp", permission="account.security", status=201)
def begin_totp(ctx: Ctx) -> dict[str, str]:
    """Begin to set up codes from an authenticator app."""
    return totp.begin(ctx)


@resource.post("/api/me/totp/confirm", permission="account", body=shapes.Code, status=204)
def confirm_totp(ctx: Ctx, body: dict[str, Any]) -> None:
    """Turn codes on with a first code."""
    totp.confirm(ctx, body["code"])


@resource.delete("/api/me/totp", permission="account", body=shapes.Password, status=204)
def end_totp(ctx: Ctx, body: dict[str, Any]) -> None:
    """Turn codes off."""
    totp.end(ctx, body["password"])
