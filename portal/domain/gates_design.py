"""The gates of steps 1 to 5: from the gap analysis to records of the running system."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from portal.domain.blockers import (
    STOP,
    Blocker,
    Confirmations,
    at_line,
    clause_place,
    line_blockers,
    open_criteria,
    titled,
)
from portal.domain.common import Place
from portal.domain.facts import DID_NOT_OCCUR, Facts, ItemFact
from portal.domain.months import add_months
from portal.domain.wording import day, plural, sentence, verb

LAST_DESIGN_STEP = 4
FIRST_RUNNING_STEP = 5
MONTHS_OF_RECORDS = 3
PERIOD_LINE = "5.three-months"
# Top clauses that hold the service management processes, per edition; an edition unknown here is read like 2018.
PROCESS_TOPS: Mapping[int, tuple[str, ...]] = {2018: ("8",), 2011: ("5", "6", "7", "8", "9")}


def gap_analysis(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 1 open: items not rated, scope not agreed, plan and budget not approved."""
    unrated = sum(item.rating is None for item in facts.items)
    if unrated:
        text = f"{sentence(plural(unrated, 'item'))} {verb(unrated, 'is', 'are')} not rated yet"
        why = "A gap nobody has looked at cannot be planned for: every item is rated 0 to 3, or did not occur."
        yield Blocker("unrated", text, why, Place("requirements", (("rating", "unrated"),)))
    yield from _scope(facts)
    yield from line_blockers(1, facts, confirmations)


def _scope(facts: Facts) -> Iterator[Blocker]:
    clause = "4.5.1" if facts.edition == 2011 else "4.3"
    if not facts.scope_statement.strip():
        why = f"The scope names services, sites and organisation, in writing (clause {clause})."
        yield Blocker("scope-missing", "The scope statement is missing", why, Place("settings"))
    elif not facts.scope_agreed:
        why = f"The certificate will carry its words, so top management agrees to them (clause {clause})."
        yield Blocker("scope-not-agreed", "Top management has not agreed the scope", why, Place("settings"))


def training(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 2 open: staff not trained, internal auditors not qualified."""
    return line_blockers(2, facts, confirmations)


def policy(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 3 open: policy not published, objectives without measure or owner."""
    return line_blockers(3, facts, confirmations)


def design(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 4 open, one blocker per clause: required documents not approved, critical gaps.

    Evidence has an owner and a version always, so a document is approved, owned and versioned once it is accepted.
    """
    expected = (item for item in facts.items if item.explicit and item.step <= LAST_DESIGN_STEP)
    for clause, items in _by_clause(expected).items():
        gaps = [item for item in items if item.rating == 0]
        unwritten = [item for item in items if _unwritten(item)]
        if gaps:
            yield _gap(clause, gaps, facts)
        elif unwritten:
            yield _document(clause, unwritten, facts)


def _unwritten(item: ItemFact) -> bool:
    return item.documentation in ("document", "both") and not item.accepted and item.rating != DID_NOT_OCCUR


def _gap(clause: str, items: list[ItemFact], facts: Facts) -> Blocker:
    count = f"{plural(len(items), 'item')} the standard asks for in writing {verb(len(items), 'is', 'are')} missing"
    why = f"{sentence(count)} (rated 0), such as {items[0].id}. That is a critical gap without a design."
    return _at_items(f"gap:{clause}", f"{titled(clause, facts)}: nothing is designed yet", why, clause, items, STOP)


def _document(clause: str, items: list[ItemFact], facts: Facts) -> Blocker:
    text = f"{titled(clause, facts)}: no approved document"
    count = f"{plural(len(items), 'item')} {verb(len(items), 'has', 'have')} no accepted evidence"
    why = f"The standard asks for this in writing: {count}, such as {items[0].id}."
    return _at_items(f"document:{clause}", text, why, clause, items)


def _at_items(code: str, text: str, why: str, clause: str, items: list[ItemFact], severity: str = "open") -> Blocker:
    owner = next((item.owner for item in items if item.owner), None)
    due = min((item.due for item in items if item.due), default=None)
    return Blocker(code, text, why, clause_place(clause), STOP if severity == STOP else "open", owner, due)


def _by_clause(items: Iterator[ItemFact]) -> dict[str, list[ItemFact]]:
    groups: dict[str, list[ItemFact]] = {}
    for item in items:
        groups.setdefault(item.clause, []).append(item)
    return groups


def implementation(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    """Yield what keeps step 5 open: too short a period, processes without records, measures not reported."""
    yield from _too_short(facts, confirmations)
    yield from line_blockers(5, facts, confirmations, but=PERIOD_LINE)
    for clause, items in _by_clause(_recorded(facts)).items():
        if clause not in facts.clauses_with_records:
            yield _record(clause, items, facts)


def _too_short(facts: Facts, confirmations: Confirmations) -> Iterator[Blocker]:
    line = next((line for line in open_criteria(5, facts, confirmations) if line.id == PERIOD_LINE), None)
    if line and not long_enough(facts):
        yield Blocker("period", _period(facts), line.why, at_line(line, 5))


def long_enough(facts: Facts) -> bool:
    """Tell whether the periods of accepted records reach over three months."""
    if facts.records_from is None or facts.records_to is None:
        return False
    return add_months(facts.records_from, MONTHS_OF_RECORDS) <= facts.records_to + timedelta(days=1)


def _period(facts: Facts) -> str:
    if facts.records_from is None or facts.records_to is None:
        return "No accepted record says which period it covers"
    since, until = (day(value, facts.today) for value in (facts.records_from, facts.records_to))
    return f"Records cover {since} to {until}, less than three months"


def _recorded(facts: Facts) -> Iterator[ItemFact]:
    tops = PROCESS_TOPS.get(facts.edition, PROCESS_TOPS[2018])
    for item in facts.items:
        running = item.step >= FIRST_RUNNING_STEP and item.documentation in ("record", "both")
        if running and item.clause.split(".", 1)[0] in tops and item.rating != DID_NOT_OCCUR:
            yield item


def _record(clause: str, items: list[ItemFact], facts: Facts) -> Blocker:
    text = f"{titled(clause, facts)}: no accepted record"
    why = "Auditors take samples of each process; accept at least one record that shows it running."
    return _at_items(f"record:{clause}", text, why, clause, items)
