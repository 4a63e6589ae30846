"""Roles in an organisation or practice, and the invitations that give them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from portal.domain import inputs
from portal.domain.common import Invalid, Person, RuleBroken

INVITATION_DAYS = 14
Standing = Literal["open", "expired", "used", "withdrawn"]


class Role(StrEnum):
    """Name what somebody is in an organisation."""

    OWNER = "owner"
    TOP_MANAGEMENT = "top_management"
    SMS_MANAGER = "sms_manager"
    PROCESS_OWNER = "process_owner"
    INTERNAL_AUDITOR = "internal_auditor"
    VIEWER = "viewer"
    CONSULTANT = "consultant"


class PracticeRole(StrEnum):
    """Name what somebody is in a practice."""

    PRACTICE_OWNER = "practice_owner"
    CONSULTANT = "consultant"


LABELS: Mapping[Role, str] = {
    Role.OWNER: "Owner",
    Role.TOP_MANAGEMENT: "Top management",
    Role.SMS_MANAGER: "SMS manager",
    Role.PROCESS_OWNER: "Process owner",
    Role.INTERNAL_AUDITOR: "Internal auditor",
    Role.VIEWER: "Viewer",
    Role.CONSULTANT: "Consultant",
}
DESCRIPTIONS: Mapping[Role, str] = {
    Role.OWNER: "Holds the organisation's account and decides who belongs to it.",
    Role.TOP_MANAGEMENT: "Agrees the scope, reviews the SMS and may pass a gate with a reason.",
    Role.SMS_MANAGER: "Runs the programme day to day and opens it to auditors.",
    Role.PROCESS_OWNER: "Rates requirements and brings the evidence of their processes.",
    Role.INTERNAL_AUDITOR: "Audits processes they do not own, raises findings and verifies the answers.",
    Role.VIEWER: "Reads everything and changes nothing.",
    Role.CONSULTANT: "Supports the programme from a practice, and belongs only while assigned.",
}
# A consultant comes with the practice's engagement, never by an organisation's own invitation.
ASSIGNABLE = frozenset(Role) - {Role.CONSULTANT}


@dataclass(frozen=True, slots=True)
class Invitation:
    """Hold one invitation by link; only the hash of its secret is kept."""

    id: str
    secret_hash: str
    email: str
    name: str
    roles: tuple[str, ...]
    invited_by: Person
    created_at: datetime
    expires_at: datetime
    organisation: str = ""
    practice: str = ""
    used_at: datetime | None = None
    withdrawn_at: datetime | None = None


def member_roles(names: Iterable[str]) -> tuple[str, ...]:
    """Return the roles a member may be given, once each and in the order of `Role`; raise Invalid otherwise."""
    wanted = {inputs.choice(Role, name, "roles") for name in names}
    if not wanted:
        raise Invalid("Choose at least one role.", "roles")
    if wanted - ASSIGNABLE:
        raise Invalid("A consultant joins through the practice. Ask the practice to assign one.", "roles")
    return tuple(role.value for role in Role if role in wanted)


def invite(
    id: str, secret_hash: str, *, email: str, name: str, roles: Iterable[str], by: Person, now: datetime,
    organisation: str = "", practice: str = "",
) -> Invitation:  # fmt: skip
    """Return an invitation that is open for 14 days, to an organisation or, with one role, to a practice."""
    if practice:
        given: tuple[str, ...] = tuple(inputs.choice(PracticeRole, role, "role").value for role in roles)
    else:
        given = member_roles(roles)
    ends = now + timedelta(days=INVITATION_DAYS)
    address, known_as = inputs.email(email), inputs.line(name, "name", "The name", 120)
    return Invitation(id, secret_hash, address, known_as, given, by, now, ends, organisation, practice)


def standing(invitation: Invitation, now: datetime) -> Standing:
    """Tell how an invitation stands; it is expired from `expires_at` on."""
    if invitation.used_at is not None:
        return "used"
    if invitation.withdrawn_at is not None:
        return "withdrawn"
    return "expired" if now >= invitation.expires_at else "open"


def accept(invitation: Invitation, now: datetime) -> Invitation:
    """Return the invitation as used; raise RuleBroken unless it is open."""
    _require_open(invitation, now)
    return replace(invitation, used_at=now)


def withdraw(invitation: Invitation, now: datetime) -> Invitation:
    """Return the invitation as withdrawn; raise RuleBroken when it was used."""
    if invitation.used_at is not None:
        raise RuleBroken("This invitation was used already. Change the member's roles instead.")
    return replace(invitation, withdrawn_at=now)


def _require_open(invitation: Invitation, now: datetime) -> None:
    state = standing(invitation, now)
    if state != "open":
        words = {"used": "was used already", "withdrawn": "was withdrawn", "expired": "has expired"}
        raise RuleBroken(f"This invitation {words[state]}. Ask {invitation.invited_by.name} for a new one.")


def keep_an_owner(roles_by_user: Mapping[str, Collection[str]], user: str, roles: Collection[str] = ()) -> None:
    """Refuse to take the role of owner from the last one; no `roles` means that the user leaves."""
    was_owner = Role.OWNER in roles_by_user.get(user, ())
    others = [one for one, held in roles_by_user.items() if one != user and Role.OWNER in held]
    if was_owner and Role.OWNER not in roles and not others:
        raise RuleBroken("This is the last owner. Make somebody else an owner first.")
