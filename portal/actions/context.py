"""The context of one use case: who acts, within which scope, through which stores; and the one way to commit."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from portal import ids
from portal.actions import policy
from portal.actions.errors import OutOfDate
from portal.domain.common import Person
from portal.files.port import Files
from portal.records import keys
from portal.records.port import EVENT, Check, Insert, Key, Record, Records, Write
from portal.records.scoped import ScopedRecords
from portal.settings import Settings

if TYPE_CHECKING:
    from email.message import EmailMessage


class NotAllowed(Exception):
    """Tell that the actor may not, or that the object does not exist: nobody outside can tell which."""


class Fresh(Exception):
    """Tell that the actor has to confirm who they are before this."""


class Unsettled(Exception):
    """Tell that a conditional permission or an If-Match was never settled; always a defect."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Describe who acts; `membership` is the record (key, version) that gives the roles."""

    id: str
    name: str
    email: str = ""
    via: str = "member"  # member, consultant, grant, system, or nobody
    roles: frozenset[str] = frozenset()
    membership: tuple[Key, int] | None = None
    fresh_until: int = 0
    session: str = ""  # hash of the session's token

    @property
    def person(self) -> Person:
        """Return the actor as the domain knows people."""
        return Person(self.id, self.name)


# A task that never succeeds (a mail that no server takes) goes, with the link or code in it, after 14 days.
TASK_KEPT = 14 * 86_400

NOBODY = Actor("", "", via="nobody", roles=frozenset({policy.ANYBODY}))
SYSTEM = Actor("system", "Certway", via="system")


# Partitions of accounts and sign-in: users, addresses, sessions, exchanges, invitations, tries, first run, once.
IDENTITY = ("U", "M", "S", "X", "N", "T", "F", "I")


