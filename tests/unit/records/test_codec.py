"""Records hold what a dataclass said, and give it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Literal, NewType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.records.codec import dump, load

ItemId = NewType("ItemId", str)


class State(StrEnum):
    OPEN = "open"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Cause:
    text: str
    found: date | None = None


@dataclass(frozen=True)
class Everything:
    text: str
    whole: int
    share: float
    flag: bool
    day: date
    moment: datetime
    state: State
    names: tuple[str, ...]
    days: tuple[date | None, ...]
    causes: tuple[Cause, ...]
    tags: frozenset[str]
    states: frozenset[State]
    sizes: Mapping[str, int]
    due: Mapping[str, date]
    by_state: dict[State, tuple[Cause, ...]]
    gaps: Mapping[str, Cause | None]
    cause: Cause
    maybe: Cause | None
    late: datetime | None
    item: ItemId
    side: Literal["left", "right"]
    answer: str | int | None
    anything: Any
    nothing: None = None


EXAMPLE = Everything(
    text="t", whole=1, share=0.5, flag=True, day=date(2026, 1, 1), moment=datetime(2026, 1, 1, tzinfo=UTC),
    state=State.OPEN, names=("x",), days=(None,), causes=(Cause("x"),), tags=frozenset("ba"),
    states=frozenset({State.SHUT}), sizes={"a": 1}, due={"a": date(2026, 1, 1)}, by_state={State.OPEN: ()},
    gaps={"a": None}, cause=Cause("x"), maybe=None, late=None, item=ItemId("4.1-a"), side="left", answer=1,
    anything=None,
)  # fmt: skip


@dataclass(frozen=True)
class Defaults:
    text: str
    maybe: str | None = "unless told"
    many: tuple[str, ...] = ("a",)
    made: Mapping[str, int] = field(default_factory=dict)
    computed: int = field(default=7, init=False)


@dataclass(frozen=True)
class Tree:
    name: str
    branches: tuple[Tree, ...] = ()


causes = st.builds(Cause, st.text(), st.none() | st.dates())
# Fixed offsets: a time that a zone has twice, or never, equals nothing in another zone.
offsets = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
moments = st.datetimes(timezones=st.just(UTC) | offsets)
everything = st.builds(
    Everything,
    share=st.floats(allow_nan=False, allow_infinity=False),
    moment=moments,
    days=st.lists(st.none() | st.dates()).map(tuple),
    causes=st.lists(causes).map(tuple),
    by_state=st.dictionaries(st.sampled_from(State), st.lists(causes).map(tuple)),
    gaps=st.dictionaries(st.text(), st.none() | causes),
    cause=causes,
    maybe=st.none() | causes,
    late=st.none() | moments,
    anything=st.none() | st.lists(st.integers()),
)


@given(everything)
def test_what_goes_in_comes_out(value: Everything) -> None:
    """Every kind of field survives the way through JSON text."""
    assert load(Everything, json.loads(json.dumps(dump(value), allow_nan=False))) == value


def test_the_types_come_back() -> None:
    """What comes out is of the declared types, not only equal."""
    body = {
        "state": "open",
        "tags": ["b"],
        "day": "2026-11-22",
        "moment": "2026-11-22T09:00:00Z",
        "cause": {"text": "x"},
    }
    rest = dict.fromkeys(("text", "whole", "share", "flag", "names", "days", "causes", "states", "sizes", "due"))
    rest |= dict.fromkeys(("by_state", "gaps", "maybe", "late", "item", "side", "answer", "anything"))
    value = load(Everything, {**rest, **body})
    assert value.state is State.OPEN
    assert value.moment == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert value.moment.tzinfo is UTC
    assert (type(value.tags), type(value.day), type(value.cause)) == (frozenset, date, Cause)


def test_the_shape_in_the_record() -> None:
    """Days are ISO dates, sets are sorted lists, nested values are objects, states are plain text."""
    body = dump(Tree("oak", (Tree("twig"),)))
    assert body == {"name": "oak", "branches": [{"name": "twig", "branches": []}]}
    assert dump(Cause("x", date(2026, 11, 22))) == {"text": "x", "found": "2026-11-22"}
    whole = dump(EXAMPLE)
    assert whole["tags"] == ["a", "b"]
    assert type(whole["state"]) is str


def test_times_are_kept_in_utc() -> None:
    """A time of any zone is written in UTC with Z; one without zone is refused."""
    berlin = datetime(2026, 11, 22, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert dump(replace(EXAMPLE, moment=berlin))["moment"] == "2026-11-22T09:30:00Z"
    with pytest.raises(ValueError, match="zone"):
        dump(replace(EXAMPLE, moment=datetime(2026, 11, 22)))


def test_a_missing_field_takes_its_default() -> None:
    """A record written before a field existed reads as if it held the default."""
    assert load(Defaults, {"text": "x"}) == Defaults("x")


def test_none_is_not_missing() -> None:
    """What was None when written stays None although the default is another."""
    assert load(Defaults, dump(Defaults("x", maybe=None))).maybe is None


def test_a_field_the_class_lacks_is_left_out() -> None:
    """A record written by a later version can be read."""
    assert load(Cause, {"text": "x", "later": [1]}) == Cause("x")


def test_a_missing_field_without_default_raises() -> None:
    """A record that lacks what the class needs is an error that names the field."""
    with pytest.raises(TypeError, match="text"):
        load(Cause, {})


def test_an_unknown_state_raises() -> None:
    """A state the class does not know is not passed on."""
    with pytest.raises(ValueError, match="elsewhere"):
        load(Everything, {"state": "elsewhere"})


def test_computed_fields_are_not_kept() -> None:
    """A field that is not given to the class is not written."""
    assert "computed" not in dump(Defaults("x"))


@dataclass(frozen=True)
class _Bytes:
    data: bytes


@dataclass(frozen=True)
class _Pair:
    pair: tuple[int, str]


@dataclass(frozen=True)
class _Days:
    days: Mapping[date, int]


@dataclass(frozen=True)
class _Either:
    either: Cause | Tree


@pytest.mark.parametrize("cls", [_Bytes, _Pair, _Days, _Either])
def test_a_type_that_cannot_be_kept_is_named(cls: type) -> None:
    """A field type the codec does not know is refused with class and field, not written somehow."""
    with pytest.raises(TypeError, match=rf"{cls.__name__}\.\w+: a record cannot keep"):
        load(cls, {})


def test_only_dataclasses_are_kept() -> None:
    """Anything else is a mistake of the caller."""
    with pytest.raises(TypeError, match="no dataclass"):
        dump("text")
