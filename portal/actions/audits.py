"""Audits: planning, freezing what the certification body sees, recording its decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portal.actions import finding_facts, grants, snapshots
from portal.actions.audit_views import audit_view, may, snapshot_view
from portal.actions.context import Ctx, Event, NotAllowed
from portal.actions.guarding import bump, hold
from portal.actions.programmes import head_of
from portal.actions.state import edition_catalogue, load, load_ratings
from portal.domain import audits as domain
from portal.domain import certificate, coverage, headlines
from portal.domain.audits import Audit, Kind, State
from portal.domain.certificate import Certificate
from portal.domain.common import Invalid, Person
from portal.domain.finding_moves import on_behalf
from portal.domain.grants import Capability, Standing, standing
from portal.domain.wording import full_day, listed
from portal.records import codec, keys
from portal.records.port import Insert, Record, Replace

# Whoever may do these audits; a grant to read alone may go to the reviewer who decides.
AUDITING = frozenset({Capability.RAISE_FINDINGS, Capability.CONCLUDE})
_WORDS = {
    "title": "the title", "start": "the first day", "end": "the last day", "lead_auditor": "the lead auditor",
    "team": "the team", "clauses": "the clauses", "sites": "the sites", "report": "the report",
    "stage2_date_confirmed": "the day of Stage 2",
}  # fmt: skip


class Held:
    """Hold the audits, findings and grants of a programme: two queries."""

    def __init__(self, ctx: Ctx) -> None:
        # 'AUDIT#' to 'FIND#': both in one range of the programme's partition.
        partition = keys.inside(ctx.scope.organisation, ctx.scope.programme)
        found = ctx.records.query(partition, start="AUDIT#", end="FIND#~", limit=None).records
        self.ctx = ctx
        self.records = {r.body["id"]: r for r in found if r.kind == "AUDIT"}
        self.audits = {r.body["id"]: codec.load(Audit, r.body) for r in self.records.values()}
        self.raised_in = [r.body["audit"] for r in found if r.kind == "FIND"]
        self.grants = grants.of_programme(ctx)

    def active_grants(self, audit: str = "") -> int:
        """Count the grants that let somebody in now, of one audit or of all."""
        now = self.ctx.now
        living = [g for g in map(grants.grant_of, self.grants) if standing(g, now) == Standing.ACTIVE]
        return sum(g.audit == audit or not audit for g in living)

    def view(self, audit_id: str) -> dict[str, Any]:
        """Show one audit."""
        audit, version = self.audits[audit_id], self.records[audit_id].version
        let_in = [grants.view(r, self.ctx.now) for r in self.grants if r.body["audit"] == audit_id]
        return {**audit_view(audit, version, self.raised_in.count(audit_id), let_in), "can": may(self.ctx, audit)}


def listing(ctx: Ctx) -> dict[str, Any]:
    """Return the audits of the programme by their first day, and what internal audits leave uncovered."""
    held = Held(ctx)
    ordered = sorted(held.audits.values(), key=lambda audit: (audit.start, audit.id))
    facts = [finding_facts.audit(audit) for audit in ordered]
    headline, lede = headlines.audits(facts, today=ctx.today, active_grants=held.active_grants())
    head, edition = head_of(ctx), edition_catalogue(ctx)
    uncovered = coverage.uncovered((clause.number for clause in edition.assessable), ordered)
    return {
        "headline": headline, "lede": lede, "items": [held.view(audit.id) for audit in ordered], "next": None,
        "coverage": {"uncovered": list(uncovered), "unvisited": list(coverage.unvisited(head.body["sites"], ordered))},
        "certificate": head.body["certificate"], "can": {"create": ctx.may("audit.edit")},
    }  # fmt: skip


def show(ctx: Ctx, audit_id: str) -> dict[str, Any]:
    """Return one audit."""
    held = Held(ctx)
    if audit_id not in held.audits:
        raise NotAllowed(audit_id)
    shown, fact = held.view(audit_id), finding_facts.audit(held.audits[audit_id])
    inside = held.active_grants(audit_id)
    headline, lede = headlines.audit(fact, today=ctx.today, active_grants=inside, findings=shown["findings"])
    return {**shown, "headline": headline, "lede": lede}


def create(ctx: Ctx, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Plan an audit."""
    _check_places(ctx, facts)
    audit = domain.plan(ctx.new_id(), **facts)
    _check_impartial(ctx, audit)
    shown = {**audit_view(audit, 1), "can": may(ctx, audit)}
    text = f"planned {audit.title}, {full_day(audit.start)} to {full_day(audit.end)}"
    key = keys.audit(ctx.scope.organisation, ctx.scope.programme, audit.id)
    ctx.commit(_event(audit, "planned", text), Insert(Record(key, "AUDIT", codec.dump(audit))), bump(ctx), reply=shown)
    return shown


