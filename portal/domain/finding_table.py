"""The life-cycle of a finding as one table: action → from where, to where, by which side, with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.finding_types import Finding, Grade, State


class Side(StrEnum):
    """Name who moves a finding: those who answer it, those who judge the answer, those who raised it."""

    OWNER = "owner"
    VERIFIER = "verifier"
    RAISER = "raiser"


@dataclass(frozen=True, slots=True)
class Rule:
    """Hold one row: `needs` lists required inputs, `keeps` the part of the answer they become, `drops` what goes.

    `body` says that for a finding of the certification body the body decides, or a member records its answer.
    """

    sources: frozenset[State]
    to: State
    side: Side
    needs: tuple[str, ...] = ()
    keeps: str = ""
    drops: tuple[str, ...] = ()
    body: bool = False
    says: str = ""


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


S = State
_ANSWERED_AGAIN = ("plan", "plan_acceptance", "implementation", "verification")

TABLE: Mapping[str, Rule] = {
    "accept": Rule(_from(S.RAISED), S.ACCEPTED, Side.OWNER, says="accepted the finding"),
    "dispute": Rule(_from(S.RAISED), S.DISPUTED, Side.OWNER, ("reason",), says="disputed the finding"),
    "uphold": Rule(_from(S.DISPUTED), S.RAISED, Side.RAISER, ("reason",), body=True, says="upheld the finding"),
    "withdraw": Rule(
        _from(S.RAISED, S.DISPUTED), S.WITHDRAWN, Side.RAISER, ("reason",), body=True, says="withdrew the finding"
    ),
    "correct": Rule(
        _from(S.ACCEPTED, S.CORRECTED, S.CAUSE_FOUND, S.REOPENED), S.CORRECTED, Side.OWNER, ("text",),
        "correction", says="recorded the correction",
    ),
    "explain": Rule(
        _from(S.CORRECTED, S.CAUSE_FOUND, S.REOPENED), S.CAUSE_FOUND, Side.OWNER, ("text",),
        "cause", says="stated the cause",
    ),
    "plan": Rule(
        _from(S.CAUSE_FOUND, S.PLANNED), S.PLANNED, Side.OWNER, ("text", "owner", "due"),
        "plan", says="planned the corrective action",
    ),
    "accept_plan": Rule(
        _from(S.PLANNED), S.PLAN_ACCEPTED, Side.VERIFIER, (), "plan_acceptance", body=True, says="accepted the plan"
    ),
    "return_plan": Rule(
        _from(S.PLANNED), S.CAUSE_FOUND, Side.VERIFIER, ("reason",), body=True, says="returned the plan"
    ),
    "implement": Rule(
        _from(S.PLAN_ACCEPTED), S.IMPLEMENTED, Side.OWNER, ("text", "evidence"),
        "implementation", says="implemented the corrective action",
    ),
    "verify": Rule(
        _from(S.IMPLEMENTED), S.VERIFIED, Side.VERIFIER, ("text",), "verification", body=True,
        says="verified the corrective action",
    ),
    "return_implementation": Rule(
        _from(S.IMPLEMENTED), S.PLAN_ACCEPTED, Side.VERIFIER, ("reason",), body=True,
        says="returned the corrective action",
    ),
    "confirm_effective": Rule(
        _from(S.VERIFIED), S.EFFECTIVE, Side.VERIFIER, ("text",), "effectiveness",
        says="confirmed that the corrective action is effective",
    ),
    "not_effective": Rule(
        _from(S.VERIFIED, S.EFFECTIVE), S.REOPENED, Side.VERIFIER, ("reason",), "effectiveness", _ANSWERED_AGAIN,
        says="reopened the finding: the corrective action is not effective",
    ),
    "close": Rule(_from(S.EFFECTIVE), S.CLOSED, Side.VERIFIER, body=True, says="closed the finding"),
}  # fmt: skip

# The body closes on verification, and judges at its next audit whether the nonconformity stayed away.
CLOSE_BY_BODY = Rule(_from(S.VERIFIED, S.EFFECTIVE), S.CLOSED, Side.VERIFIER, body=True, says="closed the finding")
# An opportunity carries no duty to act: what was decided is enough, and nobody outside has to agree.
CLOSE_OPPORTUNITY = Rule(_from(S.ACCEPTED), S.CLOSED, Side.VERIFIER, ("text",), says="closed the opportunity")
OPPORTUNITY_ACTIONS = frozenset({"accept", "dispute", "uphold", "withdraw", "close"})
# Work on a finding, and judgements of that work: nobody does both.
WORK = frozenset({"correct", "explain", "plan", "implement"})
JUDGEMENTS = frozenset(
    {"accept_plan", "return_plan", "verify", "return_implementation", "confirm_effective", "not_effective", "close"}
)


def rule_for(finding: Finding, action: str) -> Rule | None:
    """Return the row that holds for a finding; None when its grade does not know the action."""
    if finding.grade == Grade.OFI and action not in OPPORTUNITY_ACTIONS:
        return None
    if action == "close" and finding.grade == Grade.OFI:
        return CLOSE_OPPORTUNITY
    if action == "close" and finding.from_body:
        return CLOSE_BY_BODY
    return TABLE.get(action)
