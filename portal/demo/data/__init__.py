"""The demo's clients as data."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

CLIENTS = ("northwind", "alder", "cormorant")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> dict[str, Any]:
    """Load one client of CLIENTS with the dates as written; treat the result as read-only."""
    return yaml.load((files(__name__) / f"{name}.yaml").read_text("utf-8"), Loader=_LOADER)


@cache
def load_texts(name: str) -> dict[str, Any]:
    """Load what stands in the client's evidence files, by evidence id."""
    texts: dict[str, Any] = {}
    for path in sorted((files(__name__) / "texts").iterdir(), key=lambda path: path.name):
        if path.name.split("-")[0].removesuffix(".yaml") == name:
            texts |= yaml.load(path.read_text("utf-8"), Loader=_LOADER)
    return texts