def _event(audit: Audit, what: str, text: str) -> Event:
    return Event(f"audit:{what}", "audit", audit.id, audit.title, text)


def _check_places(ctx: Ctx, facts: Mapping[str, Any]) -> None:
    """Require sites of the programme, clauses of its edition and evidence of its organisation."""
    sites = head_of(ctx).body["sites"]
    if unknown := [site for site in facts.get("sites") or () if site not in sites]:
        raise Invalid(f"The programme has no site {unknown[0]}.", "sites")
    known = {clause.number for clause in edition_catalogue(ctx).assessable}
    if strange := [clause for clause in facts.get("clauses") or () if clause not in known]:
        raise Invalid(f"The edition has no clause {strange[0]} with requirements.", "clauses")
    evidence = (facts.get("report") or {}).get("evidence")
    if evidence and ctx.records.get(keys.evidence(ctx.scope.organisation, evidence)) is None:
        raise Invalid("Choose evidence of this organisation.", "report.evidence")


def _check_impartial(ctx: Ctx, audit: Audit) -> None:
    """Refuse an internal audit in which nobody but its owners could audit a clause; auditors are known by name."""
    if audit.kind != Kind.INTERNAL or not audit.clauses or not audit.lead_auditor:
        return
    owners: dict[str, set[str]] = {}
    for item in load_ratings(ctx).items:
        if item.owner and item.clause in audit.clauses:
            owners.setdefault(item.clause, set()).add(_plain(item.owner.name))
    team = [_plain(name) for name in audit.team]
    left = {c: [Person(n, n) for n in who] for c, who in owners.items() if all(name in who for name in team)}
    domain.check_impartial(Person(_plain(audit.lead_auditor), audit.lead_auditor), left)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def need(ctx: Ctx, audit_id: str) -> tuple[Audit, Record]:
    """Return an audit of the programme in scope and its record; raise `NotAllowed`."""
    record = ctx.need(keys.audit(ctx.scope.organisation, ctx.scope.programme, audit_id))
    return codec.load(Audit, record.body), record


