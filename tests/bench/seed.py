"""The data the bench runs on: a practice of 500 clients, one with 10,000 pieces of evidence and one with 100."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal import catalogue
from portal.actions import accounts, policy, portfolio, programmes
from portal.actions.context import Actor, Ctx, Event, Scope, Services
from portal.actions.practices import engagement_record
from portal.actions.state import State
from portal.actions.tenants import member_record, new_practice, organisation_record
from portal.domain.common import Person
from portal.domain.findings import raise_finding
from portal.domain.ratings import ItemRating, rate
from portal.domain.steps import Step, StepState
from portal.records import codec, keys
from portal.records.port import Insert, Record, Write
from tests.bench.seed_evidence import evidence_writes

EDITION = "iso20000-1-2018"
EMAIL, PASSWORD = "sofia.lindgren@bench.example", "a sentence for the bench"
NOTE = "Seen in the process handbook and in the minutes of the last two reviews; one site is still to follow."
SITES = ("Leeds", "Utrecht", "Gdansk")
OWNERS = 40  # of evidence, the account of the bench among them
ROOM = 90  # writes of one commit, beside its event and its check


@dataclass(frozen=True, slots=True)
class House:
    """Name one organisation of the bench and its programme."""

    org: str
    programme: str

    @property
    def base(self) -> str:
        """Return the address of the programme."""
        return f"/api/organisations/{self.org}/programmes/{self.programme}"


@dataclass(frozen=True, slots=True)
class Seeded:
    """Name what was seeded."""

    practice: str
    user: Mapping[str, Any]
    large: House
    small: House


class Seeder:
    """Write valid records in bulk, through the port and with the journal events that it asks for."""

    def __init__(self, services: Services) -> None:
        self.services = services
        nobody = self.ctx(Actor("system", "Bench", via="system"))
        user_id, self.account = accounts.new_user(nobody, "Sofia Lindgren", EMAIL, PASSWORD)
        self.user = {"id": user_id, "name": "Sofia Lindgren", "email": EMAIL}
        self.person = Person(user_id, "Sofia Lindgren")
        self.colleague = Person(nobody.new_id(), "Hannah Osei")

    def ctx(self, actor: Actor | None = None, **scope: str) -> Ctx:
        """Return a context that may do anything inside a scope."""
        actor = actor or Actor(self.user["id"], self.user["name"], EMAIL)
        return Ctx(self.services, actor, Scope(**scope), policy.Ruling("bench", frozenset({policy.ALWAYS})))

    def save(self, ctx: Ctx, writes: Iterable[Write], *outside: str) -> None:
        """Commit any number of writes, as many at a time as a commit takes."""
        waiting = list(writes)
        for start in range(0, len(waiting), ROOM):
            event = Event("bench:seeded", "bench", ctx.new_id(), "Bench", "seeded the bench")
            ctx.commit(event, *waiting[start : start + ROOM], outside=outside)

    def practice(self) -> str:
        """Open the practice with the account that the bench signs in with."""
        ctx = self.ctx()
        tenant = new_practice(ctx, "Harbour ITSM Consulting", self.user)
        closed = Insert(Record(keys.first_run(), "FIRST", {"by": self.user["id"]}))
        self.save(ctx, [*self.account, *tenant.writes, closed], *tenant.partitions)
        return tenant.id

    def client(self, practice: str, number: int) -> tuple[House, list[Write]]:
        """Return a client of the practice, somewhere on its way, and its roll-up as the worker would write it."""
        ctx = self.ctx(practice=practice)
        org, name = ctx.new_id(), f"Client {number:03d} IT Services"
        sites = [{"id": ctx.new_id(), "name": site, "role": "", "staff": 40} for site in SITES]
        target = ctx.today + timedelta(days=60 + number % 300)
        programme, opening = programmes.opening(
            ctx, org, edition=EDITION, target_date=target, sites=[site["id"] for site in sites],
            certification_body={"name": "Meridian Certification", "lead_auditor": "Elin Vasa"},
        )  # fmt: skip
        steps = self.steps(org, programme, number % 9)
        head = opening[0].record  # type: ignore[union-attr]
        profile = organisation_record(org, name, staff=120, sites=sites, practice={"id": practice, "name": "Harbour"})
        state = State(head, catalogue.load(EDITION), {"STEP": steps}, ctx.today, profile.body)
        rolled = portfolio.rolled(state, org, head.body["opened_at"])
        facts = {"name": name, "staff": 120, "edition": EDITION}
        member = member_record(ctx, org, self.user, [policy.SMS, policy.CONSULTANT], practice)
        guards = [write.record for write in opening if write.kind == "GUARD"]  # type: ignore[union-attr]
        records = [
            profile, head, *guards, *steps, member,
            engagement_record(practice, org, facts, programme, [self.user["id"]]),
            Record(keys.client_roll_up(practice, org), "ROLLUP", rolled),
        ]  # fmt: skip
        return House(org, programme), [Insert(record) for record in records]

    def steps(self, org: str, programme: str, done: int) -> list[Record]:
        """Return eleven planned steps, the first ones done, the next one begun."""
        start = self.ctx().today - timedelta(days=30 * done)
        return [
            programmes.step_record(org, programme, self._step(number, start + timedelta(days=30 * (number - 1)), done))
            for number in range(1, 12)
        ]

    def _step(self, number: int, start: Any, done: int) -> Step:
        state = StepState.DONE if number <= done else StepState.NOT_STARTED
        state = StepState.IN_PROGRESS if number == done + 1 else state
        end = start + timedelta(days=28)
        actual = (start if number <= done + 1 else None, end if number <= done else None)
        return Step(number, state, self.person, start, end, *actual)

    def programme(self, house: House, evidence: int) -> None:
        """Rate every item of a programme, raise findings and fill the library."""
        ctx = self.ctx(organisation=house.org, programme=house.programme)
        self.save(ctx, [*self._ratings(ctx), *self._findings(ctx)])
        owners = [self.person, *(Person(ctx.new_id(), f"Owner {number}") for number in range(1, OWNERS))]
        self.save(ctx, evidence_writes(ctx, house.org, house.programme, evidence, owners, self.colleague))

    def _ratings(self, ctx: Ctx) -> list[Write]:
        edition, org, programme = catalogue.load(EDITION), ctx.scope.organisation, ctx.scope.programme
        writes: list[Write] = []
        for clause in edition.assessable:
            items = {item.id: codec.dump(self._rating(ctx, place)) for place, item in enumerate(clause.items)}
            key = keys.ratings(org, programme, clause.sort_key)
            writes.append(Insert(Record(key, "RATE", {"items": items})))
        return writes

    def _rating(self, ctx: Ctx, place: int) -> ItemRating:
        """Return one rating; half are met, and the others have a note, an owner and a date."""
        rating = (3, 2, 3, 1, 3, 0)[place % 6]
        work = {"owner": self.colleague, "note": NOTE, "due": ctx.today + timedelta(days=place)} if rating < 3 else {}
        return rate(None, {"rating": rating, **work}, self.person, ctx.now)

    def _findings(self, ctx: Ctx) -> list[Write]:
        found = [
            raise_finding(
                ctx.new_id(), f"IA-{number:02d}", grade="minor", source="internal_audit", clause="8.4.3",
                statement=f"Forecasts were not compared with use, case {number}.", objective_evidence=NOTE,
                by=self.person, now=ctx.now, owner=self.colleague,
            )
            for number in range(1, 13)
        ]  # fmt: skip
        org, programme = ctx.scope.organisation, ctx.scope.programme
        return [Insert(Record(keys.finding(org, programme, f.id), "FIND", codec.dump(f))) for f in found]


def seed(services: Services, *, clients: int, evidence: int) -> Seeded:
    """Fill empty stores; the first two clients are the large and the small organisation."""
    seeder = Seeder(services)
    practice = seeder.practice()
    made = [seeder.client(practice, number) for number in range(clients)]
    ctx = seeder.ctx(practice=practice)
    user = f"U#{seeder.user['id']}"
    for start in range(0, clients, 5):
        batch = made[start : start + 5]
        seeder.save(ctx, [write for _, writes in batch for write in writes], user, *(f"O#{h.org}" for h, _ in batch))
    large, small = made[0][0], made[1][0]
    seeder.programme(large, evidence)
    seeder.programme(small, 100)
    return Seeded(practice, seeder.user, large, small)
