"""Check every data file and write its compiled form: `python -m portal.catalogue.compile`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from portal.catalogue import source
from portal.catalogue.links import mapping_problems, reference_problems
from portal.catalogue.loader import MAPPING, REFERENCE, BrokenData, Library
from portal.catalogue.model import Catalogue

Catalogues = dict[str, Catalogue]
Find = Callable[[Library, Catalogues], list[str]]


def compile_all(library: Library) -> list[Path]:
    """Write the compiled form of every data file; raise BrokenData and write none when one is not sound."""
    check(library)
    return [source.write_compiled(path, library.compiled) for path in sorted(library.data.glob("*.yaml"))]


def check(library: Library) -> None:
    """Check every data file from its source; raise BrokenData naming the first that is not sound."""
    # A folder that does not exist holds no compiled form, so this reads the sources.
    fresh = Library(library.data, library.compiled / "none")
    catalogues = {name: fresh.load(name) for name in fresh.ids()}
    for name, find in ((MAPPING, _mapping), (REFERENCE, _reference)):
        if (library.data / f"{name}.yaml").exists():
            found = _found(find, fresh, catalogues)
            if found:
                raise BrokenData(name, found)


def _found(find: Find, library: Library, catalogues: Catalogues) -> list[str]:
    try:
        return find(library, catalogues)
    except (KeyError, TypeError, AttributeError) as error:
        return [f"a part is missing or of the wrong type: {error}"]


def _mapping(library: Library, catalogues: Catalogues) -> list[str]:
    raw, _, _ = library.raw(MAPPING)
    ends = [raw["meta"]["from"], raw["meta"]["to"]]
    unknown = [f"there is no catalogue {end}" for end in ends if end not in catalogues]
    return unknown or mapping_problems(raw, *(catalogues[end] for end in ends))


def _reference(library: Library, catalogues: Catalogues) -> list[str]:
    raw, _, _ = library.raw(REFERENCE)
    return reference_problems(raw, list(catalogues.values()))


def main() -> int:
    """Compile the package's own data; return 1 and print what is wrong when a file is not sound."""
    try:
        written = compile_all(Library())
    except BrokenData as error:
        print("\n".join([f"{error.name} is not sound:", *error.problems]), file=sys.stderr)
        return 1
    for path in written:
        print(f"{path.name} {path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
