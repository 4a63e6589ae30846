"""What internal audits have covered, and which sites an audit samples (IAF MD 1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isqrt

from portal.domain.audits import Audit, Kind, State

# Parts of the square root of the number of sites, in tenths.
TENTHS: Mapping[str, int] = {"initial": 10, "surveillance": 6, "recertification": 8}


@dataclass(frozen=True, slots=True)
class Site:
    """Hold a site of the scope; `central` marks the central function."""

    id: str
    name: str
    central: bool = False
    staff: int = 0


def held(audits: Iterable[Audit]) -> tuple[Audit, ...]:
    """Return the internal audits that are over: only these cover anything."""
    return tuple(audit for audit in audits if audit.kind == Kind.INTERNAL and audit.state == State.CONCLUDED)


def matrix(audits: Iterable[Audit]) -> frozenset[tuple[str, str, int]]:
    """Return every (clause, site, year) that internal audits have covered."""
    return frozenset(
        (clause, site, audit.end.year) for audit in held(audits) for clause in audit.clauses for site in audit.sites
    )


def uncovered(assessable: Iterable[str], audits: Iterable[Audit]) -> tuple[str, ...]:
    """Return the assessable clauses that no internal audit has covered, in the order given."""
    covered = {clause for audit in held(audits) for clause in audit.clauses}
    return tuple(clause for clause in assessable if clause not in covered)


def unvisited(sites: Iterable[str], audits: Iterable[Audit]) -> tuple[str, ...]:
    """Return the sites that no internal audit has visited, in the order given."""
    visited = {site for audit in held(audits) for site in audit.sites}
    return tuple(site for site in sites if site not in visited)


def sample_size(others: int, visit: str = "initial") -> int:
    """Return how many sites beside the central function are sampled: ⌈√n⌉ initially, ⌈0.6√n⌉ or ⌈0.8√n⌉ later."""
    # In whole numbers, since 0.6 × √25 in floating point may land above 3.
    square = TENTHS[visit] ** 2 * others
    return 0 if others < 1 else isqrt(_ceiling(square, 100) - 1) + 1


def _ceiling(number: int, divisor: int) -> int:
    return -(-number // divisor)


def sampled(sites: Sequence[Site], visit: str = "initial", last: Mapping[str, date] | None = None) -> tuple[Site, ...]:
    """Return the sites to audit: the central function always, then those visited longest ago, larger ones first.

    Without a site marked central the largest stands for it. At least a quarter is to be chosen at random by the
    certification body; this is the proposal.
    """
    seen = last or {}
    ordered = sorted(sites, key=lambda site: (seen.get(site.id, date.min), -site.staff, site.id))
    central = [site for site in sites if site.central] or sorted(sites, key=lambda site: (-site.staff, site.id))[:1]
    others = [site for site in ordered if site not in central]
    return (*central, *others[: sample_size(len(others), visit)])
