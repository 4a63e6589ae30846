"""Keys in the buckets, and S3's spelling of a SHA-256."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

from portal.files.port import BadAddress

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}", re.ASCII)
_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=", re.ASCII)


def home(organisation: str) -> str:
    """Return what every key of an organisation starts with."""
    if not _ID.fullmatch(organisation):
        raise BadAddress("an organisation")
    return f"{organisation}/"


def quarantined(organisation: str, upload: str) -> str:
    """Return the key of one upload in the quarantine; nothing of it is chosen by a user."""
    if not _ID.fullmatch(upload):
        raise BadAddress("an upload")
    return home(organisation) + upload


def stored(organisation: str, sha256: str) -> str:
    """Return the key of one content in the store."""
    return home(organisation) + check_hash(sha256)


def check_hash(sha256: str) -> str:
    """Return the hash; raise BadAddress unless it is 64 lower-case hexadecimal digits."""
    if not SHA256.fullmatch(sha256):
        raise BadAddress("a SHA-256 in lower-case hexadecimal")
    return sha256


def to_base64(sha256: str) -> str:
    """Return a hexadecimal hash as S3 writes it."""
    return b64encode(bytes.fromhex(sha256)).decode()


def from_base64(checksum: str | None) -> str | None:
    """Return S3's checksum in hexadecimal; None for none, and for one of parts (`…-3`), which no content has."""
    return b64decode(checksum).hex() if checksum and _BASE64.fullmatch(checksum) else None
