"""Evidence and uploads against input that is wrong, hostile, or somebody else's."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from portal.files import disk
from portal.files.port import FilesFull
from portal.records import keys
from tests.support.evidence import PLAN, House, sha256
from tests.support.portal import Portal

MIB = 1 << 20


@pytest.fixture
def house(tmp_path: Path) -> Any:
    """Give an organisation whose files may have one MiB."""
    portal = Portal(tmp_path, max_upload=MIB)
    yield House(portal)
    portal.services.records.close()


def kept(house: House) -> list[str]:
    """Return the names of all files in the file store, the quarantine included."""
    return [path.name for path in (house.portal.settings.data / "files").rglob("*") if path.is_file()]


def counts(house: House) -> int:
    """Return how much evidence there is."""
    client = house.client("marcus")
    return int(client.ok(client.get(f"{house.base}/evidence"))["counts"]["total"])


HOSTILE = {
    "folder": "../../etc/passwd.txt", "backslash": "..\\plan.pdf", "reading direction": "plan\u200ffdp.exe.pdf",
    "override": "plan\u202efdp.pdf", "300 characters": f"{'x' * 296}.pdf", "zero byte": "plan.pdf\0.exe",
    "line break": "plan\r\nSet-Cookie: x.pdf", "none": "", "dots": " .. ", "surrogate": "plan\ud800.pdf",
    "program": "setup.exe", "page": "index.html", "drawing that runs": "logo.svg", "no kind": "plan",
}  # fmt: skip


class TestAnnounce:
    @pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE.keys())
    def test_hostile_names(self, house: House, name: str) -> None:
        """A name that no honest file picker sends, or of a kind that is not taken, is refused at the name."""
        answer = house.begin("hannah", filename=name)
        assert answer.status_code in (400, 422)
        assert answer.status_code == 400 or answer.get_json()["field"] == "filename"

    @pytest.mark.parametrize(
        ("facts", "status", "field"),
        [
            ({"length": 0}, 422, "length"),
            ({"length": -1}, 422, "length"),
            ({"length": MIB + 1}, 413, "length"),
            ({"length": 2**63}, 422, "length"),
            ({"length": "35"}, 422, "length"),
            ({"length": 35.5}, 422, "length"),
            ({"length": True}, 422, "length"),
            ({"length": None}, 422, "length"),
            ({"sha256": "a" * 63}, 422, "sha256"),
            ({"sha256": "g" * 64}, 422, "sha256"),
            ({"sha256": f"{'a' * 64}\n"}, 422, "sha256"),
            ({"sha256": 7}, 422, "sha256"),
            ({"filename": ["plan.pdf"]}, 422, "filename"),
            ({"path": "/etc"}, 422, "path"),
        ],
    )
    def test_shapes(self, house: House, facts: dict[str, Any], status: int, field: str) -> None:
        """Length, hash, types and unknown fields are refused by name, and nothing is begun."""
        answer = house.begin("hannah", **facts)
        assert (answer.status_code, answer.get_json()["field"]) == (status, field)
        partition = keys.upload(house.org, "").partition
        assert not house.portal.records.query(partition).records

    def test_largest(self, house: House) -> None:
        """A file of exactly the largest size is taken."""
        assert house.upload("hannah", b"x" * MIB)

    def test_upper_case_hash(self, house: House) -> None:
        """A hash in capitals is the same hash."""
        target = house.client("hannah").ok(house.begin("hannah", sha256=sha256(PLAN).upper()), 201)
        assert house.send(target).status_code == 204


class TestBytes:
    @pytest.mark.parametrize(
        ("content", "status", "field"),
        [(PLAN[:-1], 422, "length"), (PLAN + b"!", 413, "length"), (PLAN[:-1] + b"!", 422, "sha256")],
        ids=["short", "long", "other"],
    )
    def test_other_than_announced(self, house: House, content: bytes, status: int, field: str) -> None:
        """Bytes other than those announced are refused, nothing is kept, and the right ones may still come."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        answer = house.send(target, content)
        assert (answer.status_code, answer.get_json()["field"]) == (status, field)
        assert kept(house) == []
        assert house.complete("hannah", target["id"]).status_code == 409
        assert house.send(target).status_code == 204

    def test_broken_off(self, house: House) -> None:
        """A connection that ends before the announced length leaves nothing behind."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        answer = house.send(target, PLAN[:10], environ_overrides={"CONTENT_LENGTH": str(len(PLAN))})
        assert answer.status_code == 400
        assert kept(house) == []

    def test_no_length(self, house: House) -> None:
        """Bytes without Content-Length are refused before any is read."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        client = house.portal.app.test_client()
        answer = client.put(target["url"], input_stream=io.BytesIO(PLAN), headers={"Transfer-Encoding": "chunked"})
        assert (answer.status_code, answer.get_json()["type"]) == (400, "/problems/malformed-request")
        assert kept(house) == []

    def test_altered_address(self, house: House) -> None:
        """An address of which a character is changed, or that is none, takes nothing."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        url = target["url"]
        start = url.rindex("/") + 1
        forged = [f"{url[:i]}{'A' if url[i] != 'A' else 'B'}{url[i + 1 :]}" for i in range(start, len(url), 9)]
        for address in (*forged, "/api/files/x", "/api/files/x.y", f"{url}A", "/api/files/%00"):
            assert house.send({**target, "url": address}).status_code == 404
        assert kept(house) == []

    def test_expired_address(self, house: House) -> None:
        """An address takes bytes for fifteen minutes and not a second longer."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        house.portal.clock.forward(minutes=15)
        assert house.send(target).status_code == 404
        assert kept(house) == []

    def test_membership_ended(self, house: House) -> None:
        """An address dies with the membership of whoever it was made for."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        owner = house.client("claire")
        address = f"/api/organisations/{house.org}/members"
        hannah = next(m for m in owner.ok(owner.get(address))["items"] if m["user"]["id"] == house.id("hannah"))
        owner.delete(f"{address}/{house.id('hannah')}", {}, etag=hannah["etag"])
        assert house.send(target).status_code == 404

    def test_full(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        """A full store says so, keeps nothing, and takes the file once there is room."""
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        with monkeypatch.context() as patched:
            patched.setattr(disk, "room", lambda path: 0)
            answer = house.send(target)
        assert (answer.status_code, answer.get_json()["detail"]) == (507, str(FilesFull()))
        assert kept(house) == []
        assert house.send(target).status_code == 204

    def test_in_constant_memory(self, tmp_path: Path) -> None:
        """A file of 48 MiB passes through without being held."""
        portal = Portal(tmp_path / "large")
        house, length = House(portal), 48 * MIB
        stream = Zeros(length)
        target = house.client("hannah").ok(house.begin("hannah", length=length, sha256=stream.sha256), 201)
        tracemalloc.start()
        client = portal.app.test_client()
        environ = {"wsgi.input": stream, "CONTENT_LENGTH": str(length)}
        answer = client.put(target["url"], environ_overrides=environ)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert answer.status_code == 204
        assert peak < 12 * MIB
        portal.services.records.close()


class Zeros:
    """Give that many zero bytes, as a socket does: piece by piece, never all."""

    def __init__(self, length: int) -> None:
        self.left = length
        self.sha256 = sha256(bytes(length))

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        piece = bytes(min(size, self.left, 1 << 16))
        self.left -= len(piece)
        return piece


class TestEvidence:
    @pytest.mark.parametrize(
        ("facts", "field"),
        [
            ({"title": ""}, "title"),
            ({"title": " "}, "title"),
            ({"title": "x" * 201}, "title"),
            ({"title": "plan\u202egpj.exe"}, "title"),
            ({"title": "a\0b"}, "title"),
            ({"title": 7}, "title"),
            ({"kind": "photo"}, "kind"),
            ({"kind": None}, "kind"),
            ({"owner": "me"}, "owner"),
            ({"items": ["4.1-zz"]}, "items"),
            ({"items": ["4.1-a#x"]}, "items"),
            ({"items": "4.1-a"}, "items"),
            ({"items": ["4.1-a"] * 101}, "items"),
            ({"steps": [0]}, "steps.0"),
            ({"steps": [12]}, "steps.0"),
            ({"steps": ["5"]}, "steps.0"),
            ({"period": {"from": "2026-10-01"}}, "period.to"),
            ({"period": {"from": "2026-10-31", "to": "2026-10-01"}}, "period.to"),
            ({"period": {"from": "2026-02-30", "to": None}}, "period.from"),
            ({"period": "Q3"}, "period"),
            ({"review_by": "2026-11-02"}, "review_by"),
            ({"review_by": "tomorrow"}, "review_by"),
            ({"upload": "../x"}, "upload"),
            ({"state": "accepted"}, "state"),
            ({"decided": {"by": "me"}}, "decided"),
        ],
    )
    def test_creation(self, house: House, facts: dict[str, Any], field: str) -> None:
        """What cannot be used is refused at its field, and nothing is put in."""
        answer = house.client("marcus").post(f"{house.base}/evidence", {"title": "Plan", "kind": "document", **facts})
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)
        assert counts(house) == 0

    @pytest.mark.parametrize(
        "query",
        ["state=lost", "item=4.1-zz", "step=0", "step=x", "limit=0", "limit=101", "x=1", "cursor=AAAA.BBBB", "q=%00"],
    )
    def test_filters(self, house: House, query: str) -> None:
        """A filter that means nothing is refused by name."""
        answer = house.client("marcus").get(f"{house.base}/evidence?{query}")
        assert (answer.status_code, answer.get_json()["field"]) == (422, query.split("=")[0])

    @pytest.mark.parametrize(
        ("action", "body", "field"),
        [
            ("submit", {"by": "me"}, "by"),
            ("accept", {"note": "x" * 1001}, "note"),
            ("accept", {"rating": 3}, "rating"),
            ("return", {}, "reason"),
            ("return", {"reason": "  "}, "reason"),
            ("return", {"reason": "x" * 2001}, "reason"),
            ("versions", {}, "upload"),
            ("versions", {"upload": None}, "upload"),
        ],
    )
    def test_actions(self, house: House, action: str, body: dict[str, Any], field: str) -> None:
        """An action with the wrong fields changes nothing."""
        piece = house.client("hannah").ok(house.act("hannah", house.create("hannah"), "submit"))
        answer = house.act("marcus", piece, action, body)
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)
        client = house.client("hannah")
        assert client.ok(client.get(f"{house.base}/evidence/{piece['id']}"))["etag"] == piece["etag"]

    @pytest.mark.parametrize("piece", ["0" * 26, "x", "%00", "..%2Fx", "o" * 26])
    def test_unknown(self, house: House, piece: str) -> None:
        """An id that names nothing is not found, whatever it looks like."""
        assert house.client("marcus").get(f"{house.base}/evidence/{piece}").status_code == 404
        assert house.client("marcus").post(f"{house.base}/uploads/{piece}/complete").status_code == 404


class TestElsewhere:
    def test_uploads(self, house: House) -> None:
        """An upload of another organisation can be neither completed nor used, even by a member of both."""
        other = House(house.portal, "Contoso")
        house.portal.member(other.org, house.people["hannah"], "process_owner")
        target = house.client("hannah").ok(house.begin("hannah"), 201)
        house.send(target)
        client = house.client("hannah")
        assert client.post(f"{other.base}/uploads/{target['id']}/complete").status_code == 404
        client.ok(house.complete("hannah", target["id"]))
        facts = {"title": "Plan", "kind": "document", "upload": target["id"]}
        assert client.post(f"{other.base}/evidence", facts).status_code == 404

    def test_evidence(self, house: House) -> None:
        """Evidence of another organisation cannot be read, changed, judged or fetched under one's own address."""
        piece, other = house.create("hannah"), House(house.portal, "Contoso")
        client, address = other.client("claire"), f"{other.base}/evidence/{piece['id']}"
        answers = [
            client.get(address),
            client.patch(address, {"title": "Mine"}, etag=piece["etag"]),
            client.put(f"{address}/links", {"items": [], "steps": []}, etag=piece["etag"]),
            *(client.post(f"{address}/{action}", body, etag=piece["etag"]) for action, body in _ACTIONS.items()),
            client.post(f"{address}/versions/1/download"),
        ]
        assert {answer.status_code for answer in answers} == {404}
        assert {answer.get_data() for answer in answers} == {answers[0].get_data()}

    def test_files(self, house: House) -> None:
        """The same content in two organisations is two files: the one says nothing of the other."""
        other = House(house.portal, "Contoso")
        house.upload("hannah")
        target = other.client("hannah").ok(other.begin("hannah"), 201)
        assert other.complete("hannah", target["id"]).status_code == 409


_ACTIONS = {"submit": {}, "accept": {}, "return": {"reason": "No"}, "versions": {"upload": "0" * 26}}
