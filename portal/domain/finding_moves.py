"""Move a finding through its life-cycle: who may, what is needed, what is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from portal.domain import inputs
from portal.domain.common import DomainError, Invalid, Person, RuleBroken, SeparationBroken
from portal.domain.finding_table import JUDGEMENTS, TABLE, WORK, Rule, Side, rule_for
from portal.domain.finding_types import Answer, Due, Entry, Finding, OnBehalf, Source, State
from portal.domain.wording import listed


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what comes with an action; `recorded_for` and `answered_on` when a member records the body's answer."""

    text: str | None = None
    reason: str | None = None
    owner: Person | None = None
    due: date | None = None
    evidence: tuple[str, ...] = ()
    recorded_for: str | None = None
    answered_on: date | None = None


_NEXT: Mapping[State, str] = {
    State.RAISED: "is waiting to be accepted or disputed",
    State.DISPUTED: "is disputed: it is upheld or withdrawn first",
    State.WITHDRAWN: "was withdrawn, so nothing is left to do",
    State.ACCEPTED: "is accepted: next comes the correction, or for an opportunity the decision",
    State.CORRECTED: "is corrected: next comes the cause",
    State.CAUSE_FOUND: "has its cause: next comes the plan",
    State.PLANNED: "has a plan that is waiting to be accepted or returned",
    State.PLAN_ACCEPTED: "has an accepted plan: next it is implemented",
    State.IMPLEMENTED: "is implemented: next it is verified or returned",
    State.VERIFIED: "is verified: next comes whether it stayed away",
    State.EFFECTIVE: "is effective: next it is closed",
    State.CLOSED: "is closed, so nothing is left to do",
    State.REOPENED: "was reopened: next comes a better cause",
}


def move(
    finding: Finding, action: str, said: Said, *, by: Person, now: datetime, is_verifier: bool, is_body: bool = False
) -> Finding:
    """Return the finding after an action; raise RuleBroken, SeparationBroken, or Invalid naming the input.

    `is_verifier`: the member's roles let them judge answers; `is_body`: the actor is the body's auditor.
    """
    refused = refusal(finding, action, by, is_verifier=is_verifier, is_body=is_body)
    if refused:
        raise refused
    rule = rule_for(finding, action)
    assert rule is not None  # or `refusal` would have spoken
    behalf = _behalf(finding, rule, said, is_body, now.date())
    owner = _owner_after(finding, action, said)
    answer = _answer(finding, rule, action, said, by=by, now=now, behalf=behalf)
    kept: dict[str, Any] = dict.fromkeys(rule.drops)
    kept |= {rule.keeps: answer} if rule.keeps else {}
    entry = Entry(now, by, action, answer.text, behalf)
    due = _due_after(finding, action, said)
    return replace(finding, state=rule.to, owner=owner, due=due, history=(*finding.history, entry), **kept)


def allowed_actions(finding: Finding, person: Person, is_verifier: bool, is_body: bool) -> tuple[str, ...]:
    """Return the actions that state, side and separations let a person take, in the order of the life-cycle."""
    return tuple(
        action for action in TABLE
        if refusal(finding, action, person, is_verifier=is_verifier, is_body=is_body) is None
    )  # fmt: skip


def refusal(finding: Finding, action: str, person: Person, *, is_verifier: bool, is_body: bool) -> DomainError | None:
    """Return why a person may not take an action now, None when they may."""
    rule = rule_for(finding, action)
    if rule is None:
        return Invalid("There is no such action for a finding of this kind.", "action")
    if finding.state not in rule.sources:
        return RuleBroken(f"{finding.ref} {_NEXT[finding.state]}.")
    if action == "dispute" and any(entry.action == "uphold" for entry in finding.history):
        return RuleBroken(f"{finding.ref} was disputed once and upheld. Accept it and answer it.")
    if rule.side == Side.OWNER:
        return _owner_side(finding, action, person, is_body)
    return _judging_side(finding, rule, person, is_verifier, is_body)


def _owner_side(finding: Finding, action: str, person: Person, is_body: bool) -> DomainError | None:
    if is_body:
        return SeparationBroken("The organisation answers a finding, the certification body judges the answer.")
    if action in WORK and person.id in people(finding, JUDGEMENTS):
        return SeparationBroken("You have judged the answer to this finding, so somebody else has to work on it.")
    is_owner = finding.owner is not None and finding.owner.id == person.id
    if action not in WORK and not finding.from_body and person.id == finding.raised_by.id and not is_owner:
        return SeparationBroken("You raised this finding, so its owner accepts or disputes it.")
    return None


def _judging_side(finding: Finding, rule: Rule, person: Person, is_verifier: bool, is_body: bool) -> DomainError | None:
    if is_body and not finding.from_body:
        return SeparationBroken("The certification body judges its own findings only.")
    raised_it = rule.side == Side.RAISER and not finding.from_body and person.id == finding.raised_by.id
    if not (is_body or is_verifier or raised_it):
        return SeparationBroken("An internal auditor or the SMS manager judges this, not a process owner.")
    if person.id in _engaged(finding):
        return SeparationBroken("This is for somebody who neither owns the finding nor worked on it. Ask a colleague.")
    return None


def people(finding: Finding, actions: Iterable[str]) -> frozenset[str]:
    """Return the ids of those who took any of these actions on a finding."""
    wanted = frozenset(actions)
    return frozenset(entry.by.id for entry in finding.history if entry.action in wanted)


