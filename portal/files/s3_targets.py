"""URLs at which a browser reaches S3 itself, each signed for one request and bound to its headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.files.kinds import OCTETS, media_type
from portal.files.names import content_disposition
from portal.files.port import Target
from portal.files.s3_client import Connection
from portal.files.s3_keys import to_base64

LONGEST = 900


class Presigner:
    """Sign URLs with SigV4; none lives longer than 15 minutes."""

    def __init__(self, connection: Connection, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._clock = clock

    def upload(self, bucket: str, key: str, length: int, sha256: str, expires_at: int) -> Target:
        """Return where to put one new object; S3 refuses any other length, type or content, and a second one."""
        checksum = to_base64(sha256)
        bound = {
            "ContentLength": length,
            "ContentType": OCTETS,
            "ChecksumSHA256": checksum,
            "IfNoneMatch": "*",
        }
        url, end = self._sign("put_object", {"Bucket": bucket, "Key": key, **bound}, expires_at)
        headers = {
            "Content-Length": str(length),
            "Content-Type": OCTETS,
            "If-None-Match": "*",
            "x-amz-checksum-sha256": checksum,
        }
        return Target("PUT", url, end, headers)

    def download(self, bucket: str, key: str, filename: str, expires_at: int) -> Target:
        """Return where to get one object, as an attachment that no cache keeps; active content comes as octets."""
        answer = {
            "ResponseContentDisposition": content_disposition(filename),
            "ResponseContentType": media_type(filename),
            "ResponseCacheControl": "private, no-store",
        }
        url, end = self._sign("get_object", {"Bucket": bucket, "Key": key, **answer}, expires_at)
        return Target("GET", url, end)

    def _sign(self, operation: str, params: dict[str, Any], expires_at: int) -> tuple[str, int]:
        """Return a URL and when it ends; it is signed again if a second passed, so that it ends exactly then."""
        while True:
            now = int(self._clock())
            end = min(expires_at, now + LONGEST)
            if end <= now:
                raise ValueError(f"a target that ended {now - end} seconds ago")
            url = self._connection.quick.generate_presigned_url(operation, Params=params, ExpiresIn=end - now)
            if int(self._clock()) == now:
                return url, end
