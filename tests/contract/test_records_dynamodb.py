"""The DynamoDB adapter: the contract in memory and over HTTP, and what only DynamoDB can do wrong."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from portal.records import dynamodb
from portal.records.dynamodb import DynamoRecords
from portal.records.dynamodb_calls import CONNECT_SECONDS, READ_SECONDS, Connection
from portal.records.dynamodb_table import create_table
from portal.records.port import (
    Add,
    Busy,
    Check,
    Delete,
    Exists,
    Insert,
    Key,
    Mark,
    Record,
    Records,
    RecordsError,
    Replace,
    Stale,
    TooBig,
    Touch,
)
from tests.support.faults import Faults

pytest.register_assert_rewrite("tests.contract.records_contract")

from tests.contract.records_contract import (  # noqa: E402 - after its asserts are set up to be rewritten
    HOME,
    NOW,
    Clock,
    MakeRecords,
    RecordsContract,
    commit,
    event,
    insert,
    key,
    record,
    sorts,
)

RACES = int(os.environ.get("RACES", "20"))
tables = map("certway-{}".format, count(1))


def maker(connection: Connection) -> MakeRecords:
    """Return what opens a table made for one test."""
    table = next(tables)
    create_table(connection, table)
    return lambda clock: DynamoRecords(table, connection, clock=clock)


class TestDynamoRecordsInMemory(RecordsContract):
    """The contract on moto made strict; RACES raises the number of ten-thread races."""

    races = RACES

    @pytest.fixture
    def make_records(self, moto: Connection) -> MakeRecords:
        return maker(moto)


@pytest.mark.ministack
class TestDynamoRecordsOverHttp(RecordsContract):
    """The contract on MiniStack."""

    races = RACES

    @pytest.fixture
    def make_records(self, over_http: Connection) -> MakeRecords:
        return maker(over_http)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table(moto: Connection) -> str:
    name = next(tables)
    create_table(moto, name)
    return name


@pytest.fixture
def sleeps() -> list[float]:
    """Hold the pauses that the adapter made."""
    return []


@pytest.fixture
def records(moto: Connection, table: str, clock: Clock, sleeps: list[float]) -> DynamoRecords:
    return DynamoRecords(table, moto, clock=clock, sleep=sleeps.append)


@pytest.fixture
def calls(moto: Connection) -> Iterator[list[str]]:
    """Hold the names of the calls made."""
    made: list[str] = []

    def note(model: Any, **_: Any) -> None:
        made.append(model.name)

    moto.client.meta.events.register("before-call.dynamodb", note)
    yield made
    moto.client.meta.events.unregister("before-call.dynamodb", note)


class TestTable:
    """What the table is."""

    def test_it_is_what_the_adapter_asks_of_it(self, moto: Connection, table: str) -> None:
        """On demand, two indexes with everything in them, a stream of new images, TTL on `expires`."""
        made = moto.client.describe_table(TableName=table)["Table"]
        assert made["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
        assert [part["AttributeName"] for part in made["KeySchema"]] == ["pk", "sk"]
        indexes = {index["IndexName"]: index for index in made["GlobalSecondaryIndexes"]}
        for number in (1, 2):
            index = indexes.pop(f"index{number}")
            assert [part["AttributeName"] for part in index["KeySchema"]] == [f"i{number}p", f"i{number}s"]
            assert index["Projection"] == {"ProjectionType": "ALL"}
        assert indexes == {}
        assert made["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
        told = moto.client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        assert told == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"}

    def test_an_item_is_keys_and_one_json_text(self, moto: Connection, table: str, records: DynamoRecords) -> None:
        """The body is one attribute; what conditions, indexes, TTL and counting need stands beside it."""
        commit(
            records,
            Insert(record(body={"a": [1]}, index1=Key("I", "x"), expires=NOW + 9, counters={"n": 2})),
        )
        item = moto.client.get_item(TableName=table, Key={"pk": {"S": HOME}, "sk": {"S": "A#1"}})["Item"]
        assert item == {
            "pk": {"S": HOME}, "sk": {"S": "A#1"}, "kind": {"S": "THING"}, "version": {"N": "1"},
            "body": {"S": '{"a":[1]}'}, "expires": {"N": str(NOW + 9)}, "c_n": {"N": "2"},
            "i1p": {"S": "I"}, "i1s": {"S": f"x\0{HOME}\0A#1"},
        }  # fmt: skip


class TestConnection:
    """How calls are made."""

    def test_it_gives_up_early_and_tries_again_itself(self, moto: Connection) -> None:
        """Botocore waits one and three seconds and tries once; only the adapter tries again."""
        config = moto.client.meta.config
        assert (config.connect_timeout, config.read_timeout) == (CONNECT_SECONDS, READ_SECONDS) == (1, 3)
        assert config.retries["total_max_attempts"] == 1

    def test_reads_are_consistent_where_they_can_be(
        self, moto: Connection, records: DynamoRecords, calls: list[str]
    ) -> None:
        """Gets, batches and queries of a partition are read consistently; an index cannot be."""
        asked: list[dict[str, Any]] = []

        def note(params: dict[str, Any], **_: Any) -> None:
            asked.append(params)

        moto.client.meta.events.register("provide-client-params.dynamodb", note)
        records.get(key()), records.get_many([key()]), records.query(HOME), records.query("I", index=1)
        moto.client.meta.events.unregister("provide-client-params.dynamodb", note)
        assert calls == ["GetItem", "BatchGetItem", "Query", "Query"]
        batch = next(iter(asked[1]["RequestItems"].values()))
        consistent = [asked[0]["ConsistentRead"], batch["ConsistentRead"], asked[2]["ConsistentRead"]]
        assert (consistent, asked[3]["ConsistentRead"]) == ([True] * 3, False)

    def test_a_call_on_a_table_that_is_not_there_is_no_reply(self, moto: Connection) -> None:
        """A wrong name is an error at once, not an empty answer and not a wait."""
        lost = DynamoRecords("certway-none", moto, sleep=lambda _: pytest.fail("it waited"))
        with pytest.raises(RecordsError, match="ResourceNotFound"):
            lost.get(key())

    def test_it_works_on_after_close(self, records: DynamoRecords) -> None:
        """Close lets go of the connections; a later call opens one again."""
        commit(records, Insert(record()))
        records.close()
        assert records.get(key()) == record(version=1)


class TestNoScan:
    """A list is never searched from end to end."""

    def test_no_source_names_it(self) -> None:
        """Neither the adapter nor anything else of the product calls Scan or PartiQL."""
        for module in Path(dynamodb.__file__).parent.parent.rglob("*.py"):
            named = {
                node.attr if isinstance(node, ast.Attribute) else node.value
                for node in ast.walk(ast.parse(module.read_text()))
                if isinstance(node, ast.Attribute) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
            }
            assert not named & {"Scan", "scan", "ExecuteStatement", "BatchExecuteStatement"}, module

    def test_no_call_does_it(self, records: DynamoRecords, calls: list[str]) -> None:
        """Everything that the port can do is four operations."""
        insert(records, *(record(f"A#{n}", index1=Key("I", "x"), index2=Key("J", "y")) for n in range(3)))
        records.get(key()), records.get_many([key()]), records.query(HOME)
        records.query("I", index=1, limit=1), records.query("J", index=2, limit=None, reverse=True)
        commit(records, Replace(record("A#1", version=1)), Delete(key("A#2"), 1, "THING"), Check(key("A#0"), 1))
        commit(records, Add(key("N"), "COUNT", {"n": 1}), Touch(key("G"), "GUARD"))
        assert set(calls) == {"GetItem", "BatchGetItem", "Query", "TransactWriteItems"}


class TestTransactions:
    """How a refusal is told."""

    @pytest.mark.parametrize("place", range(5))
    def test_the_refused_write_is_named_whatever_stands_beside_it(self, records: DynamoRecords, place: int) -> None:
        """Reasons come in the order of our writes, although each kind of write is another operation."""
        insert(records, record("A#1"), record("A#2"), record("A#3"))
        wrong = [
            (Replace(record("A#1", version=7)), Stale),
            (Check(key("A#9"), 3), Stale),
            (Insert(record("A#2")), Exists),
            (Delete(key("A#3"), 7, "THING"), Stale),
            (Check(key("A#3"), 0), Stale),
        ]
        right = [Add(key("N"), "COUNT", {"n": 1}), Check(key("A#8"), 0), Touch(key("G"), "GUARD"), Insert(record("Z"))]
        write, kind = wrong[place]
        with pytest.raises(RecordsError) as refused:
            commit(records, *right[:place], write, *right[place:])
        assert (type(refused.value), refused.value.key) == (kind, write.key)  # type: ignore[attr-defined]

    @pytest.fixture
    def before_try(self, records: DynamoRecords, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
        """Run something before each of the next tries of a commit."""
        transact = records._calls.transact

        def prepare(*meddling: Callable[[], None]) -> None:
            waiting = list(meddling)

            def meddled(operations: Any) -> list[int]:
                if waiting:
                    waiting.pop(0)()
                return transact(operations)

            monkeypatch.setattr(records._calls, "transact", meddled)

        return prepare

    def test_counters_that_come_back_meanwhile(
        self, records: DynamoRecords, clock: Clock, before_try: Callable[..., None]
    ) -> None:
        """A counter record that had expired, and that somebody made anew between two tries, is added to."""
        insert(records, record("N", expires=NOW + 1, counters={"n": 5}))
        clock.now += 1
        rival = replace(record("N", kind="TRY"), counters={"n": 7})
        before_try(lambda: None, lambda: records.commit([Insert(rival)]))
        records.commit([Add(key("N"), "TRY", {"n": 1})])
        assert records.get(key("N")).counters == {"n": 8}

    def test_counters_that_keep_expiring_end(self, records: DynamoRecords, monkeypatch: pytest.MonkeyPatch) -> None:
        """A counter record that expires and comes back between any two tries makes the commit busy, not endless."""
        monkeypatch.setattr(records._calls, "transact", lambda operations: [0])
        with pytest.raises(Busy, match="expir"):
            records.commit([Add(key(), "TRY", {"n": 1})])

    def test_counting_anew_is_part_of_the_whole(self, records: DynamoRecords, clock: Clock) -> None:
        """A commit that meets expired counters is still all or nothing, with the refused write named."""
        insert(records, record("N", expires=NOW + 1, counters={"n": 5}), record("A#1"))
        clock.now += 1
        with pytest.raises(Exists):
            commit(records, Add(key("N"), "COUNT", {"n": 1}), Insert(record("A#1")))
        assert records.get(key("N")) is None
        commit(records, Add(key("N"), "COUNT", {"n": 1}), Touch(key("G"), "GUARD"), Insert(record("A#2")))
        assert records.get(key("N")) == Record(key("N"), "COUNT", {}, 1, counters={"n": 1})


class TestSizes:
    """What is too big."""

    def test_a_record_beyond_400_kb(self, records: DynamoRecords) -> None:
        """A body that DynamoDB would refuse is refused before anything is sent, with the record named."""
        with pytest.raises(TooBig, match="A#2"):
            commit(records, Insert(record("A#1")), Insert(record("A#2", body={"x": "x" * 410_000})))
        assert sorts(records.query(HOME)) == []
        insert(records, record("A#1"))
        with pytest.raises(TooBig, match="A#1"):
            commit(records, Replace(record("A#1", version=1, body={"x": "x" * 410_000})))

    def test_a_record_just_below_400_kb(self, records: DynamoRecords) -> None:
        """The limit is that of the whole item: what is left of 400 kB beside names and keys is the body's."""
        commit(records, Insert(record(body={"x": "x" * 399_900})))
        with pytest.raises(TooBig):
            commit(records, Insert(record("A#2", body={"x": "x" * 400_000})))

    def test_counters_beside_a_full_body(self, records: DynamoRecords) -> None:
        """A full body leaves room for counters; counting beyond it is refused."""
        commit(records, Insert(record(body={"x": "x" * 399_900})))
        commit(records, Add(key(), "THING", {f"counter {n}": 2**40 for n in range(100)}))
        with pytest.raises(TooBig):
            commit(records, Add(key(), "THING", {"n" * 12_000: 1}))
        assert len(records.get(key()).counters) == 100

    @pytest.mark.ministack
    def test_counters_beside_a_full_body_over_http(self, over_http: Connection, clock: Clock) -> None:
        """The same where the refusal comes as the reason of a cancelled transaction."""
        self.test_counters_beside_a_full_body(maker(over_http)(clock))  # type: ignore[arg-type]

    def test_a_commit_beyond_4_mb(self, records: DynamoRecords) -> None:
        """Writes that are too big together are refused before anything is sent."""
        with pytest.raises(TooBig, match="commit in parts"):
            commit(records, *(Insert(record(f"A#{n:02}", body={"x": "x" * 300_000})) for n in range(14)))
        assert sorts(records.query(HOME)) == []

    @pytest.mark.parametrize("long", [Key("P" * 2049, "A"), Key("P", "A" * 1025), Key("P", "ä" * 513)])
    def test_a_key_that_is_too_long(self, records: DynamoRecords, long: Key) -> None:
        """Such a key cannot be written, and reading it finds nothing."""
        with pytest.raises(TooBig):
            commit(records, Insert(Record(long, "THING", {})))
        with pytest.raises(TooBig):
            commit(records, Check(long, 0))
        assert records.get(long) is None
        assert records.get_many([long]) == {}
        assert sorts(records.query(long.partition, prefix=long.sort)) == []

    def test_an_index_key_that_is_too_long_with_its_record(self, records: DynamoRecords) -> None:
        """The index sort key and the record's own key have 1024 bytes together."""
        with pytest.raises(TooBig):
            commit(records, Insert(record("A" * 600, index1=Key("I", "x" * 600))))

    def test_more_than_a_megabyte(self, records: DynamoRecords, calls: list[str]) -> None:
        """What does not fit into one reply is asked for until it is complete."""
        insert(records, *(record(f"A#{n}", body={"x": "x" * 300_000}, index1=Key("I", "x")) for n in range(8)))
        calls.clear()
        assert sorts(records.query(HOME, limit=None)) == [f"A#{n}" for n in range(8)]
        assert calls == ["Query"] * 3
        assert sorts(records.query(HOME, limit=5)) == [f"A#{n}" for n in range(5)]
        assert sorts(records.query("I", index=1, reverse=True)) == [f"A#{n}" for n in range(7, -1, -1)]
        assert len(records.get_many([key(f"A#{n}") for n in range(8)])) == 8


