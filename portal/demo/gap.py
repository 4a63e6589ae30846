"""The ratings of the demo: what the gap analysis found, and how it was closed step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from random import Random
from typing import Any

from portal import catalogue
from portal.actions import requirements
from portal.catalogue import Item
from portal.demo import past
from portal.demo.house import House
from portal.demo.script import minutes, workdays
from portal.domain.facts import DID_NOT_OCCUR

MET, MOSTLY, BEGUN, MISSING = 3, 2, 1, 0
BIAS = 0.4  # how far a clause named weak or strong leans
OWN_PROCESSES = ("8.2", "8.3", "8.4", "8.5", "8.6", "8.7")


def rate_all(house: House) -> None:
    """Write down the gap analysis, and every later rating."""
    edition = catalogue.load(house.data["organisation"]["edition"])
    found = gap_ratings(house, edition.items)
    owners = _owners(house)
    notes = {clause.number: edition.help(clause.number).gaps for clause in edition.assessable}
    _gap_analysis(house, [item for item in edition.items if item.id in found], found, owners, notes)
    for item in edition.items:
        if item.id in found:
            _later(house, item, found[item.id], owners.get(item.clause, house.manager))


def gap_ratings(house: House, items: tuple[Item, ...]) -> dict[str, int]:
    """Return what the gap analysis found for each item that it rated, as many of each kind as the story says."""
    found: dict[str, int] = {}
    rated = [item for item in items if _looked_at(house.story, item)]
    limit = round(len(items) * house.data.get("rated_share", 1))
    for top, (missing, partly) in house.story["gaps"].items():
        own = [item for item in rated[:limit] if item.clause.split(".")[0] == top]
        rng = Random(f"{house.name} {top}")
        own.sort(key=lambda item: _leaning(house.story, item, rng))
        kinds = [MISSING] * missing + [rng.choice([BEGUN, MOSTLY]) for _ in range(partly)]
        kinds += [MET] * (len(own) - len(kinds))
        found |= {item.id: kind for item, kind in zip(own, kinds, strict=True)}
    return found


def _looked_at(story: Mapping[str, Any], item: Item) -> bool:
    first = story.get("rated_first")
    return first is None or item.clause in first or not item.clause.startswith(OWN_PROCESSES)


def _leaning(story: Mapping[str, Any], item: Item, rng: Random) -> float:
    lean = BIAS * ((item.clause in story["strong"]) - (item.clause in story["weak"]))
    return rng.random() + lean


def _owners(house: House) -> dict[str, str]:
    """Return who owns each clause: whoever owns its first evidence."""
    owners: dict[str, str] = {}
    for entry in house.data["evidence"]:
        for clause in entry["clauses_2018"]:
            owners.setdefault(clause, entry["owner"])
    return owners


def _gap_analysis(
    house: House, items: list[Item], found: dict[str, int], owners: dict[str, str], notes: Mapping[str, tuple[str, ...]]
) -> None:
    first, last = (date.fromisoformat(house.story[name]) for name in ("rated_from", "rated_to"))
    days, ends = workdays(first, last), _ends(house)
    clocks = {day: minutes(past.moment(day.isoformat(), "09:10")) for day in days}
    told: set[str] = set()
    for place, item in enumerate(items):
        at = next(clocks[days[place * len(days) // len(items)]])
        changes: dict[str, Any] = {"rating": found[item.id], "owner": owners.get(item.clause, house.manager)}
        if found[item.id] != MET and item.step in ends:
            changes["due"] = ends[item.step]
        if found[item.id] == MISSING and item.clause not in told and notes[item.clause]:
            told.add(item.clause)
            changes["note"] = notes[item.clause][0]
        house.script.at(at, partial(rate, house, house.story["rated_by"], item.id, changes))


def _ends(house: House) -> dict[int, date]:
    """Return by when the gaps of each step are to be closed: its end, planned or real."""
    ends = {step["step"]: step.get("planned_end") or step["end"] for step in house.data["steps"]}
    return {number: date.fromisoformat(end) for number, end in ends.items()}


def rate(house: House, name: str, item: str, changes: Mapping[str, Any], at: datetime) -> None:
    """Rate one item as somebody of the organisation."""
    changes = dict(changes)
    if "owner" in changes:
        changes["owner"] = house.id_of(changes["owner"])
    requirements.rate_item(house.ctx(name, "requirement.rate", at), item, changes)


def _later(house: House, item: Item, found: int, owner: str) -> None:
    never = house.story["did_not_occur"].get(item.id)
    ended = {step["step"]: step["end"] for step in house.data["steps"] if step["end"]}
    if item.step not in ended:
        return
    at = past.moment(ended[item.step], f"{11 + len(item.id) % 3}:{ord(item.id[-1]) % 60:02d}")
    if never:
        changes: dict[str, Any] = {"rating": DID_NOT_OCCUR, "note": never, "due": None}
        house.script.at(at, partial(rate, house, owner, item.id, changes))
    elif found != MET:
        reached = MET if _proven(house, item) else max(found, MOSTLY)
        due = {} if reached == MET else {"due": _next_due(house)}
        house.script.at(at, partial(rate, house, owner, item.id, {"rating": reached, "note": "", "due": None, **due}))


def _proven(house: House, item: Item) -> bool:
    return any(item.clause in entry["clauses_2018"] for entry in house.data["evidence"])


def _next_due(house: House) -> date:
    """Return the end of the step that is under way: what is not met by then stands in its way."""
    running = next(step for step in house.data["steps"] if not step["end"])
    return date.fromisoformat(running["planned_end"])


def of_finding(house: House, items: list[str], rating: int, note: str, due: date | None) -> Iterator[Any]:
    """Yield the scenes that rate items anew because of a finding."""
    changes = {"rating": rating, "note": note, "due": due}
    for item in items:
        owner = _owners(house).get(item.rsplit("-", 1)[0], house.manager)
        yield partial(rate, house, owner, item, changes)
