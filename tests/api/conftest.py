"""Fixtures of the API tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.portal import Portal


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """Give a whole portal on a temporary folder."""
    made = Portal(tmp_path)
    yield made
    made.services.records.close()
