"""Copies of the real data files that a test may break."""

from __future__ import annotations

import copy
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from portal.catalogue import Library, source
from portal.catalogue.loader import MAPPING, REFERENCE
from tests.unit.catalogue.samples import content, small

EDITIONS = Library().ids()


@pytest.fixture(params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> str:
    """Name each edition of the package in turn."""
    return request.param


@pytest.fixture
def raw(edition: str) -> Any:
    """Return a copy of one edition's content that a test may change."""
    return copy.deepcopy(content(edition))


@pytest.fixture
def mapping_raw() -> Any:
    """Return a copy of the mapping's content that a test may change."""
    return copy.deepcopy(content(MAPPING))


@pytest.fixture
def reference_raw() -> Any:
    """Return a copy of the reference data's content that a test may change."""
    return copy.deepcopy(content(REFERENCE))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the data folder with a small third catalogue in it."""
    data = tmp_path / "data"
    shutil.copytree(source.DATA, data)
    # JSON is YAML too, which keeps the copy quick to parse.
    (data / "small-2030.yaml").write_text(json.dumps(small()))
    return data