@dataclass(frozen=True, slots=True)
class Scope:
    """Bound what one use case can reach: at most one tenant, one programme, one stage."""

    organisation: str = ""
    practice: str = ""
    programme: str = ""
    stage: str = ""
    grant: str = ""  # hash of the grant's id
    audit: str = ""
    snapshot: str = ""
    portfolio: str = ""  # the practice whose portfolio shows this organisation
    user: str = ""  # one's own account, or nobody's yet: identity records only

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Return the partitions (and what is below them) that may be touched."""
        if self.grant:
            home = keys.inside(self.organisation, self.programme)
            journal = (f"O#{self.organisation}#{part}" for part in ("J", "OBJ", "UNSEALED", "OUT", "DUE"))
            return (f"G#{self.grant}", home, *journal, "OUT")
        if not self.organisation and not self.practice:
            return IDENTITY
        tenant = [f"O#{self.organisation}"] if self.organisation else []
        practice = [f"C#{self.practice}"] if self.practice else []
        return (*tenant, *practice, "OUT")

    @property
    def home(self) -> str:
        """Return the partition whose journal the events of this scope go to."""
        if self.organisation:
            return f"O#{self.organisation}"
        return f"C#{self.practice}" if self.practice else f"U#{self.user or 'nobody'}"


@dataclass(frozen=True, slots=True)
class Event:
    """Describe what a write did: `what` is a 'subject:action' tag, `text` continues "Marcus Webb …"."""

    what: str
    kind: str
    id: str
    title: str
    text: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Services:
    """Hold what every context of one process shares."""

    records: Records
    files: Files
    settings: Settings
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    wake: Callable[[], None] = lambda: None
    post: Callable[[EmailMessage], None] | None = None  # sends mail where the deployment has its own way


@dataclass(slots=True)
class Once:
    """Carry the idempotency key of a creating request."""

    key: str
    request: str


class Ctx:
    """Carry one use case: its actor, its scope, its scoped store, its clock."""

    def __init__(self, services: Services, actor: Actor, scope: Scope, ruling: policy.Ruling) -> None:
        self.services, self.actor, self.scope, self.ruling = services, actor, scope, ruling
        self.records = ScopedRecords(services.records, scope.prefixes)
        self.files, self.settings = services.files, services.settings
        self.now = services.clock()
        self.once: Once | None = None
        self.etag: int | None = None  # the version the caller last read, when the request named one
        self.head: Record | None = None  # the programme's head, when the scope names a programme
        self._settled = ruling.outright

    @property
    def today(self) -> Any:
        """Return today's date (UTC)."""
        return self.now.date()

    @property
    def epoch(self) -> int:
        """Return now in whole epoch seconds."""
        return int(self.now.timestamp())

    def new_id(self) -> str:
        """Return a new id, sortable by this context's time."""
        return ids.new_id(self.now.timestamp())

    def may(self, permission: str, *, owns: bool = False) -> bool:
        """Tell what the actor may do beyond the permission at hand."""
        return policy.rule(permission, self.actor.roles).holds(owns=owns)

    def require(self, permission: str, *, owns: bool = False) -> None:
        """Raise `NotAllowed` unless the actor has a further permission."""
        if not self.may(permission, owns=owns):
            raise NotAllowed(permission)

    def settle(self, *owners: str) -> None:
        """Settle a conditional permission against an object's owners; raise `NotAllowed` when it does not hold."""
        if not self.ruling.holds(owns=self.actor.id in owners):
            raise NotAllowed(self.ruling.permission)
        self._settled = True

    def expect(self, version: int) -> None:
        """Raise `OutOfDate` when the caller last read another version; to be called before a matched change."""
        if self.etag not in (None, version):
            raise OutOfDate
        self.etag = None

    def need(self, key: Key, *also: str) -> Record:
        """Return a record; raise `NotAllowed` when there is none (`also`: further partitions, see `commit`)."""
        record = self.reach(also).get(key)
        if record is None:
            raise NotAllowed(str(key))
        return record

    def commit(
        self,
        event: Event,
        *writes: Write,
        reply: Mapping[str, Any] | None = None,
        outside: Sequence[str] = (),
        tasks: Sequence[Mapping[str, Any]] = (),
        more_events: Sequence[Event] = (),
        home: str = "",
    ) -> None:
        """Commit a change with its journal event, its tasks and the check that the actor still belongs here.

        `reply` is kept for a repeated request, `outside` names single partitions beyond the scope, `home` the
        journal's owner when it is not the scope's. Raise what `Records.commit` raises.
        """
        if not self._settled or self.etag is not None:
            raise Unsettled(self.ruling.permission)
        owner = home or self.scope.home
        batch = [*writes, *(self._event(e, owner) for e in (event, *more_events))]
        tasks = (*tasks, *self._roll_up())
        batch += [self._task(task, owner) for task in tasks]
        batch += self._membership(batch) + self._once(reply)
        self.reach((*outside, *self._own_partitions(), owner)).commit(batch)
        if tasks:
            self.services.wake()

    def quietly(self, *writes: Write, outside: Sequence[str] = ()) -> None:
        """Commit housekeeping that is no business change (the port refuses anything else without an event)."""
        self.reach(outside).commit(list(writes))

    def _roll_up(self) -> list[dict[str, str]]:
        scope = self.scope
        if not (scope.portfolio and scope.programme):
            return []
        names = {"practice": scope.portfolio, "organisation": scope.organisation, "programme": scope.programme}
        return [{"task": "roll_up", **names}]

    def reach(self, also: Sequence[str]) -> ScopedRecords:
        """Return the scoped store widened by partitions that this use case names itself, never a request."""
        if not also:
            return self.records
        return ScopedRecords(self.services.records, (*self.scope.prefixes, *(p for p in also if p)))

    def _own_partitions(self) -> tuple[str, ...]:
        membership = (self.actor.membership[0].partition,) if self.actor.membership else ()
        return (*membership, f"I#{self.actor.id}#{self.once.key}") if self.once else membership

    def _membership(self, batch: Sequence[Write]) -> list[Write]:
        if self.actor.membership is None or any(w.key == self.actor.membership[0] for w in batch):
            return []
        return [Check(*self.actor.membership)]

    def _once(self, reply: Mapping[str, Any] | None) -> list[Write]:
        if self.once is None:
            return []
        body = {"request": self.once.request, "reply": reply}
        expires = self.epoch + 86_400
        return [Insert(Record(keys.once(self.actor.id, self.once.key), "ONCE", body, expires=expires))]

    def _event(self, event: Event, owner: str) -> Write:
        event_id = self.new_id()
        who = {"id": self.actor.id, "name": self.actor.name, "via": self.actor.via}
        thing = {"kind": event.kind, "id": event.id, "title": event.title}
        body = {"at": stamp(self.now), "who": who, "what": event.what, "object": thing, "text": event.text}
        body |= {"programme": self.scope.programme} if self.scope.programme else {}
        body |= {"grant": self.scope.grant} if self.scope.grant else {}
        body |= {"detail": dict(event.detail)} if event.detail else {}
        history = keys.history_of(owner, event.kind, event.id, event_id)
        waiting = keys.unsealed(owner, event_id)
        return Insert(Record(keys.event(owner, self.now, event_id), EVENT, body, index1=history, index2=waiting))

    def _task(self, task: Mapping[str, Any], owner: str) -> Write:
        task_id = self.new_id()
        shard = zlib.crc32(task_id.encode()) % keys.OUT_SHARDS
        index, until = keys.outbox_shard(shard, task_id), self.epoch + TASK_KEPT
        return Insert(Record(keys.outbox(owner, task_id), "OUT", task, index1=index, expires=until))


def stamp(moment: datetime) -> str:
    """Write an instant as the API and the journal do: UTC, whole seconds, 'Z'."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
