"""Tasks from the table's stream: each done once, what fails named, nothing held up, nothing lost."""

from __future__ import annotations

import random
from email.message import EmailMessage
from typing import Any

import pytest

from functions import scheduled, stream
from functions.events import UnknownEvent
from portal import worker
from portal.actions.context import Event
from portal.actions.tasks import HANDLERS
from portal.records import keys
from portal.records.port import Record
from tests.functions.payloads import FOREIGN, payload
from tests.support.portal import Portal

MAIL = {"task": "mail", "to": "mia@example.org", "subject": "Code", "text": "12345678"}


def leave(portal: Portal, org: str, *tasks: dict[str, Any]) -> list[Record]:
    """Commit a change that leaves tasks in the outbox; return their records."""
    portal.ctx(organisation=org).commit(Event("test:changed", "test", "1", "Test", "changed"), tasks=tasks)
    return waiting(portal, org)


def waiting(portal: Portal, org: str) -> list[Record]:
    """Return the tasks that are left, oldest first."""
    return list(portal.records.query(keys.outbox(f"O#{org}", "").partition).records)


def batch(*records: Record) -> dict[str, Any]:
    """Return the event that the stream sends of new tasks."""
    made = payload("stream/task")
    (form,) = made["Records"]
    made["Records"] = [_told(form, number, record) for number, record in enumerate(records, 1)]
    return dict(made)


def _told(form: dict[str, Any], number: int, record: Record) -> dict[str, Any]:
    named = {"pk": {"S": record.key.partition}, "sk": {"S": record.key.sort}}
    image = {**form["dynamodb"]["NewImage"], **named}
    return {**form, "dynamodb": {**form["dynamodb"], "SequenceNumber": str(number), "Keys": named, "NewImage": image}}


def failures(answer: dict[str, Any]) -> list[str]:
    """Return the numbers of the events that an answer says failed."""
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@pytest.fixture
def org(portal: Portal) -> str:
    """Give an organisation whose outbox is empty."""
    return portal.organisation()


@pytest.fixture
def poison(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Have a task 'poison' whose handler always fails; note its tries."""
    tried: list[Any] = []

    def fail(_services: Any, task: dict[str, Any]) -> None:
        tried.append(task)
        raise OSError("no such server")

    monkeypatch.setitem(HANDLERS, "poison", fail)
    return tried


class TestTasks:
    def test_done(self, portal: Portal, org: str, sent: list[EmailMessage]) -> None:
        """A task is carried out as it arrives and is gone then."""
        assert failures(stream.handler(batch(*leave(portal, org, MAIL)))) == []
        assert [message["To"] for message in sent] == ["mia@example.org"]
        assert waiting(portal, org) == []

    def test_duplicates(self, portal: Portal, org: str, sent: list[EmailMessage]) -> None:
        """An event that comes again, at once or later, in any order, does nothing more."""
        records = leave(portal, org, *({**MAIL, "subject": f"Code {n}"} for n in range(5)))
        chance = random.Random(1)
        for _ in range(6):
            told = [*records, *chance.choices(records, k=5)]
            chance.shuffle(told)
            assert failures(stream.handler(batch(*told))) == []
        assert sorted(message["Subject"] for message in sent) == [f"Code {n}" for n in range(5)]

    def test_equal_ones(self, portal: Portal, org: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Tasks of a batch that say the same are carried out once."""
        done: list[Any] = []
        monkeypatch.setitem(HANDLERS, "roll_up", lambda _services, task: done.append(task))
        same = {"task": "roll_up", "organisation": org, "programme": "p", "practice": "c"}
        assert failures(stream.handler(batch(*leave(portal, org, same, same, same)))) == []
        assert (len(done), waiting(portal, org)) == (1, [])

    def test_other_records(self, portal: Portal) -> None:
        """Changes of other records, and changes of tasks, are none of its business."""
        assert stream.tasks_of(payload("stream/others")) == []
        assert failures(stream.handler(payload("stream/others"))) == []

    def test_many(self, portal: Portal, org: str, sent: list[EmailMessage]) -> None:
        """A batch may be larger than one read of the records."""
        for _ in range(3):
            leave(portal, org, *([MAIL] * 90))
        told = portal.records.query(keys.outbox(f"O#{org}", "").partition, limit=None).records
        assert failures(stream.handler(batch(*told))) == []
        assert (len(sent), waiting(portal, org)) == (270, [])


class TestFailures:
    def test_partial(self, portal: Portal, org: str, poison: list[Any], sent: list[EmailMessage]) -> None:
        """What fails is named, what comes before and after it is done."""
        records = leave(portal, org, MAIL, {"task": "poison"}, MAIL)
        assert failures(stream.handler(batch(*records))) == ["2"]
        assert (len(sent), len(poison)) == (2, 1)
        assert [record.body["task"] for record in waiting(portal, org)] == ["poison"]

    def test_again(self, portal: Portal, org: str, poison: list[Any]) -> None:
        """A failed task is tried again whenever it comes again, its tries counted, and never lost."""
        records = leave(portal, org, {"task": "poison"})
        for tries in range(1, 4):
            assert failures(stream.handler(batch(*records))) == ["1"]
            (left,) = waiting(portal, org)
            assert (left.body["tries"], len(poison)) == (tries, tries)

    def test_recovers(self, portal: Portal, org: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """A task that fails and then does not is done once."""
        done: list[Any] = []
        answers = iter([OSError("away"), None])

        def sometimes(_services: Any, task: dict[str, Any]) -> None:
            if error := next(answers):
                raise error
            done.append(task)

        monkeypatch.setitem(HANDLERS, "sometimes", sometimes)
        records = leave(portal, org, {"task": "sometimes"})
        assert [failures(stream.handler(batch(*records))) for _ in range(3)] == [["1"], [], []]
        assert (len(done), waiting(portal, org)) == (1, [])

    def test_unknown_task(self, portal: Portal, org: str) -> None:
        """A task that nobody knows how to do fails and stays."""
        assert failures(stream.handler(batch(*leave(portal, org, {"task": "sing"})))) == ["1"]
        assert len(waiting(portal, org)) == 1

    def test_broken(self, portal: Portal) -> None:
        """Events without what a task needs are named; the others of their batch are looked at."""
        assert failures(stream.handler(payload("stream/broken"))) == [
            record["dynamodb"]["SequenceNumber"] for record in payload("stream/broken")["Records"][1:]
        ]

    def test_somebody_else(self, portal: Portal, org: str, sent: list[EmailMessage]) -> None:
        """A task that another process has is left to it; the schedule takes it on when that one died."""
        records = leave(portal, org, MAIL)
        worker.lease(portal.services, records)
        assert failures(stream.handler(batch(*records))) == []
        assert (sent, len(waiting(portal, org))) == ([], 1)
        portal.clock.forward(seconds=worker.LEASE)
        assert scheduled.handler({"job": "drain"}) == {"tasks": 1}
        assert (len(sent), waiting(portal, org)) == (1, [])


class TestShape:
    @pytest.mark.parametrize("name", FOREIGN)
    def test_foreign(self, portal: Portal, name: str) -> None:
        """Whatever is no batch of a table's stream is refused."""
        with pytest.raises(UnknownEvent):
            stream.handler(payload(f"foreign/{name}"))

    @pytest.mark.parametrize("event", [None, [], {}, {"Records": []}, {"Records": [{"eventSource": "aws:dynamodb"}]}])
    def test_hollow(self, portal: Portal, event: Any) -> None:
        """So is a batch without records, or with one that cannot be named."""
        with pytest.raises(UnknownEvent):
            stream.handler(event)
