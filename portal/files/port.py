"""The files port: what an adapter promises, and the shapes that cross it.

A file's way: `upload_target` tells the client where the bytes go; they arrive in quarantine under the
upload's own id (`receive`, or a store's own door); `received` says what arrived; `promote` puts them into the
organisation's store under their SHA-256, where nothing is ever overwritten; `discard` empties the quarantine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """Name one file of one organisation by the SHA-256 (64 hex digits) and length (bytes) of its content."""

    organisation: str
    sha256: str
    length: int


@dataclass(frozen=True, slots=True)
class Target:
    """Tell a client how to move the bytes: send `method` to `url` with exactly these headers.

    `expires_at` is in epoch seconds; from that second on the target is refused.
    """

    method: str
    url: str
    expires_at: int
    headers: Mapping[str, str] = field(default_factory=dict)


class ReadableStream(Protocol):
    """Give bytes in order and b"" at the end; `readinto`, where there is one, is preferred."""

    def read(self, size: int, /) -> bytes: ...


class FilesError(Exception):
    """Stand for anything the port refuses; the text is a plain sentence that may be shown to a user."""


class Empty(FilesError):
    """Tell that a file of no bytes was announced."""

    def __init__(self) -> None:
        super().__init__("The file is empty. Choose a file with content.")


class LengthMismatch(FilesError):
    """Tell that the stream ended before the announced length (both in bytes)."""

    def __init__(self, announced: int, arrived: int) -> None:
        super().__init__(f"Only {arrived} of {announced} bytes arrived. Upload the file again.")
        self.announced = announced
        self.arrived = arrived


class TooLarge(FilesError):
    """Tell that the stream goes on after the announced length in bytes."""

    def __init__(self, announced: int) -> None:
        super().__init__(f"More than the announced {announced} bytes arrived. Upload the file again.")
        self.announced = announced


class HashMismatch(FilesError):
    """Tell that the bytes do not have the announced SHA-256."""

    def __init__(self, announced: str, arrived: str) -> None:
        super().__init__("The bytes that arrived differ from the file that was announced. Upload it again.")
        self.announced = announced
        self.arrived = arrived


class AlreadyReceived(FilesError):
    """Tell that this upload already holds other bytes; an upload is for one content only."""

    def __init__(self) -> None:
        super().__init__("This upload already holds another file. Start a new upload.")


class NoSuchFile(FilesError):
    """Tell that there are no such bytes, in the quarantine or in the store."""

    def __init__(self) -> None:
        super().__init__("There is no such file. Upload it first.")


class FilesFull(FilesError):
    """Tell that the store has no room left; nothing of the refused file remains."""

    def __init__(self) -> None:
        super().__init__("The file store is full. Ask the operator to make room, then upload the file again.")


class FilesBusy(FilesError):
    """Tell that the store does not answer in time; whether anything was written is unknown, so repeat the call."""

    def __init__(self) -> None:
        super().__init__("The file store does not answer. Try again in a moment.")


class Damaged(FilesError):
    """Tell that the stored copy of a content has not its length; nothing here repairs or replaces it."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"The stored copy of this file is damaged. Tell the operator its SHA-256: {sha256}")
        self.sha256 = sha256


class BadAddress(FilesError):
    """Tell that an organisation, upload or hash has an impossible shape; a defect, never a user's mistake."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This is not {what}.")


class Files(Protocol):
    """Keep evidence bytes, each organisation apart from every other.

    Every method raises `BadAddress` for an id or hash of the wrong shape, and `FilesBusy` where the store is away.
    """

    def upload_target(
        self, organisation: str, upload: str, *, length: int, sha256: str, expires_at: int, holder: str = ""
    ) -> Target:
        """Say where a client sends the bytes of one upload, bound to their length and SHA-256.

        `holder` is who asks; where the bytes pass through the server it can be checked again there.
        """
        ...

    def download_target(
        self, organisation: str, sha256: str, *, filename: str, expires_at: int, holder: str = ""
    ) -> Target:
        """Say where a client fetches one stored file, as an attachment named `filename`."""
        ...

    def receive(
        self, organisation: str, upload: str, stream: ReadableStream, *, length: int, sha256: str
    ) -> None:
        """Write the stream into quarantine; when it returns the bytes are durable.

        Reads `length` bytes and one more, so the stream must end where the file ends. Repeating it with the
        same content succeeds. Raises Empty, TooLarge, LengthMismatch, HashMismatch, AlreadyReceived or
        FilesFull, and whatever the stream raises; after any of these nothing of the attempt remains.
        """
        ...

    def received(self, organisation: str, upload: str) -> Stored | None:
        """Return what lies in quarantine for this upload, or None while nothing complete does."""
        ...

    def promote(self, organisation: str, upload: str, sha256: str) -> Stored:
        """Put received bytes into the store; create-only, and success when the same content is there already.

        The quarantined bytes stay until `discard` or `sweep`, so that the call can be repeated after a lost
        reply while a hash alone opens nothing. Raises NoSuchFile, HashMismatch, Damaged or FilesFull.
        """
        ...

    def discard(self, organisation: str, upload: str) -> None:
        """Remove whatever the quarantine holds for this upload; nothing there is success."""
        ...

    def open(self, organisation: str, sha256: str) -> BinaryIO:
        """Open a stored file for reading, seekable, for the caller to close; raise NoSuchFile."""
        ...

    def size(self, organisation: str, sha256: str) -> int:
        """Return a stored file's length in bytes; raise NoSuchFile."""
        ...

    def exists(self, organisation: str, sha256: str) -> bool:
        """Tell whether the store holds this content for this organisation."""
        ...

    def list_hashes(self, organisation: str) -> Iterator[str]:
        """Yield the SHA-256 of every stored file of this organisation, in ascending order."""
        ...

    def sweep(self, older_than: float) -> int:
        """Remove quarantined uploads untouched since `older_than` (epoch seconds), of all organisations.

        Returns how many uploads were removed.
        """
        ...
