"""Findings: raising them, answering them, judging the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal import catalogue
from portal.actions import finding_facts, organisations, policy
from portal.actions.context import Ctx, Event
from portal.actions.finding_views import PARTS, finding_view
from portal.actions.guarding import bump
from portal.actions.journal import history
from portal.actions.programmes import head_of
from portal.actions.state import edition_catalogue
from portal.domain import findings as domain
from portal.domain import headlines
from portal.domain.audits import Audit
from portal.domain.common import Invalid, Person
from portal.domain.finding_moves import on_behalf
from portal.domain.findings import Finding, Said
from portal.records import codec, keys
from portal.records.port import MAX_READS, Insert, Record, Replace

JUDGES = frozenset({policy.OWNER, policy.SMS, policy.AUDITOR, policy.CONSULTANT, policy.TOP})


def all_of(ctx: Ctx) -> list[tuple[Finding, int]]:
    """Return every finding of the programme with its version, oldest first: one query."""
    partition = keys.inside(ctx.scope.organisation, ctx.scope.programme)
    found = ctx.records.query(partition, prefix="FIND#", limit=None).records
    return [(codec.load(Finding, r.body), r.version) for r in found]


def listing(ctx: Ctx, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return findings, open ones first by when the next answer is due."""
    found = all_of(ctx)
    facts = tuple(finding_facts.fact(finding) for finding, _ in found)
    headline, lede = headlines.findings(facts, today=ctx.today)
    chosen = [(f, v) for f, v in found if _wanted(f, wanted)]
    chosen.sort(key=lambda pair: _urgency(pair[0]))
    items = [finding_view(f, ctx.today, v, allowed(ctx, f)) for f, v in chosen]
    return {"headline": headline, "lede": lede, "items": items, "next": None}


def _urgency(finding: Finding) -> tuple[Any, ...]:
    due = domain.next_due(finding)
    return (not domain.is_open(finding), due is None, due or date.max, finding.ref)


def _wanted(finding: Finding, wanted: Mapping[str, Any]) -> bool:
    state, source = wanted.get("state") or "all", wanted.get("source")
    if state != "all" and domain.is_open(finding) != (state == "open"):
        return False
    if wanted.get("grade") and finding.grade != wanted["grade"]:
        return False
    if wanted.get("owner") and (finding.owner is None or finding.owner.id != wanted["owner"]):
        return False
    return not source or finding.source == source


def allowed(ctx: Ctx, finding: Finding) -> tuple[str, ...]:
    """Return what the actor may do with a finding now."""
    if not (ctx.scope.grant or ctx.may("finding.move")):
        return ()
    return domain.allowed_actions(finding, ctx.actor.person, _judges(ctx), bool(ctx.scope.grant))


def _judges(ctx: Ctx) -> bool:
    return bool(JUDGES & ctx.actor.roles)


def load(ctx: Ctx, finding_id: str) -> tuple[Finding, Record]:
    """Return a finding and its record; an auditor sees those of the own stage only."""
    record = ctx.need(keys.finding(ctx.scope.organisation, ctx.scope.programme, finding_id))
    finding = codec.load(Finding, record.body)
    if ctx.scope.grant and finding.source != ctx.scope.stage:
        ctx.need(keys.finding(ctx.scope.organisation, ctx.scope.programme, "none"))
    return finding, record


def show(ctx: Ctx, finding_id: str) -> dict[str, Any]:
    """Return one finding."""
    finding, record = load(ctx, finding_id)
    headline, lede = headlines.finding(finding_facts.fact(finding), today=ctx.today)
    owns = finding.owner is not None and finding.owner.id == ctx.actor.id
    shown = finding_view(finding, ctx.today, record.version, allowed(ctx, finding))
    can = {"edit": ctx.may("finding.edit", owns=owns)}
    told = {"headline": headline, "lede": lede, "evidence": _named(ctx, finding)}
    return {**shown, **told, "can": can, "journal": history(ctx, "finding", finding_id, 30)}


def _named(ctx: Ctx, finding: Finding) -> dict[str, dict[str, str]]:
    """Return title and state of the evidence that the answers name, by id: one batch, of what fits into it."""
    answers = (getattr(finding, part) for part in PARTS)
    wanted = list(dict.fromkeys(piece for answer in answers if answer for piece in answer.evidence))[:MAX_READS]
    found = ctx.records.get_many([keys.evidence(ctx.scope.organisation, e) for e in wanted]) if wanted else {}
    return {r.body["id"]: {"title": r.body["title"], "state": r.body["state"]} for r in found.values()}


