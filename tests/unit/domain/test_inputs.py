"""What people type."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import inputs
from portal.domain.common import Invalid


@pytest.mark.parametrize("address", ["a@b.example", " Elena.Rossi+audit@mail.Meridian.example ", "o'neil@münchen.de"])
def test_addresses_are_kept_in_lower_case(address: str) -> None:
    """An address is stripped and kept in lower case."""
    assert inputs.email(address) == address.strip().lower()


@pytest.mark.parametrize(
    "address", ["", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b.example\nBcc: x", "a@.example"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """A text without the shape of one address is refused."""
    with pytest.raises(Invalid) as refused:
        inputs.email(address)
    assert refused.value.field == "email"


@given(st.text(max_size=60))
def test_what_is_kept_can_be_shown_and_stored(typed: str) -> None:
    """Whatever is typed, what is kept has no control characters, encodes as UTF-8 and fits its limit."""
    try:
        kept = inputs.line(typed, "title", "The title", 40)
    except Invalid:
        return
    assert kept.encode()
    assert 0 < len(kept) <= 40
    assert not any(ord(letter) < 32 for letter in kept)


def test_several_lines_stay_in_a_text() -> None:
    """A text keeps its line breaks, a line does not, and an optional one may be empty."""
    assert inputs.text(" a\nb ", "f", "It") == "a\nb"
    assert inputs.line(" a\n b ", "f", "It") == "a b"
    assert (inputs.optional_line(None, "f", "It"), inputs.optional_text(" ", "f", "It")) == ("", "")


def test_a_day_that_has_come_is_kept() -> None:
    """Today is no future day, tomorrow is."""
    assert inputs.not_future(date(2026, 11, 22), date(2026, 11, 22), "on", "The day") == date(2026, 11, 22)
    with pytest.raises(Invalid):
        inputs.not_future(date(2026, 11, 23), date(2026, 11, 22), "on", "The day")
