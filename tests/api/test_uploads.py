"""Uploads: announced, sent, verified, used once."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.records import keys
from tests.support.evidence import PLAN, House, sha256
from tests.support.portal import Portal


@pytest.fixture
def house(portal: Portal) -> House:
    """Give an organisation with people."""
    return House(portal)


def kept(portal: Portal) -> list[Path]:
    """Return every file that the file store holds, the quarantine included."""
    return [path for path in (portal.settings.data / "files").rglob("*") if path.is_file()]


class TestBegin:
    def test_target(self, house: House) -> None:
        """Announcing a file gives an address that lives fifteen minutes and needs no session."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        assert target["method"] == "PUT"
        assert target["expires_at"] == "2026-11-02T09:15:00Z"
        assert house.send(target).status_code == 204

    def test_repeated(self, house: House) -> None:
        """The same announcement sent again after a lost answer gives the same upload."""
        facts = {"filename": "plan.pdf", "length": len(PLAN), "sha256": sha256(PLAN)}
        client, address = house.client("hannah"), f"{house.base}/uploads"
        first = client.ok(client.post(address, facts, Idempotency_Key="upload-0001"), 201)
        again = client.ok(client.post(address, facts, Idempotency_Key="upload-0001"), 201)
        assert again == first
        assert house.send(again).status_code == 204

    def test_forgotten_after_a_day(self, house: House) -> None:
        """An upload nobody completes is gone after a day."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        house.portal.clock.forward(hours=24)
        assert house.portal.records.get(keys.upload(house.org, target["id"])) is None


class TestSend:
    def test_kept_apart_until_completed(self, house: House) -> None:
        """Bytes that arrived lie in quarantine; only completing puts them into the store."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        house.send(target)
        assert not house.portal.services.files.exists(house.org, sha256(PLAN))
        house.client("hannah").ok(house.complete("hannah", target["id"]))
        assert house.portal.services.files.exists(house.org, sha256(PLAN))
        assert [path.name for path in kept(house.portal)] == [sha256(PLAN)]

    def test_sent_again(self, house: House) -> None:
        """Sending the same bytes again after a lost answer succeeds."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        assert [house.send(target).status_code for _ in range(2)] == [204, 204]

    def test_not_after_completion(self, house: House) -> None:
        """The address of a completed upload takes nothing any more."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        house.send(target)
        house.client("hannah").ok(house.complete("hannah", target["id"]))
        assert house.send(target).status_code == 409
        assert len(kept(house.portal)) == 1

    def test_large(self, house: House) -> None:
        """A file of several pieces arrives whole."""
        content = bytes(range(256)) * (10 << 12)
        upload = house.upload("hannah", content, "backup.zip")
        assert upload
        assert house.portal.services.files.size(house.org, sha256(content)) == len(content)


class TestComplete:
    def test_answer(self, house: House) -> None:
        """Completing tells what was stored, and doing it again tells the same."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        house.send(target)
        answers = [house.client("hannah").ok(house.complete("hannah", target["id"])) for _ in range(2)]
        assert answers[0] == answers[1]
        assert answers[0] == {"id": target["id"], "filename": "plan.pdf", "length": len(PLAN), "sha256": sha256(PLAN),
                              "label": "PDF"}  # fmt: skip

    def test_before_the_bytes(self, house: House) -> None:
        """Completing before the bytes arrived says what to do first."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        answer = house.complete("hannah", target["id"])
        assert answer.status_code == 409
        assert "Send its bytes" in answer.get_json()["detail"]

    def test_journalled(self, house: House) -> None:
        """Beginning and completing an upload stand in the journal of the organisation."""
        upload = house.upload("hannah")
        partition = keys.history_of(f"O#{house.org}", "upload", upload).partition
        events = house.portal.records.query(partition, index=1).records
        assert [event.body["what"] for event in events] == ["upload:begun", "upload:completed"]


class TestUse:
    def test_only_once(self, house: House) -> None:
        """An upload becomes one version of one evidence and cannot be used again."""
        upload = house.upload("hannah")
        client, facts = house.client("hannah"), {"title": "Plan", "kind": "document", "upload": upload}
        piece = client.ok(client.post(f"{house.base}/evidence", facts), 201)
        assert client.post(f"{house.base}/evidence", facts).status_code == 409
        assert house.act("hannah", piece, "versions", {"upload": upload}).status_code == 409

    def test_the_same_request_again(self, house: House) -> None:
        """The same creation with its Idempotency-Key gives the same evidence, not a second one."""
        client, facts = house.client("hannah"), {"title": "Plan", "kind": "document", "upload": house.upload("hannah")}
        answers = [client.post(f"{house.base}/evidence", facts, Idempotency_Key="create-0001") for _ in range(2)]
        assert answers[0].get_json() == answers[1].get_json()
        assert client.ok(client.get(f"{house.base}/evidence"))["counts"]["total"] == 1

    def test_completed_only(self, house: House) -> None:
        """An upload whose bytes were not verified cannot be used."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        house.send(target)
        facts = {"title": "Plan", "kind": "document", "upload": target["id"]}
        answer = house.client("hannah").post(f"{house.base}/evidence", facts)
        assert (answer.status_code, answer.get_json()["field"]) == (409, "upload")

    def test_own_only(self, house: House) -> None:
        """Nobody completes or uses what somebody else uploaded."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        house.send(target)
        assert house.complete("otto", target["id"]).status_code == 404
        house.client("hannah").ok(house.complete("hannah", target["id"]))
        facts = {"title": "Plan", "kind": "document", "upload": target["id"]}
        assert house.client("otto").post(f"{house.base}/evidence", facts).status_code == 404

    def test_readers_upload_nothing(self, house: House) -> None:
        """Who may only read cannot announce a file."""
        assert house.begin("viola").status_code == 404
