"""Three organisations with everything that can be asked for, and one actor of every kind: the matrix's world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from portal import catalogue
from portal.actions import policy
from portal.records import keys
from tests.support.evidence import House
from tests.support.portal import Client, Portal

# A clause that both stages look at.
COMMON = next(i.clause for i in catalogue.load("iso20000-1-2018").items if i.audit_stage == "both")
ROLES = ("viewer", "process_owner", "internal_auditor", "top_management", "sms_manager", "owner")
AUDITORS = ("stage1_auditor", "stage2_auditor", "expired_auditor", "revoked_auditor")


class Place:
    """Hold one organisation with a programme, evidence, a finding, audits of both stages and a grant of each."""

    def __init__(self, portal: Portal, name: str) -> None:
        self.house = House(portal, name)
        self.portal = portal
        claire, base = self.house.client("claire"), self.house.base
        self.evidence = self.house.accepted(title=f"{name} plan", items=["4.1-a", "8.6.1-a"])["id"]
        finding = {"grade": "minor", "source": "internal_audit", "clause": "8.6.1", "statement": f"{name} found",
                   "objective_evidence": "Seen in the log"}  # fmt: skip
        self.finding = claire.ok(claire.post(f"{base}/findings", finding), 201)["id"]
        self.upload = self.house.upload("hannah")
        invitation = {"name": "Guest", "email": "guest@example.org", "roles": ["viewer"]}
        self.invitation = claire.ok(claire.post(f"/api/organisations/{self.house.org}/invitations", invitation), 201)[
            "id"
        ]
        self.audits = {kind: self._audit(kind) for kind in ("stage1", "stage2")}

    def _audit(self, kind: str) -> str:
        claire, base = self.house.client("claire"), self.house.base
        facts = {"kind": kind, "start": "2026-11-10", "end": "2026-11-11"}
        audit = claire.ok(claire.post(f"{base}/audits", facts), 201)
        return str(claire.ok(claire.post(f"{base}/audits/{audit['id']}/prepare", etag=audit["etag"]))["id"])

    def grant(self, stage: str, name: str, days: int = 14) -> tuple[str, str, str]:
        """Let an auditor in; return the grant's id, its secret and the auditor's address."""
        claire = self.house.client("claire")
        email = f"{name.lower().replace(' ', '.')}@meridian.example"
        facts = {"name": name, "email": email, "days": days}
        made = claire.ok(claire.post(f"{self.house.base}/audits/{self.audits[stage]}/grants", facts), 201)
        _, grant, secret = made["link"].split("#")[1].split(".")
        return grant, secret, email

    def auditor(self, stage: str, name: str, days: int = 14) -> tuple[Client, str]:
        """Return an auditor inside the review room of a stage, and the grant's id."""
        grant, secret, email = self.grant(stage, name, days)
        guest = self.portal.client()
        sent = guest.post("/api/review/session", {"id": grant, "secret": secret, "email": email})
        exchange = guest.ok(sent, 202)["exchange"]
        guest.ok(
            guest.post("/api/review/session/code", {"exchange": exchange, "code": mailed_code(self.portal, email)})
        )
        return guest, grant

    def parameters(self) -> dict[str, str]:
        """Return what stands for each part of an address, all of it existing here."""
        return {
            "org": self.house.org, "programme": self.house.programme, "piece": self.evidence, "number": "1",
            "evidence": self.evidence, "finding": self.finding, "audit": self.audits["stage1"], "upload": self.upload,
            "invitation": self.invitation, "user": self.house.id("otto"), "item": "4.1-a", "clause": COMMON,
            "line": "1.plan-approved", "token": "none", "client": self.house.org,
        }  # fmt: skip


def mailed_code(portal: Portal, email: str) -> str:
    """Return the latest code that waits to be mailed to an address."""
    waiting = [
        record
        for shard in range(keys.OUT_SHARDS)
        for record in portal.records.query(keys.outbox_shard(shard).partition, index=1, limit=None).records
    ]
    texts = [r.body["text"] for r in sorted(waiting, key=lambda r: r.key.sort) if r.body.get("to") == email]
    digits = [
        word.strip(".") for text in texts for word in text.replace("\n", " ").split() if word.strip(".").isdigit()
    ]
    return next(word for word in reversed(digits) if len(word) == 8)


class World:
    """Hold three organisations, a practice, and an actor of every kind for the first of them."""

    def __init__(self, folder: Path) -> None:
        self.portal = Portal(folder)
        self.own, self.other, self.third = (Place(self.portal, name) for name in ("Northwind", "Alder", "Cormorant"))
        self.practice = self.portal.practice()
        self.grants: dict[str, str] = {}
        self.actors: dict[str, Client] = {"anonymous": self.portal.client()}
        self.actors |= {role: self._member(role) for role in ROLES}
        self.actors |= {
            "consultant_assigned": self._consultant(True),
            "consultant_not_assigned": self._consultant(False),
        }
        self.actors |= self._auditors()

    def _member(self, role: str) -> Client:
        user = self.portal.user(f"The {role}", f"{role}@northwind.example")
        self.portal.member(self.own.house.org, user, role)
        return self.portal.client(user)

    def _consultant(self, assigned: bool) -> Client:
        user = self.portal.user(f"Consultant {assigned}", f"consultant.{assigned}@harbour.example")
        self.portal.consultant(self.practice, user)
        if assigned:
            self.portal.member(self.own.house.org, user, policy.CONSULTANT, portfolio=self.practice)
        return self.portal.client(user)

    def _auditors(self) -> dict[str, Client]:
        found: dict[str, Client] = {}
        expired, self.grants["expired_auditor"] = self.own.auditor("stage1", "Eric Expired", days=1)
        revoked, self.grants["revoked_auditor"] = self.own.auditor("stage1", "Rita Revoked")
        claire = self.own.house.client("claire")
        claire.ok(claire.post(f"{self.own.house.base}/grants/{self.grants['revoked_auditor']}/revoke", {}))
        found |= {"expired_auditor": expired, "revoked_auditor": revoked}
        self.portal.clock.forward(days=1)
        for place in (self.own, self.other, self.third):
            place.house._clients.clear()
        self.actors.update(
            {name: self.portal.client(client.user) for name, client in self.actors.items() if client.user}
        )
        for stage in ("stage1", "stage2"):
            found[f"{stage}_auditor"], self.grants[f"{stage}_auditor"] = self.own.auditor(stage, f"Audrey {stage}")
        return found

    def roles_of(self, actor: str, permission: str, *, own: bool) -> tuple[str, ...]:
        """Return the roles that an actor has where a permission is asked for."""
        if permission == "public":
            return (policy.ANYBODY,)
        if actor in AUDITORS:
            inside = actor in ("stage1_auditor", "stage2_auditor") and permission.startswith("review.")
            return (policy.READ, policy.DOWNLOAD, policy.RAISE, policy.CONCLUDE) if inside else ()
        if actor == "anonymous" or permission.startswith("review."):
            return ()
        if permission.startswith("account"):
            return (policy.SIGNED_IN,)
        if permission.split(".")[0] in ("practice", "client"):
            return (policy.PRACTICE_CONSULTANT,) if actor.startswith("consultant") and own else ()
        if actor.startswith("consultant"):
            return (policy.CONSULTANT,) if own and actor == "consultant_assigned" else ()
        return (actor,) if own else ()


def any_of(answers: list[Any]) -> Any:
    """Return the one answer that all of these are; raise AssertionError when they differ."""
    assert all(answer == answers[0] for answer in answers), answers
    return answers[0]
