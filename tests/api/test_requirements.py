"""The requirements resource."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from portal import catalogue
from tests.support.portal import Client, Portal

ITEMS = len(catalogue.load("iso20000-1-2018").items)


@dataclass
class Desk:
    """Hold a programme and somebody who may rate its items."""

    base: str
    client: Client
    org: str
    programme: str


@pytest.fixture
def desk(portal: Portal) -> Desk:
    """Open a programme with an SMS manager."""
    org, user = portal.organisation(), portal.user("Marcus Webb")
    portal.member(org, user, "sms_manager")
    programme = portal.programme(org)
    return Desk(f"/api/organisations/{org}/programmes/{programme}", portal.client(user), org, programme)


class TestListing:
    def test_all(self, desk: Desk) -> None:
        """The page holds every item of the edition, unrated at first."""
        page = desk.client.ok(desk.client.get(f"{desk.base}/requirements"))
        assert sum(len(c["items"]) for c in page["clauses"]) == page["counts"]["items"] == ITEMS
        assert page["counts"]["unrated"] == ITEMS
        assert page["headline"] == "Nothing is rated yet"

    def test_filter(self, desk: Desk) -> None:
        """A filter leaves only the items that it chooses, under their clauses."""
        desk.client.put(f"{desk.base}/requirements/4.1-a", {"rating": 0}, etag="0")
        page = desk.client.ok(desk.client.get(f"{desk.base}/requirements?rating=0"))
        assert [i["id"] for c in page["clauses"] for i in c["items"]] == ["4.1-a"]

    def test_unknown_filter(self, desk: Desk) -> None:
        """A filter that does not exist is refused by name."""
        answer = desk.client.get(f"{desk.base}/requirements?colour=red")
        assert answer.status_code == 422
        assert answer.get_json()["field"] == "colour"


class TestRating:
    def test_rate(self, desk: Desk) -> None:
        """A rating is kept with who gave it and moves the item's version."""
        rated = desk.client.ok(
            desk.client.put(f"{desk.base}/requirements/8.5.1.3-d", {"rating": 1, "note": "Four of eleven"}, etag="0")
        )
        assert (rated["rating"], rated["note"], rated["etag"]) == (1, "Four of eleven", "1")
        assert rated["changed_by"]["name"] == "Marcus Webb"
        shown = desk.client.ok(desk.client.get(f"{desk.base}/requirements/8.5.1.3-d"))
        assert shown["rating"] == 1
        assert shown["history"][0]["text"] == "rated 8.5.1.3-d 1 begun"

    def test_stale(self, desk: Desk) -> None:
        """A rating made from an old version is refused; one of a neighbour in the same clause is not."""
        desk.client.put(f"{desk.base}/requirements/4.1-a", {"rating": 3}, etag="0")
        assert desk.client.put(f"{desk.base}/requirements/4.1-a", {"rating": 2}, etag="0").status_code == 412
        assert desk.client.put(f"{desk.base}/requirements/4.1-b", {"rating": 2}, etag="0").status_code == 200

    def test_without_version(self, desk: Desk) -> None:
        """A rating without If-Match is asked for it."""
        answer = desk.client.put(f"{desk.base}/requirements/4.1-a", {"rating": 3})
        assert answer.status_code == 428

    @pytest.mark.parametrize("value", [4, -1, "3", True, 1.5, [], {}, "met"])
    def test_impossible_value(self, desk: Desk, value: object) -> None:
        """A value that is no rating is refused beside its field and changes nothing."""
        answer = desk.client.put(f"{desk.base}/requirements/4.1-a", {"rating": value}, etag="0")
        assert answer.status_code == 422
        assert answer.get_json()["field"] == "rating"
        assert desk.client.get(f"{desk.base}/requirements/4.1-a").get_json()["rating"] is None

    def test_did_not_occur_needs_reason(self, desk: Desk) -> None:
        """«Did not occur» is taken with a note that says why, and refused without."""
        bare = desk.client.put(f"{desk.base}/requirements/4.1-a", {"rating": "did_not_occur"}, etag="0")
        assert bare.status_code == 422
        body = {"rating": "did_not_occur", "note": "No dispute in the period"}
        assert desk.client.put(f"{desk.base}/requirements/4.1-a", body, etag="0").status_code == 200

    def test_unknown_item(self, desk: Desk) -> None:
        """An item that the edition does not have is not found."""
        assert desk.client.put(f"{desk.base}/requirements/4.1-z", {"rating": 1}, etag="0").status_code == 404

    def test_owner_must_be_member(self, desk: Desk, portal: Portal) -> None:
        """An item can be given to a member only."""
        stranger = portal.user("Somebody Else")
        answer = desk.client.put(f"{desk.base}/requirements/4.1-a", {"owner": stranger["id"]}, etag="0")
        assert answer.status_code == 422
        assert answer.get_json()["field"] == "owner"