class TestMarks:
    """Where a page begins."""

    @pytest.mark.parametrize("index", [0, 1])
    @pytest.mark.parametrize("reverse", [False, True])
    @pytest.mark.parametrize("place", ["A#0", "A#3", "A#5", "A#9"])
    def test_a_mark_anywhere_about_the_range(
        self, records: DynamoRecords, index: int, reverse: bool, place: str
    ) -> None:
        """A mark outside the range, which DynamoDB would refuse, counts as its nearer end."""
        insert(records, *(record(f"A#{n}", index1=Key("I", f"A#{n}")) for n in range(10)))
        page = records.query(
            "I" if index else HOME, index=index, start="A#3", end="A#5", after=Mark(key(place), place), reverse=reverse
        )
        wanted = [f"A#{n}" for n in (5, 4, 3) if f"A#{n}" < place] if reverse else None
        assert sorts(page) == (wanted if reverse else [f"A#{n}" for n in (3, 4, 5) if f"A#{n}" > place])

    def test_many_that_have_expired_in_the_way(self, records: DynamoRecords, clock: Clock) -> None:
        """A page is full although whole replies held nothing but what has expired."""
        insert(records, *(record(f"A#{n:02}", expires=NOW + 1 if n < 30 else None) for n in range(35)))
        clock.now += 1
        assert sorts(records.query(HOME, limit=2)) == ["A#30", "A#31"]
        assert sorts(records.query(HOME, limit=5)) == [f"A#{n}" for n in range(30, 35)]


