"""Bad luck below the DynamoDB adapter: no acknowledged write is lost, none is done twice."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, repeat
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.records.dynamodb import DynamoRecords
from portal.records.dynamodb_calls import CONFLICT_TRIES, LONGEST_PAUSE, UNKNOWN_TRIES, Connection
from portal.records.dynamodb_table import create_table
from portal.records.port import (
    Add,
    Busy,
    Check,
    Delete,
    Exists,
    Index,
    Insert,
    Key,
    Record,
    Records,
    RecordsError,
    Replace,
    Stale,
    Touch,
    Write,
)
from tests.support.faults import AFTER, ALL, BEFORE, Faults
from tests.support.model_records import ModelRecords

pytest.register_assert_rewrite("tests.contract.records_contract", "tests.contract.test_records_differential")

from tests.contract.records_contract import HOME, NOW, Clock, insert, key, record, together  # noqa: E402
from tests.contract.test_records_differential import PARTITIONS, _outcome, commits  # noqa: E402

EXAMPLES = int(os.environ.get("EXAMPLES", "25"))
names = map("certway-{}".format, count(1))

# Faults that stay: those that say nothing is known, and those that say another request is in the way.
UNKNOWN = ("unreachable", "broken", "late", *AFTER)
CROWDED = ("throttled", "conflict", "in progress")


@pytest.fixture
def sleeps() -> list[float]:
    """Hold the pauses that the adapter made."""
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(moto: Connection, clock: Clock, sleeps: list[float]) -> DynamoRecords:
    """Give five records: one on both indexes, one with counters, one that has expired."""
    table = next(names)
    create_table(moto, table)
    made = DynamoRecords(table, moto, clock=clock, sleep=sleeps.append)
    fill(made)
    clock.now += 1
    return made


def fill(records: Records) -> None:
    """Write what the cases start from."""
    insert(
        records,
        record("A#1", index1=Key("I", "x"), index2=Key("J", "y")),
        record("A#2", counters={"n": 5}),
        record("A#3", expires=NOW + 1, counters={"n": 5}),
        record("A#4", expires=NOW + 1),
        record("A#5"),
    )


@pytest.fixture
def faults(moto: Connection) -> Iterator[Faults]:
    made = Faults(moto.client)
    yield made
    made.remove()


READS: dict[str, Callable[[Records], Any]] = {
    "get": lambda records: records.get(key()),
    "get of nothing": lambda records: records.get(key("NONE")),
    "get_many": lambda records: records.get_many([key(), key("A#2"), key("NONE")]),
    "query": lambda records: records.query(HOME, prefix="A#"),
    "query in two calls": lambda records: records.query(HOME, start="A#3", limit=1),
    "query of an index": lambda records: records.query("I", index=1),
    "query of nothing": lambda records: records.query("NONE"),
}

EVENT = Insert(Record(Key(f"{HOME}#J", "99"), "EVENT", {}))
COMMITS: dict[str, list[Write]] = {
    "insert": [Insert(record("NEW"))],
    "replace": [Replace(record("A#1", version=1, body={"x": 1}))],
    "delete": [Delete(key("A#1"), 1, "THING")],
    "add": [Add(key("A#2"), "THING", {"n": 1, "m": -1})],
    "add to nothing": [Add(key("N"), "COUNT", {"n": 1})],
    "add to what expired": [Add(key("A#3"), "COUNT", {"n": 1})],
    "touch": [Touch(key("A#2"), "THING")],
    "touch what expired": [Touch(key("A#3"), "THING"), Add(key("A#2"), "THING", {"n": 1})],
    "all": [
        Insert(record("NEW")),
        Replace(record("A#1", version=1, body={"x": 1})),
        Add(key("A#3"), "COUNT", {"n": 1}),
        Check(key("NONE"), 0),
        Delete(key("A#5"), 1, "THING"),
        Touch(key("A#2"), "THING"),
    ],
}
REFUSED: dict[str, list[Write]] = {
    "insert": [Insert(record("A#1"))],
    "replace": [Add(key("A#2"), "COUNT", {"n": 1}), Replace(record("A#1", version=4))],
    "delete": [Insert(record("NEW")), Delete(key("A#1"), 4, "THING")],
    "check": [Touch(key("A#2"), "THING"), Check(key("A#1"), 4)],
}


PLACES: list[tuple[str, Index]] = [(HOME, 0), ("I", 1), ("J", 2)]


def everything(records: Records) -> list[Any]:
    """Return all records and where they stand on the indexes, and how many events there are."""
    found = [records.query(partition, index=index, limit=None).records for partition, index in PLACES]
    return [*map(list, found), len(records.query(f"{HOME}#J", limit=None).records)]


def twin(clock: Clock) -> ModelRecords:
    """Return a model that starts from the same."""
    model = ModelRecords(Clock())
    fill(model)
    model._clock = clock
    return model


class TestOnce:
    """One fault, at any call of anything."""

    @pytest.mark.parametrize("fault", ALL)
    @pytest.mark.parametrize(("read", "place"), [*zip(READS, repeat(0)), ("query in two calls", 1)])
    def test_a_read(self, records: DynamoRecords, faults: Faults, read: str, fault: str, place: int) -> None:
        """A read gives what it would have given."""
        wanted = READS[read](records)
        faults.plan([*[None] * place, fault])
        assert READS[read](records) == wanted
        assert len(faults.operations) > place

    @pytest.mark.parametrize("fault", ALL)
    @pytest.mark.parametrize(
        ("name", "place"), [*zip(COMMITS, repeat(0)), ("add to what expired", 1), ("touch what expired", 1), ("all", 1)]
    )
    def test_a_commit(
        self, records: DynamoRecords, clock: Clock, faults: Faults, name: str, fault: str, place: int
    ) -> None:
        """A commit is done, and done once."""
        model = twin(clock)
        faults.plan([*[None] * place, fault])
        for kept in (records, model):
            kept.commit([*COMMITS[name], EVENT])
        assert len(faults.operations) > place
        faults.heal()
        assert everything(records) == everything(model)

    @pytest.mark.parametrize("fault", ALL)
    @pytest.mark.parametrize("name", REFUSED)
    def test_a_refused_commit(
        self, records: DynamoRecords, clock: Clock, faults: Faults, name: str, fault: str
    ) -> None:
        """A refusal stays the refusal that it was, and nothing is written."""
        wanted, before = _outcome(twin(clock), [*REFUSED[name], EVENT]), everything(records)
        faults.plan([fault])
        assert _outcome(records, [*REFUSED[name], EVENT]) == wanted
        faults.heal()
        assert everything(records) == before


class TestForGood:
    """A fault that stays."""

    @pytest.mark.parametrize("fault", UNKNOWN)
    @pytest.mark.parametrize("do", [lambda r: r.commit([*COMMITS["all"], EVENT]), *READS.values()])
    def test_no_reply(
        self, records: DynamoRecords, faults: Faults, sleeps: list[float], do: Callable[[Records], Any], fault: str
    ) -> None:
        """After three attempts the store is busy."""
        faults.plan(repeat(fault))
        with pytest.raises(Busy):
            do(records)
        assert len(faults.operations) == 1 + UNKNOWN_TRIES == 3
        assert all(0 <= pause <= LONGEST_PAUSE for pause in sleeps)

    @pytest.mark.parametrize("fault", CROWDED)
    @pytest.mark.parametrize("do", [lambda r: r.commit([*COMMITS["all"], EVENT]), *READS.values()])
    def test_a_crowd(
        self, records: DynamoRecords, faults: Faults, sleeps: list[float], do: Callable[[Records], Any], fault: str
    ) -> None:
        """After five more tries, each after a longer pause at most, the store is busy and nothing was written."""
        before = everything(records)
        faults.plan(repeat(fault))
        with pytest.raises(Busy):
            do(records)
        assert len(faults.operations) == 1 + CONFLICT_TRIES == 6
        faults.heal()
        assert everything(records) == before
        assert len(sleeps) == CONFLICT_TRIES
        assert all(pause <= 0.05 * 2**place for place, pause in enumerate(sleeps))

    @pytest.mark.parametrize("fault", UNKNOWN)
    @pytest.mark.parametrize("name", ["insert", "all"])
    def test_a_commit_without_reply_is_all_or_nothing(
        self, records: DynamoRecords, clock: Clock, faults: Faults, name: str, fault: str
    ) -> None:
        """What nobody heard of was carried out as a whole or not at all, and never twice."""
        before, model = everything(records), twin(clock)
        faults.plan(repeat(fault))
        with pytest.raises(Busy):
            records.commit([*COMMITS[name], EVENT])
        faults.heal()
        model.commit([*COMMITS[name], EVENT])
        # Counters that have expired take a second transaction, which nobody comes to without the reply to the first.
        carried_out = fault not in BEFORE and name != "all"
        assert everything(records) == (everything(model) if carried_out else before)

    def test_pauses_differ(self, records: DynamoRecords, faults: Faults, sleeps: list[float]) -> None:
        """Rivals do not wait the same time."""
        for _ in range(3):
            faults.plan(["conflict"])
            records.commit([Add(key("A#2"), "TRY", {"n": 1})])
        assert len(set(sleeps)) == 3


befallen = st.lists(st.sampled_from((None, None, *ALL)), max_size=12)
rounds = st.lists(st.tuples(commits, befallen), min_size=2, max_size=6)


@settings(max_examples=EXAMPLES, deadline=None)
@given(rounds)
def test_random_faults(moto: Connection, rounds: list[tuple[list[Write], list[str | None]]]) -> None:
    """Commits through random faults: acknowledged ones are there once, refused ones not, unknown ones whole or not."""
    clock, table = Clock(), next(names)
    create_table(moto, table)
    records, model, faults = (
        DynamoRecords(table, moto, clock=clock, sleep=lambda _: None),
        ModelRecords(clock),
        Faults(moto.client),
    )
    try:
        for writes, befalling in rounds:
            faults.plan(befalling)
            step(records, model, faults, writes)
    finally:
        faults.remove()


def step(records: DynamoRecords, model: ModelRecords, faults: Faults, writes: list[Write]) -> None:
    """Commit on both sides and compare; what remained unknown is settled by looking."""
    before, wanted = dict(model._kept), _outcome(model, writes)
    try:
        records.commit(writes)
        told = None
    except (Exists, Stale) as refused:
        told = type(refused), refused.key.sort
    except Busy:
        told = wanted
        faults.heal()
        if contents(records) != contents(model):
            model._kept = before
    faults.heal()
    assert told == wanted
    assert contents(records) == contents(model)


def contents(records: Records) -> list[Any]:
    """Return all there is in the partitions and indexes of the random commits."""
    return [
        list(records.query(partition, index=index, limit=None).records)
        for partition in PARTITIONS
        for index in (0, 1, 2)
    ]  # type: ignore[arg-type]


def test_ten_threads_in_bad_weather(moto: Connection) -> None:
    """Ten threads count and insert through faults: what they were told agrees with what is there."""
    table = next(names)
    create_table(moto, table)
    records, faults = DynamoRecords(table, moto, clock=Clock(), sleep=lambda _: None), Faults(moto.client)
    faults.plan([fault for _ in range(40) for fault in (None, *ALL, None)])
    done: list[str] = []
    unknown: list[str] = []

    def work(thread: int) -> None:
        for turn in range(12):
            name = f"{thread}#{turn}"
            try:
                records.commit([Insert(record(name, kind="SESSION")), Add(key("N"), "TRY", {"n": 1})])
                done.append(name)
            except Busy:
                unknown.append(name)

    assert together([lambda thread=n: work(thread) for n in range(10)]) == []
    faults.remove()
    kept = {found.key.sort for found in records.query(HOME, limit=None).records} - {"N"}
    assert set(done) <= kept <= {*done, *unknown}
    assert records.get(key("N")).counters == {"n": len(kept)}
    assert len(done) > 60


class TestRepeated:
    """A whole request that is made again."""

    def test_a_commit_whose_outcome_was_unknown_is_repeated_by_its_caller(
        self, records: DynamoRecords, faults: Faults
    ) -> None:
        """A record inserted in the same commit tells the caller, who tries again after Busy, that it was done."""
        once = Insert(record("ONCE", kind="ONCE", expires=NOW + 99))
        faults.plan(repeat("lost"))
        with pytest.raises(Busy):
            records.commit([once, Add(key("A#2"), "TRY", {"n": 1})])
        faults.heal()
        with pytest.raises(Exists):
            records.commit([once, Add(key("A#2"), "TRY", {"n": 1})])
        assert records.get(key("A#2")).counters == {"n": 6}

    def test_a_token_never_stands_for_two_commits(self, records: DynamoRecords, faults: Faults) -> None:
        """A commit that went wrong and one like it after it are two."""
        insert(records, record("B"))
        faults.plan(["lost"])
        records.commit([Replace(replace(records.get(key("B")), kind="SESSION"))])
        with pytest.raises(RecordsError):
            records.commit([Replace(record("B", kind="SESSION", version=1))])
