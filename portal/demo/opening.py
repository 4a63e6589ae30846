"""How a client begins: the engagement, its members, the scope, and the certification body it chose."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from portal.actions import organisations, policy, practices, programmes
from portal.demo import past
from portal.demo.house import House
from portal.demo.people import LEAD, Practice, add_members, consult
from portal.records import keys


def open_client(house: House, practice: Practice) -> None:
    """Open the client, let its people in and assign its consultants."""
    about, story = house.data["organisation"], house.story
    at = past.moment(story["opened"], "08:45")
    made = practices.new_client(consult(house, practice, at), {
        "name": about["name"], "staff": about["staff"], "sites": about["sites"], "services": about["services"],
        "edition": about["edition"], "target_date": date.fromisoformat(story["target"]),
    })  # fmt: skip
    house.org, house.programme = made["organisation"], made["programme"]
    profile = house.services.records.get(keys.organisation(house.org))
    house.sites = {site["name"]: site["id"] for site in profile.body["sites"]} if profile else {}
    for name in story["consultants"]:
        house.roles[name] = [policy.CONSULTANT]
    if story["consultants"] != [LEAD]:
        wanted = [practice.people[name]["id"] for name in story["consultants"]]
        practices.assign(consult(house, practice, at + timedelta(minutes=20)), house.org, wanted)
    add_members(house, practice.hashed, past.moment(story["joined"], "08:30"))


def write_scope(house: House) -> None:
    """Write down when the scope is worded and agreed, and when the certification body is chosen."""
    for wording in house.story["scope"]:
        house.on(wording["day"], "10:20", partial(_word, house, wording))
        if "agreed_by" in wording:
            house.on(wording["day"], "15:40", partial(_agree, house, wording["agreed_by"]))
    if "body" in house.story:
        house.on(house.story["body_on"], "11:10", partial(_choose_body, house))
    if "invited" in house.story:
        house.on(house.story["invited"]["day"], "10:00", partial(_invite, house, house.story["invited"]))


def _word(house: House, wording: dict[str, Any], at: datetime) -> None:
    programmes.edit(house.ctx(wording["by"], "programme.edit", at), {"scope_statement": wording["text"]})


def _agree(house: House, name: str, at: datetime) -> None:
    programmes.agree_scope(house.ctx(name, "scope.agree", at))


def _choose_body(house: House, at: datetime) -> None:
    ctx = house.ctx(house.manager, "programme.edit", at)
    programmes.edit(ctx, {"certification_body": house.story["body"]})


def _invite(house: House, who: dict[str, Any], at: datetime) -> None:
    ctx = house.ctx(who["by"], "member.manage", at)
    organisations.invite(ctx, who["name"], who["email"], who["roles"])
