"""Turn the plain data of a catalogue file, already found sound, into the model."""

from __future__ import annotations

from typing import Any

from portal.catalogue.model import (
    Catalogue,
    Clause,
    Correspondence,
    DocumentedInformation,
    Dropped,
    Help,
    Item,
    Mapping,
    New,
    clause_key,
)

Raw = dict[str, Any]

_OPTIONAL = (
    "supersedes",
    "superseded_by",
    "certifiable_until",
    "organised_around",
    "public_requirement_count",
)


def catalogue(raw: Raw, digest: str) -> Catalogue:
    """Build a catalogue from its file's content; `digest` is the SHA-256 of the file."""
    meta = raw["meta"]
    clauses = sorted((_clause(entry) for entry in raw["clauses"]), key=lambda clause: clause.sort_key)
    return Catalogue(
        id=meta["id"],
        standard=meta["standard"],
        edition=meta["edition"],
        title=meta["title"],
        status=meta["status"],
        digest=digest,
        steps={int(number): name for number, name in meta["steps"].items()},
        clauses=tuple(clauses),
        helps={entry["number"]: _help(entry) for entry in raw["clauses"] if entry["assessable"]},
        amendments=tuple(meta.get("amendments", ())),
        no_exclusions=meta.get("no_exclusions", False),
        **{name: meta.get(name) for name in _OPTIONAL},
    )


def _clause(raw: Raw) -> Clause:
    number = raw["number"]
    return Clause(
        number=number,
        title=raw["title"],
        title_is_ours=raw.get("title_is_ours", False),
        parent=raw["parent"],
        level=raw["level"],
        assessable=raw["assessable"],
        pdca=raw["pdca"],
        summary=raw["summary"],
        documented_information=_documented(raw),
        audit_stage=raw.get("audit_stage"),
        step=raw.get("step"),
        steps=tuple(raw.get("steps", ())),
        items=_items(raw),
        sort_key=clause_key(number),
    )


def _documented(raw: Raw) -> DocumentedInformation | None:
    found = raw.get("documented_information")
    return DocumentedInformation(required=found["required"], kind=found["kind"]) if found else None


def _items(raw: Raw) -> tuple[Item, ...]:
    explicit = frozenset(raw.get("documented_information", {}).get("explicit_items", ()))
    return tuple(
        Item(
            id=item["id"],
            text=item["text"],
            documentation=item["documentation"],
            audit_stage=item["audit_stage"],
            step=item["step"],
            clause=raw["number"],
            explicit=item["id"] in explicit,
        )
        for item in raw.get("items", ())
    )


def _help(raw: Raw) -> Help:
    return Help(
        questions=tuple(raw.get("interview_questions", ())),
        gaps=tuple(raw.get("common_gaps", ())),
        typical_evidence=tuple(raw.get("typical_evidence", ())),
    )


def mapping(raw: Raw) -> Mapping:
    """Build the mapping of two editions from its file's content."""
    return Mapping(
        origin=raw["meta"]["from"],
        target=raw["meta"]["to"],
        kinds=raw["meta"]["kinds"],
        correspondences=tuple(
            Correspondence(entry["from_clause"], tuple(entry["to_clauses"]), entry["kind"], entry["note"])
            for entry in raw["mappings"]
        ),
        new_in_2018=tuple(New(entry["clause"], entry["note"]) for entry in raw["new_in_2018"]),
        dropped_in_2018=tuple(
            Dropped(tuple(entry["items"]), entry["note"]) for entry in raw["dropped_in_2018"]
        ),
    )