@pytest.mark.ministack
class TestMarksOverHttp(TestMarks):
    """The same on an emulator that refuses to begin outside a range, as DynamoDB does."""

    @pytest.fixture
    def records(self, over_http: Connection, clock: Clock) -> Records:
        return maker(over_http)(clock)


class TestUnprocessed:
    """What a batch leaves unread."""

    @pytest.fixture
    def leave(self, moto: Connection) -> Iterator[Callable[[int], None]]:
        """Make the next batches leave their last key unread."""
        left = {"times": 0}

        def withhold(parsed: dict[str, Any], model: Any, **_: Any) -> None:
            if model.name == "BatchGetItem" and left["times"]:
                left["times"] -= 1
                (name,) = parsed["Responses"]
                item = parsed["Responses"][name].pop()
                unread = [{"pk": item["pk"], "sk": item["sk"]}]
                parsed["UnprocessedKeys"] = {name: {"Keys": unread, "ConsistentRead": True}}

        moto.client.meta.events.register("after-call.dynamodb", withhold)
        yield lambda times: left.update(times=times)
        moto.client.meta.events.unregister("after-call.dynamodb", withhold)

    def test_it_is_asked_for_again(
        self, records: DynamoRecords, leave: Callable[[int], None], sleeps: list[float]
    ) -> None:
        """Keys that were throttled come with a later call, after a pause."""
        insert(records, *(record(f"A#{n}") for n in range(3)))
        leave(3)
        assert len(records.get_many([key(f"A#{n}") for n in range(3)])) == 3
        assert len(sleeps) == 3

    def test_it_is_not_asked_for_without_end(self, records: DynamoRecords, leave: Callable[[int], None]) -> None:
        """After five more calls the store is busy; a part is never taken for the whole."""
        insert(records, record())
        leave(10)
        with pytest.raises(Busy):
            records.get_many([key()])


