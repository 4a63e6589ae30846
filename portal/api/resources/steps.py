"""The eleven steps."""

from __future__ import annotations

from typing import Any

from portal.actions import steps
from portal.actions.context import Ctx
from portal.api.routes import PROGRAMME, Resource
from portal.api.schemas import programmes as shapes

resource = Resource("steps")
STEP = f"{PROGRAMME}/steps/<int:number>"


@resource.get(f"{PROGRAMME}/steps", permission="step.read")
def list_steps(ctx: Ctx, org: str, programme: str) -> dict[str, Any]:
    """List the eleven steps."""
    return steps.listing(ctx)


@resource.get(STEP, permission="step.read")
def get_step(ctx: Ctx, org: str, programme: str, number: int) -> dict[str, Any]:
    """Show a step, its checklist and what is in the way of its gate."""
    return steps.show(ctx, number)


@resource.patch(STEP, permission="step.plan", body=shapes.StepPlan, match=True)
def plan_step(ctx: Ctx, org: str, programme: str, number: int, body: dict[str, Any]) -> dict[str, Any]:
    """Set owner and planned dates of a step."""
    return steps.plan(ctx, number, body)


@resource.post(f"{STEP}/start", permission="step.work", match=True)
def start_step(ctx: Ctx, org: str, programme: str, number: int) -> dict[str, Any]:
    """Begin the work on a step."""
    return steps.start(ctx, number)


@resource.put(f"{STEP}/checklist/<line>", permission="step.work", body=shapes.Line, match=True)
def confirm_line(ctx: Ctx, org: str, programme: str, number: int, line: str, body: dict[str, Any]) -> dict[str, Any]:
    """Confirm a checklist line by name, or take the confirmation back."""
    return steps.confirm(ctx, number, line, body["confirmed"], body["note"], body["evidence"])


@resource.post(f"{STEP}/pass", permission="gate.pass", body=shapes.Gate, match=True)
def pass_gate(ctx: Ctx, org: str, programme: str, number: int, body: dict[str, Any]) -> dict[str, Any]:
    """Pass the gate of a step."""
    return steps.pass_gate(ctx, number, body["reason"])


@resource.post(f"{STEP}/reopen", permission="step.reopen", body=shapes.Reason, match=True)
def reopen_step(ctx: Ctx, org: str, programme: str, number: int, body: dict[str, Any]) -> dict[str, Any]:
    """Reopen a step."""
    return steps.reopen(ctx, number, body["reason"])
