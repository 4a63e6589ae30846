"""What can befall a call to AWS, done below botocore: at the very place where a request would leave the machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any
from zlib import crc32

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from moto.core.models import botocore_stubber

Fault = str | None

# Faults after which nothing was carried out, and those after which it was although no reply tells so.
BEFORE = ("unreachable", "throttled", "conflict", "in progress", "broken")
AFTER = ("lost", "cut", "broken after")
# The request is carried out twice; or not yet, but right after the next one.
ODD = ("twice", "late")
ALL = (*BEFORE, *AFTER, *ODD)

_DYNAMODB = "com.amazonaws.dynamodb.v20120810#"


class Faults:
    """Stand in for the HTTP session of a botocore client; `plan` says, request by request, what befalls it."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._below = client._endpoint.http_session
        self._late: list[AWSPreparedRequest] = []
        self._plan: Iterator[Fault] = iter(())
        self.operations: list[str] = []
        # Moto would answer before a request comes here; its turn is in `_carry_out`.
        client.meta.events.unregister("before-send", botocore_stubber)
        client._endpoint.http_session = self

    def plan(self, faults: Iterable[Fault]) -> None:
        """Let these befall the next requests, and nothing those after them."""
        self._plan = iter(faults)
        self.operations.clear()

    def heal(self) -> None:
        """Let nothing befall any more; what was late arrives."""
        self._plan = iter(())
        self._arrive()

    def remove(self) -> None:
        """Give the client its own session back."""
        self.heal()
        self._client._endpoint.http_session = self._below
        self._client.meta.events.register("before-send", botocore_stubber)

    def close(self) -> None:
        """Close the session below."""
        self._below.close()

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Send a request, or have it meet its fault."""
        operation = _text(request.headers["X-Amz-Target"]).split(".")[1]
        self.operations.append(operation)
        fault = next(self._plan, None)
        if fault in _ANSWERS:
            return _ANSWERS[fault](request, operation)
        if fault == "unreachable":
            raise ConnectTimeoutError(endpoint_url=request.url)
        if fault == "late":
            self._late.append(request)
            raise ReadTimeoutError(endpoint_url=request.url)
        return self._meet(request, fault)

    def _meet(self, request: AWSPreparedRequest, fault: Fault) -> AWSResponse:
        if fault == "twice":
            self._carry_out(request)
        reply = self._carry_out(request)
        self._arrive()
        if fault == "lost":
            raise ReadTimeoutError(endpoint_url=request.url)
        if fault == "broken after":
            return _broken(request, "")
        if fault == "cut":
            return AWSResponse(request.url, reply.status_code, reply.headers, _Raw(reply.content[:-9]))
        return reply

    def _arrive(self) -> None:
        late, self._late = self._late, []
        for request in late:
            self._carry_out(request)

    def _carry_out(self, request: AWSPreparedRequest) -> AWSResponse:
        in_memory = botocore_stubber("before-send", request)
        reply = self._below.send(request) if in_memory is None else in_memory
        reply.content  # noqa: B018 - read here, as a body can be read once
        return reply


class _Raw(BytesIO):
    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()


def _answer(request: AWSPreparedRequest, status: int, code: str, **more: Any) -> AWSResponse:
    body = json.dumps({"__type": _DYNAMODB + code, "message": code, **more}).encode()
    return AWSResponse(request.url, status, {"x-amz-crc32": str(crc32(body))}, _Raw(body))


def _throttled(request: AWSPreparedRequest, operation: str) -> AWSResponse:
    return _answer(request, 400, "ThrottlingException")


def _broken(request: AWSPreparedRequest, operation: str) -> AWSResponse:
    return _answer(request, 500, "InternalServerError")


def _in_progress(request: AWSPreparedRequest, operation: str) -> AWSResponse:
    if operation != "TransactWriteItems":
        return _throttled(request, operation)
    return _answer(request, 400, "TransactionInProgressException")


def _conflict(request: AWSPreparedRequest, operation: str) -> AWSResponse:
    if operation != "TransactWriteItems":
        return _throttled(request, operation)
    number = len(json.loads(request.body)["TransactItems"])
    reasons = [{"Code": "None"}] * (number - 1) + [{"Code": "TransactionConflict", "Message": "conflict"}]
    return _answer(request, 400, "TransactionCanceledException", CancellationReasons=reasons)


_ANSWERS: dict[Fault, Callable[[AWSPreparedRequest, str], AWSResponse]] = {
    "throttled": _throttled,
    "conflict": _conflict,
    "in progress": _in_progress,
    "broken": _broken,
}


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
