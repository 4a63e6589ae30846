"""Rules of the whole suite."""

import os
from pathlib import Path

import pytest

from tools.browser import MISSING, find_browser

BROWSER_TESTS = Path(__file__).parent / "browser"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything below tests/browser/, before `-m browser` selects."""
    for item in items:
        if BROWSER_TESTS in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no Chromium; under CI=true that is a failure."""
    if item.get_closest_marker("browser") and not find_browser():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
