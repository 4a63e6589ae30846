"""Random events, none of which is a request: JSON of words that handlers look for, and requests with one fault."""

from __future__ import annotations

import random
from typing import Any

from tests.functions.payloads import REQUESTS, payload

WORDS = (
    "version", "2.0", "rawPath", "/api/health", "headers", "requestContext", "http", "method", "GET", "command",
    "raw_command", "import os; os.abort()", "Records", "eventSource", "aws:s3", "s3", "detail-type", "Scheduled Event",
    "source", "aws.events", "resources", "kwargs", "body", "isBase64Encoded", "cookies", "stage", "authorizationToken",
    "portal.cli.main", "manage", "task_path", "", "\x00", "\ud800", "é", "$default", "bot", "triggerSource",
)  # fmt: skip
# Where a request is broken, and what stands there instead.
PLACES: tuple[tuple[str, ...], ...] = (
    ("version",), ("rawPath",), ("rawQueryString",), ("headers",), ("requestContext",), ("isBase64Encoded",),
    ("requestContext", "http"), ("requestContext", "stage"), ("requestContext", "domainName"),
    ("requestContext", "http", "method"), ("requestContext", "http", "sourceIp"),
)  # fmt: skip
INSTEAD: tuple[Any, ...] = (None, 0, 1.5, [], ["a"], "\x00", "a\r\nb", "\ud800")
WRONG: tuple[tuple[str, Any], ...] = (
    ("version", "1.0"), ("version", 2.0), ("rawPath", "api/health"), ("rawPath", ""), ("rawPath", "http://a/"),
    ("isBase64Encoded", "false"), ("headers", {"accept": 1}), ("headers", {"accept": "a\nb"}),
    ("requestContext", {}), ("requestContext", {"http": {}}),
    ("cookies", "sid=1"), ("cookies", [1]), ("cookies", ["a\r\nb"]),
    ("body", 7), ("body", {"a": 1}), ("body", "\ud800"),
)  # fmt: skip
METHODS = ("get", "TRACE", "CONNECT", "GET /", "", "PROPFIND")
ADDRESSES = ("", "unknown", "192.0.2.44, 198.51.100.9", "192.0.2.44\n", "x" * 300)


def anything(chance: random.Random, deep: int = 0) -> Any:
    """Return random JSON made of words that handlers of events look for."""
    kind = chance.randrange(8 if deep < 4 else 5)
    if kind < 5:
        return (chance.choice(WORDS), chance.randrange(-9, 9), None, chance.random(), chance.random() < 0.5)[kind]
    if kind == 5:
        return [anything(chance, deep + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(WORDS): anything(chance, deep + 1) for _ in range(chance.randrange(1, 6))}


def broken(chance: random.Random) -> Any:
    """Return a request with one thing wrong in it, and perhaps a command beside."""
    event = payload(f"requests/{chance.choice(REQUESTS)}")
    http = event["requestContext"]["http"]
    spoil = chance.randrange(5)
    if spoil == 0:
        _at(event, chance.choice(PLACES), chance.choice(INSTEAD))
    elif spoil == 1:
        _at(event, chance.choice(PLACES), None, remove=True)
    elif spoil == 2:
        event |= [chance.choice(WRONG)]
    elif spoil == 3:
        http["method"] = chance.choice(METHODS)
    else:
        http["sourceIp"] = chance.choice(ADDRESSES)
    return event | ({"raw_command": "import os; os.abort()"} if chance.random() < 0.3 else {})


def _at(event: Any, place: tuple[str, ...], value: Any, *, remove: bool = False) -> None:
    *way, last = place
    for name in way:
        event = event[name]
    if remove:
        del event[last]
    else:
        event[last] = value
