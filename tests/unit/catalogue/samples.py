"""The real data files as plain content, and a small third catalogue."""

from __future__ import annotations

from functools import cache
from typing import Any

from portal.catalogue import source


@cache
def content(name: str) -> Any:
    """Return the content of a data file, parsed once from its YAML; not to be changed."""
    return source.parse((source.DATA / f"{name}.yaml").read_bytes())


def small() -> dict[str, Any]:
    """Return the smallest sound catalogue, of another standard, with clauses 9 to 10 out of order."""
    heading = {"parent": None, "level": 1, "assessable": False, "pdca": "plan", "summary": "A heading."}
    item = {"text": "Something is so", "documentation": "record", "audit_stage": "both", "step": 4}
    clause = heading | {
        "level": 2,
        "assessable": True,
        "documented_information": {"required": False, "kind": "record"},
        "audit_stage": "both",
        "step": 4,
        "steps": [4],
    }
    numbers = ("10", "9", "A")
    return {
        "meta": {
            "id": "small-2030",
            "standard": "Small",
            "edition": 2030,
            "title": "A small standard",
            "status": "draft",
            "steps": {str(number): f"Step {number}" for number in range(1, 12)},
        },
        "clauses": [
            *({"number": number, "title": f"Title {number}"} | heading for number in numbers),
            *(
                {"number": f"{number}.{part}", "title": "Leaf"}
                | clause
                | {"parent": number, "items": [item | {"id": f"{number}.{part}-a"}]}
                for number in numbers
                for part in (10, 2)
            ),
        ],
    }
