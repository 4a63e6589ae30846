"""Fixtures of the functions' tests: a portal on a temporary folder stands behind the functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from functions import api, wiring
from tests.support.portal import Portal


@pytest.fixture
def sent() -> list[EmailMessage]:
    """Collect what is mailed."""
    return []


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sent: list[EmailMessage]) -> Iterator[Portal]:
    """Give a portal whose stores the functions work with."""
    made = Portal(tmp_path, quarantine_bucket="certway-quarantine")
    made.services = replace(made.services, post=sent.append)
    for name in ("services", "background"):
        monkeypatch.setattr(wiring, name, lambda: made.services)
    monkeypatch.setattr(api, "application", lambda: made.app)
    yield made
    made.records.close()
