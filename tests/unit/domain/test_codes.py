"""One-time codes: eight digits, ten minutes, five tries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import codes as c

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def code() -> c.Code:
    return c.make("exchange", "grant", "right", NOW)


def test_a_code_is_eight_digits() -> None:
    """A random number is written with eight digits, zeros in front included."""
    assert c.written(42) == "00000042"
    assert c.written(10**8 - 1) == "99999999"
    for wrong in (-1, 10**8):
        with pytest.raises(ValueError, match="below"):
            c.written(wrong)


def test_the_right_code_is_accepted_once() -> None:
    """The right code is accepted and then used up."""
    first = c.check_code(code(), "right", NOW)
    assert isinstance(first, c.Accepted)
    again = c.check_code(first.code, "right", NOW)
    assert isinstance(again, c.Refused)
    assert (again.reason, again.tries_left) == ("used", 0)


@pytest.mark.parametrize("away", [SECOND, timedelta(minutes=5), timedelta(microseconds=1)])
def test_ten_minutes_are_exact(away: timedelta) -> None:
    """A code holds up to its tenth minute and not at it."""
    end = NOW + timedelta(minutes=10)
    assert isinstance(c.check_code(code(), "right", end - away), c.Accepted)
    for late in (end, end + away):
        refused = c.check_code(code(), "right", late)
        assert isinstance(refused, c.Refused)
        assert refused.reason == "expired"


def test_the_fifth_wrong_try_is_the_last() -> None:
    """After five wrong tries even the right code is refused."""
    current = code()
    for left in (4, 3, 2, 1, 0):
        refused = c.check_code(current, "wrong", NOW)
        assert isinstance(refused, c.Refused)
        assert (refused.reason, refused.tries_left) == ("wrong", left)
        current = refused.code
    last = c.check_code(current, "right", NOW)
    assert isinstance(last, c.Refused)
    assert last.reason == "spent"
    assert last.code == current


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 700)), max_size=12))
def test_no_sequence_is_accepted_twice_late_or_after_five_tries(tries: list[tuple[bool, int]]) -> None:
    """Whatever is tried whenever, a code is accepted at most once, in time and within five tries."""
    current, accepted = code(), 0
    for count, (right, seconds) in enumerate(tries, 1):
        now = NOW + timedelta(seconds=seconds)
        verdict = c.check_code(current, "right" if right else "wrong", now)
        current = verdict.code
        assert current.tries <= c.TRIES
        if isinstance(verdict, c.Accepted):
            accepted += 1
            assert right
            assert seconds < 600
            assert current.tries <= count
    assert accepted <= 1