def _engaged(finding: Finding) -> frozenset[str]:
    named = (finding.owner, finding.plan.owner if finding.plan else None)
    return people(finding, WORK) | {person.id for person in named if person}


def check_owner(finding: Finding, owner: Person, field: str = "owner") -> Person:
    """Return a person who may own a finding or its plan; raise SeparationBroken for its auditor or its judges."""
    if finding.source == Source.INTERNAL_AUDIT and owner.id == finding.raised_by.id:
        raise SeparationBroken(f"{owner.name} audited this process and cannot own its finding.", field)
    if owner.id in people(finding, JUDGEMENTS):
        raise SeparationBroken(f"{owner.name} has judged the answer to this finding and cannot own it.", field)
    return owner


def _owner_after(finding: Finding, action: str, said: Said) -> Person | None:
    if action != "accept":
        return finding.owner
    if finding.owner is None and said.owner is None:
        raise Invalid("Nobody owns this finding. Name an owner, then accept.", "owner")
    return check_owner(finding, said.owner) if said.owner else finding.owner


def _due_after(finding: Finding, action: str, said: Said) -> Due:
    if action == "not_effective" and said.due:
        return replace(finding.due, plan=said.due)
    return finding.due


def _behalf(finding: Finding, rule: Rule, said: Said, is_body: bool, today: date) -> OnBehalf | None:
    if is_body or not (rule.body and finding.from_body):
        return None
    return on_behalf(said.recorded_for, said.answered_on, today)


def on_behalf(name: str | None, answered_on: date | None, today: date) -> OnBehalf:
    """Return for whom at the certification body a member records something; raise Invalid naming the input."""
    auditor = inputs.line(name, "recorded_for", "The auditor's name", 120)
    if answered_on is None:
        raise Invalid("Enter the day the certification body gave this answer.", "answered_on")
    return OnBehalf(auditor, inputs.not_future(answered_on, today, "answered_on", "The day of the answer"))


_WHAT = {
    "correct": "The correction", "explain": "The cause", "plan": "The corrective action",
    "implement": "What was done", "verify": "What was checked", "confirm_effective": "How it was seen to be effective",
    "close": "What was decided",
}  # fmt: skip


def _answer(
    finding: Finding, rule: Rule, action: str, said: Said, *, by: Person, now: datetime, behalf: OnBehalf | None
) -> Answer:
    if "reason" in rule.needs:
        return Answer(inputs.text(said.reason, "reason", "The reason"), by, now, recorded_for=behalf)
    checked = inputs.text if "text" in rule.needs else inputs.optional_text
    text = checked(said.text, "text", _WHAT.get(action, "The note"))
    if action == "explain":
        check_cause(text, finding.statement)
    proof = tuple(dict.fromkeys(said.evidence))
    if "evidence" in rule.needs and not proof:
        raise Invalid("Choose the evidence that shows it was done.", "evidence")
    owner, due = _plan_by(finding, said, now.date()) if action == "plan" else (None, None)
    return Answer(text, by, now, proof, owner, due, behalf)


def _plan_by(finding: Finding, said: Said, today: date) -> tuple[Person, date]:
    if said.owner is None:
        raise Invalid("Name who carries out the corrective action.", "owner")
    if said.due is None or said.due < today:
        raise Invalid("Enter the day by which it is done, today or later.", "due")
    return check_owner(finding, said.owner), said.due


_WORD = re.compile(r"\w+")
_FILLERS = frozenset(
    _WORD.findall(
        "a an and are as at be because been by cause caused due for from had has have in is it its of on or our so "
        "reason root since that the there this to was we were which with"
    )
)


def check_cause(cause: str, statement: str) -> None:
    """Refuse a cause that says nothing beyond the finding itself, whatever its case, order and filling words."""
    if not _words(cause) - _words(statement):
        raise Invalid("This repeats the finding. Say why it could happen, then why that could happen.", "text")


def _words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(_WORD.findall(plain)) - _FILLERS


def edit(finding: Finding, changes: Mapping[str, Any], *, by: Person, now: datetime) -> Finding:
    """Return an open finding with other `owner`, `due_plan`, `due_evidence`, `site`, `items` or `could_be_major`.

    The finding's own words stay: a wrong one is withdrawn and raised again.
    """
    if finding.state in (State.CLOSED, State.WITHDRAWN):
        raise RuleBroken(f"{finding.ref} {_NEXT[finding.state]}.")
    unknown = next((name for name in changes if name not in _EDITS), None)
    if unknown:
        raise Invalid("This cannot be changed. Withdraw the finding and raise it again.", unknown)
    if changes.get("owner"):
        check_owner(finding, changes["owner"])
    values: dict[str, Any] = {n: v for n, v in changes.items() if n in ("owner", "could_be_major")}
    if "site" in changes:
        values["site"] = inputs.optional_line(changes["site"], "site", "The site")
    if "items" in changes:
        values["items"] = tuple(dict.fromkeys(changes["items"]))
    due = Due(changes.get("due_plan", finding.due.plan), changes.get("due_evidence", finding.due.evidence))
    altered = replace(finding, due=due, **values)
    if altered == finding:
        return finding
    entry = Entry(now, by, "edit", f"Changed {listed([_EDITS[name] for name in changes])}")
    return replace(altered, history=(*finding.history, entry))


_EDITS = {
    "owner": "the owner", "due_plan": "when the plan is due", "due_evidence": "when the proof is due",
    "site": "the site", "items": "the requirements", "could_be_major": "whether it could become a major",
}  # fmt: skip
