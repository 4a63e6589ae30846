"""Calls to DynamoDB through PynamoDB's connection: timeouts, tries, and what its errors mean for the port.

PynamoDB's own transactions put writes of a kind together, so that the reasons of a refusal are not in our order;
the calls here therefore hand over the list of a transaction as it is.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any
from zlib import crc32

from botocore.exceptions import BotoCoreError, ChecksumError, ClientError, ConnectionError, HTTPClientError
from pynamodb.connection import Connection

from portal.records.port import Busy, RecordsError, TooBig

CONNECT_SECONDS, READ_SECONDS = 1, 3
# Further tries: when another request is in the way, and when a reply is missing and the outcome unknown.
CONFLICT_TRIES, UNKNOWN_TRIES = 5, 2
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 1.0

CONNECTIONS = 32

_CROWDED = {
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "Throttling",
    "RequestLimitExceeded",
    "TransactionConflictException",
    "TransactionInProgressException",
}
_CROWDED_REASONS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
_REFUSED = "ConditionalCheckFailed"

# The state of the process's own generator would be the same in every copy of a restored function.
_random = secrets.SystemRandom()


class _Trouble(Enum):
    CROWDED = CONFLICT_TRIES
    UNKNOWN = UNKNOWN_TRIES


class _Refused(Exception):
    """Carry the places of the writes whose conditions failed."""

    def __init__(self, places: list[int]) -> None:
        super().__init__(places)
        self.places = places


class Pauses:
    """Count the tries of one call and say how long to wait before the next."""

    def __init__(self) -> None:
        self._left = {trouble: trouble.value for trouble in _Trouble}
        self._longest = SHORTEST_PAUSE

    def next(self, trouble: _Trouble = _Trouble.CROWDED) -> float | None:
        """Return the seconds to wait, at random so that rivals part; None when it was tried often enough."""
        if not self._left[trouble]:
            return None
        self._left[trouble] -= 1
        longest, self._longest = self._longest, min(self._longest * 2, LONGEST_PAUSE)
        return _random.uniform(0, longest)


def connect(region: str | None = None, endpoint: str | None = None) -> Connection:
    """Return a connection that gives up early; region, address and credentials are AWS's own settings unless given.

    It tries once, because trying again is done here, with one token.
    """
    return Connection(
        region=region,
        host=endpoint,
        connect_timeout_seconds=CONNECT_SECONDS,
        read_timeout_seconds=READ_SECONDS,
        retry_configuration={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=CONNECTIONS,
    )


class Calls:
    """Make calls that can be repeated without harm, trying again while that may help."""

    def __init__(self, connection: Connection, sleep: Callable[[float], None]) -> None:
        self._connection = connection
        self._sleep = sleep
        # The client is made now, because two threads making it at once would make two.
        connection.client.meta.events.register("needs-retry.dynamodb", _require_whole_reply, "whole-reply")

    def __call__(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Return the reply; raise `Busy` when there is none in time, `RecordsError` when it is a refusal."""
        pauses = Pauses()
        while True:
            try:
                return self._connection.dispatch(operation, arguments)
            except (ClientError, BotoCoreError) as error:
                self.wait(pauses, f"DynamoDB stayed busy: {error}", _trouble(error), error)

    def transact(self, operations: Sequence[dict[str, Any]]) -> list[int]:
        """Carry out all operations or none; return the places of those whose conditions failed."""
        try:
            # The token makes a repetition after a lost reply harmless.
            self("TransactWriteItems", TransactItems=list(operations), ClientRequestToken=secrets.token_hex(16))
        except _Refused as refused:
            return refused.places
        return []

    def close(self) -> None:
        """Close the connections."""
        self._connection.client.close()

    def wait(
        self,
        pauses: Pauses,
        why: str,
        trouble: _Trouble = _Trouble.CROWDED,
        cause: Exception | None = None,
    ) -> None:
        """Wait before the next try; raise `Busy` when there were enough."""
        pause = pauses.next(trouble)
        if pause is None:
            raise Busy(why) from cause
        self._sleep(pause)


def _trouble(error: Exception) -> _Trouble:
    """Return why a call may be tried again; raise what it means when that would not help."""
    if isinstance(error, HTTPClientError | ConnectionError | ChecksumError):
        return _Trouble.UNKNOWN
    if not isinstance(error, ClientError):
        raise RecordsError(f"DynamoDB could not be asked: {error}") from error
    code = error.response.get("Error", {}).get("Code", "")
    if code == "TransactionCanceledException":
        return _cancelled(error)
    if code in _CROWDED:
        return _Trouble.CROWDED
    if error.__cause__ is not None and _status(error.__cause__) >= 500:
        return _Trouble.UNKNOWN
    raise (TooBig if "maximum allowed size" in str(error) else RecordsError)(str(error)) from error


def _cancelled(error: Any) -> _Trouble:
    reasons = [reason.code if reason else None for reason in error.cancellation_reasons]
    refused = [place for place, code in enumerate(reasons) if code == _REFUSED]
    if refused:
        raise _Refused(refused) from error
    if _CROWDED_REASONS.intersection(reasons):
        return _Trouble.CROWDED
    told = "; ".join(f"{r.code}: {r.message}" for r in error.cancellation_reasons if r)
    raise (TooBig if "maximum allowed size" in told else RecordsError)(told or str(error)) from error


def _status(error: Any) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _require_whole_reply(response: Any, **_: Any) -> None:
    # Botocore takes a reply that was cut short for an empty one.
    if response is None:
        return
    told, body = response[0].headers.get("x-amz-crc32"), response[0].content
    if told is not None and int(told) != crc32(body):
        raise ChecksumError(checksum_type="crc32", expected_checksum=told, actual_checksum=str(crc32(body)))