class TestImports:
    """Who pays for AWS."""

    @pytest.mark.parametrize(
        ("imported", "unwanted"),
        [
            ("portal.wsgi, portal.app, portal.cli, portal.worker", {"pynamodb", "botocore", "boto3"}),
            ("portal.records.dynamodb", {"boto3", "pynamodb.models", "sqlite3", "flask"}),
        ],
    )
    def test_it_is_loaded_by_the_adapter_alone(self, imported: str, unwanted: set[str]) -> None:
        """The embedded portal loads nothing of AWS, the adapter nothing that it does not call."""
        program = f"import sys, {imported}; print(*sys.modules)"
        loaded = set(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout.split())
        assert loaded
        assert not loaded & unwanted


def test_a_commit_is_one_call(records: DynamoRecords, calls: list[str]) -> None:
    """However many writes, a commit is one transaction; reading a page is one query."""
    records.commit([event(), *(Insert(record(f"A#{n:02}")) for n in range(99))])
    assert calls == ["TransactWriteItems"]
    calls.clear()
    records.query(HOME)
    assert calls == ["Query"]


def test_every_commit_has_a_token_of_its_own(moto: Connection, records: DynamoRecords) -> None:
    """Equal commits are two commits; only the tries of one share a token."""
    faults = Faults(moto.client)
    tokens: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        tokens.append(params["ClientRequestToken"])

    moto.client.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", note)
    faults.plan(["lost", "conflict", "lost"])
    records.commit([Add(key(), "TRY", {"n": 1})])
    records.commit([Add(key(), "TRY", {"n": 1})])
    moto.client.meta.events.unregister("provide-client-params.dynamodb.TransactWriteItems", note)
    faults.remove()
    assert len(tokens) == 5
    assert len(set(tokens[:4])) == 1 != len(set(tokens))
    assert records.get(key()).counters == {"n": 2}
