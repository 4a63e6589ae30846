"""The policy: who may do what, as one table of permission × role. What is not here is denied.

A cell is `ALWAYS` or a condition on the object concerned. A permission granted on a condition is only half given:
the action settles it with `ctx.settle(...)`, and a commit before that is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ALWAYS = "always"
OWN = "own"  # the actor owns the object, or is the person it is assigned to
NOT_OWN = "not own"  # the actor is neither the owner of the object nor its author

OWNER = "owner"
TOP = "top_management"
SMS = "sms_manager"
PROCESS = "process_owner"
AUDITOR = "internal_auditor"
VIEWER = "viewer"
CONSULTANT = "consultant"
MEMBERS = (OWNER, TOP, SMS, PROCESS, AUDITOR, VIEWER, CONSULTANT)

PRACTICE_OWNER = "practice_owner"
PRACTICE_CONSULTANT = "practice_consultant"

ANYBODY = "anybody"  # nobody has signed in
SIGNED_IN = "signed_in"  # an account, whatever its roles
BODY = "certification_body"  # an auditor inside a grant; its capabilities stand for roles
READ, DOWNLOAD, RAISE, CONCLUDE = "read", "download", "raise_findings", "conclude"

Cells = Mapping[str, str]


def _all(*roles: str, when: str = ALWAYS) -> dict[str, str]:
    return dict.fromkeys(roles, when)


MANAGING = (OWNER, SMS, CONSULTANT)

POLICY: dict[str, Cells] = {
    # anybody
    "public": _all(ANYBODY, SIGNED_IN, *MEMBERS, PRACTICE_OWNER, PRACTICE_CONSULTANT),
    # one's own account
    "account": _all(SIGNED_IN),
    # practice
    "practice.read": _all(PRACTICE_OWNER, PRACTICE_CONSULTANT),
    "practice.manage": _all(PRACTICE_OWNER),
    "client.create": _all(PRACTICE_OWNER, PRACTICE_CONSULTANT),
    "client.assign": _all(PRACTICE_OWNER),
    # organisation
    "organisation.read": _all(*MEMBERS),
    "organisation.edit": _all(*MANAGING),
    "member.read": _all(*MEMBERS),
    "member.manage": _all(*MANAGING),
    "journal.read": _all(OWNER, TOP, SMS, AUDITOR, CONSULTANT),
    # programme and steps
    "programme.read": _all(*MEMBERS),
    "programme.create": _all(*MANAGING),
    "programme.edit": _all(*MANAGING),
    "scope.agree": _all(OWNER, TOP),
    "step.read": _all(*MEMBERS),
    "step.plan": _all(*MANAGING),
    "step.work": {**_all(*MANAGING, TOP), **_all(PROCESS, AUDITOR, when=OWN)},
    "gate.pass": _all(OWNER, TOP, SMS),
    "gate.override": _all(OWNER, TOP),
    "step.reopen": _all(OWNER, TOP, SMS),
    # requirements
    "requirement.read": _all(*MEMBERS),
    "requirement.rate": _all(OWNER, SMS, PROCESS, AUDITOR, CONSULTANT),
    # evidence
    "evidence.read": _all(*MEMBERS),
    "evidence.download": _all(*MEMBERS),
    "evidence.create": _all(OWNER, TOP, SMS, PROCESS, AUDITOR, CONSULTANT),
    "evidence.edit": {**_all(*MANAGING), **_all(TOP, PROCESS, AUDITOR, when=OWN)},
    "evidence.review": _all(OWNER, TOP, SMS, AUDITOR, CONSULTANT, when=NOT_OWN),
    # findings
    "finding.read": _all(*MEMBERS),
    "finding.raise": _all(OWNER, SMS, AUDITOR, CONSULTANT),
    "finding.edit": {**_all(*MANAGING), **_all(AUDITOR, TOP, PROCESS, when=OWN)},
    "finding.move": _all(OWNER, TOP, SMS, PROCESS, AUDITOR, CONSULTANT),
    # audits and grants
    "audit.read": _all(*MEMBERS),
    "audit.edit": _all(OWNER, SMS, AUDITOR, CONSULTANT),
    "audit.prepare": _all(OWNER, SMS, CONSULTANT),
    "audit.decide": _all(OWNER, SMS, CONSULTANT),
    "grant.create": _all(OWNER, SMS),
    "grant.revoke": _all(OWNER, SMS),
    # the certification body's auditor, by capability of the grant
    "review.read": {READ: ALWAYS},
    "review.note": {READ: ALWAYS},
    "review.download": {DOWNLOAD: ALWAYS},
    "review.raise": {RAISE: ALWAYS},
    "review.conclude": {CONCLUDE: ALWAYS},
}

# Permissions that also need an identity confirmed in the last ten minutes (ASVS 7.5.3).
FRESH = frozenset({"grant.create", "account.security"})

POLICY["account.security"] = _all(SIGNED_IN)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Hold what the table says for one actor: allowed outright, on conditions, or not at all."""

    permission: str
    conditions: frozenset[str]

    @property
    def allowed(self) -> bool:
        """Tell whether the permission is given, be it on a condition."""
        return bool(self.conditions)

    @property
    def outright(self) -> bool:
        """Tell whether it is given whatever the object."""
        return ALWAYS in self.conditions

    def holds(self, *, owns: bool) -> bool:
        """Tell whether it is given for an object that the actor owns, or does not own."""
        return self.outright or (OWN in self.conditions and owns) or (NOT_OWN in self.conditions and not owns)


def rule(permission: str, roles: Iterable[str]) -> Ruling:
    """Look a permission up for somebody with these roles; an unknown permission is denied."""
    cells = POLICY.get(permission, {})
    return Ruling(permission, frozenset(cells[role] for role in roles if role in cells))
