"""What the server's own upload and download URLs carry, where bytes pass through the server itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from portal.files.signing import Refusal, Signer

# The number changes with the fields, so that a token made before an upgrade is refused, not misread.
UPLOAD = "file upload 1"
DOWNLOAD = "file download 1"


@dataclass(frozen=True, slots=True)
class UploadTicket:
    """Allow the bytes of one upload to be sent, bound to their length (bytes) and SHA-256."""

    organisation: str
    upload: str
    length: int
    sha256: str
    holder: str = ""


@dataclass(frozen=True, slots=True)
class DownloadTicket:
    """Allow one stored file to be fetched as an attachment named `filename`."""

    organisation: str
    sha256: str
    filename: str
    holder: str = ""


def seal(signer: Signer, ticket: UploadTicket | DownloadTicket, expires_at: int) -> str:
    """Return the token for a ticket, refused from `expires_at` (epoch seconds) on."""
    purpose = UPLOAD if isinstance(ticket, UploadTicket) else DOWNLOAD
    return signer.sign(purpose, asdict(ticket), expires_at)


def read_upload(signer: Signer, token: str, now: float) -> UploadTicket | Refusal:
    """Return the upload a token allows at `now` (epoch seconds), or why it allows none."""
    return _read(signer, UPLOAD, UploadTicket, token, now)


def read_download(signer: Signer, token: str, now: float) -> DownloadTicket | Refusal:
    """Return the download a token allows at `now` (epoch seconds), or why it allows none."""
    return _read(signer, DOWNLOAD, DownloadTicket, token, now)


def _read(signer: Signer, purpose: str, kind: type, token: str, now: float) -> Any:
    claims = signer.verify(purpose, token, now)
    return claims if isinstance(claims, Refusal) else kind(**claims.values)
