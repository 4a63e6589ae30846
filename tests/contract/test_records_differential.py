"""Random commits and queries: the SQLite adapter answers as a dict would."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.records.port import (
    Add,
    Check,
    Delete,
    Insert,
    Key,
    Mark,
    Page,
    Record,
    Records,
    RecordsError,
    Replace,
    Touch,
    Write,
)
from portal.records.sqlite import SqliteRecords
from tests.support.model_records import ModelRecords

EXAMPLES = 500
NOW = 1_790_000_000

SORTS = ("A", "A#", "A#1", "A#10", "A#2", "B", "A\ud7ff", "A\ue000", "A\U0010ffff", "é", "A%", "a#1")
PARTITIONS = ("P", "P#1")

sorts = st.sampled_from(SORTS)
keys = st.builds(Key, st.sampled_from(PARTITIONS), sorts)
maybe_keys = st.none() | keys
versions = st.integers(0, 3)
counters = st.dictionaries(st.sampled_from(("a", "b")), st.integers(-3, 3), max_size=2)
kinds = st.sampled_from(("SESSION", "ONCE"))
records = st.builds(
    Record,
    keys,
    kinds,
    st.fixed_dictionaries({"n": st.integers(0, 9)}, optional={"text": st.text(max_size=3)}),
    versions,
    maybe_keys,
    maybe_keys,
    st.none() | st.integers(NOW, NOW + 5),
    counters,
)
writes = st.one_of(
    records.map(Insert),
    records.map(Replace),
    st.builds(Delete, keys, versions, kinds),
    st.builds(Check, keys, versions),
    st.builds(Add, keys, kinds, counters),
    st.builds(Touch, keys, kinds),
)
commits = st.lists(writes, min_size=1, max_size=4, unique_by=lambda write: write.key)
queries = st.fixed_dictionaries(
    {
        "partition": st.sampled_from(PARTITIONS),
        "index": st.sampled_from((0, 1, 2)),
        "reverse": st.booleans(),
        "limit": st.none() | st.integers(1, 4),
    },
    optional={
        "prefix": st.sampled_from(("", "A", "A#", "A#1", "A\ud7ff", "A\U0010ffff", "\U0010ffff")),
        "start": sorts,
        "end": sorts,
        "after": st.builds(Mark, keys, sorts),
    },
)
key_lists = st.lists(keys, max_size=5).map(tuple)
seconds = st.integers(1, 2)
steps = st.lists(st.one_of(commits, commits, queries, key_lists, seconds), min_size=4, max_size=25)


class Clock:
    """Tell a time that goes on when an example says so."""

    now = NOW

    def __call__(self) -> int:
        return self.now


class Apart(Records):
    """Keep one example's records in partitions of their own, so that all share a file."""

    def __init__(self, kept: SqliteRecords, clock: Clock, name: str) -> None:
        self._kept, self._clock, self._name = kept, clock, name

    def get_many(self, keys: Any) -> dict[Key, Record]:
        found = self._kept.get_many([self._in(key) for key in keys])
        return {self._out(key): self._plain(record) for key, record in found.items()}

    def query(self, partition: str, **how: Any) -> Page:
        if "after" in how:
            how["after"] = replace(how["after"], key=self._in(how["after"].key))
        page = self._kept.query(self._name + partition, **how)
        after = page.after and replace(page.after, key=self._out(page.after.key))
        return Page([self._plain(record) for record in page.records], after)

    def commit(self, writes: Any) -> None:
        self._kept.commit([self._apart(write) for write in writes])

    def _apart(self, write: Write) -> Write:
        if not isinstance(write, Insert | Replace):
            return replace(write, key=self._in(write.key))
        return replace(write, record=self._moved(write.record, self._in))

    def _plain(self, record: Record) -> Record:
        return self._moved(record, self._out)

    def _moved(self, record: Record, move: Any) -> Record:
        indexes = {name: move(getattr(record, name)) for name in ("index1", "index2") if getattr(record, name)}
        return replace(record, key=move(record.key), **indexes)

    def _in(self, key: Key) -> Key:
        return Key(self._name + key.partition, key.sort)

    def _out(self, key: Key) -> Key:
        return Key(key.partition.removeprefix(self._name), key.sort)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[SqliteRecords]:
    made = SqliteRecords(tmp_path_factory.mktemp("records") / "records.sqlite", clock=clock)
    yield made
    made.close()


names = map("{:06}#".format, count())


@settings(max_examples=EXAMPLES, deadline=None)
@given(steps)
def test_sqlite_agrees_with_the_model(kept: SqliteRecords, clock: Clock, steps: list[Any]) -> None:
    """Whatever is committed and asked, both give the same records, marks and refusals."""
    clock.now = NOW
    model, real = ModelRecords(clock), Apart(kept, clock, next(names))
    for step in steps:
        if isinstance(step, int):
            clock.now += step
        else:
            assert _outcome(real, step) == _outcome(model, step)
    for partition in PARTITIONS:
        for index in (0, 1, 2):
            everything = {"partition": partition, "index": index, "limit": None}
            assert _outcome(real, everything) == _outcome(model, everything)


def _outcome(records: Records, step: Any) -> Any:
    """Return what a step gives: a page, records, or the name of a refusal and the key's sort key."""
    if isinstance(step, dict):
        page = records.query(**step)
        return list(page.records), page.after
    if isinstance(step, tuple):
        return records.get_many(step)
    try:
        records.commit(step)
    except RecordsError as refused:
        return type(refused), refused.key.sort  # type: ignore[attr-defined]
    return None