def edit(ctx: Ctx, audit_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change an audit's plan, or record that its report came in."""
    audit, record = need(ctx, audit_id)
    ctx.expect(record.version)
    _check_places(ctx, changes)
    planned = {name: value for name, value in changes.items() if name != "report"}
    edited = domain.edit(audit, planned)
    if {"clauses", "lead_auditor", "team"} & planned.keys():
        _check_impartial(ctx, edited)
    if report := changes.get("report"):
        edited = domain.receive_report(edited, report["received_on"], report.get("evidence"), ctx.today)
    text = f"changed {listed([_WORDS[name] for name in changes])} of {audit.title}"
    if set(changes) == {"report"} and edited.report:
        text = f"received the report of {audit.title} on {full_day(edited.report.received_on)}"
    ctx.commit(_event(edited, "edited", text), Replace(_kept(record, edited)), bump(ctx))
    return show(ctx, audit_id)


def _kept(record: Record, audit: Audit) -> Record:
    return replace(record, body=codec.dump(audit))


def prepare(ctx: Ctx, audit_id: str) -> dict[str, Any]:
    """Freeze what the stage sees; links to an earlier freeze end."""
    # Read first and written last: what was accepted or returned in between makes this commit stale.
    guard = hold(ctx)
    audit, record = need(ctx, audit_id)
    ctx.expect(record.version)
    let_in = [r for r in grants.of_programme(ctx) if r.body["audit"] == audit_id]
    living = [r for r in let_in if not r.body["revoked_at"]]
    used = any(r.body["first_used_at"] for r in let_in)
    frozen = snapshots.freeze(ctx, load(ctx), audit, beside=2 * len(living))
    prepared = domain.prepare(_unopened(audit), frozen.head, grants_used=used)
    ended = [grants.revoking(ctx, r, f"{audit.title} was prepared again") for r in living]
    text = f"froze {frozen.head.evidence_count} documents and records for {audit.title}"
    ctx.commit(
        _event(prepared, "prepared", text), Replace(_kept(record, prepared)), guard, *frozen.writes,
        *(write for write, _ in ended), more_events=[event for _, event in ended],
        outside=[write.key.partition for write, _ in ended],
    )  # fmt: skip
    return show(ctx, audit_id)


def conclude(ctx: Ctx, audit_id: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Record a conclusion that the certification body's auditor gave outside the review room."""
    audit, record = need(ctx, audit_id)
    ctx.expect(record.version)
    behalf = on_behalf(facts.get("recorded_for"), facts.get("answered_on"), ctx.today)
    concluded = domain.conclude(
        audit, text=facts["text"], recommendation=facts["recommendation"], by=ctx.actor.person, now=ctx.now,
        is_body=False, recorded_for=behalf,
    )  # fmt: skip
    text = f"recorded the conclusion of {audit.title} for {behalf.name}"
    ctx.commit(_event(concluded, "concluded", text), Replace(_kept(record, concluded)), bump(ctx))
    return show(ctx, audit_id)


def _unopened(audit: Audit) -> Audit:
    """Return an open audit as prepared: whether an auditor has come in, its grants tell."""
    return replace(audit, state=State.PREPARED) if audit.state == State.OPEN else audit


def frozen(ctx: Ctx, audit_id: str) -> dict[str, Any]:
    """Return what a stage sees."""
    audit, _ = need(ctx, audit_id)
    if audit.snapshot is None:
        raise NotAllowed(audit_id)
    stored = snapshots.stored(ctx, audit.snapshot.id)
    items = [_frozen_entry(entry) for entry in stored.entries]
    return {**(snapshot_view(audit.snapshot) or {}), "previous": stored.head["previous"], "items": items}


def _frozen_entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: entry[name] for name in _FROZEN}
    return {**shown, "clauses": list(dict.fromkeys(item.rsplit("-", 1)[0] for item in entry["items"]))}


_FROZEN = ("evidence", "title", "filename", "label", "kind", "version", "sha256", "length", "items", "steps")


def decide(ctx: Ctx, audit_id: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Record the certification decision; a positive one brings the certificate with its surveillance dates."""
    audit, record = need(ctx, audit_id)
    ctx.expect(record.version)
    decided = domain.decide(
        audit, decision=facts["decision"], decided_on=facts["decided_on"], decided_by=facts["decided_by"],
        by=ctx.actor.person, now=ctx.now, auditors=_auditors(ctx, audit),
    )  # fmt: skip
    writes = [Replace(_kept(record, decided)), bump(ctx)]
    text = f"recorded that certification was {facts['decision']} by {facts['decided_by']}"
    if facts["decision"] == "granted":
        made, head = _certificate(ctx, facts), head_of(ctx)
        writes.append(Replace(replace(head, body={**head.body, "certificate": codec.dump(made)})))
        text = f"{text}: certificate {made.number}, valid until {full_day(made.valid_until)}"
    ctx.commit(_event(decided, "decided", text), *writes)
    return show(ctx, audit_id)


def _auditors(ctx: Ctx, audit: Audit) -> list[str]:
    let_in = (grants.grant_of(r) for r in grants.of_programme(ctx))
    return [g.name for g in let_in if g.audit == audit.id and AUDITING & set(g.capabilities)]


def _certificate(ctx: Ctx, facts: Mapping[str, Any]) -> Certificate:
    return certificate.issue(
        number=facts.get("certificate_number"), decided_on=facts["decided_on"], decided_by=facts["decided_by"],
        scope_wording=facts.get("scope_wording") or head_of(ctx).body["scope_statement"],
        valid_until=facts.get("valid_until"),
    )  # fmt: skip
