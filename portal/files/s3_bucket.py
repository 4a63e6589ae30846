"""One bucket: the calls that the files adapter makes, each with its errors named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from portal.files.kinds import OCTETS
from portal.files.port import FilesBusy, NoSuchFile
from portal.files.s3_client import BUSY_CODES, Connection, errors_named
from portal.files.s3_keys import from_base64, to_base64

PAGE = 1000
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Held:
    """Describe one object, pinned to the version that was seen; `sha256` is None where S3 kept no such checksum."""

    key: str
    length: int
    sha256: str | None
    version: str | None
    locked_until: datetime | None = None

    @property
    def pin(self) -> dict[str, str]:
        """Return the parameter that makes a call mean this version; none in a bucket without versions."""
        return {"VersionId": self.version} if self.version else {}


class Bucket:
    """Call S3 for one bucket."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self.name = name

    def head(self, key: str) -> Held | None:
        """Return what S3 itself says of an object, checksum included, or None."""
        try:
            with errors_named():
                reply = self._quick.head_object(Bucket=self.name, Key=key, ChecksumMode="ENABLED")
        except NoSuchFile:
            return None
        sha256 = from_base64(reply.get("ChecksumSHA256"))
        until = reply.get("ObjectLockRetainUntilDate")
        return Held(key, reply["ContentLength"], sha256, reply.get("VersionId"), until)

    def create(self, key: str, body: BinaryIO, length: int, sha256: str) -> None:
        """Write an object that must not exist; raise Taken or Contested."""
        body.seek(0)
        with errors_named():
            self._connection.patient.put_object(
                Bucket=self.name, Key=key, Body=body, ContentLength=length, ContentType=OCTETS,
                ChecksumAlgorithm="SHA256", ChecksumSHA256=to_base64(sha256), IfNoneMatch="*",
            )  # fmt: skip

    def create_copy(self, key: str, source: Bucket, held: Held, lock: Mapping[str, Any]) -> None:
        """Copy one version of another bucket's object to a key that must be free; raise Taken or Contested.

        S3 computes the SHA-256 of what it writes. Neither metadata nor tags come along.
        """
        with errors_named():
            self._connection.patient.copy_object(
                Bucket=self.name, Key=key, CopySource={"Bucket": source.name, "Key": held.key, **held.pin},
                ChecksumAlgorithm="SHA256", IfNoneMatch="*", ContentType=OCTETS,
                MetadataDirective="REPLACE", TaggingDirective="REPLACE", **lock,
            )  # fmt: skip

    def get(self, held: Held, start: int) -> Any:
        """Return a stream of an object's bytes from `start` on."""
        part = {"Range": f"bytes={start}-"} if start else {}
        with errors_named():
            reply = self._quick.get_object(Bucket=self.name, Key=held.key, **held.pin, **part)
            # An answer may be the whole object although a part was asked for.
            if start and "ContentRange" not in reply:
                _skip(reply["Body"], start)
            return reply["Body"]

    def lock(self, held: Held, mode: str, until: datetime) -> None:
        """Keep a version from being deleted until then."""
        with errors_named():
            self._quick.put_object_retention(
                Bucket=self.name, Key=held.key, **held.pin, Retention={"Mode": mode, "RetainUntilDate": until}
            )

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that start so, in order, a page in memory at a time."""
        for page in self._pages("list_objects_v2", Prefix=prefix):
            yield from (entry["Key"] for entry in page.get("Contents", ()))

    def versions(self, prefix: str = "") -> Iterator[list[dict[str, Any]]]:
        """Yield pages of up to 1,000 versions and delete markers, each with Key, VersionId and LastModified.

        What a page names can be deleted as it comes: the next one, which begins after it, is here by then.
        """
        pages = self._pages("list_object_versions", Prefix=prefix)
        page = next(pages, None)
        while page is not None:
            following = next(pages, None)
            yield [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            page = following

    def delete(self, versions: Sequence[Mapping[str, Any]]) -> None:
        """Remove up to 1,000 versions for good."""
        if not versions:
            return
        named = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
        with errors_named():
            reply = self._quick.delete_objects(Bucket=self.name, Delete={"Objects": named, "Quiet": True})
        for error in reply.get("Errors", ()):
            raise FilesBusy if error["Code"] in BUSY_CODES else RuntimeError(f"S3 does not delete: {error}")

    @property
    def _quick(self) -> Any:
        return self._connection.quick

    def _pages(self, operation: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        paginator = self._quick.get_paginator(operation)
        pages = iter(paginator.paginate(Bucket=self.name, PaginationConfig={"PageSize": PAGE}, **arguments))
        while True:
            with errors_named():
                page = next(pages, None)
            if page is None:
                return
            yield page


def _skip(body: Any, length: int) -> None:
    while length:
        length -= len(body.read(min(length, PIECE)))
