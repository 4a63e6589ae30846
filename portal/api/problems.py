"""Problems: the one error shape (RFC 9457), from one table of error → status, type, title."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import marshmallow
from flask import Flask, Response, current_app
from werkzeug.exceptions import HTTPException

from portal.actions.context import Fresh, NotAllowed
from portal.actions.errors import ActionError
from portal.domain.common import DomainError, GateBlocked, Invalid
from portal.files import names
from portal.files import port as files
from portal.records.port import Busy, Exists, Full, Stale, TooBig

log = logging.getLogger("certway.api")
MEDIA_TYPE = "application/problem+json"

# slug → (status, title, what to do next when nothing better is known)
TABLE: dict[str, tuple[int, str, str]] = {
    "malformed-request": (400, "The request cannot be read", "Send a JSON object."),
    "sign-in-required": (401, "Sign-in required", "Sign in and try again."),
    "sign-in-failed": (401, "Sign-in failed", "Email or password is not right. Check both and try again."),
    "code-required": (401, "Code required", "Enter the code from your authenticator app."),
    "code-wrong": (401, "Code not right", "Check the code and try again, or open the link again for a new one."),
    "confirm-identity": (401, "Confirm that it is you", "Enter your password again to go on."),
    "not-found": (404, "Not found", "It does not exist, or it is not open to you."),
    "method-not-allowed": (405, "Method not allowed", "This address does not take that method."),
    "conflict": (409, "Not possible as things stand", "Look at the current state and decide again."),
    "gate-blocked": (409, "Something is in the way", "Clear what is in the way, or pass the gate with a reason."),
    "stale": (412, "Changed in the meantime", "Somebody changed this after you opened it. Load it again and repeat."),
    "too-large": (413, "Too large", "Send less in one request."),
    "unsupported-media-type": (415, "Unsupported media type", "Send the body as application/json."),
    "invalid-input": (422, "Some input cannot be used", "Correct the field that is named and send it again."),
    "idempotency-key-reused": (422, "Key used before", "Use a new Idempotency-Key for a different request."),
    "precondition-required": (428, "Precondition required", "Send If-Match with the ETag you last read."),
    "too-many-attempts": (429, "Too many attempts", "Wait a few minutes and try again."),
    "internal-error": (500, "Something broke here", "Try again; if it stays, tell your operator."),
    "busy": (503, "Busy", "Try again in a moment."),
    "storage-full": (507, "Storage is full", "Nothing was changed. Ask your operator to make room."),
}

_BY_STATUS = {400: "malformed-request", 404: "not-found", 405: "method-not-allowed", 413: "too-large",
              415: "unsupported-media-type"}  # fmt: skip


class Refusal(Exception):
    """Refuse a request with one problem of the table."""

    def __init__(self, slug: str, detail: str = "", **members: Any) -> None:
        super().__init__(slug)
        self.slug, self.detail, self.members = slug, detail, members


def problem(slug: str, detail: str = "", headers: Mapping[str, str] | None = None, **members: Any) -> Response:
    """Build the answer for one problem; `members` are further fields such as `field` or `errors`."""
    status, title, default = TABLE[slug]
    body = {"type": f"/problems/{slug}", "title": title, "status": status, "detail": detail or default}
    body |= {name: value for name, value in members.items() if value not in (None, [], "")}
    text = current_app.json.dumps(body)
    return Response(text, status, headers=headers, content_type=MEDIA_TYPE)


def install(app: Flask) -> None:
    """Register one handler for every error an endpoint can meet."""
    for error, handler in _HANDLERS.items():
        app.register_error_handler(error, handler)


def _refused(error: Refusal) -> Response:
    headers = {"Retry-After": str(error.members.pop("retry_after"))} if "retry_after" in error.members else None
    return problem(error.slug, error.detail, headers, **error.members)


def _acted(error: ActionError) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
    return problem(error.slug, error.detail, headers, field=error.field)


def _domain(error: DomainError) -> Response:
    return problem("conflict", error.detail, field=error.field)


def _invalid(error: Invalid) -> Response:
    errors = [{"field": error.field, "message": error.detail}] if error.field else []
    return problem("invalid-input", error.detail, field=error.field, errors=errors)


def _unusable(field: str) -> Callable[[files.FilesError], Response]:
    def answer(error: files.FilesError) -> Response:
        errors = [{"field": field, "message": str(error)}]
        return problem("invalid-input", str(error), field=field, errors=errors)

    return answer


def _damaged(error: files.Damaged) -> Response:
    log.error("a stored file is damaged: %s", error.sha256)
    return problem("internal-error", str(error))


def _blocked(error: GateBlocked) -> Response:
    from portal.actions.views import blocker_view

    return problem("gate-blocked", error.detail, blockers=[blocker_view(b) for b in error.blockers])


def _shape(error: marshmallow.ValidationError) -> Response:
    errors = [{"field": field, "message": message} for field, message in flatten(error.messages)]
    first = errors[0] if errors else {"field": None, "message": ""}
    return problem("invalid-input", first["message"], field=first["field"], errors=errors)


def flatten(messages: Any, path: str = "") -> Sequence[tuple[str, str]]:
    """Turn marshmallow's nested messages into (dotted field, sentence) pairs."""
    if isinstance(messages, Mapping):
        return [pair for key, below in messages.items() for pair in flatten(below, _join(path, str(key)))]
    texts = messages if isinstance(messages, list) else [messages]
    return [(path, str(text)) for text in texts]


def _join(path: str, key: str) -> str:
    if key == "_schema":
        return path
    return f"{path}.{key}" if path else key


def _http(error: HTTPException) -> Response:
    slug = _BY_STATUS.get(error.code or 500, "internal-error" if (error.code or 500) >= 500 else "malformed-request")
    methods = getattr(error, "valid_methods", None)
    return problem(slug, headers={"Allow": ", ".join(methods)} if methods else None)


def _broken(error: Exception) -> Response:
    log.exception("unexpected error", exc_info=error)
    return problem("internal-error")


_HANDLERS: dict[type[Exception], Any] = {
    Refusal: _refused,
    ActionError: _acted,
    NotAllowed: lambda _: problem("not-found"),
    Fresh: lambda _: problem("confirm-identity"),
    GateBlocked: _blocked,
    Invalid: _invalid,
    DomainError: _domain,
    marshmallow.ValidationError: _shape,
    names.BadName: _unusable("filename"),
    files.Empty: _unusable("length"),
    files.LengthMismatch: _unusable("length"),
    files.HashMismatch: _unusable("sha256"),
    files.TooLarge: lambda error: problem("too-large", str(error), field="length"),
    files.AlreadyReceived: lambda error: problem("conflict", str(error)),
    files.NoSuchFile: lambda _: problem("not-found"),
    files.FilesBusy: lambda _: problem("busy", headers={"Retry-After": "1"}),
    files.FilesFull: lambda error: problem("storage-full", str(error)),
    files.Damaged: _damaged,
    Stale: lambda _: problem("stale"),
    Exists: lambda _: problem("conflict", "This exists already. Load it again and decide."),
    Busy: lambda _: problem("busy", headers={"Retry-After": "1"}),
    Full: lambda _: problem("storage-full"),
    TooBig: lambda _: problem("too-large", "This is more than can be kept together. Shorten it, or begin a new one."),
    HTTPException: _http,
    Exception: _broken,
}
