"""A scope cannot be left, by reading or by writing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from portal.records.port import Add, Check, Delete, ForeignKey, Insert, Key, Mark, Record, Replace, Touch, Write
from portal.records.scoped import ScopedRecords
from tests.support.counting import CountingRecords
from tests.support.model_records import ModelRecords

OUTSIDE = ["O#2", "O#2#P#1", "O#", "O", "", "O#10", "O#1x", "o#1", "OUT#3", "U#1x", "#O#1"]
INSIDE = ["O#1", "O#1#P#7", "O#1#", "U#1", "U#1#x"]


@pytest.fixture
def behind() -> CountingRecords:
    return CountingRecords(ModelRecords(lambda: 0))


@pytest.fixture
def scoped(behind: CountingRecords) -> ScopedRecords:
    return ScopedRecords(behind, ("O#1", "U#1"))


def _record(partition: str, **indexes: Key) -> Record:
    return Record(Key(partition, "A"), "SESSION", {}, **indexes)  # type: ignore[arg-type]


@pytest.mark.parametrize("partition", INSIDE)
def test_inside_the_scope_all_calls_pass(scoped: ScopedRecords, partition: str) -> None:
    """A partition that equals a prefix, or goes on after it with '#', is inside."""
    kept = _record(partition, index1=Key("O#1#I", "x"))
    scoped.commit([Insert(kept)])
    assert scoped.get(kept.key) is not None
    assert list(scoped.get_many([kept.key])) == [kept.key]
    assert len(scoped.query(partition).records) == 1
    assert len(scoped.query("O#1#I", index=1).records) == 1
    scoped.commit([Replace(replace(kept, version=1))])
    scoped.commit([Check(kept.key, 2)])
    scoped.commit([Delete(kept.key, 2, "SESSION")])
    scoped.commit([Add(kept.key, "TRY", {"n": 1})])


READS: list[Callable[[ScopedRecords, str], object]] = [
    lambda scoped, partition: scoped.get(Key(partition, "A")),
    lambda scoped, partition: scoped.get_many([Key("O#1", "A"), Key(partition, "A")]),
    lambda scoped, partition: scoped.query(partition),
    lambda scoped, partition: scoped.query(partition, index=1),
    lambda scoped, partition: scoped.query(partition, index=2),
    lambda scoped, partition: scoped.query("O#1", index=1, after=Mark(Key(partition, "A"), "x")),
]


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("partition", OUTSIDE)
def test_reading_outside_raises(
    scoped: ScopedRecords, behind: CountingRecords, partition: str, read: Callable[[ScopedRecords, str], object]
) -> None:
    """A foreign partition or index partition is refused before anything is read."""
    with pytest.raises(ForeignKey):
        read(scoped, partition)
    assert behind.calls == []


WRITES: list[Callable[[str], Write]] = [
    lambda partition: Insert(_record(partition)),
    lambda partition: Insert(_record("O#1", index1=Key(partition, "x"))),
    lambda partition: Insert(_record("O#1", index2=Key(partition, "x"))),
    lambda partition: Replace(_record(partition)),
    lambda partition: Replace(_record("O#1", index1=Key(partition, "x"))),
    lambda partition: Replace(_record("O#1", index2=Key(partition, "x"))),
    lambda partition: Delete(Key(partition, "A"), 1, "SESSION"),
    lambda partition: Check(Key(partition, "A"), 0),
    lambda partition: Add(Key(partition, "A"), "TRY", {"n": 1}),
    lambda partition: Touch(Key(partition, "A"), "TRY"),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("partition", OUTSIDE)
def test_writing_outside_raises(
    scoped: ScopedRecords, behind: CountingRecords, partition: str, write: Callable[[str], Write]
) -> None:
    """One foreign key or index key in a commit refuses all of it."""
    with pytest.raises(ForeignKey):
        scoped.commit([Insert(Record(Key("O#1", "B"), "SESSION", {})), write(partition)])
    assert behind.calls == []


@pytest.mark.parametrize("index", [1, 2])
def test_a_foreign_record_on_an_index_raises(scoped: ScopedRecords, behind: CountingRecords, index: int) -> None:
    """Should another organisation's record stand on an index inside the scope, it is not handed out."""
    behind.commit([Insert(_record("O#2", **{f"index{index}": Key("O#1#I", "x")}))])
    with pytest.raises(ForeignKey, match="O#2"):
        scoped.query("O#1#I", index=index)  # type: ignore[arg-type]


def test_paging_passes_through(scoped: ScopedRecords) -> None:
    """All that a query may be told reaches the records behind."""
    kept = [Record(Key("O#1", f"A#{n}"), "SESSION", {}) for n in range(6)]
    scoped.commit([Insert(one) for one in kept])
    page = scoped.query("O#1", prefix="A#", start="A#1", end="A#4", limit=2, reverse=True)
    assert [one.key.sort for one in page.records] == ["A#4", "A#3"]
    page = scoped.query("O#1", prefix="A#", start="A#1", end="A#4", limit=2, reverse=True, after=page.after)
    assert [one.key.sort for one in page.records] == ["A#2", "A#1"]
    assert page.after is None


def test_a_scope_of_nothing_holds_nothing(behind: CountingRecords) -> None:
    """Without prefixes every key is foreign."""
    with pytest.raises(ForeignKey):
        ScopedRecords(behind, ()).get(Key("O#1", "A"))


def test_an_empty_prefix_is_refused(behind: CountingRecords) -> None:
    """A prefix that was forgotten does not open the door to '#…'."""
    with pytest.raises(ValueError, match="empty prefix"):
        ScopedRecords(behind, ("O#1", ""))


def test_closing_a_scope_leaves_the_records_open(scoped: ScopedRecords, behind: CountingRecords) -> None:
    """Others go on using what a scope only looks at."""
    scoped.commit([Insert(_record("O#1"))])
    scoped.close()
    assert behind.get(Key("O#1", "A")) is not None
