"""The state of one programme, read in one query: what the overview, the gates and the lists decide from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from typing import Any

from portal import catalogue
from portal.actions import finding_facts
from portal.actions.context import Ctx
from portal.actions.programmes import head_of
from portal.catalogue import Catalogue, Item
from portal.domain.audits import Audit
from portal.domain.common import Person
from portal.domain.facts import AuditFact, Facts, FindingFact, ItemFact
from portal.domain.findings import Finding
from portal.domain.steps import Step
from portal.records import codec, keys
from portal.records.port import Record


@dataclass
class State:
    """Hold the records of one programme, decoded where they are asked for."""

    head: Record
    catalogue: Catalogue
    records: Mapping[str, Sequence[Record]]
    today: date
    organisation: Mapping[str, Any] = field(default_factory=dict)
    evidence_counts: Mapping[str, int] = field(default_factory=dict)

    def of(self, kind: str) -> Sequence[Record]:
        """Return the records of one kind."""
        return self.records.get(kind, ())

    @cached_property
    def steps(self) -> dict[int, Step]:
        """Return the eleven steps by number."""
        return {step.number: step for step in (codec.load(Step, r.body) for r in self.of("STEP"))}

    @cached_property
    def step_versions(self) -> dict[int, int]:
        """Return the versions of the steps."""
        return {r.body["number"]: r.version for r in self.of("STEP")}

    @cached_property
    def ratings(self) -> dict[str, Mapping[str, Any]]:
        """Return the rating bodies by item."""
        return {item: rating for r in self.of("RATE") for item, rating in r.body.get("items", {}).items()}

    @cached_property
    def links(self) -> dict[str, int]:
        """Return the evidence counters, '<item>.linked' and '<item>.accepted'."""
        return {name: n for r in self.of("COUNTS") for name, n in r.counters.items()}

    @cached_property
    def items(self) -> tuple[ItemFact, ...]:
        """Return every item of the edition with its rating and its evidence."""
        rated, links, person = self.ratings.get, self.links.get, cache(Person)
        return tuple(
            ItemFact(*fixed, *_said(rated(fixed[0], _UNRATED), person), links(linked, 0), links(accepted, 0))
            for fixed, linked, accepted in _fixed(self.catalogue)
        )

    @cached_property
    def findings(self) -> list[Finding]:
        """Return all findings, oldest first."""
        return [codec.load(Finding, r.body) for r in self.of("FIND")]

    @cached_property
    def finding_facts(self) -> tuple[FindingFact, ...]:
        """Return all findings as gates and lists need them."""
        return tuple(finding_facts.fact(finding) for finding in self.findings)

    @cached_property
    def audits(self) -> list[Audit]:
        """Return all audits by their first day."""
        held = (codec.load(Audit, r.body) for r in self.of("AUDIT"))
        return sorted(held, key=lambda audit: (audit.start, audit.id))

    @cached_property
    def facts(self) -> Facts:
        """Return what gates decide from."""
        head = self.head.body
        sites = {site["id"]: site["name"] for site in self.organisation.get("sites", ())}
        records = frozenset(fact.clause for fact in self.items if fact.accepted and fact.documentation != "document")
        span = self.of("SPAN")[0].body if self.of("SPAN") else {}
        return Facts(
            records_from=date.fromisoformat(span["from"]) if span else None,
            records_to=date.fromisoformat(span["to"]) if span else None,
            today=self.today, edition=self.catalogue.edition, items=self.items,
            titles={clause.number: clause.title for clause in self.catalogue.clauses},
            scope_statement=head["scope_statement"], scope_agreed=bool(head["scope_agreed"]),
            clauses_with_records=records, findings=self.finding_facts,
            audits=tuple(audit_fact(audit) for audit in self.audits),
            sites={site: sites.get(site, site) for site in head["sites"]},
        )  # fmt: skip


_UNRATED: Mapping[str, Any] = {}


def item_fact(item: Item, pdca: str, rating: Mapping[str, Any], links: Mapping[str, int]) -> ItemFact:
    """Return one item with its rating and its evidence."""
    counted = (links.get(f"{item.id}.{name}", 0) for name in ("linked", "accepted"))
    return ItemFact(*_unchanging(item, pdca), *_said(rating, Person), *counted)


def _unchanging(item: Item, pdca: str) -> tuple[Any, ...]:
    return item.id, item.clause, item.step, item.audit_stage, pdca, item.explicit, item.documentation


@cache
def _fixed(catalogue: Catalogue) -> tuple[tuple[tuple[Any, ...], str, str], ...]:
    """Return of every item what the edition says of it and the names of its two counters."""
    return tuple(
        (_unchanging(item, clause.pdca), f"{item.id}.linked", f"{item.id}.accepted")
        for clause in catalogue.assessable
        for item in clause.items
    )


def _said(rating: Mapping[str, Any], person: Callable[[str, str], Person]) -> tuple[Any, ...]:
    owner, due = rating.get("owner"), rating.get("due")
    named = person(owner["id"], owner["name"]) if owner else None
    return rating.get("rating"), named, date.fromisoformat(due) if due else None


def audit_fact(audit: Audit) -> AuditFact:
    """Return an audit as gates need it."""
    return finding_facts.audit(audit)


def edition_catalogue(ctx: Ctx) -> Catalogue:
    """Return the catalogue of the programme in scope."""
    return catalogue.load(head_of(ctx).body["edition"])


def load(ctx: Ctx) -> State:
    """Read the programme in scope: one query, and one batch for what stands beside it."""
    head, org = head_of(ctx), ctx.scope.organisation
    partition = keys.inside(org, ctx.scope.programme)
    found = ctx.records.query(partition, limit=None).records
    beside = ctx.records.get_many([keys.organisation(org), keys.evidence_counts(org)])
    profile, counts = beside.get(keys.organisation(org)), beside.get(keys.evidence_counts(org))
    return State(
        head, catalogue.load(head.body["edition"]), _by_kind(found), ctx.today,
        profile.body if profile else {}, counts.counters if counts else {},
    )  # fmt: skip


def load_ratings(ctx: Ctx, prefix: str = "RATE#") -> State:
    """Read the ratings and evidence counters only: one query."""
    head = head_of(ctx)
    partition = keys.inside(ctx.scope.organisation, ctx.scope.programme)
    found = ctx.records.query(partition, prefix=prefix, limit=None).records
    return State(head, catalogue.load(head.body["edition"]), _by_kind(found), ctx.today)


def _by_kind(found: Sequence[Record]) -> dict[str, list[Record]]:
    kinds: dict[str, list[Record]] = {}
    for record in found:
        kinds.setdefault(record.kind, []).append(record)
    return kinds
