"""What the clients of the bench ask for: reads, a rating, a piece of evidence with its file, a sign-in."""

from __future__ import annotations

import hashlib
import os
from typing import Any

from tests.bench.client import Client
from tests.bench.load import Ask
from tests.bench.seed import EMAIL, PASSWORD, House

MIB = 1 << 20


def get(path: str) -> Ask:
    """Return a request that reads."""
    return lambda client, turn: client.get(path)


def sign_in(client: Client, turn: int) -> None:
    """Open a session."""
    client.send("POST", "/api/session", {"email": EMAIL, "password": PASSWORD})


class Rater:
    """Rate the items of a programme in turn, each time to another rating, with the etag last read."""

    def __init__(self, client: Client, house: House, part: int = 0, parts: int = 1) -> None:
        self.base = f"{house.base}/requirements"
        clauses = client.get(self.base).json()["clauses"]
        items = [item for clause in clauses for item in clause["items"]]
        # Several people rate side by side: each has clauses of their own.
        self.items = items[part * len(items) // parts : (part + 1) * len(items) // parts]

    def __call__(self, client: Client, turn: int) -> None:
        """Change one rating."""
        item = self.items[turn % len(self.items)]
        wanted = ((item["rating"] or 0) + 1) % 4
        path = f"{self.base}/{item['id']}"
        answer = client.send("PUT", path, {"rating": wanted}, etag=item["etag"])
        item.update(answer.json())


class Uploader:
    """Put in evidence with a file of 1 MiB that nobody sent before: announce, send, complete, create."""

    def __init__(self, house: House, mark: int = 0) -> None:
        self.base, self.mark = house.base, mark
        self._bytes = os.urandom(MIB - 16)
        self._hash = hashlib.sha256(self._bytes)

    def __call__(self, client: Client, turn: int) -> None:
        """Make one piece of evidence."""
        last = b"%08d%08d" % (self.mark, turn)
        digest = self._hash.copy()
        digest.update(last)
        file = {"filename": f"minutes-{turn}.pdf", "length": MIB, "sha256": digest.hexdigest()}
        upload = self._post(client, "uploads", file, 201)
        client.put_bytes(upload["url"], self._bytes, last)
        self._post(client, f"uploads/{upload['id']}/complete", {}, 200)
        facts = {"title": f"Minutes {self.mark}.{turn}", "kind": "document", "items": ["9.3-a"], "upload": upload["id"]}
        self._post(client, "evidence", facts, 201)

    def _post(self, client: Client, path: str, body: dict[str, Any], status: int) -> Any:
        return client.send("POST", f"{self.base}/{path}", body, expect=status).json()
