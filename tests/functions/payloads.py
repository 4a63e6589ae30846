"""Stored payloads of events, as AWS sends them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parent / "events"
REQUESTS, FOREIGN = (sorted(path.stem for path in (EVENTS / kind).glob("*.json")) for kind in ("requests", "foreign"))


def payload(name: str) -> Any:
    """Return a new copy of a stored payload, such as 'requests/get'."""
    return json.loads((EVENTS / f"{name}.json").read_text())
