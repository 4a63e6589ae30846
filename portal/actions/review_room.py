"""The review room's facts, in three queries: the snapshot, the grant's own partition, the audit with its findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from portal import catalogue
from portal.actions.context import Ctx, NotAllowed
from portal.actions.grants import GRANT
from portal.actions.snapshots import Stored, stored
from portal.catalogue import Catalogue, Clause, Item
from portal.domain.audits import Audit
from portal.domain.findings import Finding
from portal.records import codec, keys
from portal.records.port import Record


@dataclass
class Room:
    """Hold what one grant opens; `seen` and `notes` by clause key, what was downloaded by 'EV#id#version'."""

    stage: str
    snapshot: Stored
    grant: Mapping[str, Any]
    seen: Mapping[str, Record]
    notes: Mapping[str, Record]
    audit: Audit | None = None
    findings: Sequence[tuple[Finding, int]] = field(default=())

    @cached_property
    def catalogue(self) -> Catalogue:
        """Return the edition that was frozen."""
        return catalogue.load(self.snapshot.head["edition"]["id"])

    @cached_property
    def items(self) -> dict[str, list[Item]]:
        """Return the items of the stage by clause."""
        items: dict[str, list[Item]] = {}
        for item in self.catalogue.items_of_stage(self.stage):  # type: ignore[arg-type]
            items.setdefault(item.clause, []).append(item)
        return items

    @cached_property
    def evidence(self) -> dict[str, list[Mapping[str, Any]]]:
        """Return the frozen entries by item."""
        entries: dict[str, list[Mapping[str, Any]]] = {}
        for entry in self.snapshot.entries:
            for item in entry["items"]:
                entries.setdefault(item, []).append(entry)
        return entries

    def clause(self, number: str) -> Clause:
        """Return a clause that the stage looks at; raise `NotAllowed` for any other."""
        if number not in self.items:
            raise NotAllowed(number)
        return self.catalogue.clause(number)

    def viewed(self, entry: Mapping[str, Any]) -> int:
        """Return when this auditor last downloaded an entry, in epoch seconds; 0 for never."""
        record = self.seen.get(f"EV#{entry['evidence']}#{entry['version']}")
        return record.body["viewed"] if record else 0


def load(ctx: Ctx, *, everything: bool = False) -> Room:
    """Read the room of the grant at hand; with `everything` also its audit and findings."""
    mine = ctx.records.query(keys.grant(ctx.scope.grant).partition, limit=None).records
    grant = next((r.body for r in mine if r.kind == GRANT), None)
    if grant is None:
        raise NotAllowed("grant")
    audit, found = _answers(ctx) if everything else (None, ())
    snapshot, seen, notes = stored(ctx, ctx.scope.snapshot), _after(mine, "SEEN"), _after(mine, "NOTE")
    return Room(ctx.scope.stage, snapshot, grant, seen, notes, audit, found)


def _after(records: Sequence[Record], kind: str) -> dict[str, Record]:
    return {r.key.sort.split("#", 1)[1]: r for r in records if r.kind == kind}


def _answers(ctx: Ctx) -> tuple[Audit | None, Sequence[tuple[Finding, int]]]:
    # One range of the programme's partition, from the stage's audit to the last finding.
    audit = keys.audit(ctx.scope.organisation, ctx.scope.programme, ctx.scope.audit)
    found = ctx.records.query(audit.partition, start=audit.sort, end="FIND#~", limit=None).records
    held = next((codec.load(Audit, r.body) for r in found if r.key == audit), None)
    raised = [(codec.load(Finding, r.body), r.version) for r in found if r.kind == "FIND"]
    return held, [(finding, version) for finding, version in raised if finding.source == ctx.scope.stage]
