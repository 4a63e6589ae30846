"""The gates of the eleven steps: what is still missing before a step's exit criteria hold (DOMAIN section 2).

A gate lists, it never decides: passing it although something is missing takes a name and a reason (`steps.pass_gate`).
Steps may overlap, so an earlier step that is not done is no blocker by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portal.domain import gates_audit, gates_design
from portal.domain.blockers import OPEN, STOP, Blocker, Confirmations, Rule
from portal.domain.facts import Facts
from portal.domain.steps import Step

__all__ = ["GATES", "OPEN", "STOP", "Blocker", "Confirmations", "earlier_open", "gate_blockers"]

GATES: Mapping[int, Rule] = {
    1: gates_design.gap_analysis,
    2: gates_design.training,
    3: gates_design.policy,
    4: gates_design.design,
    5: gates_design.implementation,
    6: gates_audit.internal_audit,
    7: gates_audit.corrective_action,
    8: gates_audit.management_review,
    9: gates_audit.stage1,
    10: gates_audit.stage1_corrective_action,
    11: gates_audit.stage2,
}


def gate_blockers(step: int, facts: Facts, confirmations: Confirmations) -> list[Blocker]:
    """Return what is in the way of a step's gate, what would stop a certificate first, then by due date."""
    return sorted(GATES[step](facts, confirmations), key=_urgency)


def _urgency(blocker: Blocker) -> tuple[bool, bool, str]:
    return blocker.severity != STOP, blocker.due is None, str(blocker.due)


def earlier_open(steps: Iterable[Step], number: int) -> tuple[int, ...]:
    """Return the steps before one that are not done: information beside the audits' gates, no blocker."""
    return tuple(sorted(step.number for step in steps if step.number < number and not step.done))
