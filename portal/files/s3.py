"""Keep evidence bytes in S3, addressed by their SHA-256 inside one organisation.

    quarantine bucket   <organisation>/<upload>   what arrived; versioned, emptied by `discard` and `sweep`
    evidence bucket     <organisation>/<sha256>   the store; versioned, created once, under Object Lock where set

Browsers send to the quarantine and fetch from the store directly, at presigned URLs. S3 compares the bytes with the
SHA-256 that such a URL is bound to; what it then says of an object is what this adapter goes by.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Literal

from portal.files import disk, s3_keys
from portal.files.port import (
    AlreadyReceived,
    Damaged,
    Empty,
    FilesBusy,
    HashMismatch,
    NoSuchFile,
    ReadableStream,
    Stored,
    Target,
)
from portal.files.pump import pump
from portal.files.s3_bucket import Bucket, Held
from portal.files.s3_client import TRIES, Connection, Contested, Taken
from portal.files.s3_stream import open_stream
from portal.files.s3_targets import Presigner

__all__ = ("Connection", "Lock", "S3Files")

SPOOL = 8 << 20
LONGEST_PAUSE = 0.5
_DAY = timedelta(days=1)
# The process's own generator would be in the same state in every copy of a restored function.
_random = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Lock:
    """Say how long a stored file cannot be deleted: by anybody (COMPLIANCE), or by who has no special permission."""

    mode: Literal["GOVERNANCE", "COMPLIANCE"]
    days: int


class S3Files:
    """Implement the files port on two buckets.

    `clock` tells epoch seconds, `sleep` waits between tries. A URL that was given away cannot be taken back before
    it ends, so a target's `holder` is not checked again.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        quarantine: str,
        evidence: str,
        lock: Lock | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._quarantine, self._evidence = Bucket(connection, quarantine), Bucket(connection, evidence)
        self._presigner = Presigner(connection, clock)
        self._lock, self._clock, self._sleep = lock, clock, sleep

    def upload_target(
        self, organisation: str, upload: str, *, length: int, sha256: str, expires_at: int, holder: str = ""
    ) -> Target:
        """Return a presigned PUT into quarantine; it ends after 15 minutes if `expires_at` is later."""
        key, sha256 = s3_keys.quarantined(organisation, upload), s3_keys.check_hash(sha256)
        return self._presigner.upload(self._quarantine.name, key, length, sha256, expires_at)

    def download_target(
        self, organisation: str, sha256: str, *, filename: str, expires_at: int, holder: str = ""
    ) -> Target:
        """Return a presigned GET of one stored file; it ends after 15 minutes if `expires_at` is later."""
        key = s3_keys.stored(organisation, sha256)
        return self._presigner.download(self._evidence.name, key, filename, expires_at)

    def receive(self, organisation: str, upload: str, stream: ReadableStream, *, length: int, sha256: str) -> None:
        """Gather the stream in memory, or on disk if it is large, and write it to S3 once it has proved right."""
        key, sha256 = s3_keys.quarantined(organisation, upload), s3_keys.check_hash(sha256)
        if length < 1:
            raise Empty
        held = self._quarantine.head(key)
        if held and held.sha256 != sha256:
            raise AlreadyReceived
        with SpooledTemporaryFile(SPOOL) as spool:
            arrived = pump(stream, length, partial(_spool, spool))
            if arrived != sha256:
                raise HashMismatch(sha256, arrived)
            if not held:
                self._once(lambda: self._quarantine.create(key, spool, length, sha256))
        if self.received(organisation, upload) != Stored(organisation, sha256, length):
            raise AlreadyReceived

    def received(self, organisation: str, upload: str) -> Stored | None:
        """Return what S3 says it holds in quarantine; an object without a SHA-256 did not come by our URLs."""
        held = self._quarantine.head(s3_keys.quarantined(organisation, upload))
        return Stored(organisation, held.sha256, held.length) if held and held.sha256 else None

    def promote(self, organisation: str, upload: str, sha256: str) -> Stored:
        """Copy the version whose checksum was compared into the store, create-only, and read back what is there."""
        key = s3_keys.stored(organisation, sha256)
        held = self._quarantine.head(s3_keys.quarantined(organisation, upload))
        if not held:
            raise NoSuchFile
        if held.sha256 != sha256:
            raise HashMismatch(sha256, held.sha256 or "")
        until = self._until()
        self._once(lambda: self._evidence.create_copy(key, self._quarantine, held, self._lock_headers(until)))
        kept = self._kept(organisation, sha256)
        if kept.length != held.length:
            raise Damaged(sha256)
        self._prolong(kept, until)
        return Stored(organisation, sha256, kept.length)

    def discard(self, organisation: str, upload: str) -> None:
        """Remove every version of this upload's object."""
        key = s3_keys.quarantined(organisation, upload)
        for page in self._quarantine.versions(key):
            # Keys come in order, so this one's versions are before those of any that it is the beginning of.
            ours = [version for version in page if version["Key"] == key]
            self._quarantine.delete(ours)
            if len(ours) < len(page):
                return

    def open(self, organisation: str, sha256: str) -> BinaryIO:
        """Open a stored file; every read means the version that is there now."""
        kept = self._kept(organisation, sha256)
        return open_stream(partial(self._evidence.get, kept), kept.length, sha256)  # type: ignore[return-value]

    def size(self, organisation: str, sha256: str) -> int:
        """Return a stored file's length in bytes."""
        return self._kept(organisation, sha256).length

    def exists(self, organisation: str, sha256: str) -> bool:
        """Tell whether the store holds this content."""
        return self._evidence.head(s3_keys.stored(organisation, sha256)) is not None

    def list_hashes(self, organisation: str) -> Iterator[str]:
        """Yield the stored hashes in ascending order, 1,000 a call."""
        home = s3_keys.home(organisation)
        names = (key.removeprefix(home) for key in self._evidence.keys(home))
        return (name for name in names if s3_keys.SHA256.fullmatch(name))

    def sweep(self, older_than: float) -> int:
        """Remove every version and delete marker in quarantine that is older; return how many uploads that were."""
        swept = set()
        for page in self._quarantine.versions():
            stale = [version for version in page if version["LastModified"].timestamp() < older_than]
            self._quarantine.delete(stale)
            swept |= {version["Key"] for version in stale}
        return len(swept)

    def _kept(self, organisation: str, sha256: str) -> Held:
        """Return what the store holds; raise NoSuchFile, or Damaged when it has not the content of its name."""
        kept = self._evidence.head(s3_keys.stored(organisation, sha256))
        if not kept:
            raise NoSuchFile
        if kept.sha256 != sha256:
            raise Damaged(sha256)
        return kept

    def _once(self, create: Callable[[], None]) -> None:
        """Create an object, or find that it is there: by another, or by a try whose reply was lost."""
        for _ in range(TRIES):
            try:
                return create()
            except Taken:
                return None
            except Contested:
                self._sleep(_random.uniform(0, LONGEST_PAUSE))
        raise FilesBusy

    def _until(self) -> datetime:
        days = self._lock.days if self._lock else 0
        return datetime.fromtimestamp(int(self._clock()), UTC) + days * _DAY

    def _lock_headers(self, until: datetime) -> dict[str, Any]:
        return {"ObjectLockMode": self._lock.mode, "ObjectLockRetainUntilDate": until} if self._lock else {}

    def _prolong(self, kept: Held, until: datetime) -> None:
        """Lock what was there before as long as what comes now."""
        if self._lock and (kept.locked_until is None or until - kept.locked_until > _DAY):
            self._evidence.lock(kept, self._lock.mode, until)


def _spool(spool: Any, piece: memoryview) -> None:
    with disk.errors_named():
        spool.write(piece)
