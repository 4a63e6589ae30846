"""Rules for matching addresses only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class MatchOnly(Rule):
    """Match addresses; the API builds none from a route, and preparing to is most of what a route costs at start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _never


def _never(*_: Any, **__: Any) -> tuple[str, str]:
    raise NotImplementedError("addresses are built in portal.actions.links")
