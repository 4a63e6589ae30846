"""What the functions work with on AWS: DynamoDB, S3, SES and Secrets Manager, as the settings name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

from portal import settings
from portal.actions.context import Services
from portal.files.port import Files
from portal.records.dynamodb import DynamoRecords, connect
from portal.settings import Settings

if TYPE_CHECKING:
    from email.message import EmailMessage

    from portal.files.s3_bucket import Bucket

CONNECT_SECONDS, READ_SECONDS, TRIES = 1, 10, 3


class Later:
    """Stand for an object that is made when something of it is first used."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> Any:
        return self._make()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made, name)


@cache
def services() -> Services:
    """Return what the API works with, made once in a process; region and credentials are AWS's own settings."""
    return _made(settings.load(kept=_secret))


@cache
def background() -> Services:
    """Return what works without the key for signatures, which functions in the background cannot read."""
    return _made(settings.load(kept=lambda _: ""))


@cache
def quarantine() -> Bucket:
    """Return the bucket that uploads arrive in."""
    from portal.files.s3 import Connection
    from portal.files.s3_bucket import Bucket

    return Bucket(Connection(), background().settings.quarantine_bucket)


def _made(chosen: Settings) -> Services:
    records = DynamoRecords(chosen.table, connect())
    files = cast(Files, Later(lambda: _files(chosen)))
    return Services(records, files, chosen, post=None if chosen.smtp else _post)


def _files(chosen: Settings) -> Files:
    from portal.files.s3 import Connection, Lock, S3Files  # slow to import; most requests never need it

    lock = Lock(*chosen.lock) if chosen.lock else None  # type: ignore[arg-type]
    return S3Files(Connection(), quarantine=chosen.quarantine_bucket, evidence=chosen.evidence_bucket, lock=lock)


def _secret(values: Mapping[str, Any]) -> str:
    if not values["secret_id"]:
        raise settings.SettingsError("CERTWAY_SECRET_ID names no key for signatures")
    return str(_client("secretsmanager").get_secret_value(SecretId=values["secret_id"])["SecretString"])


def _post(message: EmailMessage) -> None:
    # Whom it is from and to is in the message.
    _client("sesv2").send_email(Content={"Raw": {"Data": message.as_bytes()}})


@cache
def _client(service: str) -> Any:
    import botocore.session
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": TRIES, "mode": "standard"},
    )
    return botocore.session.get_session().create_client(service, config=config)
