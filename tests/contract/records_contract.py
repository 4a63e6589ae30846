"""What every records adapter has to do. A subclass gives the fixture `make_records`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count

import pytest

from portal.records.port import (
    MAX_READS,
    MAX_WRITES,
    Add,
    Check,
    Delete,
    Exists,
    Insert,
    Key,
    Mark,
    Page,
    Record,
    Records,
    RecordsError,
    Replace,
    Stale,
    Touch,
    Unjournalled,
    Write,
)

NOW = 1_790_000_000
HOME = "O#1"
THREADS = 10

_events = count(1)


class Clock:
    """Tell epoch seconds that only the test moves."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


MakeRecords = Callable[[Clock], Records]


def key(sort: str = "A#1", partition: str = HOME) -> Key:
    return Key(partition, sort)


def record(sort: str = "A#1", partition: str = HOME, **given: object) -> Record:
    """Build a record of kind THING whose body names its sort key."""
    filled = {"kind": "THING", "body": {"sort": sort}, **given}
    return Record(Key(partition, sort), **filled)  # type: ignore[arg-type]


def event() -> Insert:
    """Build a journal event of its own key."""
    return Insert(Record(Key(f"{HOME}#J", f"{next(_events):08}"), "EVENT", {"what": "test"}))


def commit(records: Records, *writes: Write) -> None:
    """Commit the writes together with an event."""
    records.commit([*writes, event()])


def insert(records: Records, *kept: Record) -> None:
    """Insert records, a full commit at a time."""
    for start in range(0, len(kept), MAX_WRITES - 1):
        commit(records, *map(Insert, kept[start : start + MAX_WRITES - 1]))


def sorts(page: Page) -> list[str]:
    return [found.key.sort for found in page.records]


def pages(records: Records, partition: str, **how: object) -> Iterator[Page]:
    """Yield page after page of a query."""
    after: Mark | None = None
    while True:
        page = records.query(partition, after=after, **how)  # type: ignore[arg-type]
        yield page
        if page.after is None:
            return
        assert page.after != after, "a page that ends where it began would go on for ever"
        after = page.after


def paged(records: Records, partition: str, **how: object) -> list[str]:
    return [sort for page in pages(records, partition, **how) for sort in sorts(page)]


def together(actions: Sequence[Callable[[], None]]) -> list[Exception]:
    """Run the actions in a thread each, started at one moment; return what they raised."""
    barrier = threading.Barrier(len(actions))
    raised: list[Exception] = []

    def run(action: Callable[[], None]) -> None:
        barrier.wait()
        try:
            action()
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


