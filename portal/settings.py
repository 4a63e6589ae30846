"""Settings: each declared once with its variable, type and default; nothing else reads the environment."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

MIB = 1024 * 1024
KeptSecret = Callable[[Mapping[str, Any]], str]


def _flag(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off", ""):
        return False
    raise ValueError("is neither yes nor no")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace(",", " ").split() if word)


def _lock(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    mode, _, days = text.partition(" ")
    if mode not in ("GOVERNANCE", "COMPLIANCE") or not days.isdecimal() or int(days) < 1:
        raise ValueError("is not a mode and days, such as COMPLIANCE 1095")
    return mode, int(days)


class SettingsError(Exception):
    """Tell that a setting has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Describe one setting: environment variable, how to read it, default and what it is for."""

    variable: str
    read: Callable[[str], Any]
    default: Any
    about: str


DECLARED: dict[str, Setting] = {
    "data": Setting("CERTWAY_DATA", Path, Path("var/data"), "folder of the embedded deployment"),
    "origins": Setting("CERTWAY_ORIGINS", _words, (), "further origins the site is served from"),
    "secret": Setting("CERTWAY_SECRET", str, "", "key for signatures; made in the data folder when empty"),
    "public_url": Setting("CERTWAY_PUBLIC_URL", str, "http://127.0.0.1:8000", "address that links in mails start with"),
    "smtp": Setting(
        "CERTWAY_SMTP", str, "", "smtp[s]://user:password@host:port; empty writes mail to the outbox folder"
    ),
    "mail_from": Setting("CERTWAY_MAIL_FROM", str, "certway@localhost", "sender of mails"),
    "max_upload": Setting("CERTWAY_MAX_UPLOAD_MIB", lambda t: int(t) * MIB, 4096 * MIB, "largest file, in MiB"),
    "max_body": Setting("CERTWAY_MAX_BODY_KIB", lambda t: int(t) * 1024, MIB, "largest JSON body, in KiB"),
    "secure_cookies": Setting("CERTWAY_SECURE_COOKIES", _flag, None, "force Secure cookies; else told from public_url"),
    "worker": Setting("CERTWAY_WORKER", _flag, True, "run background work inside the server process"),
    "sign_in_tries": Setting("CERTWAY_SIGN_IN_TRIES", int, 10, "sign-ins per address, right or wrong, in 15 minutes"),
    "table": Setting("CERTWAY_TABLE", str, "", "DynamoDB table of a deployment on AWS"),
    "evidence_bucket": Setting("CERTWAY_EVIDENCE_BUCKET", str, "", "S3 bucket that keeps evidence files"),
    "quarantine_bucket": Setting("CERTWAY_QUARANTINE_BUCKET", str, "", "S3 bucket that uploads arrive in"),
    "lock": Setting("CERTWAY_LOCK", _lock, None, "how stored files are locked, such as COMPLIANCE 1095"),
    "secret_id": Setting("CERTWAY_SECRET_ID", str, "", "name of the key for signatures in Secrets Manager"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """Hold every setting of one deployment."""

    data: Path
    origins: tuple[str, ...]
    secret: str
    public_url: str
    smtp: str
    mail_from: str
    max_upload: int
    max_body: int
    secure_cookies: bool | None
    worker: bool
    sign_in_tries: int
    table: str
    evidence_bucket: str
    quarantine_bucket: str
    lock: tuple[str, int] | None  # mode and days
    secret_id: str

    @property
    def secure(self) -> bool:
        """Return whether cookies carry `Secure` and the `__Host-` prefix."""
        if self.secure_cookies is not None:
            return self.secure_cookies
        return self.public_url.startswith("https://")

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Return the origins unsafe requests may come from."""
        return frozenset((self.public_url.rstrip("/"), *self.origins))


def load(environ: Mapping[str, str] | None = None, kept: KeptSecret | None = None, **overrides: Any) -> Settings:
    """Read the settings; raise `SettingsError` naming the variable that cannot be used.

    `kept` finds the key for signatures where none is set; without it, that is the data folder's.
    """
    environ = os.environ if environ is None else environ
    values = {f.name: overrides.get(f.name, _value(DECLARED[f.name], environ)) for f in fields(Settings)}
    if not values["secret"]:
        values["secret"] = kept(values) if kept else kept_secret(values["data"])
    return Settings(**values)


def _value(setting: Setting, environ: Mapping[str, str]) -> Any:
    text = environ.get(setting.variable)
    if text is None:
        return setting.default
    try:
        return setting.read(text)
    except ValueError as error:
        raise SettingsError(f"{setting.variable}={text!r}: {error}") from error


def kept_secret(data: Path) -> str:
    """Return the signing key of a data folder, making it (mode 0600, create-only) at first use."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text().strip()
