"""The shapes of a finding: grade, source, state, what was answered, and its history."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from portal.domain.common import Person


class Grade(StrEnum):
    """Name how grave a finding is; areas of concern come from Stage 1 only."""

    MAJOR = "major"
    MINOR = "minor"
    OFI = "ofi"
    AREA_OF_CONCERN = "area_of_concern"


class Source(StrEnum):
    """Name where a finding comes from."""

    INTERNAL_AUDIT = "internal_audit"
    STAGE1 = "stage1"
    STAGE2 = "stage2"
    GAP = "gap"
    OTHER = "other"


class State(StrEnum):
    """Name where a finding stands."""

    RAISED = "raised"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    CAUSE_FOUND = "cause_found"
    PLANNED = "planned"
    PLAN_ACCEPTED = "plan_accepted"
    IMPLEMENTED = "implemented"
    VERIFIED = "verified"
    EFFECTIVE = "effective"
    CLOSED = "closed"
    REOPENED = "reopened"


BODY_SOURCES = frozenset({Source.STAGE1, Source.STAGE2})
_NONCONFORMITIES = frozenset({Grade.MAJOR, Grade.MINOR, Grade.OFI})
GRADES: dict[Source, frozenset[Grade]] = {
    Source.INTERNAL_AUDIT: _NONCONFORMITIES,
    Source.STAGE1: frozenset({Grade.AREA_OF_CONCERN}),
    Source.STAGE2: _NONCONFORMITIES,
    Source.GAP: _NONCONFORMITIES,
    Source.OTHER: _NONCONFORMITIES,
}


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """Hold for whom at the certification body a member recorded an answer, and the day it was given."""

    name: str
    answered_on: date


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold one part of the answer to a finding; a plan also has an owner and a date."""

    text: str
    by: Person
    at: datetime
    evidence: tuple[str, ...] = ()
    owner: Person | None = None
    due: date | None = None
    recorded_for: OnBehalf | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one line of a finding's history."""

    at: datetime
    by: Person
    action: str
    text: str = ""
    recorded_for: OnBehalf | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """Hold by when the plan and its proof are owed; None where there is no duty."""

    plan: date | None = None
    evidence: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one finding and everything answered to it."""

    id: str
    ref: str
    grade: Grade
    source: Source
    state: State
    clause: str
    statement: str
    objective_evidence: str
    raised_by: Person
    raised_at: datetime
    requirement: str = ""
    items: tuple[str, ...] = ()
    site: str = ""
    owner: Person | None = None
    due: Due = field(default_factory=Due)
    could_be_major: bool = False
    audit: str = ""
    correction: Answer | None = None
    cause: Answer | None = None
    plan: Answer | None = None
    plan_acceptance: Answer | None = None
    implementation: Answer | None = None
    verification: Answer | None = None
    effectiveness: Answer | None = None
    history: tuple[Entry, ...] = ()

    @property
    def from_body(self) -> bool:
        """Tell whether the certification body raised it."""
        return self.source in BODY_SOURCES
