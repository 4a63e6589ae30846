"""Loading the demo: one consultancy and its three clients, told through the same actions that people use."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from portal.actions import portfolio
from portal.actions.context import Services
from portal.demo import info, past
from portal.demo.answers import answer_all
from portal.demo.body import hold
from portal.demo.data import CLIENTS
from portal.demo.door import door_of, opened
from portal.demo.factory import Build, Factory, check_builders
from portal.demo.gap import rate_all
from portal.demo.house import House, shifts
from portal.demo.info import Account, DemoInfo, DemoRefused
from portal.demo.library import fill, jobs
from portal.demo.opening import open_client, write_scope
from portal.demo.outbox import forget, waiting
from portal.demo.path import walk
from portal.demo.people import LEAD, Practice, open_practice
from portal.records import keys

Progress = Callable[[str], object]
_WORDS = ("anchor", "bridge", "copper", "garden", "lantern", "meadow", "orchard", "pebble", "river", "saddle", "timber",
          "violet")  # fmt: skip
_ROLES = {LEAD: "consultant", "Marcus Webb": "SMS manager", "Anjali Rao": "process owner"}
TOLD_EVERY = 20  # per cent


def _silent(_: str) -> None:
    """Say nothing."""


def load_demo(
    services: Services, progress: Progress = _silent, *, build: Build | None = None, clients: tuple[str, ...] = CLIENTS
) -> DemoInfo:
    """Load the demo into an empty data folder; raise `DemoRefused` where there are accounts.

    `build` makes the files instead of the demo's own builders, `clients` narrows the load.
    """
    folder = services.settings.data
    if info.is_loading(folder) and info.recall(folder) is None:
        raise info.half_loaded(folder)
    if services.records.get(keys.first_run()):
        raise DemoRefused(f"The data folder {folder} has accounts already. Choose an empty folder with --data.")
    if build is None:
        check_builders()
    info.begin(folder)
    progress("Loading the demo: three clients with a year of history and a hundred files. This takes about 15 seconds.")
    made = _load(services, progress, build, clients)
    info.keep(folder, made)
    info.end(folder)
    return info.told(made, services.settings)


def load_or_recall(services: Services, progress: Progress = _silent, *, build: Build | None = None) -> DemoInfo:
    """Load the demo into an empty folder; else return what was kept of it, with an auditor's link that works."""
    folder = services.settings.data
    known = info.recall(folder)
    if known is None:
        own = services.records.get(keys.first_run()) and not info.is_loading(folder)
        return DemoInfo() if own else load_demo(services, progress, build=build)
    info.end(folder)
    current = opened(services, known)
    if current != known:
        info.keep(folder, current)
    return info.told(current, services.settings)


def _load(services: Services, progress: Progress, build: Build | None, clients: tuple[str, ...]) -> DemoInfo:
    now, password = services.clock(), _password()
    then = replace(services, records=past.Lasting(services.records, services.clock), wake=past.silently)
    moves = shifts(now)
    day = past.moment("2025-09-08") + moves["northwind"]
    practice = open_practice(then, password, day)
    with Factory(build) as factory:
        houses = [_house(name, then, factory, moves[name], practice, now) for name in clients]
        for house in houses:
            factory.order(jobs(house))
        for house in houses:
            tell(house, practice, progress)
    forget(services, list(waiting(services)))
    services.wake()
    return _summary(houses, practice, password)


def _password() -> str:
    words = secrets.SystemRandom().sample(_WORDS, 2)
    return "-".join([*words, f"{secrets.randbelow(9000) + 1000}"])


def _house(
    name: str, services: Services, factory: Factory, shift: timedelta, practice: Practice, now: datetime
) -> House:
    return House(name, services, factory, shift, practice.id, dict(practice.people), now.date())


def tell(house: House, practice: Practice, progress: Progress) -> None:
    """Play the story of one client, then work out what the portfolio shows of it."""
    open_client(house, practice)
    for write in (write_scope, rate_all, fill, walk, answer_all, hold):
        write(house)
    name = house.data["organisation"]["name"]
    last = house.script.play(_now_and_then(lambda share: progress(f"  {name}: {share} %")))
    task = {"organisation": house.org, "programme": house.programme, "practice": house.practice}
    portfolio.roll_up(past.at(house.services, last), task)


def _now_and_then(say: Callable[[int], object]) -> Callable[[int], None]:
    """Return what passes a growing share on each time it reaches another part of the whole."""
    said = [0]

    def hear(share: int) -> None:
        if share // TOLD_EVERY > said[0]:
            said[0] = share // TOLD_EVERY
            say(said[0] * TOLD_EVERY)

    return hear


def _summary(houses: list[House], practice: Practice, password: str) -> DemoInfo:
    people = {**practice.people, **{name: person for house in houses for name, person in house.people.items()}}
    shown = tuple(Account(role, name, people[name]["email"]) for name, role in _ROLES.items() if name in people)
    first = houses[0]
    return DemoInfo(shown, password, door_of(first) if "elena-2" in first.links else None)
