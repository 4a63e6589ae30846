"""Every expiry, from a day before it over a thousandth of a second to a day after it: none early, none late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.support.evidence import PLAN, House
from tests.support.portal import Client, Portal
from tests.support.review import Stage, enter, exchange, last_code, mails

MINUTE, HOUR, DAY = 60, 3600, 86_400
AROUND = (-DAY, -5 * MINUTE, -1, -0.001, 0, 1, 5 * MINUTE, DAY)

Ask = Callable[[], bool]


@dataclass
class Scene:
    """Hold a house with a prepared stage, in which things begin that end."""

    house: House
    stage: Stage

    @property
    def portal(self) -> Portal:
        """Return the deployment."""
        return self.house.portal

    def now(self, who: str = "marcus") -> Client:
        """Return the client of a person who has signed in this very moment."""
        return self.portal.client(self.house.people[who])

    def sign(self) -> None:
        """Let the people of the house sign in anew."""
        self.house._clients.clear()
        self.stage.marcus = self.house.client("marcus")


@pytest.fixture
def scene(portal: Portal) -> Scene:
    """Give a house with accepted evidence, prepared for Stage 1."""
    house = House(portal)
    house.accepted(items=["4.1-a"])
    stage = Stage(house)
    stage.prepare()
    return Scene(house, stage)


def session(scene: Scene) -> Ask:
    """Begin a session; ask whether it lives."""
    client = scene.now()
    return lambda: client.get("/api/me").status_code == 200


def fresh_identity(scene: Scene) -> Ask:
    """Confirm who one is; ask whether an auditor can be let in on it."""
    client, facts = scene.now(), {"name": "Elena Rossi", "email": "elena.rossi@meridian.example"}
    return lambda: client.post(f"{scene.stage.address}/grants", facts).status_code == 201


def invitation(scene: Scene) -> Ask:
    """Invite somebody; ask whether the link tells what it is for."""
    client, body = scene.now(), {"name": "Ann", "email": "ann@example.org", "roles": ["viewer"]}
    made = client.ok(client.post(f"/api/organisations/{scene.house.org}/invitations", body), 201)
    _, public_id, secret = made["link"].split("#")[1].split(".")
    link = {"id": public_id, "secret": secret}
    return lambda: scene.portal.client().post("/api/invitations/lookup", link).status_code == 200


def acceptance(scene: Scene) -> Ask:
    """Invite somebody; ask whether the link makes them a member."""
    client, body = scene.now(), {"name": "Ann", "email": f"a{scene.portal.clock.epoch()}@x.org", "roles": ["viewer"]}
    made = client.ok(client.post(f"/api/organisations/{scene.house.org}/invitations", body), 201)
    _, public_id, secret = made["link"].split("#")[1].split(".")
    link = {"id": public_id, "secret": secret, "password": "a long enough sentence"}
    return lambda: scene.portal.client().post("/api/invitations/accept", link).status_code == 200


def grant_outside(scene: Scene) -> Ask:
    """Let somebody in for two days; ask whether the link still brings a code."""
    scene.sign()
    link = scene.stage.let_in(days=2)["link"]
    return lambda: _sends_code(scene.portal, link)


def _sends_code(portal: Portal, link: str) -> bool:
    before = len(mails(portal))
    assert exchange(portal, link).status_code == 202
    return len(mails(portal)) > before


def grant_inside(scene: Scene) -> Ask:
    """Let somebody in for a day, and in the last quarter of an hour they come in; ask whether they see the room."""
    scene.sign()
    link = scene.stage.let_in(days=1)["link"]
    scene.portal.clock.forward(seconds=DAY - 15 * MINUTE)
    auditor = enter(scene.portal, link)
    return lambda: auditor.get("/api/review").status_code == 200


def review(scene: Scene) -> Ask:
    """Bring an auditor in; ask whether they see the room."""
    scene.sign()
    auditor = enter(scene.portal, scene.stage.let_in()["link"])
    return lambda: auditor.get("/api/review").status_code == 200


def code(scene: Scene) -> Ask:
    """Have a one-time code sent; ask whether it opens the room."""
    scene.sign()
    asked = exchange(scene.portal, scene.stage.let_in()["link"]).get_json()["exchange"]
    body = {"exchange": asked, "code": last_code(scene.portal)}
    return lambda: scene.portal.client().post("/api/review/session/code", body).status_code == 200


def upload_target(scene: Scene) -> Ask:
    """Announce a file; ask whether its address takes the bytes."""
    scene.sign()
    target = scene.house.client("hannah").ok(scene.house.begin("hannah"), 201)
    return lambda: scene.house.send(target).status_code == 204


def upload(scene: Scene) -> Ask:
    """Announce a file and send its bytes; ask whether it can be completed."""
    scene.sign()
    target = scene.house.client("hannah").ok(scene.house.begin("hannah"), 201)
    assert scene.house.send(target, PLAN).status_code == 204
    address = f"{scene.house.base}/uploads/{target['id']}/complete"
    return lambda: scene.now("hannah").post(address).status_code == 200


def download(scene: Scene) -> Ask:
    """Ask for a download; ask whether its address gives the bytes."""
    client = scene.now()
    piece = client.ok(client.get(f"{scene.house.base}/evidence"))["items"][0]["id"]
    target = client.ok(client.post(f"{scene.house.base}/evidence/{piece}/versions/1/download"))
    return lambda: _fetched(scene.portal, target["url"])


def review_download(scene: Scene) -> Ask:
    """Let an auditor ask for a download; ask whether its address gives the bytes."""
    scene.sign()
    auditor = enter(scene.portal, scene.stage.let_in()["link"])
    piece = auditor.ok(auditor.get("/api/review/clauses/4.1"))["items"][0]["evidence"][0]["id"]
    target = auditor.ok(auditor.post(f"/api/review/evidence/{piece}/versions/1/download"))
    return lambda: _fetched(scene.portal, target["url"])


def _fetched(portal: Portal, url: str) -> bool:
    answer = portal.app.test_client().get(url, buffered=True)
    answer.close()
    return answer.status_code == 200


def idempotency(scene: Scene) -> Ask:
    """Put evidence in under a key; ask whether the same request is known again."""
    key, body = f"key-{scene.portal.clock.epoch()}", {"title": "Plan", "kind": "document"}
    address = f"{scene.house.base}/evidence"
    scene.now().ok(scene.now().post(address, body, Idempotency_Key=key), 201)
    return lambda: "Idempotency-Replayed" in scene.now().post(address, body, Idempotency_Key=key).headers


def too_many(scene: Scene) -> Ask:
    """Use up the sign-ins of a quarter of an hour; ask whether a further one is refused."""
    clock, body = scene.portal.clock, {"email": "nobody@example.org", "password": "x"}
    clock.forward(seconds=-clock.epoch() % 900)
    ask = lambda: scene.portal.client().post("/api/session", body).status_code == 429  # noqa: E731
    assert [ask() for _ in range(11)] == [False] * 10 + [True]
    return ask


# What begins → seconds from then on in which it holds.
ENDS: dict[Callable[[Scene], Ask], int] = {
    session: 2 * HOUR, fresh_identity: 10 * MINUTE, invitation: 14 * DAY, acceptance: 14 * DAY, grant_outside: 2 * DAY,
    grant_inside: 15 * MINUTE, review: 30 * MINUTE, code: 10 * MINUTE, upload_target: 15 * MINUTE, upload: DAY,
    download: MINUTE, review_download: MINUTE, idempotency: DAY, too_many: 15 * MINUTE,
}  # fmt: skip


@pytest.mark.parametrize("begin", ENDS, ids=lambda begin: begin.__name__)
def test_ends(scene: Scene, begin: Callable[[Scene], Ask]) -> None:
    """What ends holds until its last instant, and from its end on no more."""
    life = ENDS[begin]
    for delta in AROUND:
        if life + delta <= 0:
            continue
        ask = begin(scene)
        scene.portal.clock.forward(seconds=life + delta)
        assert ask() is (delta < 0), delta
        _whole(scene.portal)


def _whole(portal: Portal) -> None:
    """Set the clock to the next whole second."""
    portal.clock.now = portal.clock.now.replace(microsecond=0) + timedelta(seconds=1)


# What is used every quarter of an hour → seconds after which it ends all the same.
ENDS_IN_USE = {session: 12 * HOUR, review: 8 * HOUR}


@pytest.mark.parametrize("begin", ENDS_IN_USE, ids=lambda begin: begin.__name__)
def test_ends_in_use(scene: Scene, begin: Callable[[Scene], Ask]) -> None:
    """A session ends after its longest time however busy it is, and a day's break ends nothing earlier than that."""
    life = ENDS_IN_USE[begin]
    for delta in (-5 * MINUTE, -1, -0.001, 0, 1, 5 * MINUTE):
        ask, clock = begin(scene), scene.portal.clock
        for _ in range(life // (20 * MINUTE) - 1):
            clock.forward(minutes=20)
            assert ask()
        clock.forward(seconds=20 * MINUTE + delta)
        assert ask() is (delta < 0), delta
        _whole(scene.portal)


def test_a_session_never_outlives_its_grant(scene: Scene) -> None:
    """A session begun an hour before its grant ends is over with the grant, to the second."""
    for delta in (-1, -0.001, 0, 1):
        scene.sign()
        clock, link = scene.portal.clock, scene.stage.let_in(days=1)["link"]
        clock.forward(hours=23)
        auditor = enter(scene.portal, link)
        for _ in range(3):
            clock.forward(minutes=15)
            assert auditor.get("/api/review").status_code == 200
        clock.forward(seconds=15 * MINUTE + delta)
        assert (auditor.get("/api/review").status_code == 200) is (delta < 0)
        _whole(scene.portal)


@pytest.mark.parametrize("delta", [-DAY, -5 * MINUTE, -1, -0.001, 0, 1, 5 * MINUTE])
def test_a_grant_begins(scene: Scene, delta: float) -> None:
    """Before its first instant a grant opens nothing; from then on it does."""
    link = scene.stage.let_in()["link"]
    scene.portal.clock.forward(seconds=delta)
    assert _sends_code(scene.portal, link) is (delta >= 0)


def test_an_idle_session_cannot_be_woken(scene: Scene) -> None:
    """Asking in the last second keeps a session alive for its whole idle time again; asking later does not."""
    ask, clock = session(scene), scene.portal.clock
    clock.forward(seconds=2 * HOUR - 1)
    assert ask()
    clock.forward(seconds=2 * HOUR - 1)
    assert ask()
    clock.forward(seconds=2 * HOUR)
    assert not ask()
