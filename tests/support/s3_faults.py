"""What can befall a call to S3, done below botocore: at the very place where a request would leave the machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from moto.core.models import botocore_stubber

from portal.files.s3 import Connection

Fault = str | None

# Faults after which nothing was carried out, and those after which it was although no reply tells so.
BEFORE = ("unreachable", "slow down", "broken")
AFTER = ("lost", "broken after")
ALL = (*BEFORE, *AFTER)

_ANSWERS = {
    "slow down": (503, "SlowDown"),
    "broken": (500, "InternalError"),
    "broken after": (500, "InternalError"),
    "conflict": (409, "ConditionalRequestConflict"),
    "forbidden": (403, "AccessDenied"),
}


class S3Faults:
    """Stand in for the HTTP sessions of a connection's clients; `plan` says, request by request, what befalls it."""

    def __init__(self, connection: Connection) -> None:
        self._plan: Iterator[Fault] = iter(())
        self.methods: list[str] = []
        self._below = [(client, client._endpoint.http_session) for client in (connection.quick, connection.patient)]
        for client, _ in self._below:
            # Moto answers before a request comes here; its turn is in `_carry_out`.
            client.meta.events.unregister("before-send", botocore_stubber)
            client._endpoint.http_session = self

    def remove(self) -> None:
        """Give the clients their own sessions back."""
        for client, session in self._below:
            client.meta.events.register("before-send", botocore_stubber)
            client._endpoint.http_session = session

    def plan(self, faults: Iterable[Fault]) -> None:
        """Let these befall the next requests, and nothing those after them."""
        self._plan = iter(faults)
        self.methods.clear()

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Send a request, or have it meet its fault."""
        self.methods.append(request.method)
        fault = next(self._plan, None)
        if fault == "unreachable":
            raise ConnectTimeoutError(endpoint_url=request.url)
        if fault not in ("lost", "broken after", "cut", None):
            return _answer(request, fault)
        reply = _carry_out(request)
        if fault == "lost":
            raise ReadTimeoutError(endpoint_url=request.url)
        if fault == "broken after":
            return _answer(request, fault)
        if fault == "cut":
            return AWSResponse(request.url, reply.status_code, reply.headers, _Cut(reply.raw.read()))
        return reply


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


class _Cut(_Raw):
    """End half-way as a connection does that breaks."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content[: len(content) // 2])

    def read(self, size: int | None = -1) -> bytes:
        if data := super().read(size):
            return data
        raise ReadTimeoutError(endpoint_url="")


def _carry_out(request: AWSPreparedRequest) -> AWSResponse:
    return botocore_stubber("before-send", request)


def _answer(request: AWSPreparedRequest, fault: str) -> AWSResponse:
    status, code = _ANSWERS[fault]
    body = b"" if request.method == "HEAD" else f"<Error><Code>{code}</Code></Error>".encode()
    return AWSResponse(request.url, status, {}, _Raw(body))
