"""Find and load catalogues, the mapping and the reference data: each once, when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from portal.catalogue import build, source
from portal.catalogue.model import Catalogue, Mapping

T = TypeVar("T")

MAPPING = "mapping-2011-2018"
REFERENCE = "reference-data"
# Every other file in the data folder is a catalogue, named by its id.
NOT_CATALOGUES = ("mapping-", "reference-")


class NoSuchCatalogue(LookupError):
    """Say that there is no catalogue of that id."""


class BrokenData(ValueError):
    """Say what is wrong with a data file; `problems` lists everything found."""

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"{name}: " + "; ".join(problems))
        self.name = name
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Edition:
    """Summarise one catalogue for a choice of editions."""

    id: str
    title: str
    edition: int
    status: str
    item_count: int
    name: str = ""


class Library:
    """Serve one folder of data files; every file is read once, by whichever thread comes first."""

    def __init__(self, data: Path = source.DATA, compiled: Path = source.COMPILED) -> None:
        self.data = data
        self.compiled = compiled
        self._lock = RLock()
        self._loaded: dict[str, Any] = {}

    def ids(self) -> tuple[str, ...]:
        """Return the ids of the catalogues in the folder."""
        names = sorted(path.stem for path in self.data.glob("*.yaml"))
        return tuple(name for name in names if not name.startswith(NOT_CATALOGUES))

    def load(self, catalogue_id: str) -> Catalogue:
        """Return one catalogue; raise NoSuchCatalogue, or BrokenData when its file is not sound."""
        return self._once(f"catalogue {catalogue_id}", lambda: self._catalogue(catalogue_id))

    def editions(self) -> tuple[Edition, ...]:
        """Return a summary of every catalogue, those in force first, newer before older."""
        return self._once("editions", lambda: _summaries([self.load(name) for name in self.ids()]))

    def mapping(self) -> Mapping:
        """Return the correspondence of the 2011 edition to the 2018 edition."""
        return self._once(MAPPING, lambda: build.mapping(self.raw(MAPPING)[0]))

    def reference(self) -> dict[str, Any]:
        """Return the rules, grades, KPIs, documents and audit times as the file has them."""
        # The one copy is handed to every caller: nobody may change it.
        return self._once(REFERENCE, lambda: self.raw(REFERENCE)[0])

    def raw(self, name: str) -> tuple[Any, str, bool]:
        """Return a data file's content, its SHA-256 and whether it was compiled; raise BrokenData."""
        try:
            return source.read(self.data / f"{name}.yaml", self.compiled)
        except source.Unreadable as error:
            raise BrokenData(name, [f"not readable as YAML: {error}"]) from error

    def _catalogue(self, catalogue_id: str) -> Catalogue:
        # Only names found in the folder are opened, so an id from outside can never be a path.
        if catalogue_id not in self.ids():
            raise NoSuchCatalogue(f"there is no catalogue {catalogue_id}")
        raw, digest, compiled = self.raw(catalogue_id)
        if not compiled:  # what was compiled has passed the checks
            _refuse_broken(catalogue_id, raw)
        return build.catalogue(raw, digest)

    def _once(self, name: str, make: Callable[[], T]) -> T:
        found = self._loaded.get(name)
        if found is not None:
            return found
        with self._lock:
            if name not in self._loaded:
                self._loaded[name] = make()
            return self._loaded[name]


def _refuse_broken(catalogue_id: str, raw: Any) -> None:
    from portal.catalogue.validate import named, problems  # not needed when everything is compiled

    found = problems(raw) or named(raw, catalogue_id)
    if found:
        raise BrokenData(catalogue_id, found)


def _summaries(catalogues: list[Catalogue]) -> tuple[Edition, ...]:
    ordered = sorted(catalogues, key=lambda one: (one.status != "current", -one.edition, one.id))
    return tuple(Edition(one.id, one.title, one.edition, one.status, len(one.items), one.name) for one in ordered)


LIBRARY = Library()
load = LIBRARY.load
editions = LIBRARY.editions
mapping = LIBRARY.mapping
reference = LIBRARY.reference
