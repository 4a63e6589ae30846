"""The certificate, its surveillance, and the tail of step 11."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import certificate as c
from portal.domain.common import Invalid, RuleBroken
from portal.domain.months import add_months

DECIDED = date(2026, 11, 17)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))


def issued(decided_on: date = DECIDED, **more: object) -> c.Certificate:
    known = {"number": "MC-1", "decided_by": "Ruth Adler", "scope_wording": "Five services"}
    return c.issue(decided_on=decided_on, **{**known, **more})


class TestMonths:
    def test_a_month_end_stays_in_its_month(self) -> None:
        """A day that the later month lacks becomes that month's last."""
        assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
        assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
        assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
        assert add_months(date(2026, 1, 31), -2) == date(2025, 11, 30)

    @given(DAYS, st.integers(0, 60))
    def test_months_are_counted_exactly(self, day: date, months: int) -> None:
        """Adding months changes the month by that number and keeps the day, or takes the month's last."""
        later = add_months(day, months)
        assert (later.year - day.year) * 12 + later.month - day.month == months
        assert later.day == min(day.day, monthrange(later.year, later.month)[1])


class TestDates:
    def test_three_years_minus_a_day(self) -> None:
        """A certificate decided on 17 November 2026 is valid to 16 November 2029, surveyed by 17 November 2027."""
        held = issued()
        assert (held.valid_from, held.valid_until) == (DECIDED, date(2029, 11, 16))
        assert [visit.due for visit in held.surveillance] == [date(2027, 11, 17), date(2028, 12, 31)]
        assert held.recertification_due == date(2029, 11, 16)

    @given(DAYS)
    def test_every_decision_day_gives_dates_in_order(self, decided: date) -> None:
        """Whatever the day, both surveillances fall inside it, one per year, for three years at most."""
        held = issued(decided)
        first, second = (visit.due for visit in held.surveillance)
        assert decided < first <= add_months(decided, 12)
        assert first < second <= held.valid_until < add_months(decided, 36)
        assert second.year <= first.year + 1

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"number": ""}, "certificate_number"),
            ({"decided_by": None}, "decided_by"),
            ({"valid_until": date(2029, 11, 17)}, "valid_until"),
            ({"valid_until": DECIDED}, "valid_until"),
        ],
    )
    def test_a_wrong_input_names_its_field(self, change: dict[str, object], field: str) -> None:
        """A missing number or name, or an end beyond three years, is refused under its field's name."""
        with pytest.raises(Invalid) as refused:
            issued(**change)
        assert refused.value.field == field

    def test_a_shorter_certificate_has_what_fits(self) -> None:
        """A certificate that ends earlier keeps its surveillance inside, or has none."""
        assert [v.due for v in issued(valid_until=date(2028, 3, 1)).surveillance] == [
            DECIDED.replace(2027),
            date(2028, 3, 1),
        ]
        assert issued(valid_until=date(2027, 5, 1)).surveillance == ()

    def test_standing_changes_the_day_after(self) -> None:
        """A certificate is valid on its last day, restorable for six months, then ended."""
        held = issued()
        day = timedelta(days=1)
        assert c.standing(held, DECIDED - day) == "not_yet"
        assert c.standing(held, held.valid_until) == "valid"
        assert c.standing(held, held.valid_until + day) == "restorable"
        assert c.standing(held, date(2030, 5, 16)) == "restorable"
        assert c.standing(held, date(2030, 5, 17)) == "ended"

    def test_majors_have_six_months(self) -> None:
        """Majors not verified six months after the last day of Stage 2 ask for another one."""
        assert c.new_stage2_after(date(2026, 8, 31)) == date(2027, 2, 28)


class TestSurveillance:
    def test_an_early_first_visit_moves_the_second(self) -> None:
        """The second surveillance is due in the calendar year after the first was held."""
        held = c.record_surveillance(issued(date(2026, 1, 20)), 1, date(2026, 12, 1), date(2026, 12, 5))
        assert [visit.due for visit in held.surveillance] == [date(2027, 1, 20), date(2027, 12, 31)]

    def test_visits_come_in_order_and_not_ahead(self) -> None:
        """A visit is recorded after what precedes it and not before it took place."""
        today = date(2028, 6, 1)
        with pytest.raises(RuleBroken):
            c.record_surveillance(issued(), 2, today, today)
        first = c.record_surveillance(issued(), 1, date(2027, 10, 1), today)
        for number, day in ((2, date(2027, 10, 1)), (2, today + timedelta(1)), (3, today)):
            with pytest.raises(Invalid):
                c.record_surveillance(first, number, day, today)
        assert c.record_surveillance(first, 2, today, today).surveillance[1].done_on == today


class TestTail:
    def test_it_waits_for_stage_2_first(self) -> None:
        """Before Stage 2 is concluded the answers to its findings come next."""
        tail = c.tail(today=DECIDED, concluded=False, unanswered=0)
        assert tail.next == "findings_answered"
        assert [line.state for line in tail.lines] == ["next"] + ["later"] * 5

    def test_unanswered_findings_are_counted_and_can_be_late(self) -> None:
        """Open answers come next, late from six months after the last audit day."""
        tail = c.tail(today=date(2027, 4, 10), concluded=True, unanswered=2, last_audit_day=date(2026, 10, 8))
        assert tail.lines[0].text == "Two findings of Stage 2 still without an accepted answer"
        assert tail.lines[0].late_days == 2

    def test_the_decision_follows_the_answers(self) -> None:
        """With every finding answered the decision comes next."""
        assert c.tail(today=DECIDED, concluded=True, unanswered=0).next == "decision"

    def test_after_the_certificate_the_first_surveillance_is_next(self) -> None:
        """A certificate makes the first surveillance the next thing, with its day and lateness."""
        tail = c.tail(
            today=date(2027, 11, 18), concluded=True, unanswered=0, decision="granted", decided_on=DECIDED,
            certificate=issued(),
        )  # fmt: skip
        assert tail.next == "surveillance_1"
        assert {line.key: line.late_days for line in tail.lines}["surveillance_1"] == 1
        assert tail.lines[2].text == "MC-1, valid until 16 November 2029"

    def test_a_refusal_ends_the_tail(self) -> None:
        """After a refused decision nothing of the certificate follows."""
        tail = c.tail(today=DECIDED, concluded=True, unanswered=0, decision="refused", decided_on=DECIDED)
        assert [line.key for line in tail.lines] == ["findings_answered", "decision"]
        assert tail.next is None