class RecordsContract:
    """Every case any adapter has to pass."""

    races = 100  # how many ten-thread races a run makes; raised on demand

    @pytest.fixture
    def make_records(self) -> MakeRecords:
        raise NotImplementedError("a subclass makes the adapter, given its clock")

    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def records(self, make_records: MakeRecords, clock: Clock) -> Iterator[Records]:
        made = make_records(clock)
        yield made
        made.close()

    # --- single records and versions

    def test_get_returns_none_for_what_was_never_written(self, records: Records) -> None:
        """A key nobody wrote to holds nothing."""
        assert records.get(key()) is None

    def test_insert_is_read_back_whole(self, records: Records) -> None:
        """What was inserted comes back with kind, body, indexes, expiry and counters, at version 1."""
        kept = record(
            body={"text": "é", "number": 1.5, "list": [1, None, {"deep": True}]},
            index1=Key("I#1", "x"),
            index2=Key("I#2", "y"),
            expires=NOW + 60,
            counters={"n": 3},
        )
        commit(records, Insert(kept))
        assert records.get(kept.key) == replace(kept, version=1)

    def test_insert_starts_at_version_one_whatever_it_says(self, records: Records) -> None:
        """The version of an inserted record is the adapter's to give."""
        commit(records, Insert(record(version=7)))
        assert records.get(key()).version == 1

    def test_insert_over_a_record_raises_exists(self, records: Records) -> None:
        """A second insert of one key is refused, names the key and changes nothing."""
        commit(records, Insert(record()))
        with pytest.raises(Exists) as refused:
            commit(records, Insert(record(body={"sort": "other"})))
        assert refused.value.key == key()
        assert records.get(key()).body == {"sort": "A#1"}

    def test_replace_raises_the_version(self, records: Records) -> None:
        """A replace at the current version takes kind, body, indexes and expiry over and counts up."""
        commit(records, Insert(record()))
        changed = record(kind="OTHER", body={"x": 2}, version=1, index1=Key("I#1", "x"), expires=NOW + 5)
        commit(records, Replace(changed))
        assert records.get(key()) == replace(changed, version=2)

    @pytest.mark.parametrize("version", [0, 1, 3, 10**30])
    def test_replace_at_another_version_raises_stale(self, records: Records, version: int) -> None:
        """A replace that names another version than the current one is refused and names the key."""
        commit(records, Insert(record()))
        commit(records, Replace(record(version=1)))
        with pytest.raises(Stale) as refused:
            commit(records, Replace(record(version=version, body={"x": "late"})))
        assert refused.value.key == key()
        assert records.get(key()) == record(version=2)

    def test_replace_of_nothing_raises_stale(self, records: Records) -> None:
        """There is no version of a missing record to replace."""
        with pytest.raises(Stale) as refused:
            commit(records, Replace(record(version=1)))
        assert refused.value.key == key()

    def test_delete_takes_the_record_away(self, records: Records) -> None:
        """A delete at the current version removes the record, so that it can be inserted anew."""
        commit(records, Insert(record(counters={"n": 1})))
        commit(records, Delete(key(), 1, "THING"))
        assert records.get(key()) is None
        commit(records, Insert(record()))
        assert records.get(key()) == record(version=1)

    @pytest.mark.parametrize("version", [0, 2])
    def test_delete_at_another_version_raises_stale(self, records: Records, version: int) -> None:
        """A delete that names another version is refused, names the key and removes nothing."""
        commit(records, Insert(record()))
        with pytest.raises(Stale) as refused:
            commit(records, Delete(key(), version, "THING"))
        assert refused.value.key == key()
        assert records.get(key()) is not None

    def test_delete_of_nothing_raises_stale(self, records: Records) -> None:
        """A record that is not there is at no version."""
        with pytest.raises(Stale):
            commit(records, Delete(key(), 1, "THING"))

    # --- checks

    def test_check_of_the_current_version_lets_a_commit_pass(self, records: Records) -> None:
        """A check that holds changes nothing, the version included."""
        commit(records, Insert(record()))
        commit(records, Check(key(), 1), Insert(record("A#2")))
        assert records.get(key()).version == 1
        assert records.get(key("A#2")) is not None

    @pytest.mark.parametrize("version", [0, 2])
    def test_check_of_another_version_raises_stale(self, records: Records, version: int) -> None:
        """A check that does not hold names its key and stops the whole commit."""
        commit(records, Insert(record()))
        with pytest.raises(Stale) as refused:
            commit(records, Insert(record("A#2")), Check(key(), version))
        assert refused.value.key == key()
        assert records.get(key("A#2")) is None

    def test_check_of_version_zero_wants_no_record(self, records: Records) -> None:
        """Version 0 stands for a record that is missing."""
        commit(records, Check(key(), 0), Insert(record("A#2")))
        assert records.get(key("A#2")) is not None
        with pytest.raises(Stale):
            commit(records, Check(key("A#3"), 1))

    def test_check_alone_is_a_commit(self, records: Records) -> None:
        """A commit of checks writes nothing and needs no event."""
        records.commit([Check(key(), 0)])
        with pytest.raises(Stale):
            records.commit([Check(key(), 1)])

    # --- commits

    def test_all_writes_of_a_commit_arrive(self, records: Records) -> None:
        """One commit may insert, replace, delete, count and check."""
        insert(records, record("A#1"), record("A#2"), record("A#3"))
        commit(
            records,
            Insert(record("A#4")),
            Replace(record("A#1", version=1, body={"x": 1})),
            Delete(key("A#2"), 1, "THING"),
            Check(key("A#3"), 1),
            Add(key("N"), "COUNT", {"n": 1}),
        )
        assert sorts(records.query(HOME)) == ["A#1", "A#3", "A#4", "N"]

    @pytest.mark.parametrize("place", [0, 1, 4])
    def test_one_refused_write_leaves_nothing_of_a_commit(self, records: Records, place: int) -> None:
        """Where in the commit the refused write stands does not matter: none of the others is applied."""
        insert(records, record("A#1"), record("A#2"))
        writes = [
            Insert(record("A#3")),
            Replace(record("A#1", version=1, body={"x": 1})),
            Delete(key("A#2"), 1, "THING"),
            Add(key("N"), "COUNT", {"n": 1}),
        ]
        writes.insert(place, Replace(record("GONE", version=4)))
        before = records.query(HOME).records
        with pytest.raises(Stale) as refused:
            commit(records, *writes)
        assert refused.value.key == key("GONE")
        assert records.query(HOME).records == before

    def test_a_refused_commit_leaves_no_event(self, records: Records) -> None:
        """The journal tells only of what happened."""
        commit(records, Insert(record()))
        journal = records.query(f"{HOME}#J", limit=None).records
        with pytest.raises(Exists):
            commit(records, Insert(record()))
        assert records.query(f"{HOME}#J", limit=None).records == journal

    def test_the_first_refused_write_is_named(self, records: Records) -> None:
        """Of several writes that cannot be done, the first in order is named."""
        commit(records, Insert(record("A#2")))
        with pytest.raises(RecordsError) as refused:
            commit(records, Insert(record("A#1")), Insert(record("A#2")), Replace(record("A#3", version=9)))
        assert isinstance(refused.value, Exists)
        assert refused.value.key == key("A#2")

    def test_a_hundred_writes_pass(self, records: Records) -> None:
        """A commit takes exactly as many writes as the port says."""
        commit(records, *(Insert(record(f"A#{n:03}")) for n in range(MAX_WRITES - 1)))
        assert len(records.query(HOME, limit=None).records) == MAX_WRITES - 1

    def test_more_than_a_hundred_writes_are_refused(self, records: Records) -> None:
        """One write too many raises ValueError and writes nothing."""
        with pytest.raises(ValueError, match="1 to 100 writes"):
            commit(records, *(Insert(record(f"A#{n:03}")) for n in range(MAX_WRITES)))
        assert sorts(records.query(HOME)) == []

    def test_an_empty_commit_is_refused(self, records: Records) -> None:
        """A commit without writes is a mistake."""
        with pytest.raises(ValueError, match="not 0"):
            records.commit([])

    def test_two_writes_to_one_key_are_refused(self, records: Records) -> None:
        """A commit may name a record once, a check included."""
        with pytest.raises(ValueError, match="once"):
            commit(records, Insert(record()), Check(key(), 0))
        assert records.get(key()) is None

    @pytest.mark.parametrize("odd", [Key("", "A"), Key("A", ""), Key("A\0", "B"), Key("A", "B\0C")])
    def test_keys_without_text_or_with_nul_are_refused(self, records: Records, odd: Key) -> None:
        """No adapter could keep such a key, so none takes it, as primary or as index key."""
        with pytest.raises(ValueError, match="a key"):
            commit(records, Insert(Record(odd, "THING", {})))
        with pytest.raises(ValueError, match="a key"):
            commit(records, Insert(record(index2=odd)))

    def test_a_body_that_is_no_json_is_refused(self, records: Records) -> None:
        """What cannot be kept is refused before anything is written."""
        with pytest.raises(TypeError):
            commit(records, Insert(record("A#1")), Insert(record("A#2", body={"x": object()})))
        with pytest.raises(ValueError, match="JSON"):
            commit(records, Insert(record("A#1")), Insert(record("A#2", body={"x": float("nan")})))
        assert sorts(records.query(HOME)) == []

    # --- the journal

    @pytest.mark.parametrize(
        "write",
        [
            Insert(record()),
            Replace(record(version=1)),
            Delete(key(), 1, "THING"),
            Add(key(), "THING", {"n": 1}),
        ],
        ids=lambda write: type(write).__name__,
    )
    def test_a_business_write_without_event_is_refused(self, records: Records, write: Write) -> None:
        """A change nobody journalled is not made."""
        with pytest.raises(Unjournalled):
            records.commit([write])
        assert records.get(key()) is None

    def test_housekeeping_needs_no_event(self, records: Records) -> None:
        """Sessions and the like are written without telling the journal."""
        records.commit([Insert(record("SESSION", kind="SESSION")), Add(key("TRY"), "TRY", {"n": 1})])
        assert sorts(records.query(HOME)) == ["SESSION", "TRY"]

    def test_changing_an_event_does_not_count_as_journalling(self, records: Records) -> None:
        """Only a new event vouches for a change."""
        written = event()
        records.commit([written])
        with pytest.raises(Unjournalled):
            records.commit([Insert(record()), Replace(replace(written.record, version=1))])

    # --- queries by primary key

    def test_query_keeps_to_its_partition(self, records: Records) -> None:
        """Partitions that begin alike are apart."""
        insert(records, record("A"), record("A", "O#10"), record("B", "O#1#P"), record("B"))
        page = records.query(HOME)
        assert sorts(page) == ["A", "B"]
        assert page.after is None

    def test_query_of_an_unknown_partition_is_empty(self, records: Records) -> None:
        """No record is no error."""
        assert records.query("O#none") == Page([], None)
        assert records.query("O#none", index=1) == Page([], None)

    def test_query_sorts_by_the_bytes_of_utf8(self, records: Records) -> None:
        """Order is that of code points, for every adapter and in both directions."""
        order = ["A", "A#", "A#1", "A#10", "A#2", "Aa", "B", "a", "é", "ﬀ", "😀"]
        insert(records, *(record(sort) for sort in reversed(order)))
        assert sorts(records.query(HOME)) == order
        assert sorts(records.query(HOME, reverse=True)) == order[::-1]

    def test_prefix_takes_what_begins_with_it(self, records: Records) -> None:
        """A prefix is text, no pattern: '%', '_', '*' and case mean themselves."""
        insert(records, *map(record, ["A", "A%", "A%1", "A_", "A_1", "Ab", "B", "a%1", "*", "*1"]))
        assert sorts(records.query(HOME, prefix="A%")) == ["A%", "A%1"]
        assert sorts(records.query(HOME, prefix="A_")) == ["A_", "A_1"]
        assert sorts(records.query(HOME, prefix="*")) == ["*", "*1"]
        assert sorts(records.query(HOME, prefix="C")) == []

    def test_prefix_may_end_in_the_last_character(self, records: Records) -> None:
        """The characters with no direct successor end a prefix as any other does."""
        last = "\U0010ffff"
        kept = ["A", "A\ud7ff", "A\ud7ffx", "A\ue000", f"A{last}", f"A{last}x", "B", last, f"{last}{last}"]
        insert(records, *map(record, kept))
        assert sorts(records.query(HOME, prefix="A\ud7ff")) == ["A\ud7ff", "A\ud7ffx"]
        assert sorts(records.query(HOME, prefix=f"A{last}")) == [f"A{last}", f"A{last}x"]
        assert sorts(records.query(HOME, prefix=last)) == [last, f"{last}{last}"]

    def test_range_includes_both_ends(self, records: Records) -> None:
        """`start` and `end` belong to the range and each may be given alone."""
        insert(records, *map(record, ["A", "B", "B#1", "C", "C#1", "D"]))
        assert sorts(records.query(HOME, start="B", end="C")) == ["B", "B#1", "C"]
        assert sorts(records.query(HOME, start="B#1")) == ["B#1", "C", "C#1", "D"]
        assert sorts(records.query(HOME, end="B#1")) == ["A", "B", "B#1"]
        assert sorts(records.query(HOME, start="B", end="C", reverse=True)) == ["C", "B#1", "B"]
        assert sorts(records.query(HOME, start="C", end="B")) == []

    def test_prefix_and_range_narrow_together(self, records: Records) -> None:
        """Given both, a record has to satisfy both."""
        insert(records, *map(record, ["A#1", "A#2", "A#3", "B#1"]))
        assert sorts(records.query(HOME, prefix="A#", start="A#2")) == ["A#2", "A#3"]
        assert sorts(records.query(HOME, prefix="A#", start="A", end="A#2")) == ["A#1", "A#2"]
        assert sorts(records.query(HOME, prefix="A#", start="A#3", end="Z")) == ["A#3"]

    def test_limit_tells_whether_more_follow(self, records: Records) -> None:
        """`after` is set when, and only when, records follow the page."""
        insert(records, *(record(f"A#{n}") for n in range(5)))
        assert records.query(HOME, limit=4).after == Mark(key("A#3"))
        assert records.query(HOME, limit=5).after is None
        assert records.query(HOME, limit=6).after is None

    def test_limit_is_a_hundred_unless_told(self, records: Records) -> None:
        """A page is at most a hundred records; None asks for all of them."""
        insert(records, *(record(f"A#{n:03}") for n in range(130)))
        page = records.query(HOME)
        assert len(page.records) == 100
        assert page.after == Mark(key("A#099"))
        assert len(records.query(HOME, limit=None).records) == 130
        assert records.query(HOME, limit=None).after is None

    @pytest.mark.parametrize("limit", [0, -1])
    def test_a_limit_below_one_is_refused(self, records: Records, limit: int) -> None:
        """A page without records could not be gone on from."""
        with pytest.raises(ValueError, match="limit"):
            records.query(HOME, limit=limit)

    @pytest.mark.parametrize("reverse", [False, True])
    @pytest.mark.parametrize("limit", [1, 2, 3, 7])
    def test_pages_join_without_gap_or_repeat(self, records: Records, limit: int, reverse: bool) -> None:
        """Going on from mark to mark shows every record of the prefix once, in order."""
        wanted = [f"B#{n}" for n in range(7)]
        insert(records, *map(record, ["A", *wanted, "C"]))
        found = paged(records, HOME, prefix="B#", limit=limit, reverse=reverse)
        assert found == (wanted[::-1] if reverse else wanted)

    def test_paging_within_a_range(self, records: Records) -> None:
        """A mark narrows a range, it does not replace it."""
        insert(records, *(record(f"A#{n}") for n in range(8)))
        assert paged(records, HOME, start="A#2", end="A#6", limit=2) == [f"A#{n}" for n in range(2, 7)]
        outside = records.query(HOME, start="A#3", after=Mark(key("A#0")))
        assert sorts(outside)[0] == "A#3"

    def test_a_mark_stays_good_when_its_record_goes(self, records: Records) -> None:
        """A page goes on at the same place although the last record seen was deleted meanwhile."""
        insert(records, *(record(f"A#{n}") for n in range(4)))
        after = records.query(HOME, limit=2).after
        commit(records, Delete(key("A#1"), 1, "THING"))
        assert sorts(records.query(HOME, after=after)) == ["A#2", "A#3"]

    # --- queries by index

    @pytest.mark.parametrize("index", [1, 2])
    def test_index_shows_only_records_that_have_it(self, records: Records, index: int) -> None:
        """A record stands on an index when it has that index key, in the partition it names."""
        insert(
            records,
            record("A#1", **{f"index{index}": Key("I", "b")}),
            record("A#2", **{f"index{3 - index}": Key("I", "a")}),
            record("A#3"),
            record("A#4", "O#2", **{f"index{index}": Key("I", "a")}),
            record("A#5", **{f"index{index}": Key("I#", "a")}),
        )
        page = records.query("I", index=index)
        assert sorts(page) == ["A#4", "A#1"]
        assert page.records[0] == record("A#4", "O#2", version=1, **{f"index{index}": Key("I", "a")})

    def test_both_indexes_at_once(self, records: Records) -> None:
        """One record may stand on both indexes, in partitions of the same name."""
        insert(records, record(index1=Key("I", "x"), index2=Key("I", "y")))
        assert sorts(records.query("I", index=1, prefix="x")) == ["A#1"]
        assert sorts(records.query("I", index=2, prefix="y")) == ["A#1"]
        assert sorts(records.query("I", index=2, prefix="x")) == []

    @pytest.mark.parametrize("index", [1, 2])
    def test_prefix_range_and_reverse_on_an_index(self, records: Records, index: int) -> None:
        """On an index, prefix and range narrow the index sort key."""
        insert(records, *(record(f"Z#{9 - n}", **{f"index{index}": Key("I", f"d#{n}")}) for n in range(6)))
        insert(records, record("Y", **{f"index{index}": Key("I", "e")}))
        assert sorts(records.query("I", index=index, prefix="d#")) == [f"Z#{9 - n}" for n in range(6)]
        assert sorts(records.query("I", index=index, start="d#2", end="d#3")) == ["Z#7", "Z#6"]
        assert sorts(records.query("I", index=index, start="d#5", reverse=True)) == ["Y", "Z#4"]
        assert sorts(records.query("I", index=index, end="d#0")) == ["Z#9"]

    @pytest.mark.parametrize("reverse", [False, True])
    @pytest.mark.parametrize("index", [1, 2])
    def test_equal_index_sort_keys_go_by_primary_key(self, records: Records, index: int, reverse: bool) -> None:
        """Records that share an index sort key are in the order of partition, then sort key."""
        homes = [("O#1", "B"), ("O#1", "C"), ("O#10", "A"), ("O#2", "A"), ("O#2", "B")]
        insert(records, *(record(s, p, **{f"index{index}": Key("I", "same")}) for p, s in reversed(homes)))
        page = records.query("I", index=index, reverse=reverse)
        found = [(one.key.partition, one.key.sort) for one in page.records]
        assert found == (homes[::-1] if reverse else homes)

    @pytest.mark.parametrize("reverse", [False, True])
    @pytest.mark.parametrize("limit", [1, 2, 3])
    def test_paging_over_equal_index_sort_keys(self, records: Records, limit: int, reverse: bool) -> None:
        """A page may end between two records of one index sort key."""
        wanted = [f"A#{n}" for n in range(8)]
        insert(records, *(record(f"A#{n}", index1=Key("I", f"d{n // 3}")) for n in range(8)))
        found = paged(records, "I", index=1, prefix="d", limit=limit, reverse=reverse)
        assert found == (wanted[::-1] if reverse else wanted)

    def test_the_mark_of_an_index_names_its_sort_key(self, records: Records) -> None:
        """A mark on an index has both keys; without the index sort key it is refused."""
        insert(records, *(record(f"A#{n}", index2=Key("I", f"d{n}")) for n in range(3)))
        assert records.query("I", index=2, limit=2).after == Mark(key("A#1"), "d1")
        with pytest.raises(ValueError, match="mark"):
            records.query("I", index=2, after=Mark(key("A#1")))

    def test_replace_moves_and_removes_index_entries(self, records: Records) -> None:
        """The index shows a record where its latest version says, or not at all."""
        commit(records, Insert(record(index1=Key("I", "open"), index2=Key("J", "x"))))
        commit(records, Replace(record(version=1, index1=Key("I", "shut"), index2=Key("J", "x"))))
        assert sorts(records.query("I", index=1, prefix="open")) == []
        assert sorts(records.query("I", index=1, prefix="shut")) == ["A#1"]
        commit(records, Replace(record(version=2, index2=Key("J", "x"))))
        assert sorts(records.query("I", index=1)) == []
        assert sorts(records.query("J", index=2)) == ["A#1"]

    def test_delete_removes_index_entries(self, records: Records) -> None:
        """A deleted record stands on no index."""
        commit(records, Insert(record(index1=Key("I", "x"), index2=Key("J", "y"))))
        commit(records, Delete(key(), 1, "THING"))
        assert sorts(records.query("I", index=1)) == []
        assert sorts(records.query("J", index=2)) == []

    # --- reading many

    def test_get_many_returns_what_exists(self, records: Records) -> None:
        """Missing records are left out, partitions may differ, a key named twice is no matter."""
        insert(records, record("A#1"), record("A#2"), record("A#1", "O#2"))
        wanted = [key("A#1"), key("NONE"), key("A#1", "O#2"), key("A#1"), key("A#2", "O#2")]
        assert records.get_many(wanted) == {
            key("A#1"): record("A#1", version=1),
            key("A#1", "O#2"): record("A#1", "O#2", version=1),
        }

    def test_get_many_of_nothing(self, records: Records) -> None:
        """No keys, no records."""
        assert records.get_many([]) == {}

    def test_get_many_takes_a_hundred(self, records: Records) -> None:
        """A hundred records come in one call; more are refused."""
        insert(records, *(record(f"A#{n:03}") for n in range(MAX_READS)))
        wanted = [key(f"A#{n:03}") for n in range(MAX_READS)]
        assert sorted(records.get_many(wanted), key=lambda one: one.sort) == wanted
        with pytest.raises(ValueError, match="100"):
            records.get_many([*wanted, key("one more")])

    # --- expiry

    @pytest.mark.parametrize(("moment", "there"), [(NOW + 59, True), (NOW + 60, False), (NOW + 61, False)])
    def test_a_record_ends_at_its_expiry(self, records: Records, clock: Clock, moment: int, there: bool) -> None:
        """No read shows a record from the second it expires, deleted or not."""
        insert(records, record(expires=NOW + 60, index1=Key("I", "x"), index2=Key("J", "y")))
        clock.now = moment
        assert (records.get(key()) is not None) == there
        assert bool(records.get_many([key()])) == there
        assert bool(records.query(HOME).records) == there
        assert bool(records.query("I", index=1).records) == there
        assert bool(records.query("J", index=2).records) == there

    def test_expired_records_do_not_fill_a_page(self, records: Records, clock: Clock) -> None:
        """A page holds as many living records as it has room for, and its mark is a living one."""
        insert(records, *(record(f"A#{n}", expires=NOW + 1 if n % 2 else None) for n in range(8)))
        clock.now += 1
        page = records.query(HOME, limit=2)
        assert sorts(page) == ["A#0", "A#2"]
        assert page.after == Mark(key("A#2"))
        assert sorts(records.query(HOME, limit=2, after=page.after)) == ["A#4", "A#6"]
        assert records.query(HOME, limit=4).after is None

    def test_insert_over_an_expired_record(self, records: Records, clock: Clock) -> None:
        """An expired record is out of the way, with its counters and index entries."""
        insert(records, record(expires=NOW + 1, counters={"n": 4}, index1=Key("I", "old")))
        clock.now += 1
        fresh = record(body={"x": "new"}, index2=Key("J", "new"))
        commit(records, Insert(fresh))
        assert records.get(key()) == replace(fresh, version=1)
        assert sorts(records.query("I", index=1)) == []
        assert sorts(records.query("J", index=2)) == ["A#1"]

    def test_an_expired_record_counts_as_missing(self, records: Records, clock: Clock) -> None:
        """It is at no version: replace and delete are stale, and so is a check of anything but absence."""
        insert(records, record(expires=NOW + 1))
        clock.now += 1
        for write in (Replace(record(version=1)), Delete(key(), 1, "THING"), Check(key(), 1)):
            with pytest.raises(Stale):
                commit(records, write)
        records.commit([Check(key(), 0)])

    def test_replace_sets_and_lifts_expiry(self, records: Records, clock: Clock) -> None:
        """The latest version says when a record expires."""
        insert(records, record("A#1", expires=NOW + 5), record("A#2"))
        commit(records, Replace(record("A#1", version=1)), Replace(record("A#2", version=1, expires=NOW + 5)))
        clock.now += 5
        assert sorts(records.query(HOME)) == ["A#1"]

    # --- counters

    def test_add_creates_the_record(self, records: Records) -> None:
        """Counting on a missing record makes one with an empty body at version 1."""
        commit(records, Add(key(), "COUNT", {"open": 2, "shut": 0}))
        assert records.get(key()) == Record(key(), "COUNT", {}, 1, counters={"open": 2, "shut": 0})

    def test_add_sums_up(self, records: Records) -> None:
        """Counters go up and down, below nothing too, and new names may join."""
        commit(records, Add(key(), "COUNT", {"a": 5, "b": 1}))
        commit(records, Add(key(), "COUNT", {"a": -7, "c": 2**40}))
        assert records.get(key()).counters == {"a": -2, "b": 1, "c": 2**40}

    def test_add_leaves_the_rest_of_a_record(self, records: Records) -> None:
        """Counting changes neither version nor body, kind, indexes or expiry."""
        kept = record(index1=Key("I", "x"), expires=NOW + 9, counters={"a": 1})
        insert(records, kept)
        commit(records, Add(key(), "OTHER", {"a": 1}))
        assert records.get(key()) == replace(kept, version=1, counters={"a": 2})

    def test_replace_keeps_counters(self, records: Records) -> None:
        """What was counted meanwhile survives a replace, whatever counters the writer had seen."""
        commit(records, Insert(record()))
        commit(records, Add(key(), "THING", {"a": 3}))
        commit(records, Replace(record(version=1, counters={"a": 0, "b": 9})))
        assert records.get(key()) == record(version=2, counters={"a": 3})

    def test_add_on_an_expired_record_starts_anew(self, records: Records, clock: Clock) -> None:
        """Tries counted before the expiry are forgotten."""
        insert(records, record(expires=NOW + 1, counters={"a": 5}, index1=Key("I", "x")))
        clock.now += 1
        commit(records, Add(key(), "COUNT", {"a": 1}))
        assert records.get(key()) == Record(key(), "COUNT", {}, 1, counters={"a": 1})

    def test_counters_show_in_every_read(self, records: Records) -> None:
        """Queries and get_many bring the counters along."""
        commit(records, Insert(record(index1=Key("I", "x"))))
        commit(records, Add(key(), "THING", {"a": 1, "odd name.$[\"'": 2}))
        wanted = {"a": 1, "odd name.$[\"'": 2}
        assert records.get_many([key()])[key()].counters == wanted
        assert records.query(HOME).records[0].counters == wanted
        assert records.query("I", index=1).records[0].counters == wanted

    # --- touching

    def test_touch_creates_the_record(self, records: Records) -> None:
        """Touching a missing record makes one with an empty body at version 1."""
        commit(records, Touch(key(), "GUARD"))
        assert records.get(key()) == Record(key(), "GUARD", {}, 1)

    def test_touch_raises_the_version_alone(self, records: Records) -> None:
        """Body, kind, counters, indexes and expiry stay; the version is one more, whoever touched before."""
        kept = record(index1=Key("I", "x"), expires=NOW + 9, counters={"a": 1})
        insert(records, kept)
        commit(records, Touch(key(), "OTHER"))
        commit(records, Touch(key(), "OTHER"))
        assert records.get(key()) == replace(kept, version=3)

    def test_a_replace_meets_a_touch(self, records: Records) -> None:
        """What was read before a touch can no longer be replaced, deleted or checked at that version."""
        insert(records, record())
        commit(records, Touch(key(), "THING"))
        for write in (Replace(record(version=1)), Delete(key(), 1, "THING"), Check(key(), 1)):
            with pytest.raises(Stale):
                commit(records, write)

    def test_touch_on_an_expired_record_starts_anew(self, records: Records, clock: Clock) -> None:
        """A record that has expired counts as missing."""
        insert(records, record(expires=NOW + 1, index1=Key("I", "x")))
        clock.now += 1
        commit(records, Touch(key(), "GUARD"))
        assert records.get(key()) == Record(key(), "GUARD", {}, 1)

    def test_touch_needs_its_event(self, records: Records) -> None:
        """Touching a business record is a change like another."""
        with pytest.raises(Unjournalled):
            records.commit([Touch(key(), "GUARD")])

    def test_touches_of_ten_threads_add_up(self, records: Records) -> None:
        """Touching needs no trying again, the creation of the record included."""

        def touch() -> None:
            for _ in range(10):
                commit(records, Touch(key(), "GUARD"))

        assert together([touch] * THREADS) == []
        assert records.get(key()).version == 10 * THREADS

    # --- contents

    def test_a_big_body(self, records: Records) -> None:
        """A body of 300 kB is kept."""
        body = {"items": [{"n": n, "text": "x" * 100} for n in range(2_500)]}
        commit(records, Insert(record(body=body)))
        assert records.get(key()).body == body

    @pytest.mark.parametrize(
        "text",
        [" ", "'\"\\", "%_*?", "a\nb\tc", "ünï", "中文", "😀", "\u202e", "\u2028", "[]", "{}", "null", "1", "1.0"],
    )
    def test_odd_keys(self, records: Records, text: str) -> None:
        """A key is any text without NUL and is never read as anything else."""
        odd = Key(f"O#{text}", text)
        commit(records, Insert(Record(odd, text, {text: text}, index1=Key(text, text))))
        wanted = Record(odd, text, {text: text}, 1, index1=Key(text, text))
        assert records.get(odd) == wanted
        assert records.get_many([odd]) == {odd: wanted}
        assert records.query(f"O#{text}", prefix=text).records == [wanted]
        assert records.query(text, index=1, start=text, end=text).records == [wanted]

    @pytest.mark.parametrize("text", ["", "\0", "a\0b", "\ud800", "</script>", "]],[["])
    def test_odd_bodies(self, records: Records, text: str) -> None:
        """A body keeps any text, NUL and halves of surrogate pairs included."""
        insert(records, record("A#1", body={"x": text}), record("A#2", body={}))
        assert records.get(key()).body == {"x": text}
        assert [one.body for one in records.query(HOME).records] == [{"x": text}, {}]

    def test_a_key_that_is_not_unicode_names_nothing(self, records: Records) -> None:
        """Half a surrogate pair in a key, which a request may bring, finds no record."""
        commit(records, Insert(record()))
        odd = key("A\ud800")
        assert records.get(odd) is None
        assert sorts(records.query("O#\ud800")) == []
        assert records.get_many([odd, key()]) == {key(): record(version=1)}

    def test_what_was_read_is_the_readers_own(self, records: Records) -> None:
        """Changing a body that was read, or one that was written, changes no record."""
        body = {"list": [1]}
        commit(records, Insert(record(body=body)))
        body["list"].append(2)
        records.get(key()).body["list"].append(3)
        assert records.get(key()).body == {"list": [1]}

    # --- threads

    def test_of_ten_replaces_of_one_version_one_wins(self, records: Records) -> None:
        """In every race exactly one thread replaces the version all of them read."""
        commit(records, Insert(record()))
        for version in range(1, self.races + 1):
            racers = [
                (lambda n=n, v=version: commit(records, Replace(record(version=v, body={"by": n, "of": v}))))
                for n in range(THREADS)
            ]
            raised = together(racers)
            assert [type(error) for error in raised] == [Stale] * (THREADS - 1)
            assert records.get(key()).version == version + 1
            assert records.get(key()).body["of"] == version

    def test_contended_replaces_lose_no_update(self, records: Records) -> None:
        """Ten threads that read, add one and replace, trying again when stale, add up."""
        commit(records, Insert(record(body={"sum": 0})))

        def raise_sum() -> None:
            for _ in range(5):
                while True:
                    seen = records.get(key())
                    try:
                        commit(records, Replace(replace(seen, body={"sum": seen.body["sum"] + 1})))
                    except Stale:
                        continue
                    break

        assert together([raise_sum] * THREADS) == []
        assert records.get(key()).body == {"sum": 5 * THREADS}
        assert records.get(key()).version == 5 * THREADS + 1

    def test_counters_of_ten_threads_add_up(self, records: Records) -> None:
        """Counting needs no trying again, the creation of the record included."""

        def add() -> None:
            for _ in range(10):
                commit(records, Add(key(), "COUNT", {"n": 1, "down": -2}))

        assert together([add] * THREADS) == []
        assert records.get(key()).counters == {"n": 10 * THREADS, "down": -20 * THREADS}

    def test_of_ten_inserts_one_wins(self, records: Records) -> None:
        """Exactly one of the threads that insert one key succeeds."""
        racers = [lambda n=n: commit(records, Insert(record(body={"by": n}))) for n in range(THREADS)]
        raised = together(racers)
        assert [type(error) for error in raised] == [Exists] * (THREADS - 1)

    def test_no_reader_sees_half_a_commit(self, records: Records) -> None:
        """Two records changed together are always read at the same version."""
        insert(records, record("A#1"), record("A#2"))
        done = threading.Event()
        torn: list[list[int]] = []

        def change() -> None:
            for version in range(1, 40):
                commit(records, *(Replace(record(sort, version=version)) for sort in ("A#1", "A#2")))
            done.set()

        def watch() -> None:
            while not done.is_set():
                versions = [one.version for one in records.query(HOME).records]
                if len(set(versions)) != 1:
                    torn.append(versions)

        assert together([change, watch, watch]) == []
        assert torn == []
