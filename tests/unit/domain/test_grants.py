"""Grants: validation, standing at the instant, sessions, rights that never widen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import grants as g
from portal.domain.common import Invalid, Person, RuleBroken

NOW = datetime(2026, 11, 22, 14, 5, 9, tzinfo=UTC)
MARCUS = Person("m", "Marcus Webb")
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def grant(**more: object) -> g.Grant:
    known = {
        "organisation": "o", "programme": "p", "stage": "stage1", "audit": "a", "snapshot": "s", "name": "Elena Rossi",
        "email": "Elena@Meridian.example", "capabilities": ("download", "conclude"), "by": MARCUS, "now": NOW,
    }  # fmt: skip
    return g.make("hash", "secret-hash", **{**known, **more})


class TestMaking:
    def test_a_grant_lasts_14_days_and_always_reads(self) -> None:
        """A grant lasts 14 days unless told, holds reading, and keeps the address in lower case."""
        made = grant()
        assert made.expires_at == NOW + 14 * DAY
        assert made.capabilities == ("read", "download", "conclude")
        assert made.email == "elena@meridian.example"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": " "}, "name"),
            ({"email": "elena"}, "email"),
            ({"email": "elena@meridian"}, "email"),
            ({"email": "a@b.example, c@d.example"}, "email"),
            ({"email": "x" * 65 + "@b.example"}, "email"),
            ({"capabilities": ("write",)}, "capabilities"),
            ({"expires_at": NOW}, "expires_on"),
            ({"expires_at": NOW + 45 * DAY + SECOND}, "expires_on"),
            ({"not_before": NOW + 20 * DAY}, "expires_on"),
            ({"max_sessions": 0}, "max_sessions"),
        ],
    )
    def test_a_wrong_input_names_its_field(self, change: dict[str, object], field: str) -> None:
        """Each unusable input is refused under its field's name."""
        with pytest.raises(Invalid) as refused:
            grant(**change)
        assert refused.value.field == field

    def test_45_days_are_the_most(self) -> None:
        """Exactly 45 days are allowed."""
        assert grant(expires_at=NOW + 45 * DAY).expires_at == NOW + 45 * DAY

    @pytest.mark.parametrize("days", [0, 46, -1])
    def test_days_run_from_1_to_45(self, days: int) -> None:
        """Fewer than one day or more than 45 are refused."""
        with pytest.raises(Invalid):
            g.expiry(NOW, days)

    def test_a_day_is_meant_to_its_end(self) -> None:
        """Access up to a day ends with that day; the forty-fifth is cut to 45 days from now."""
        assert g.expiry(NOW, on=date(2026, 12, 6)) == datetime(2026, 12, 7, tzinfo=UTC)
        assert g.expiry(NOW, on=NOW.date() + 45 * DAY) == NOW + 45 * DAY
        for wrong in (NOW.date(), NOW.date() + 46 * DAY):
            with pytest.raises(Invalid) as refused:
                g.expiry(NOW, on=wrong)
            assert refused.value.field == "expires_on"


class TestStanding:
    @pytest.mark.parametrize("away", [SECOND, timedelta(minutes=5), DAY, timedelta(microseconds=1)])
    def test_expiry_is_exact_to_the_instant(self, away: timedelta) -> None:
        """A grant is active up to its expiry and expired from that instant on."""
        made = grant()
        assert g.standing(made, made.expires_at - away) == g.Standing.ACTIVE
        assert g.standing(made, made.expires_at) == g.Standing.EXPIRED
        assert g.standing(made, made.expires_at + away) == g.Standing.EXPIRED

    def test_it_opens_at_not_before(self) -> None:
        """A grant for later is not yet open until the instant it names."""
        later = grant(not_before=NOW + DAY)
        assert g.standing(later, NOW + DAY - SECOND) == g.Standing.NOT_YET
        assert g.standing(later, NOW + DAY) == g.Standing.ACTIVE

    def test_revoked_stays_revoked(self) -> None:
        """A revoked grant stays so, at every instant, and is not revoked twice."""
        gone = g.revoke(grant(), by=MARCUS, now=NOW, reason="Auditor changed")
        assert {g.standing(gone, NOW + n * DAY) for n in (-1, 0, 14, 50)} == {g.Standing.REVOKED}
        assert gone.revoked
        assert (gone.revoked.by, gone.revoked.text) == (MARCUS, "Auditor changed")
        with pytest.raises(RuleBroken):
            g.revoke(gone, by=MARCUS, now=NOW)

    def test_a_capability_counts_only_while_active(self) -> None:
        """What a grant allows ends with it, and what it lacks it never allows."""
        made = grant()
        assert g.allows(made, "conclude", NOW)
        assert not g.allows(made, "raise_findings", NOW)
        assert not g.allows(made, "conclude", made.expires_at)


