"""Roles and invitations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain import roles as r
from portal.domain.common import Invalid, Person, RuleBroken

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PRIYA = Person("p", "Priya Nair")


def invitation(**more: object) -> r.Invitation:
    known = {"email": "M@northwind.example", "name": "Marcus Webb", "roles": ["viewer", "sms_manager", "viewer"]}
    return r.invite("i1", "hash", by=PRIYA, now=NOW, **{"organisation": "o", **known, **more})


def test_every_role_has_a_label_and_one_sentence() -> None:
    """Each role is labelled and described in one sentence."""
    assert set(r.LABELS) == set(r.DESCRIPTIONS) == set(r.Role)
    assert all(text.count(".") == 1 and text.endswith(".") for text in r.DESCRIPTIONS.values())


def test_an_invitation_names_roles_once_in_order() -> None:
    """An invitation keeps each role once and runs for 14 days."""
    made = invitation()
    assert made.roles == ("sms_manager", "viewer")
    assert (made.email, made.expires_at) == ("m@northwind.example", NOW + timedelta(days=14))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"roles": []}, "roles"), ({"roles": ["king"]}, "roles"), ({"roles": ["consultant"]}, "roles"),
        ({"email": "x"}, "email"), ({"name": ""}, "name"), ({"practice": "c", "roles": ["owner"]}, "role"),
    ],
)  # fmt: skip
def test_a_wrong_invitation_names_its_field(change: dict[str, object], field: str) -> None:
    """Unusable roles, address or name are refused under their field's name."""
    with pytest.raises(Invalid) as refused:
        invitation(**change)
    assert refused.value.field == field


def test_a_practice_invites_consultants() -> None:
    """A practice invites into its own roles."""
    assert invitation(practice="c", organisation="", roles=["consultant"]).roles == ("consultant",)


def test_an_invitation_holds_up_to_its_instant() -> None:
    """An invitation can be used a second before its expiry, not at it."""
    made = invitation()
    last = made.expires_at - timedelta(seconds=1)
    assert r.standing(r.accept(made, last), last) == "used"
    for late in (made.expires_at, made.expires_at + timedelta(seconds=1)):
        assert r.standing(made, late) == "expired"
        with pytest.raises(RuleBroken):
            r.accept(made, late)


def test_an_invitation_is_used_once_and_not_after_withdrawal() -> None:
    """A used invitation is neither used again nor withdrawn; a withdrawn one is not used."""
    used = r.accept(invitation(), NOW)
    for again in (lambda: r.accept(used, NOW), lambda: r.withdraw(used, NOW)):
        with pytest.raises(RuleBroken):
            again()
    with pytest.raises(RuleBroken):
        r.accept(r.withdraw(invitation(), NOW), NOW)


def test_the_last_owner_stays() -> None:
    """The last owner neither leaves nor gives the role up; with a second owner both are possible."""
    members = {"a": ("owner",), "b": ("viewer",)}
    for roles in ((), ("viewer",)):
        with pytest.raises(RuleBroken):
            r.keep_an_owner(members, "a", roles)
        r.keep_an_owner({**members, "b": ("owner",)}, "a", roles)
    r.keep_an_owner(members, "a", ("owner", "sms_manager"))
    r.keep_an_owner(members, "b")
