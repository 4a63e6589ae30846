"""Clients of S3: how long they wait, how often they try, and what its errors mean for the port."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    IncompleteReadError,
)

from portal.files.port import FilesBusy, NoSuchFile

CONNECT_SECONDS, READ_SECONDS, TRIES = 1, 3, 3
# S3 answers a copy when it is done, which for the largest files takes longer than any other call.
COPY_SECONDS = 25
CONNECTIONS = 32

BUSY_CODES = frozenset({"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling"})
# Raised while a body is read: the connection broke, or the bytes have not the checksum that S3 sent with them.
BROKEN = (HTTPClientError, ConnectionError, IncompleteReadError)
ROTTEN = FlexibleChecksumError
_MISSING = frozenset({"404", "NoSuchKey", "NoSuchVersion"})


class Taken(Exception):
    """Tell that the key of a create-only write holds an object already."""


class Contested(Exception):
    """Tell that somebody else is writing to the same key at this moment."""


class Connection:
    """Make the clients of one region, each on first use; `endpoint` is an address other than AWS's own.

    Region and credentials are AWS's own settings unless given.
    """

    def __init__(self, region: str | None = None, endpoint: str | None = None) -> None:
        self._session = boto3.session.Session(region_name=region)
        self._endpoint = endpoint

    @cached_property
    def quick(self) -> Any:
        """Return the client for calls that are answered at once."""
        return self._client(READ_SECONDS)

    @cached_property
    def patient(self) -> Any:
        """Return the client for calls during which S3 moves a whole file."""
        return self._client(COPY_SECONDS)

    def _client(self, read_seconds: float) -> Any:
        config = Config(
            # Without a version S3 would presign some URLs with one that binds no headers.
            signature_version="s3v4",
            connect_timeout=CONNECT_SECONDS,
            read_timeout=read_seconds,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            max_pool_connections=CONNECTIONS,
            # A name for each bucket needs a name service; with a region's own name nothing is redirected.
            s3={"addressing_style": "path" if self._endpoint else "virtual"},
        )
        return self._session.client("s3", endpoint_url=self._endpoint, config=config)


@contextmanager
def errors_named() -> Iterator[None]:
    """Turn what S3 answers, or that it does not, into the port's errors; what is nobody's fault but ours stays."""
    try:
        yield
    except BROKEN as error:
        raise FilesBusy from error
    except ClientError as error:
        named = _meaning(error)
        if named is None:
            raise
        raise named from error


def _meaning(error: ClientError) -> Exception | None:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _MISSING:
        return NoSuchFile()
    if status == 412:
        return Taken()
    if code in {"ConditionalRequestConflict", "OperationAborted"}:
        return Contested()
    return FilesBusy() if status >= 500 or status == 429 or code in BUSY_CODES else None
