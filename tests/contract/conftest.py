"""Fixtures of the contract tests: DynamoDB in memory, and over HTTP."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.ministack import COMMAND, CREDENTIALS, MISSING, ministack


@pytest.fixture(scope="module")
def moto() -> Iterator[Any]:
    """Give a connection to a DynamoDB in this process's memory."""
    from portal.records.dynamodb import connect
    from tests.support.strict_moto import strict_moto

    with strict_moto():
        yield connect()


@pytest.fixture(scope="module")
def over_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give a connection to a MiniStack of its own; without MiniStack skip, under CI=true fail."""
    from portal.records.dynamodb import connect

    if not COMMAND.exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    with pytest.MonkeyPatch.context() as patch, ministack(tmp_path_factory.mktemp("ministack")) as address:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        yield connect(endpoint=address)
