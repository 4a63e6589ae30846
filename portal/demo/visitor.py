"""An auditor of the certification body: comes in by link and one-time code, acts in the room, and leaves."""

from __future__ import annotations

import re
from datetime import datetime

from portal import ids
from portal.actions import policy, review_session
from portal.actions.context import NOBODY, Actor, Ctx, NotAllowed, Scope, Services
from portal.actions.sessions import live_grant
from portal.actions.snapshots import stored
from portal.demo import outbox, past

LINK = re.compile(r"#g\.([^.]+)\.(.+)$")


class Visitor:
    """Act as the auditor whom a link was made for."""

    def __init__(self, services: Services, link: str, address: str) -> None:
        found = LINK.search(link)
        assert found is not None
        self._services, self._address = services, address
        self.grant, self._secret = found.groups()
        self._session = ""

    def enter(self, at: datetime) -> None:
        """Come in: exchange the link for a code, and the code (from the mail that waits) for a session."""
        ctx = Ctx(past.at(self._services, at), NOBODY, Scope(), policy.rule("public", NOBODY.roles))
        begun = review_session.exchange(ctx, self.grant, self._secret, self._address)
        mails = outbox.mails_to(self._services, self._address)
        code = next(found[1] for mail in mails if (found := re.search(r"^(\d{4} ?\d{4})$", mail.body["text"], re.M)))
        self._session = review_session.enter(ctx, begun["exchange"], code)
        outbox.forget(self._services, mails)

    def ctx(self, permission: str, at: datetime) -> Ctx:
        """Return the context of this auditor at an instant; raise `NotAllowed` when the grant does not stand."""
        services = past.at(self._services, at)
        hashed = ids.keyed(services.settings.secret, "grant-id", self.grant)
        record = live_grant(services, hashed)
        if record is None:
            raise NotAllowed("grant")
        body, roles = record.body, frozenset(record.body["capabilities"])
        ruling = policy.rule(permission, roles)
        if not ruling.allowed:
            raise NotAllowed(permission)
        proof, session = (record.key, record.version), f"S#{ids.digest(self._session)}"
        actor = Actor(f"grant:{body['id']}", body["name"], body["email"], "grant", roles, proof, 0, session)
        return Ctx(services, actor, review_session.scope_of(record), ruling)

    def frozen(self, evidence: str, at: datetime) -> tuple[str, int]:
        """Return a piece of evidence with the version that was frozen for this auditor."""
        ctx = self.ctx("review.read", at)
        entries = stored(ctx, ctx.scope.snapshot).entries
        return evidence, next(entry["version"] for entry in entries if entry["evidence"] == evidence)

    def leave(self, at: datetime) -> None:
        """Leave the room."""
        review_session.leave(self.ctx("review.read", at))


