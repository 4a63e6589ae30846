"""The gates of steps 6 to 11: audits, what they found, the management review and the certificate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from portal.domain.blockers import STOP, Blocker, Confirmations, at_line, line_blockers, open_criteria, titled
from portal.domain.common import Place
from portal.domain.facts import AuditFact, Facts
from portal.domain.gates_findings import answer_blockers, concern_blockers
from portal.domain.months import add_months
from portal.domain.ratings import clause_order
from portal.domain.step_definitions import REVIEW_INPUTS, Line, checklist
from portal.domain.wording import count_words, full_day, listed, lowered, plural, sentence, verb

OWN_SOURCES = frozenset({"internal_audit", "gap", "other"})
MONTHS_TO_VERIFY = 6  # ISO/IEC 17021-1, 9.5.3.2


def _at_audit(audit: AuditFact) -> Place:
    return Place("audit", (("a", audit.id),))


def internal_audit(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 6 open: reports not issued, clauses and sites no reported audit has covered."""
    audits = facts.audits_of("internal")
    reported = [audit for audit in audits if audit.report_received]
    if not audits:
        clause = "4.5.4.2" if facts.edition == 2011 else "9.2.2"
        why = f"The system is audited internally before the management review and Stage 1 (clause {clause})."
        yield Blocker("audit-missing", "No internal audit is planned", why, Place("audits"), STOP)
        return
    for audit in audits:
        if not audit.report_received and not _ahead(audit, facts):
            text = f"The report of {audit.title or 'the internal audit'} is not issued"
            why = "Results count once the managers concerned have the report."
            yield Blocker(f"report:{audit.id}", text, why, _at_audit(audit), due=audit.end)
    yield from _uncovered_clauses(facts, reported, audits[-1])
    yield from _uncovered_sites(facts, reported, audits[-1])
    yield from line_blockers(6, facts, confirmations)


def _ahead(audit: AuditFact, facts: Facts) -> bool:
    return audit.start is not None and audit.start > facts.today


def _uncovered_clauses(facts: Facts, reported: Iterable[AuditFact], latest: AuditFact) -> Iterator[Blocker]:
    covered = frozenset().union(*(audit.clauses for audit in reported))
    tops: dict[str, list[str]] = {}
    for clause in sorted({item.clause for item in facts.items} - covered, key=clause_order):
        tops.setdefault(clause.split(".", 1)[0], []).append(clause)
    for top, clauses in tops.items():
        text = f"{titled(top, facts)}: {plural(len(clauses), 'clause')} not audited"
        why = f"Every assessable clause is audited internally before Stage 1. Missing: {listed(clauses, most=6)}."
        yield Blocker(f"uncovered:{top}", text, why, _at_audit(latest))


def _uncovered_sites(facts: Facts, reported: Iterable[AuditFact], latest: AuditFact) -> Iterator[Blocker]:
    covered = frozenset().union(*(audit.sites for audit in reported))
    for site, name in facts.sites.items():
        if site not in covered:
            why = "Every site in scope that is sampled is audited internally before Stage 1."
            yield Blocker(f"site:{site}", f"{name} has not been audited", why, _at_audit(latest))


