"""Links: the addresses of pages, built in one place."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode


def page(name: str, org: str = "", programme: str = "", **more: str) -> str:
    """Return the address of a page of one programme."""
    there = _there(org, programme)
    more = {name: value for name, value in more.items() if value != ""}
    wanted = f"{there}&{urlencode(more)}" if there and more else there or urlencode(more)
    return f"/{name}.html?{wanted}" if wanted else f"/{name}.html"


@lru_cache(maxsize=256)
def _there(org: str, programme: str) -> str:
    return urlencode({name: value for name, value in (("o", org), ("p", programme)) if value})


def to_place(place: Any, scope: Any) -> str:
    """Return the address of a place the domain names: a page with its parameters, within a scope."""
    return page(place.page, scope.organisation, scope.programme, **dict(place.params))


# object kind of a journal event → page and parameter
_PAGES = {
    "evidence": ("evidence-item", "e"),
    "finding": ("finding", "f"),
    "audit": ("audit", "a"),
    "step": ("step", "n"),
}


def to_object(org: str, event: Mapping[str, Any]) -> str | None:
    """Return the page of the object that an event is about, or None where it has none."""
    kind, object_id = event["object"]["kind"], event["object"]["id"]
    programme = event.get("programme", "")
    if kind == "member":
        return page("members", org, programme)
    if kind == "requirement":
        return requirement(org, programme, object_id)
    if kind not in _PAGES or not programme:
        return None
    name, parameter = _PAGES[kind]
    return page(name, org, programme, **{parameter: object_id})


def requirement(org: str, programme: str, item: str) -> str:
    """Return the address of one item among the requirements."""
    clause = item.rsplit("-", 1)[0]
    return f"{page('requirements', org, programme, clause=clause)}#{item}"
