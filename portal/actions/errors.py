"""What an action refuses for reasons that are no rule of the domain: sign-in, codes, tries, files."""

from __future__ import annotations


class ActionError(Exception):
    """Refuse a use case; `slug` names a problem of the API's table, `field` the input it is about."""

    slug = "conflict"

    def __init__(self, detail: str = "", field: str | None = None, retry_after: int = 0) -> None:
        super().__init__(detail or self.slug)
        self.detail, self.field, self.retry_after = detail, field, retry_after


class SignInFailed(ActionError):
    """Tell that address or password is wrong, without telling which."""

    slug = "sign-in-failed"


class CodeRequired(ActionError):
    """Tell that the account also needs a code."""

    slug = "code-required"


class CodeWrong(ActionError):
    """Tell that a one-time code was not accepted."""

    slug = "code-wrong"


class TooMany(ActionError):
    """Tell that a limit on tries is reached."""

    slug = "too-many-attempts"


class BadInput(ActionError):
    """Tell that one field cannot be used."""

    slug = "invalid-input"


class TooLarge(ActionError):
    """Tell that a file or body is over the limit."""

    slug = "too-large"


class StorageFull(ActionError):
    """Tell that there is no room for the bytes."""

    slug = "storage-full"


class OutOfDate(ActionError):
    """Tell that the object changed after the ETag the caller holds."""

    slug = "stale"
