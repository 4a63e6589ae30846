"""Moto's S3 made as strict as the real one: checksums, create-only writes, and presigned URLs."""

from __future__ import annotations

import hashlib
import hmac
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, quote, urlsplit

import requests
from moto import mock_aws
from moto.s3.exceptions import PreconditionFailed, S3ClientError
from moto.s3.responses import S3Response
from werkzeug.datastructures import Headers

REGION = "eu-west-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}

_SHA256 = "x-amz-checksum-sha256"
_ALGORITHM = "x-amz-sdk-checksum-algorithm"


class BadDigest(S3ClientError):
    """Tell that the bytes do not have the checksum that came with them."""

    def __init__(self) -> None:
        super().__init__("BadDigest", "The SHA256 you specified did not match the calculated checksum.")


@contextmanager
def strict_s3() -> Iterator[None]:
    """Answer every AWS call of this process in memory, with what moto leaves out of S3's writes."""
    lock = threading.RLock()
    carry_out, put, copy = S3Response._key_response_put, S3Response.put_object, S3Response.copy_object

    def one_at_a_time(response: S3Response, *arguments: Any) -> Any:
        with lock:
            # Moto asks of a copy under a lock what S3 asks of an upload only.
            if "x-amz-copy-source" in response.headers:
                _tell_algorithm(response)
            return carry_out(response, *arguments)

    def compared(response: S3Response) -> Any:
        if announced := response.headers.get(_SHA256):
            if announced != b64encode(hashlib.sha256(response.body or b"").digest()).decode():
                raise BadDigest
            # S3 keeps the checksum without being told its name apart.
            _tell_algorithm(response)
        return put(response)

    def create_only(response: S3Response) -> Any:
        key = response.parse_key_name()
        if response.headers.get("If-None-Match") == "*" and response.backend.get_object(response.bucket_name, key):
            raise PreconditionFailed("If-None-Match")
        return copy(response)

    with (
        mock_aws(),
        patch.dict("os.environ", CREDENTIALS),
        patch.object(S3Response, "_key_response_put", one_at_a_time),
        patch.object(S3Response, "put_object", compared),
        patch.object(S3Response, "copy_object", create_only),
    ):
        yield


def _tell_algorithm(response: S3Response) -> None:
    response.headers = Headers([*response.headers.items(), (_ALGORITHM, "SHA256")])


@dataclass(frozen=True)
class Answer:
    """Hold what S3 answers at a presigned URL."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def send(method: str, url: str, headers: Mapping[str, str], content: bytes = b"", *, at: float) -> Answer:
    """Send a request to a presigned URL at a time (epoch seconds); 403 when S3 would refuse its signature."""
    if why := refusal(method, url, headers, at):
        return Answer(403, {}, why.encode())
    if int(headers.get("Content-Length", 0)) != len(content):
        return Answer(400, {}, b"IncompleteBody")
    reply = requests.request(method, url, headers=dict(headers), data=content, timeout=10)
    return Answer(reply.status_code, reply.headers, reply.content)


def refusal(method: str, url: str, headers: Mapping[str, str], at: float) -> str:
    """Return why S3 would refuse a request with this signature at this time; empty when it would not."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    signature, signed = query.pop("X-Amz-Signature"), query["X-Amz-SignedHeaders"].split(";")
    begin = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    if at >= begin + int(query["X-Amz-Expires"]):
        return "Request has expired"
    sent = {name.lower(): value.strip() for name, value in headers.items()} | {"host": parts.netloc}
    if unsigned := {name for name in sent if name.startswith("x-amz-")} - set(signed):
        return f"There were headers present in the request which were not signed: {unsigned}"
    if set(signed) - set(sent):
        return "SignatureDoesNotMatch"
    canonical = "\n".join((
        method, parts.path, "&".join(f"{_quoted(k)}={_quoted(v)}" for k, v in sorted(query.items())),
        *(f"{name}:{sent[name]}" for name in signed), "", ";".join(signed), "UNSIGNED-PAYLOAD",
    ))  # fmt: skip
    return "" if hmac.compare_digest(signature, _signature(query, canonical)) else "SignatureDoesNotMatch"


def _signature(query: Mapping[str, str], canonical: str) -> str:
    scope = query["X-Amz-Credential"].split("/")[1:]
    key = b"AWS4" + CREDENTIALS["AWS_SECRET_ACCESS_KEY"].encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join((query["X-Amz-Algorithm"], query["X-Amz-Date"], "/".join(scope), digest))
    return hmac.digest(key, text.encode(), "sha256").hex()


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")
