"""Coverage of internal audits and sampling of sites."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import audits, coverage

LEEDS = coverage.Site("leeds", "Leeds", central=True, staff=78)
PORTO, PUNE = coverage.Site("porto", "Porto", staff=41), coverage.Site("pune", "Pune", staff=21)


def internal(clauses: tuple[str, ...], sites: tuple[str, ...], *, over: bool = True) -> audits.Audit:
    day = date(2026, 6, 15)
    planned = audits.plan("a", kind="internal", start=day, end=day, clauses=clauses, sites=sites)
    return audits.receive_report(planned, day, None, day) if over else planned


def test_only_audits_that_are_over_cover_clauses_and_sites() -> None:
    """Clauses and sites stay uncovered until the report of an audit on them is in."""
    held = (internal(("4.1", "4.2"), ("leeds",)), internal(("8.4.2",), ("pune",), over=False))
    assert coverage.uncovered(("4.1", "8.4.2", "4.2", "9.1"), held) == ("8.4.2", "9.1")
    assert coverage.unvisited(("leeds", "pune"), held) == ("pune",)
    assert coverage.matrix(held) == {("4.1", "leeds", 2026), ("4.2", "leeds", 2026)}


@pytest.mark.parametrize(
    ("others", "initial", "surveillance", "recertification"),
    [(0, 0, 0, 0), (1, 1, 1, 1), (2, 2, 1, 2), (4, 2, 2, 2), (25, 5, 3, 4), (26, 6, 4, 5), (100, 10, 6, 8)],
)
def test_samples_are_rounded_up(others: int, initial: int, surveillance: int, recertification: int) -> None:
    """Samples are the rounded-up root, and 0.6 or 0.8 of it, of the sites beside the central function."""
    sizes = tuple(coverage.sample_size(others, visit) for visit in ("initial", "surveillance", "recertification"))
    assert sizes == (initial, surveillance, recertification)


@given(st.integers(1, 10**6), st.sampled_from(sorted(coverage.TENTHS)))
def test_a_sample_is_the_least_number_that_reaches_the_root(others: int, visit: str) -> None:
    """The sample is the smallest whole number at or above the part of the root."""
    size, part = coverage.sample_size(others, visit), Fraction(coverage.TENTHS[visit], 10)
    assert size**2 >= part**2 * others > (size - 1) ** 2
    assert size <= math.isqrt(others) + 1


def test_the_central_function_is_always_sampled() -> None:
    """The central function comes with every audit, then the sites visited longest ago."""
    sites = (PUNE, PORTO, LEEDS)
    assert coverage.sampled(sites) == (LEEDS, PORTO, PUNE)
    assert coverage.sampled(sites, "surveillance") == (LEEDS, PORTO)
    assert coverage.sampled(sites, "surveillance", {"porto": date(2026, 10, 8)}) == (LEEDS, PUNE)


def test_without_a_central_function_the_largest_stands_for_it() -> None:
    """Where no site is marked central the largest is taken, and a single site is always audited."""
    assert coverage.sampled((PUNE, PORTO), "surveillance") == (PORTO, PUNE)
    assert coverage.sampled((PUNE,)) == (PUNE,)
    assert coverage.sampled(()) == ()
