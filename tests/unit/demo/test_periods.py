from datetime import date

import pytest

from portal.demo.periods import period_of

DAY = date(2026, 9, 2)


@pytest.mark.parametrize(
    ("text", "name", "first", "last"),
    [
        ("2025-10-06 to 2025-10-29", "a.pdf", "2025-10-06", "2025-10-29"),
        ("As of 2026-01-12", "a.pdf", "2026-01-12", "2026-01-12"),
        ("October 2025, reviewed yearly", "a.docx", "2025-10-01", "2025-10-31"),
        ("April to June 2026", "a.pdf", "2026-04-01", "2026-06-30"),
        ("8 June 2026 to 19 June 2026", "a.xlsx", "2026-06-08", "2026-06-19"),
        ("", "Incidents-2026-03-to-08-export.csv", "2026-03-01", "2026-08-31"),
        ("", "Incidents-2025-11-to-2026-02-export.csv", "2025-11-01", "2026-02-28"),
        ("", "Register.xlsx", "2026-09-02", "2026-09-02"),
        ("April 2026 to March 2027", "a.xlsx", "2026-04-01", "2026-09-02"),
        ("From 2026-12-01 until revoked", "a.pdf", "2026-09-02", "2026-09-02"),
    ],
)
def test_a_record_covers_what_it_says_but_never_the_future(text, name, first, last):
    """Days, months and file names tell the period, cut off at the day of the record."""
    assert period_of(text, name, DAY) == (date.fromisoformat(first), date.fromisoformat(last))
