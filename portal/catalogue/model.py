"""The shapes of a catalogue: clauses, their items, the help beside them, and the mapping of editions."""

from __future__ import annotations

import collections.abc
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeVar

Pdca = Literal["plan", "do", "check", "act"]
Documentation = Literal["document", "record", "both", "none"]
AuditStage = Literal["stage1", "stage2", "both"]
T = TypeVar("T")


class NotInCatalogue(LookupError):
    """Say that a catalogue has no such clause or item."""


def clause_key(number: str) -> str:
    """Return a clause number zero-padded for sorting and record keys: '8.5.1.2' becomes '08.05.01.02'.

    Parts that are letters (an annex) stay as they are and sort after the digits.
    """
    return ".".join(part.zfill(2) if part.isdecimal() else part for part in number.split("."))


@dataclass(frozen=True, slots=True)
class Item:
    """Hold one assessable idea of a clause; `explicit` when the edition asks for it in writing."""

    id: str
    text: str
    documentation: Documentation
    audit_stage: AuditStage
    step: int
    clause: str
    explicit: bool


@dataclass(frozen=True, slots=True)
class DocumentedInformation:
    """Say whether the edition itself asks for something in writing, and in which form proof is expected."""

    required: bool
    kind: Documentation


@dataclass(frozen=True, slots=True)
class Clause:
    """Hold one clause; headings have no items and no documented information, audit stage or step."""

    number: str
    title: str
    title_is_ours: bool
    parent: str | None
    level: int
    assessable: bool
    pdca: Pdca
    summary: str
    documented_information: DocumentedInformation | None
    audit_stage: AuditStage | None
    step: int | None
    steps: tuple[int, ...]
    items: tuple[Item, ...]
    sort_key: str


@dataclass(frozen=True, slots=True)
class Help:
    """Hold the help of one clause: examples and practice, never a criterion."""

    questions: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    typical_evidence: tuple[str, ...] = ()


NO_HELP = Help()


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Hold one edition; `clauses` come in natural order, `digest` is the SHA-256 of its source file."""

    id: str
    standard: str
    edition: int
    title: str
    status: str
    digest: str
    steps: collections.abc.Mapping[int, str]
    clauses: tuple[Clause, ...]
    helps: collections.abc.Mapping[str, Help] = field(repr=False)
    amendments: tuple[str, ...] = ()
    supersedes: str | None = None
    superseded_by: str | None = None
    certifiable_until: str | None = None
    organised_around: str | None = None
    no_exclusions: bool = False
    public_requirement_count: int | None = None
    assessable: tuple[Clause, ...] = field(init=False, repr=False)
    items: tuple[Item, ...] = field(init=False, repr=False)
    top_level: tuple[Clause, ...] = field(init=False, repr=False)
    _clauses: dict[str, Clause] = field(init=False, repr=False)
    _items: dict[str, Item] = field(init=False, repr=False)
    _children: dict[str, tuple[Clause, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        items = tuple(item for clause in self.clauses for item in clause.items)
        self._set("steps", MappingProxyType(dict(self.steps)))
        self._set("helps", MappingProxyType(dict(self.helps)))
        self._set("assessable", tuple(clause for clause in self.clauses if clause.assessable))
        self._set("items", items)
        self._set("top_level", tuple(clause for clause in self.clauses if clause.parent is None))
        self._set("_clauses", {clause.number: clause for clause in self.clauses})
        self._set("_items", {item.id: item for item in items})
        self._set("_children", _group_by_parent(self.clauses))

    def _set(self, name: str, value: object) -> None:
        # The class is frozen for everybody else; these fields follow from the clauses and are set once.
        object.__setattr__(self, name, value)

    @property
    def name(self) -> str:
        """Return the edition as people say it: 'ISO/IEC 20000-1:2018'."""
        return f"{self.standard}:{self.edition}"

    def has_clause(self, number: str) -> bool:
        """Say whether there is a clause of that number."""
        return number in self._clauses

    def has_item(self, item_id: str) -> bool:
        """Say whether there is an item of that id."""
        return item_id in self._items

    def clause(self, number: str) -> Clause:
        """Return one clause; raise NotInCatalogue when there is none of that number."""
        return self._find(self._clauses, number, "clause")

    def item(self, item_id: str) -> Item:
        """Return one item; raise NotInCatalogue when there is none of that id."""
        return self._find(self._items, item_id, "item")

    def help(self, number: str) -> Help:
        """Return the help beside one clause, empty when there is none; raise NotInCatalogue."""
        return self.helps.get(self.clause(number).number, NO_HELP)

    def children(self, number: str) -> tuple[Clause, ...]:
        """Return the clauses directly below one clause, in order; raise NotInCatalogue."""
        return self._children.get(self.clause(number).number, ())

    def items_of_step(self, step: int) -> tuple[Item, ...]:
        """Return the items that the work of one implementation step produces."""
        return tuple(item for item in self.items if item.step == step)

    def items_of_stage(self, stage: Literal["stage1", "stage2"]) -> tuple[Item, ...]:
        """Return the items one audit stage looks at; what is marked 'both' belongs to both stages."""
        return tuple(item for item in self.items if item.audit_stage in (stage, "both"))

    def clause_key(self, number: str) -> str:
        """Return the sort form of one clause's number, as used in record keys; raise NotInCatalogue."""
        return self.clause(number).sort_key

    def _find(self, index: dict[str, T], name: str, what: str) -> T:
        found = index.get(name)
        if found is None:
            raise NotInCatalogue(f"{self.id} has no {what} {name}")
        return found


def _group_by_parent(clauses: tuple[Clause, ...]) -> dict[str, tuple[Clause, ...]]:
    groups: dict[str, list[Clause]] = {}
    for clause in clauses:
        if clause.parent is not None:
            groups.setdefault(clause.parent, []).append(clause)
    return {parent: tuple(group) for parent, group in groups.items()}


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Say which clauses of the newer edition one clause of the older edition became."""

    from_clause: str
    to_clauses: tuple[str, ...]
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class New:
    """Name a clause of the newer edition, or items in its note, without a counterpart in the older."""

    clause: str
    note: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Name items of the older edition without a counterpart in the newer one."""

    items: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Mapping:
    """Hold the correspondence of two editions: a starting point, never proof of conformity."""

    origin: str
    target: str
    kinds: collections.abc.Mapping[str, str]
    correspondences: tuple[Correspondence, ...]
    new_in_2018: tuple[New, ...]
    dropped_in_2018: tuple[Dropped, ...]

    def correspondence(self, clause: str) -> Correspondence | None:
        """Return what became of one clause of the older edition, or None for a heading."""
        return next((entry for entry in self.correspondences if entry.from_clause == clause), None)

    def targets(self, clause: str) -> tuple[str, ...]:
        """Return the clauses of the newer edition that one clause of the older edition became."""
        entry = self.correspondence(clause)
        return entry.to_clauses if entry else ()

    def origins(self, clause: str) -> tuple[str, ...]:
        """Return the clauses of the older edition that one clause of the newer edition came from."""
        return tuple(entry.from_clause for entry in self.correspondences if clause in entry.to_clauses)
