"""Downloads: journalled first, an address of a minute, an attachment that no browser runs."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import TestResponse

from portal.app import API_CSP
from portal.records import keys
from tests.support.evidence import PLAN, House
from tests.support.portal import Portal


@pytest.fixture
def house(portal: Portal) -> House:
    """Give an organisation with people."""
    return House(portal)


def address(house: House, piece: dict[str, Any], who: str = "viola", number: int = 1) -> dict[str, Any]:
    """Return the download of one version."""
    client = house.client(who)
    return client.ok(client.post(f"{house.base}/evidence/{piece['id']}/versions/{number}/download"))


def fetched(house: House, url: str, method: str = "GET", **how: Any) -> TestResponse:
    """Open an address as a browser without any session does, to the end."""
    answer = house.portal.app.test_client().open(url, method=method, buffered=True, **how)
    answer.close()
    return answer


class TestDownload:
    def test_bytes(self, house: House) -> None:
        """What comes down is what went up, as an attachment under its name, for anybody with the address."""
        target = address(house, house.create("hannah"))
        answer = fetched(house, target["url"])
        assert answer.data == PLAN
        assert answer.headers["Content-Length"] == str(len(PLAN)) == str(target["length"])
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="plan.pdf"')
        assert answer.headers["Content-Type"] == "application/pdf"

    def test_never_run(self, house: House) -> None:
        """What a browser would run or follow is served as plain octets inside a sandbox, and never sniffed."""
        upload = house.upload("hannah", b"<svg xmlns='x'><script>1</script></svg>", "flow.drawio")
        client = house.client("hannah")
        made = client.post(f"{house.base}/evidence", {"title": "Flow", "kind": "document", "upload": upload})
        answer = fetched(house, address(house, client.ok(made, 201))["url"])
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == API_CSP
        assert "sandbox" in API_CSP
        assert answer.headers["Cache-Control"] == "no-store"

    def test_head(self, house: House) -> None:
        """HEAD tells the length and sends nothing."""
        target = address(house, house.create("hannah"))
        answer = fetched(house, target["url"], "HEAD")
        assert (answer.data, answer.headers["Content-Length"]) == (b"", str(len(PLAN)))

    def test_the_servers_wrapper(self, house: House) -> None:
        """The file goes out through the server's own wrapper, so that it may send it without copying."""
        wrapped = []

        class Wrapper:
            def __init__(self, file: object, size: int) -> None:
                self.file, self.close = file, file.close
                wrapped.append(self)

            def __iter__(self) -> object:
                return iter([self.file.read()])

        target = address(house, house.create("hannah"))
        environ = {"wsgi.file_wrapper": Wrapper}
        answer = fetched(house, target["url"], environ_overrides=environ)
        assert answer.data == PLAN
        assert len(wrapped) == 1

    def test_old_versions(self, house: House) -> None:
        """Every version stays as it was, under its own name."""
        piece = house.create("hannah")
        body = {"upload": house.upload("hannah", b"second", "plan-2.pdf"), "note": "Peak figures added"}
        house.client("hannah").ok(house.act("hannah", piece, "versions", body), 201)
        names = [address(house, piece, number=number)["filename"] for number in (1, 2)]
        assert names == ["plan.pdf", "plan-2.pdf"]
        first = fetched(house, address(house, piece, number=1)["url"])
        assert first.data == PLAN


class TestJournal:
    def test_first(self, house: House) -> None:
        """The look is in the journal before the address is known, and the evidence tells who looked."""
        piece = house.create("hannah")
        address(house, piece, "marcus")
        shown = house.client("hannah").ok(house.client("hannah").get(f"{house.base}/evidence/{piece['id']}"))
        assert [(look["name"], look["what"]) for look in shown["seen_by"]] == [("Marcus Webb", "evidence:downloaded")]
        assert "evidence:downloaded" not in [line["what"] for line in shown["history"]]

    def test_no_version(self, house: House) -> None:
        """A version that does not exist looks like one that is not open to the reader, and nothing is journalled."""
        piece = house.create("hannah")
        answer = house.client("viola").post(f"{house.base}/evidence/{piece['id']}/versions/2/download")
        assert answer.status_code == 404
        partition = keys.history_of(f"O#{house.org}", "evidence", piece["id"]).partition
        events = house.portal.records.query(partition, index=1).records
        assert [event.body["what"] for event in events] == ["evidence:created"]


class TestAddress:
    def test_lives_a_minute(self, house: House) -> None:
        """An address works for 60 seconds and not a second longer."""
        target = address(house, house.create("hannah"))
        assert target["expires_at"] == "2026-11-02T09:01:00Z"
        house.portal.clock.forward(seconds=59)
        assert fetched(house, target["url"]).status_code == 200
        house.portal.clock.forward(seconds=1)
        assert fetched(house, target["url"]).status_code == 404

    def test_ends_with_the_membership(self, house: House) -> None:
        """An address dies with the membership of whoever asked for it."""
        target = address(house, house.create("hannah"), "viola")
        owner = house.client("claire")
        members = owner.ok(owner.get(f"/api/organisations/{house.org}/members"))["items"]
        viola = next(m for m in members if m["user"]["id"] == house.id("viola"))
        left = owner.delete(f"/api/organisations/{house.org}/members/{house.id('viola')}", {}, etag=viola["etag"])
        assert left.status_code == 204
        assert fetched(house, target["url"]).status_code == 404

    def test_every_altered_character(self, house: House) -> None:
        """An address of which any one character is changed opens nothing."""
        url = address(house, house.create("hannah"))["url"]
        start = url.rindex("/") + 1
        for place in range(start, len(url), 7):
            other = "A" if url[place] != "A" else "B"
            assert fetched(house, f"{url[:place]}{other}{url[place + 1 :]}").status_code == 404

    def test_one_way_only(self, house: House) -> None:
        """An upload address downloads nothing, a download address takes nothing."""
        begun = house.client("hannah").ok(house.begin("hannah"), 201)
        assert fetched(house, begun["url"]).status_code == 404
        url = address(house, house.create("hannah"))["url"]
        assert fetched(house, url, "PUT", data=PLAN).status_code == 404