def raise_finding(ctx: Ctx, facts: Mapping[str, Any], *, source: str, audit: str = "") -> dict[str, Any]:
    """Raise a finding against a clause and its items; the next free reference of its kind is its name."""
    edition = edition_catalogue(ctx) if ctx.head else _edition_of_scope(ctx)
    clause = facts["clause"]
    if not edition.has_clause(clause) or not edition.clause(clause).assessable:
        raise Invalid("Choose a clause with requirements.", "clause")
    items = facts.get("items") or ()
    if wrong := [i for i in items if not edition.has_item(i) or edition.item(i).clause != clause]:
        raise Invalid(f"Clause {clause} has no item {wrong[0]}.", "items")
    ref = domain.next_ref(source, facts["grade"], (f.ref for f, _ in all_of(ctx)))
    owner = Person(**organisations.need_member(ctx, facts["owner"])) if facts.get("owner") else None
    grade = domain.Grade(facts["grade"])
    behalf = None
    if source in domain.BODY_SOURCES and not ctx.scope.grant:
        behalf = on_behalf(facts.get("recorded_for"), facts.get("answered_on"), ctx.today)
    finding = domain.raise_finding(
        ctx.new_id(), ref, grade=facts["grade"], source=source, clause=clause, statement=facts["statement"],
        objective_evidence=facts["objective_evidence"], by=ctx.actor.person, now=ctx.now,
        requirement="; ".join(edition.item(i).text for i in items) or edition.clause(clause).summary, items=items,
        site=facts.get("site", ""), owner=owner, due=_due(ctx, grade, audit),
        could_be_major=bool(facts.get("could_be_major")), audit=audit, recorded_for=behalf,
    )  # fmt: skip
    shown = finding_view(finding, ctx.today, 1, allowed(ctx, finding))
    # The reference is taken by name, so that two who raise at once never get the same one.
    taken = Record(keys.Key(keys.inside(ctx.scope.organisation, ctx.scope.programme), f"REF#{ref}"), "REF", {})
    event = Event(
        "finding:raised", "finding", finding.id, f"{ref} {finding.statement}", f"raised {ref}: {finding.statement}"
    )
    ctx.commit(event, Insert(record_of(ctx, finding)), Insert(taken), bump(ctx), reply=shown)
    return shown


def _edition_of_scope(ctx: Ctx) -> catalogue.Catalogue:
    """Return the edition of the programme that an auditor's snapshot froze."""
    head = ctx.need(keys.snapshot(ctx.scope.organisation, ctx.scope.programme, ctx.scope.snapshot))
    return catalogue.load(head.body["edition"]["id"])


def _due(ctx: Ctx, grade: domain.Grade, audit_id: str) -> domain.Due:
    body = head_of(ctx).body["certification_body"] if ctx.head else _body_of_scope(ctx)
    days = domain.due_days(catalogue.reference()["time_rules"], body)
    last = None
    if audit_id:
        record = ctx.records.get(keys.audit(ctx.scope.organisation, ctx.scope.programme, audit_id))
        if record is None:
            raise Invalid("Choose an audit of this programme.", "audit")
        last = codec.load(Audit, record.body).end
    return domain.due_dates(grade, ctx.today, last, days)


def _body_of_scope(ctx: Ctx) -> Mapping[str, Any] | None:
    head = ctx.need(keys.snapshot(ctx.scope.organisation, ctx.scope.programme, ctx.scope.snapshot))
    return head.body.get("certification_body")  # type: ignore[no-any-return]


def record_of(ctx: Ctx, finding: Finding, version: int = 0) -> Record:
    """Return the record of a finding; while open it stands on the list of what is due."""
    org, programme = ctx.scope.organisation, ctx.scope.programme
    due = domain.next_due(finding)
    index = keys.due(org, due, finding.id) if due and domain.is_open(finding) else None
    return Record(keys.finding(org, programme, finding.id), "FIND", codec.dump(finding), version, index1=index)


def edit(ctx: Ctx, finding_id: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change the owner or the due dates of a finding."""
    finding, record = load(ctx, finding_id)
    ctx.expect(record.version)
    ctx.settle(*([finding.owner.id] if finding.owner else []), finding.raised_by.id)
    known = dict(changes)
    if known.get("owner"):
        known["owner"] = Person(**organisations.need_member(ctx, known["owner"]))
    changed = domain.edit(finding, known, by=ctx.actor.person, now=ctx.now)
    return _save(ctx, changed, record, "edited", f"changed {' and '.join(changes)} of {finding.ref}")


def move(ctx: Ctx, finding_id: str, action: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Take one action of the life-cycle; the domain says who may and what it needs."""
    finding, record = load(ctx, finding_id)
    ctx.expect(record.version)
    said = Said(
        inputs.get("text"), inputs.get("reason"), _owner(ctx, inputs.get("owner")), inputs.get("due"),
        _known_evidence(ctx, inputs.get("evidence") or ()), inputs.get("recorded_for"), inputs.get("answered_on"),
    )  # fmt: skip
    moved = domain.move(
        finding, action, said, by=ctx.actor.person, now=ctx.now, is_verifier=_judges(ctx), is_body=bool(ctx.scope.grant)
    )
    text = f"{domain.said_by(action)} {finding.ref}" if "finding" not in domain.said_by(action) else ""
    said_text = text or domain.said_by(action).replace("the finding", finding.ref)
    return _save(ctx, moved, record, action.replace("_", "-"), said_text)


def _owner(ctx: Ctx, owner: str | None) -> Person | None:
    return Person(**organisations.need_member(ctx, owner)) if owner else None


def _known_evidence(ctx: Ctx, evidence: Sequence[str]) -> tuple[str, ...]:
    wanted = [keys.evidence(ctx.scope.organisation, e) for e in dict.fromkeys(evidence)]
    if wanted and (ctx.scope.grant or len(ctx.records.get_many(wanted)) != len(wanted)):
        raise Invalid("Choose evidence of this organisation.", "evidence")
    return tuple(dict.fromkeys(evidence))


def _save(ctx: Ctx, finding: Finding, record: Record, what: str, text: str) -> dict[str, Any]:
    event = Event(f"finding:{what}", "finding", finding.id, f"{finding.ref} {finding.statement}", text)
    ctx.commit(event, Replace(record_of(ctx, finding, record.version)), bump(ctx))
    return finding_view(finding, ctx.today, record.version + 1, allowed(ctx, finding))
