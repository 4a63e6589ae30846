"""Steps: planning, working through the checklist, passing the gate, reopening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.actions import organisations
from portal.actions.context import Ctx, Event, NotAllowed
from portal.actions.evidence_views import for_target
from portal.actions.guarding import bump, hold
from portal.actions.journal import history
from portal.actions.programmes import step_record
from portal.actions.state import State, load
from portal.actions.step_views import blockers_of, checklist_view, domain_blockers, step_view, tail_view
from portal.domain import headlines
from portal.domain import steps as domain
from portal.domain.common import Invalid, Person
from portal.domain.gates import earlier_open
from portal.domain.steps import Step
from portal.domain.wording import plural
from portal.records import keys
from portal.records.port import Replace, Write


def listing(ctx: Ctx) -> dict[str, Any]:
    """Return the eleven steps."""
    state = load(ctx)
    headline, lede = headlines.steps(
        tuple(state.steps.values()), today=ctx.today, doubts=domain.in_doubt(tuple(state.steps.values()))
    )
    return {"headline": headline, "lede": lede, "items": [step_view(state, n) for n in sorted(state.steps)]}


def show(ctx: Ctx, number: int) -> dict[str, Any]:
    """Return one step with everything its owner needs."""
    return _page(ctx, load(ctx), _known(number))


def _known(number: int) -> int:
    if not domain.FIRST <= number <= domain.LAST:
        raise NotAllowed(str(number))
    return number


def _page(ctx: Ctx, state: State, number: int) -> dict[str, Any]:
    step = state.steps[number]
    blockers = blockers_of(ctx, state, number)
    everything = tuple(state.steps.values())
    headline, lede = headlines.step(
        step, [] if step.done else domain_blockers(state, number), today=ctx.today,
        doubt=domain.in_doubt(everything).get(number), earlier=earlier_open(everything, number),
    )  # fmt: skip
    owns = step.owner is not None and step.owner.id == ctx.actor.id
    evidence = for_target(ctx, f"S{number:02d}")
    return {
        **step_view(state, number), "headline": headline, "lede": lede, "blockers": blockers,
        "outputs": list(domain.definition(number).outputs), "evidence": evidence,
        "checklist": checklist_view(state, step, _titles(ctx, step)),
        "history": history(ctx, "step", str(number), 30),
        "can": {
            "work": ctx.may("step.work", owns=owns) and not step.done, "plan": ctx.may("step.plan"),
            "pass": ctx.may("gate.pass") and not step.done, "override": ctx.may("gate.override") and not step.done,
            "reopen": ctx.may("step.reopen") and step.done,
        },
        "tail": tail_view(state, ctx.today) if number == domain.LAST else None,
    }  # fmt: skip


def _titles(ctx: Ctx, step: Step) -> dict[str, str]:
    wanted = list(dict.fromkeys(e for c in step.checklist.values() for e in c.evidence))[:100]
    org = ctx.scope.organisation
    found = ctx.records.get_many([keys.evidence(org, e) for e in wanted]) if wanted else {}
    return {record.body["id"]: record.body["title"] for record in found.values()}


def plan(ctx: Ctx, number: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set the owner and the planned dates of a step."""
    state = load(ctx)
    step = state.steps[_known(number)]
    ctx.expect(state.step_versions[number])
    owner = step.owner
    if "owner" in changes:
        owner = Person(**organisations.need_member(ctx, changes["owner"])) if changes["owner"] else None
    planned = domain.plan(
        step, owner, changes.get("planned_start", step.planned_start), changes.get("planned_end", step.planned_end)
    )
    return _save(ctx, state, planned, "planned", f"planned step {number}, {step.name}")


def start(ctx: Ctx, number: int) -> dict[str, Any]:
    """Begin the work on a step."""
    state, step = _open(ctx, number)
    started = domain.start(step, ctx.actor.person, ctx.now)
    return _save(ctx, state, started, "started", f"started step {number}, {step.name}")


def _open(ctx: Ctx, number: int) -> tuple[State, Step]:
    state = load(ctx)
    step = state.steps[_known(number)]
    ctx.expect(state.step_versions[number])
    ctx.settle(*([step.owner.id] if step.owner else []))
    return state, step


def confirm(ctx: Ctx, number: int, line_id: str, confirmed: bool, note: str, evidence: Sequence[str]) -> dict[str, Any]:
    """Confirm a checklist line by name, or take the confirmation back."""
    state, step = _open(ctx, number)
    lines = {line.id: line for line in domain.checklist(number, state.catalogue.edition)}
    if line_id not in lines:
        raise NotAllowed(line_id)
    line = lines[line_id]
    _known_evidence(ctx, evidence)
    if confirmed:
        changed = domain.confirm(step, line, ctx.actor.person, ctx.now, note, evidence)
        return _save(ctx, state, changed, "line-confirmed", f"confirmed “{line.text}” in step {number}")
    changed = domain.unconfirm(step, line)
    return _save(ctx, state, changed, "line-reopened", f"took back “{line.text}” in step {number}")


def _known_evidence(ctx: Ctx, evidence: Sequence[str]) -> None:
    wanted = [keys.evidence(ctx.scope.organisation, e) for e in dict.fromkeys(evidence)]
    found = ctx.records.get_many(wanted) if wanted else {}
    if len(found) != len(wanted):
        raise Invalid("Choose evidence of this organisation.", "evidence")


def pass_gate(ctx: Ctx, number: int, reason: str) -> dict[str, Any]:
    """Pass the gate of a step, on facts that this very commit proves to be current."""
    guard = hold(ctx)
    state = load(ctx)
    step = state.steps[_known(number)]
    ctx.expect(state.step_versions[number])
    blockers = domain_blockers(state, number)
    passed = domain.pass_gate(step, blockers, ctx.actor.person, ctx.now, reason, ctx.may("gate.override"))
    left = f"with {plural(len(blockers), 'thing')} in the way"
    what, text = "gate-overridden", f"passed the gate of step {number} {left}: {reason}"
    if not blockers:
        what, text = "gate-passed", f"passed the gate of step {number}, {step.name}"
    return _save(ctx, state, passed, what, text, guard)


def reopen(ctx: Ctx, number: int, reason: str) -> dict[str, Any]:
    """Take a done step up again; tells which later steps this puts in doubt."""
    state = load(ctx)
    step = state.steps[_known(number)]
    ctx.expect(state.step_versions[number])
    doubtful = domain.later_in_doubt(state.steps.values(), number)
    reopened = domain.reopen(step, ctx.actor.person, ctx.now, reason)
    shown = _save(ctx, state, reopened, "reopened", f"reopened step {number}, {step.name}: {reason}")
    return {**shown, "in_doubt_now": list(doubtful)}


def _save(ctx: Ctx, state: State, step: Step, what: str, text: str, guard: Write | None = None) -> dict[str, Any]:
    version = state.step_versions[step.number]
    record = step_record(ctx.scope.organisation, ctx.scope.programme, step, version)
    event = Event(f"step:{what}", "step", str(step.number), step.name, text)
    ctx.commit(event, Replace(record), guard or bump(ctx))
    state.steps[step.number] = step
    state.step_versions[step.number] = version + 1
    return _page(ctx, state, step.number)