class TestSessions:
    def test_a_session_ends_with_eight_hours_or_the_grant(self) -> None:
        """A session lasts eight hours, less when the grant ends before."""
        made = grant()
        assert g.session_expiry(made, NOW) == NOW + timedelta(hours=8)
        assert g.session_expiry(made, made.expires_at - SECOND) == made.expires_at

    def test_sessions_are_counted_and_limited(self) -> None:
        """First and last use are kept, and the session after the last one is refused."""
        once = g.begin_session(grant(max_sessions=2), NOW)
        twice = g.begin_session(once, NOW + DAY)
        assert (twice.sessions, twice.first_used_at, twice.last_used_at) == (2, NOW, NOW + DAY)
        with pytest.raises(RuleBroken):
            g.begin_session(twice, NOW + DAY)
        with pytest.raises(RuleBroken):
            g.begin_session(grant(), NOW + 14 * DAY)

    def test_a_session_dies_at_each_of_its_limits(self) -> None:
        """A session ends exactly at 30 idle minutes, at its end, and with any change of the grant's rights."""
        made = grant()
        seen, end = NOW, NOW + timedelta(hours=8)

        def alive(now: datetime, of: g.Grant = made, last_seen: datetime = seen) -> bool:
            return g.session_alive(of, version=1, expires_at=end, last_seen=last_seen, now=now)

        assert alive(seen + g.IDLE - SECOND)
        assert not alive(seen + g.IDLE)
        assert alive(end - SECOND, last_seen=end - 2 * SECOND)
        assert not alive(end, last_seen=end - SECOND)
        assert not alive(NOW, g.revoke(made, by=MARCUS, now=NOW))
        assert not alive(NOW, g.narrow(made, now=NOW, capabilities=("read",)))


class TestNarrowing:
    def test_rights_shrink(self) -> None:
        """A grant can lose capabilities and end earlier."""
        less = g.narrow(grant(), now=NOW, capabilities=(), expires_at=NOW + DAY)
        assert (less.capabilities, less.expires_at, less.version) == (("read",), NOW + DAY, 2)

    def test_ended_access_stays_ended(self) -> None:
        """Neither a revoked nor an expired grant is changed, and no end is set in the past."""
        made = grant()
        with pytest.raises(RuleBroken):
            g.narrow(g.revoke(made, by=MARCUS, now=NOW), now=NOW)
        with pytest.raises(RuleBroken):
            g.narrow(made, now=made.expires_at)
        with pytest.raises(Invalid):
            g.narrow(made, now=NOW + DAY, expires_at=NOW + DAY)

    @given(
        st.lists(
            st.tuples(st.sets(st.sampled_from([c.value for c in g.Capability])), st.integers(1, 60 * 24)), max_size=8
        )
    )
    def test_no_sequence_widens_rights(self, wishes: list[tuple[set[str], int]]) -> None:
        """Whatever is asked for in whatever order, capabilities and end only ever shrink."""
        made = grant()
        for capabilities, hours in wishes:
            before = made
            try:
                made = g.narrow(before, now=NOW, capabilities=capabilities, expires_at=NOW + timedelta(hours=hours))
            except RuleBroken:
                continue
            assert set(made.capabilities) <= set(before.capabilities)
            assert made.expires_at <= before.expires_at