def corrective_action(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 7 open: own majors not verified, own minors neither closed nor planned with a date."""
    if not any(audit.report_received for audit in facts.audits_of("internal")):
        why = "Until the report is issued, nobody knows what there is to correct."
        place = Place("step", (("n", "6"),))
        yield Blocker("not-reported", "No internal audit has reported yet", why, place)
    yield from answer_blockers(facts, OWN_SOURCES)
    yield from line_blockers(7, facts, confirmations)


def management_review(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 8 open: inputs not covered, decisions not recorded, no 'go to Stage 1'."""
    missing = [line for line in open_criteria(8, facts, confirmations) if line.group == REVIEW_INPUTS]
    if missing:
        of = sum(line.group == REVIEW_INPUTS for line in checklist(8, facts.edition))
        text = f"{sentence(plural(len(missing), 'input'))} of {of} {verb(len(missing), 'is', 'are')} not covered"
        why = f"Clause {missing[0].clause(facts.edition)} names all {of}. Missing: {_named(missing)}."
        yield Blocker("review-inputs", text, why, at_line(missing[0], 8))
    yield from line_blockers(8, facts, confirmations)


def _named(lines: Iterable[Line]) -> str:
    texts = [lowered(line.text) for line in lines]
    more = [f"and {count_words(len(texts) - 4)} more"] if len(texts) > 4 else []
    # Some inputs have commas of their own.
    return "; ".join([*texts[:4], *more])


def stage1(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 9 open: Stage 1 not concluded, its report not here, concerns not logged."""
    audit = facts.latest("stage1")
    yield from _held(audit, "Stage 1")
    if audit and audit.concluded and not audit.report_received:
        why = "Stage 1 ends with documented conclusions; the areas of concern are in them."
        yield Blocker("report:stage1", "The Stage 1 report has not been received", why, _at_audit(audit))
    yield from line_blockers(9, facts, confirmations)


def _held(audit: AuditFact | None, name: str) -> Iterator[Blocker]:
    if audit is None:
        why = f"{name} is booked with the certification body."
        yield Blocker("audit-missing", f"{name} is not planned", why, Place("audits"), STOP)
    elif not audit.concluded:
        why = "The auditor records the conclusion in the review room."
        yield Blocker("not-concluded", f"{name} is not concluded", why, _at_audit(audit), STOP, due=audit.end)


def stage1_corrective_action(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 10 open: concerns that could be a major, Stage 2 not confirmed."""
    yield from concern_blockers(facts)
    if not any(audit.stage2_date_confirmed for audit in facts.audits):
        audit = facts.latest("stage2") or facts.latest("stage1")
        why = "The certification body confirms the date once it is satisfied with the answers."
        place = _at_audit(audit) if audit else Place("audits")
        yield Blocker("stage2-date", "The certification body has not confirmed the Stage 2 date", why, place)
    yield from line_blockers(10, facts, confirmations)


def stage2(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 11 open: a stage not concluded, answers not accepted, no positive decision."""
    first, audit = facts.latest("stage1"), facts.latest("stage2")
    if first is None or not first.concluded:
        why = "Stage 2 cannot be held before Stage 1 is concluded (ISO/IEC 17021-1)."
        place = _at_audit(first) if first else Place("audits")
        yield Blocker("stage1-open", "Stage 1 is not concluded", why, place, STOP)
    yield from _held(audit, "Stage 2")
    yield from answer_blockers(facts, frozenset({"stage2"}))
    if audit and audit.concluded:
        yield from _lapsed(facts, audit)
        yield from _decided(audit)
    yield from line_blockers(11, facts, confirmations)


def _lapsed(facts: Facts, audit: AuditFact) -> Iterator[Blocker]:
    last = add_months(audit.end, MONTHS_TO_VERIFY) if audit.end else None
    majors = any(blocker.severity == STOP for blocker in answer_blockers(facts, frozenset({"stage2"})))
    if last and majors and facts.today > last:
        why = f"Majors were to be verified by {full_day(last)}, six months after it (ISO/IEC 17021-1, 9.5.3.2)."
        yield Blocker("stage2-again", "Another Stage 2 is needed", why, Place("audits"), STOP, due=last)


def _decided(audit: AuditFact) -> Iterator[Blocker]:
    decision, place = audit.decision, _at_audit(audit)
    if decision is None:
        why = "The certification body decides, by somebody outside the audit team."
        yield Blocker("decision", "The certification decision is missing", why, place)
    elif decision.outcome != "granted":
        why = "Agree with the certification body what it takes to decide again."
        yield Blocker("refused", "Certification was refused", why, place, STOP)
    elif decision.decided_by.casefold().strip() in {name.casefold().strip() for name in audit.team}:
        why = "Whoever audits does not decide (ISO/IEC 17021-1): enter who decided."
        yield Blocker("decided-by", f"{decision.decided_by} decided and audited", why, place, STOP)
