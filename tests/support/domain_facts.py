"""Facts of a small programme for tests of the rules: every gate of it is met until a test takes something away."""

from __future__ import annotations

from datetime import UTC, date, datetime

from portal.domain.common import Person
from portal.domain.facts import AuditFact, DecisionFact, Facts, FindingFact, ItemFact
from portal.domain.step_definitions import checklist
from portal.domain.steps import Confirmation

TODAY = date(2026, 7, 26)
NOW = datetime(2026, 7, 26, 9, 30, tzinfo=UTC)
MARCUS = Person("u1", "Marcus Webb")
CLAIRE = Person("u2", "Claire Dubois")
INGRID = Person("u3", "Ingrid Solberg")

ITEMS = (
    ItemFact("4.3-b", "4.3", 1, "stage1", "plan", True, "document", 3, MARCUS, accepted=1),
    ItemFact("8.3.3-a", "8.3.3", 4, "both", "do", True, "document", 3, CLAIRE, accepted=1),
    ItemFact("8.6.1-a", "8.6.1", 5, "stage2", "do", True, "record", 2, accepted=1),
    ItemFact("9.3-b", "9.3", 8, "stage1", "check", False, "record", 1),
)
CLAUSES = frozenset(item.clause for item in ITEMS)
INTERNAL = AuditFact(
    "a1", "internal", "concluded", "Internal audit 2026", date(2026, 6, 15), date(2026, 6, 26), CLAUSES,
    frozenset({"leeds", "porto"}), date(2026, 6, 30), team=("Claire Dubois",),
)  # fmt: skip
STAGE1 = AuditFact(
    "a2", "stage1", "concluded", "", date(2026, 7, 1), date(2026, 7, 2), report_received=date(2026, 7, 5),
    stage2_date_confirmed=date(2026, 7, 10), team=("Elena Rossi",),
)  # fmt: skip
DECISION = DecisionFact("granted", "Tomas Berg", date(2026, 7, 25))
STAGE2 = AuditFact(
    "a3", "stage2", "decided", "", date(2026, 7, 10), date(2026, 7, 14), decision=DECISION, team=("Elena Rossi",)
)


def facts(**changes: object) -> Facts:
    """Return the facts of a programme whose every gate is met, with some of them changed."""
    whole = {
        "today": TODAY, "items": ITEMS, "titles": {"8.3.3": "Service level management", "8": "Operation"},
        "scope_statement": "The SMS of Northwind", "scope_agreed": True, "clauses_with_records": frozenset({"8.6.1"}),
        "records_from": date(2026, 3, 1), "records_to": date(2026, 6, 30), "audits": (INTERNAL, STAGE1, STAGE2),
        "sites": {"leeds": "Leeds", "porto": "Porto"},
    }  # fmt: skip
    return Facts(**{**whole, **changes})  # type: ignore[arg-type]


def confirmed(step: int, edition: int = 2018, but: str = "") -> dict[str, Confirmation]:
    """Return the checklist of a step with every criterion confirmed, except the line `but`."""
    named = Confirmation(MARCUS, NOW, "seen", ("e1",))
    return {line.id: named for line in checklist(step, edition) if line.criterion and line.id != but}


def finding(grade: str = "major", state: str = "implemented", source: str = "internal_audit", **changes: object):
    """Return a finding against 8.5.1.3, owned by Marcus Webb and raised by Claire Dubois."""
    whole = {
        "id": "f1", "ref": "IA-03", "clause": "8.5.1.3", "statement": "Emergency changes closed without a review",
        "owner": MARCUS, "raised_by": CLAIRE, "next_due": date(2026, 7, 17),
    }  # fmt: skip
    return FindingFact(grade=grade, state=state, source=source, **{**whole, **changes})  # type: ignore[arg-type]
