from datetime import date, timedelta

import pytest

from portal.demo.data import CLIENTS, load, load_texts
from portal.demo.dates import ANCHOR, months_in, shift_dates, shift_for, shift_text, shifted_name


def in_weeks(count: int) -> timedelta:
    return timedelta(weeks=count)


@pytest.mark.parametrize("days", range(0, 800, 37))
def test_the_shift_is_whole_weeks_and_ends_in_the_week_before_today(days):
    """The anchor day moves to today or up to six days before, on the same weekday."""
    today = ANCHOR + timedelta(days=days)
    shift = shift_for(today, ANCHOR)
    assert shift.days % 7 == 0
    assert timedelta(0) <= today - (ANCHOR + shift) < timedelta(days=7)


def test_before_the_anchor_the_shift_is_negative():
    """A clock before the anchor moves the demo back, so that nothing lies in its future."""
    assert shift_for(ANCHOR - timedelta(days=1), ANCHOR) == timedelta(days=-7)


@pytest.mark.parametrize(("weeks", "months"), [(0, 0), (4, 0), (5, 1), (9, 2), (52, 12), (-1, -1)])
def test_months_are_rounded_down(weeks, months):
    """A month moves only when a whole month has passed, so it has ended when the record is dated."""
    assert months_in(in_weeks(weeks)) == months


@pytest.mark.parametrize(
    ("text", "weeks", "moved"),
    [
        ("closed 2026-07-29", 5, "closed 2026-09-02"),
        ("held 22 July", 5, "held 26 August"),
        ("on 2 September and 9 Dec", 1, "on 9 September and 16 Dec"),
        ("15-26 June 2026", 1, "22 June-3 July 2026"),
        ("5-8 Oct: visit", 1, "12-15 Oct: visit"),
        ("certificate 17 Nov 2026", 9, "certificate 19 Jan 2027"),
        ("March verification", 5, "April verification"),
        ("due Jan 2027", 52, "due Jan 2028"),
        ("target Q1 2027", 52, "target Q1 2028"),
        ("from Q3", 14, "from Q4"),
        ("last review 2024-11", 9, "last review 2025-01"),
        ("the 2025-26 plan", 52, "the 2026-27 plan"),
        ("MI-2026-03", 52, "MI-2027-03"),
        ("ISO/IEC 20000-1:2018 with Amd 1:2024", 300, "ISO/IEC 20000-1:2018 with Amd 1:2024"),
        ("iso20000-1-2018", 300, "iso20000-1-2018"),
        ("CHG-1184, 1201 of 44640", 300, "CHG-1184, 1201 of 44640"),
        ("Marcus may march", 300, "Marcus may march"),
        ("31 June", 3, "31 June"),
    ],
)
def test_dates_in_texts_move_and_other_numbers_stay(text, weeks, moved):
    """Days move by the shift, months and longer spans by whole months, identifiers and standards not at all."""
    assert shift_text(text, in_weeks(weeks)) == moved


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("Changes-2026-03-to-08-export.csv", "Changes-2026-11-to-2027-04-export.csv"),
        ("Incidents-2026-10-export.csv", "Incidents-2027-06-export.csv"),
        ("Service-Report-2026-05.pdf", "Service-Report-2027-01.pdf"),
        ("Management-Review-Minutes-2026-08-04.pdf", "Management-Review-Minutes-2027-04-13.pdf"),
        ("Customer-Survey-2026-Q2.xlsx", "Customer-Survey-2026-Q4.xlsx"),
        ("Budget-vs-Actual-2026-H1.xlsx", "Budget-vs-Actual-2026-H2.xlsx"),
        ("Training-Plan-2025-26.pdf", "Training-Plan-2026-27.pdf"),
        ("KPI-Workbook-2026.xlsx", "KPI-Workbook-2027.xlsx"),
        ("Gap-Analysis-Report-v1.0.pdf", "Gap-Analysis-Report-v1.0.pdf"),
    ],
)
def test_file_names_move_with_what_they_carry(name, moved):
    """A file name that carries a day, month, quarter or year carries the moved one."""
    assert shifted_name(name, in_weeks(36)) == moved


@pytest.mark.parametrize("name", CLIENTS)
def test_nothing_moves_without_a_shift(name):
    """A shift of zero gives the data as written."""
    assert shift_dates(load(name), timedelta(0)) == load(name)


@pytest.mark.parametrize("name", CLIENTS)
def test_no_date_is_left_behind(name):
    """After ten years' shift no year of the original is left in data, names or texts."""
    moved = str(shift_dates([load(name), load_texts(name)], in_weeks(522)))
    assert not [year for year in ("2025", "2026", "2027") if year in moved]


def test_nested_values_move_and_keys_stay():
    """Dates in lists, tuples and date objects move; keys do not."""
    data = {"2026-01-05": [("2026-01-05", date(2026, 1, 5))], "n": 2026}
    assert shift_dates(data, in_weeks(1)) == {"2026-01-05": [("2026-01-12", date(2026, 1, 12))], "n": 2026}
