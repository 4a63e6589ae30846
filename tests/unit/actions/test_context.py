"""The context: what it settles, what it demands, what every commit carries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.actions import policy
from portal.actions.context import Actor, Ctx, Event, NotAllowed, Once, Scope, Unsettled
from portal.actions.errors import OutOfDate
from portal.records import keys
from portal.records.port import ForeignKey, Insert, Key, Record, Stale, Unjournalled
from tests.support.portal import Portal

EVENT = Event("thing:made", "thing", "1", "Thing", "made the thing")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    """Give a whole portal on a temporary folder."""
    made = Portal(tmp_path)
    yield made
    made.services.records.close()


def context(portal: Portal, condition: str = policy.ALWAYS, **scope: str) -> Ctx:
    """Return a context of Marcus under one condition."""
    ruling = policy.Ruling("test", frozenset({condition}))
    return Ctx(portal.services, Actor("marcus", "Marcus Webb"), Scope(**scope), ruling)


def thing(org: str, number: int = 1) -> Insert:
    return Insert(Record(Key(f"O#{org}", f"THING#{number}"), "THING", {}))


class TestSettle:
    def test_unsettled_commit_is_refused(self, portal: Portal) -> None:
        """A permission given on a condition writes nothing before the condition was settled."""
        ctx = context(portal, policy.OWN, organisation="north")
        with pytest.raises(Unsettled):
            ctx.commit(EVENT, thing("north"))
        ctx.settle("marcus")
        ctx.commit(EVENT, thing("north"))

    @pytest.mark.parametrize(("condition", "owner"), [(policy.OWN, "anjali"), (policy.NOT_OWN, "marcus")])
    def test_not_held(self, portal: Portal, condition: str, owner: str) -> None:
        """A condition that does not hold looks like a thing that does not exist."""
        with pytest.raises(NotAllowed):
            context(portal, condition, organisation="north").settle(owner)


class TestExpect:
    def test_forgotten_version_is_refused(self, portal: Portal) -> None:
        """A change that named a version commits only after the version was looked at."""
        ctx = context(portal, organisation="north")
        ctx.etag = 3
        with pytest.raises(Unsettled):
            ctx.commit(EVENT, thing("north"))
        with pytest.raises(OutOfDate):
            ctx.expect(4)
        ctx.expect(3)
        ctx.commit(EVENT, thing("north"))


class TestCommit:
    def test_event_in_the_same_commit(self, portal: Portal) -> None:
        """Every commit leaves one event with who, what and when, in its month and on its object."""
        context(portal, organisation="north").commit(EVENT, thing("north"))
        month = portal.records.query(f"O#north#J#{portal.clock():%Y%m}").records
        assert [r.body["text"] for r in month] == ["made the thing"]
        assert month[0].body["who"] == {"id": "marcus", "name": "Marcus Webb", "via": "member"}
        assert portal.records.query("O#north#OBJ#thing#1", index=1).records == month

    def test_quietly_is_for_housekeeping(self, portal: Portal) -> None:
        """A business write without its event is refused below."""
        with pytest.raises(Unjournalled):
            context(portal, organisation="north").quietly(thing("north"))

    def test_other_tenant(self, portal: Portal) -> None:
        """A write outside the scope never reaches the store."""
        with pytest.raises(ForeignKey):
            context(portal, organisation="north").commit(EVENT, thing("south"))

    def test_membership_is_checked_in_the_commit(self, portal: Portal) -> None:
        """Who lost the membership after the guard looked can no longer write."""
        org, user = portal.organisation(), portal.user("Marcus Webb")
        portal.member(org, user, "sms_manager")
        record = portal.records.get(keys.member(org, user["id"]))
        actor = Actor(user["id"], "Marcus Webb", membership=(record.key, record.version + 1))
        ruling = policy.Ruling("test", frozenset({policy.ALWAYS}))
        with pytest.raises(Stale):
            Ctx(portal.services, actor, Scope(organisation=org), ruling).commit(EVENT, thing(org))

    def test_once(self, portal: Portal) -> None:
        """The record that makes a request happen once is part of the commit."""
        ctx = context(portal, organisation="north")
        ctx.once = Once("abcdefgh", "hash")
        ctx.commit(EVENT, thing("north"), reply={"id": "1"})
        assert portal.records.get(keys.once("marcus", "abcdefgh")).body == {"request": "hash", "reply": {"id": "1"}}

    def test_portfolio_is_told(self, portal: Portal) -> None:
        """A change in a programme that a portfolio shows leaves the task to work the roll-up out anew."""
        context(portal, organisation="north", programme="p", portfolio="harbour").commit(EVENT, thing("north"))
        found = [r for n in range(keys.OUT_SHARDS) for r in portal.records.query(f"OUT#{n:02d}", index=1).records]
        assert [r.body["task"] for r in found] == ["roll_up"]
