"""Shape a catalogue for the browser: one static document, cacheable by its digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from portal.catalogue.model import Catalogue, Clause, Help, Item


def browser_document(catalogue: Catalogue, steps: Mapping[int, str] | None = None) -> dict[str, Any]:
    """Return a catalogue as plain data; help stands apart from the items, `steps` are the portal's names for them."""
    return {
        "id": catalogue.id,
        "standard": catalogue.standard,
        "edition": catalogue.edition,
        "title": catalogue.title,
        "status": catalogue.status,
        "amendments": list(catalogue.amendments),
        "certifiable_until": catalogue.certifiable_until,
        "digest": catalogue.digest,
        "item_count": len(catalogue.items),
        "steps": [{"number": number, "name": name} for number, name in sorted((steps or catalogue.steps).items())],
        "clauses": [_clause(clause, catalogue.help(clause.number)) for clause in catalogue.clauses],
    }


def browser_bytes(catalogue: Catalogue, steps: Mapping[int, str] | None = None) -> bytes:
    """Return the browser's document as compact JSON in UTF-8."""
    return json.dumps(browser_document(catalogue, steps), ensure_ascii=False, separators=(",", ":")).encode()


def _clause(clause: Clause, help_: Help) -> dict[str, Any]:
    heading = {
        "number": clause.number,
        "title": clause.title,
        "parent": clause.parent,
        "level": clause.level,
        "assessable": clause.assessable,
        "pdca": clause.pdca,
        "summary": clause.summary,
    }
    return heading | _assessed(clause, help_) if clause.assessable else heading


def _assessed(clause: Clause, help_: Help) -> dict[str, Any]:
    documented = clause.documented_information
    return {
        "stage": clause.audit_stage,
        "step": clause.step,
        "steps": list(clause.steps),
        "documented": {"required": documented.required, "kind": documented.kind},
        "items": [_item(item) for item in clause.items],
        "help": {
            "questions": list(help_.questions),
            "gaps": list(help_.gaps),
            "evidence": list(help_.typical_evidence),
        },
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "text": item.text,
        "documentation": item.documentation,
        "stage": item.audit_stage,
        "step": item.step,
        "explicit": item.explicit,
    }
