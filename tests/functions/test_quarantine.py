"""What arrives in quarantine, and what is left there."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest

from functions import scheduled, uploaded, wiring
from functions.events import UnknownEvent
from functions.quarantine import place_of
from portal import ids
from portal.records import keys
from portal.records.port import Insert, Record
from tests.functions.payloads import FOREIGN, payload
from tests.support.portal import Portal

CONTENT = b"the minutes"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def begin(portal: Portal, org: str, content: bytes = CONTENT, *, completed: bool = False) -> str:
    """Announce an upload; return its id."""
    upload = ids.new_id(portal.clock().timestamp())
    digest = hashlib.sha256(content).hexdigest()
    body = {"id": upload, "sha256": digest, "length": len(content), "completed_at": "now" if completed else None}
    record = Record(keys.upload(org, upload), "UPLOAD", body, expires=portal.clock.epoch() + 86_400)
    event = Record(keys.event(f"O#{org}", portal.clock(), ids.new_id()), "EVENT", {})
    portal.records.commit([Insert(record), Insert(event)])
    return upload


def arrive(portal: Portal, org: str, upload: str, content: bytes = CONTENT) -> None:
    """Put bytes into quarantine."""
    digest = hashlib.sha256(content).hexdigest()
    portal.services.files.receive(org, upload, io.BytesIO(content), length=len(content), sha256=digest)


def told(name: str, org: str, upload: str) -> Any:
    """Return the event that tells of an upload."""
    event = payload(f"uploaded/{name}")
    thing = event["detail"] if "detail" in event else event["Records"][0]["s3"]
    thing["object"]["key"] = f"{org}/{upload}"
    return event


@pytest.fixture
def org(portal: Portal) -> str:
    """Give an organisation."""
    return portal.organisation()


@pytest.mark.parametrize("form", ["eventbridge", "notification"])
class TestArrival:
    def test_announced(self, portal: Portal, org: str, form: str) -> None:
        """What was announced stays, however often it is told of."""
        upload = begin(portal, org)
        arrive(portal, org, upload)
        for _ in range(2):
            assert uploaded.handler(told(form, org, upload)) == {"seen": 1, "removed": 0}
        assert portal.services.files.received(org, upload) is not None

    def test_never_announced(self, portal: Portal, org: str, form: str) -> None:
        """What nobody announced is removed; being told again does nothing more."""
        upload = ids.new_id()
        arrive(portal, org, upload)
        assert uploaded.handler(told(form, org, upload)) == {"seen": 1, "removed": 1}
        assert portal.services.files.received(org, upload) is None
        uploaded.handler(told(form, org, upload))

    def test_something_else(self, portal: Portal, org: str, form: str) -> None:
        """Other bytes than were announced are removed."""
        upload = begin(portal, org, b"something else")
        arrive(portal, org, upload)
        assert uploaded.handler(told(form, org, upload))["removed"] == 1
        assert portal.services.files.received(org, upload) is None

    def test_gone(self, portal: Portal, org: str, form: str) -> None:
        """An event that comes after the upload was completed and cleared changes nothing."""
        upload = begin(portal, org)
        assert uploaded.handler(told(form, org, upload)) == {"seen": 1, "removed": 0}

    def test_no_upload(self, portal: Portal, org: str, form: str) -> None:
        """An object under a key that no upload has is left to the bucket's own rules."""
        assert uploaded.handler(told(form, org, "../x")) == {"seen": 0, "removed": 0}

    def test_other_bucket(self, portal: Portal, org: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """An event of another bucket is refused."""
        with pytest.raises(UnknownEvent):
            uploaded.keys_of(told(form, org, ids.new_id()), "another-bucket")


@pytest.mark.parametrize("name", [*(f"foreign/{name}" for name in FOREIGN), "uploaded/removed", "stream/task"])
def test_foreign(portal: Portal, name: str) -> None:
    """Whatever tells of no new object is refused."""
    with pytest.raises(UnknownEvent):
        uploaded.handler(payload(name))


@pytest.mark.parametrize("event", [None, {}, {"job": "dance"}, {"job": None}, [], {"command": "portal.cli.main"}])
def test_no_job(portal: Portal, event: Any) -> None:
    """A schedule that names no job of ours is refused."""
    with pytest.raises(UnknownEvent):
        scheduled.handler(event)


class TestTidy:
    @pytest.fixture
    def lying(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Give the list of keys that the bucket of the quarantine has."""
        found: list[str] = []

        class Listed:
            def keys(self, prefix: str) -> list[str]:
                return [key for key in found if key.startswith(prefix)]

        monkeypatch.setattr(wiring, "quarantine", Listed)
        return found

    def test_orphans(self, portal: Portal, org: str, lying: list[str]) -> None:
        """What is in use already, or whose upload is gone, is removed; what may still be completed stays."""
        wanted, used, gone = begin(portal, org), begin(portal, org, completed=True), ids.new_id()
        for upload in (wanted, used, gone):
            arrive(portal, org, upload)
            lying.append(f"{org}/{upload}")
        lying.append("something/else")
        assert scheduled.handler({"job": "tidy"})["orphans"] == 2
        left = [upload for upload in (wanted, used, gone) if portal.services.files.received(org, upload)]
        assert left == [wanted]

    def test_expired(self, portal: Portal, org: str, lying: list[str]) -> None:
        """An upload that was begun and never completed is cleared when its day is over."""
        upload = begin(portal, org)
        arrive(portal, org, upload)
        lying.append(f"{org}/{upload}")
        portal.clock.forward(hours=23)
        assert scheduled.handler({"job": "tidy"})["orphans"] == 0
        portal.clock.forward(hours=1)
        assert scheduled.handler({"job": "tidy"})["expired"] > 0
        assert portal.services.files.received(org, upload) is None

    def test_many(self, portal: Portal, org: str, lying: list[str]) -> None:
        """More objects than one read of the records takes are looked through."""
        lying += [f"{org}/{ids.new_id()}" for _ in range(250)]
        assert scheduled.handler({"job": "tidy"})["orphans"] == 250


@pytest.mark.parametrize("key", ["", "a", "a/b", "../01k9z9zzzzzzzzzzzzzzzzzzzz", "/", f"{'a' * 26}/{'b' * 26}/c"])
def test_no_place(key: str) -> None:
    """A key of another shape means no upload."""
    assert place_of(key) is None
