"""Numbers, days and lists as people write them."""

from datetime import date, timedelta

import pytest

from portal.domain import wording
from tests.support.domain_facts import TODAY


@pytest.mark.parametrize(("number", "words"), [(0, "no"), (1, "one"), (9, "nine"), (10, "10"), (1200, "1,200")])
def test_count_words(number, words):
    """Numbers below ten are words."""
    assert wording.count_words(number) == words


@pytest.mark.parametrize(
    ("number", "text"), [(0, "no findings"), (1, "one finding"), (2, "two findings"), (12, "12 findings")]
)
def test_plural(number, text):
    """A noun agrees with its number."""
    assert wording.plural(number, "finding") == text


def test_plural_of_its_own():
    """A noun with another plural gives it."""
    assert wording.plural(2, "person", "people") == "two people"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 17), "17 November"), (date(2027, 1, 5), "5 January"), (date(2027, 3, 1), "1 March 2027"),
        (date(2029, 11, 17), "17 November 2029"),
    ],
)  # fmt: skip
def test_day(day, text):
    """The year is said when it is not near."""
    assert wording.day(day, TODAY) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (24, "in 24 days"), (3, "in three days"), (1, "tomorrow"), (0, "today"), (-1, "yesterday"), (-9, "9 days ago"),
    ],
)  # fmt: skip
def test_days_until(days, text):
    """Days near today have their own words."""
    assert wording.days_until(TODAY + timedelta(days=days), TODAY) == text


def test_late():
    """Lateness is in figures, and begins the day after."""
    assert [wording.days_late(n) for n in (1, 9)] == ["1 day late", "9 days late"]
    assert wording.late_by(TODAY, TODAY) is None
    assert wording.late_by(TODAY - timedelta(days=9), TODAY) == 9
    assert wording.late_by(None, TODAY) is None


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
        (list("abcd"), "a, b and two more"),
    ],
)  # fmt: skip
def test_listed(words, text):
    """Lists end with 'and', long ones with how many more there are."""
    assert wording.listed(words, most=2 if len(words) > 3 else 0) == text


def test_letters():
    """Sentences begin with a capital; abbreviations keep theirs."""
    assert wording.sentence("two findings") == "Two findings"
    assert wording.lowered("Two findings") == "two findings"
    assert wording.lowered("SLAs are agreed") == "SLAs are agreed"
