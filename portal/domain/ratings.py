"""The gap analysis: rating an item, and what many ratings add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from portal.domain import inputs
from portal.domain.common import Invalid, Person
from portal.domain.facts import DID_NOT_OCCUR, ItemFact, Rating

LABELS: Mapping[Rating, str] = {
    0: "missing", 1: "begun", 2: "mostly", 3: "met", DID_NOT_OCCUR: "did not occur in the period",
    None: "not rated yet",
}  # fmt: skip
MET = 3
PDCA = ("plan", "do", "check", "act")
STAGES = ("stage1", "stage2")
_FIELDS = frozenset({"rating", "note", "owner", "due"})


@dataclass(frozen=True, slots=True)
class ItemRating:
    """Hold where the organisation stands against one item, and who said so last; an unrated item is version 0."""

    rating: Rating = None
    note: str = ""
    owner: Person | None = None
    due: date | None = None
    version: int = 0
    changed_by: Person | None = None
    changed_at: datetime | None = None


def rate(current: ItemRating | None, changes: Mapping[str, Any], by: Person, at: datetime) -> ItemRating:
    """Change rating, note, owner or due date of an item; what `changes` leaves out stays.

    Return `current` itself when nothing changes. Raise Invalid for a value that is none of the five ratings, a note
    over 4,000 characters, or 'did not occur' without a note that gives the reason.
    """
    before = current or ItemRating()
    for name in changes:
        if name not in _FIELDS:
            raise Invalid(f"An item has no {name} to change.", name)
    after = replace(before, **_cleaned(changes))
    _check(after)
    if after == before:
        return before
    return replace(after, version=before.version + 1, changed_by=by, changed_at=at)


def _cleaned(changes: Mapping[str, Any]) -> dict[str, Any]:
    if "note" not in changes:
        return dict(changes)
    return {**changes, "note": inputs.optional_text(changes["note"], "note", "The note")}


def _check(rating: ItemRating) -> None:
    if type(rating.rating) not in (int, str, type(None)) or rating.rating not in LABELS:
        raise Invalid("Rate 0 (missing), 1 (begun), 2 (mostly), 3 (met) or “did not occur in the period”.", "rating")
    if rating.rating == DID_NOT_OCCUR and not rating.note:
        raise Invalid("Say in the note why this did not occur in the period.", "note")


class Counts(NamedTuple):
    """Hold how many items have each rating; the five kinds add up to `items`."""

    items: int = 0
    met: int = 0
    mostly: int = 0
    begun: int = 0
    missing: int = 0
    unrated: int = 0
    did_not_occur: int = 0

    @property
    def partly(self) -> int:
        """Return the items that are begun or mostly met."""
        return self.begun + self.mostly

    @property
    def rated(self) -> int:
        """Return the items somebody has judged."""
        return self.items - self.unrated

    @property
    def expected(self) -> int:
        """Return the items that can be met: all but those that did not occur in the period."""
        return self.items - self.did_not_occur


def count(ratings: Iterable[Rating]) -> Counts:
    """Count ratings by kind."""
    found: dict[Rating, int] = dict.fromkeys((0, 1, 2, 3, None, DID_NOT_OCCUR), 0)
    for rating in ratings:
        found[rating] += 1
    return Counts(sum(found.values()), found[3], found[2], found[1], found[0], found[None], found[DID_NOT_OCCUR])


def add(parts: Iterable[Counts]) -> Counts:
    """Add counts up."""
    return Counts(*(sum(column) for column in zip(Counts(), *parts, strict=True)))


def percent(counts: Counts) -> int:
    """Return the readiness in whole percent: points reached of three per item expected, unrated items counting 0.

    100 means that every item is met, 0 that none is even begun; with nothing expected of some items it is 100.
    """
    points = 3 * counts.met + 2 * counts.mostly + counts.begun
    return share(points, 3 * counts.expected) if counts.expected else (100 if counts.items else 0)


def share(part: int, whole: int) -> int:
    """Return whole percent, half up, but 100 only when nothing lacks and 0 only when there is nothing."""
    if whole <= 0 or part <= 0:
        return 0
    if part >= whole:
        return 100
    return min(99, max(1, (200 * part + whole) // (2 * whole)))


def percent_met(counts: Counts) -> int:
    """Return the share of the expected items that are met, in whole percent."""
    return share(counts.met, counts.expected)


def percent_begun(counts: Counts) -> int:
    """Return the share of the expected items that are begun or mostly met; with percent_met at most 100."""
    return share(counts.met + counts.partly, counts.expected) - percent_met(counts)


def clause_state(items: Iterable[ItemFact]) -> str:
    """Return met, partly, missing or unrated for the heat map; an item rated 0 makes its clause missing."""
    ratings = [item.rating for item in items]
    if all(rating is None for rating in ratings):
        return "unrated"
    if 0 in ratings:
        return "missing"
    return "met" if all(rating in (MET, DID_NOT_OCCUR) for rating in ratings) else "partly"


class Roll(NamedTuple):
    """Hold the counts of one group of items; `key` is a clause, phase, step or stage."""

    key: str
    counts: Counts

    @property
    def percent(self) -> int:
        """Return the readiness of the group in whole percent."""
        return percent(self.counts)


def clause_order(number: str) -> tuple[tuple[int, str], ...]:
    """Return a sort key under which 8.2 comes before 8.10, and letters after figures."""
    return tuple((int(part), "") if part.isdecimal() else (10_000, part) for part in number.split("."))


def _stages(item: ItemFact) -> tuple[str, ...]:
    return STAGES if item.stage == "both" else (item.stage,)


_KEYS: Mapping[str, Callable[[ItemFact], tuple[str, ...]]] = {
    "top": lambda item: (item.clause.split(".", 1)[0],),
    "clause": lambda item: (item.clause,),
    "pdca": lambda item: (item.pdca,),
    "step": lambda item: (str(item.step),),
    "stage": _stages,
}
_ORDERS: Mapping[str, Callable[[str], Any]] = {
    "top": clause_order, "clause": clause_order, "pdca": PDCA.index, "step": int, "stage": STAGES.index,
}  # fmt: skip


def roll_up(items: Iterable[ItemFact], by: str) -> tuple[Roll, ...]:
    """Group items by top, clause, pdca, step or stage and count their ratings, in natural order.

    An item that both stages look at counts under each, so that a stage's readiness is whole; all other groups are
    apart from each other. Raise Invalid for another grouping.
    """
    if by not in _KEYS:
        raise Invalid("Roll up by clause, pdca, step or stage.", "by")
    groups: dict[str, list[Rating]] = {}
    for item in items:
        for key in _KEYS[by](item):
            groups.setdefault(key, []).append(item.rating)
    return tuple(Roll(key, count(groups[key])) for key in sorted(groups, key=_ORDERS[by]))


@dataclass(frozen=True, slots=True)
class Filter:
    """Choose items; a clause includes those below it, `rating` is '0' to '3', 'did_not_occur' or 'unrated'."""

    clause: str = ""
    rating: str = ""
    owner: str = ""
    stage: str = ""
    step: int | None = None
    pdca: str = ""

    def matches(self, item: ItemFact) -> bool:
        """Tell whether an item is among those chosen."""
        return (
            (not self.clause or item.clause == self.clause or item.clause.startswith(f"{self.clause}."))
            and (not self.rating or self.rating == rating_name(item.rating))
            and (not self.owner or (item.owner is not None and item.owner.id == self.owner))
            and (not self.stage or self.stage in _stages(item))
            and (self.step is None or item.step == self.step)
            and (not self.pdca or item.pdca == self.pdca)
        )


def rating_name(rating: Rating) -> str:
    """Return a rating as filters name it: '0' to '3', 'did_not_occur' or 'unrated'."""
    return "unrated" if rating is None else str(rating)


def select(items: Iterable[ItemFact], chosen: Filter) -> tuple[ItemFact, ...]:
    """Return the items that a filter chooses."""
    return tuple(item for item in items if chosen.matches(item))
