"""Finding, loading and caching the data files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest

from portal.catalogue import BrokenData, Library, NoSuchCatalogue, editions, load, mapping, reference, source
from portal.catalogue.compile import compile_all
from portal.catalogue.loader import MAPPING, REFERENCE
from tests.unit.catalogue.samples import content, small

ENVIRONMENT = os.environ | {"PYTHONPATH": str(source.DATA.parents[2])}


@pytest.fixture
def library(folder: Path, tmp_path: Path) -> Library:
    """Return a library over the copied folder, with nothing compiled."""
    return Library(folder, tmp_path / "compiled")


@pytest.fixture
def small_library(tmp_path: Path) -> Library:
    """Return a library that holds the small catalogue only."""
    data = tmp_path / "only"
    data.mkdir()
    (data / "small-2030.yaml").write_text(json.dumps(small()))
    return Library(data, tmp_path / "compiled")


class TestLoad:
    def test_reads_the_edition(self, edition: str) -> None:
        """An edition carries its own id, year and the digest of its file."""
        catalogue, meta = load(edition), content(edition)["meta"]
        assert (catalogue.id, catalogue.edition, catalogue.title) == (edition, meta["edition"], meta["title"])
        assert catalogue.digest == source.read(source.DATA / f"{edition}.yaml", source.COMPILED)[1]

    def test_loads_once(self, edition: str) -> None:
        """A second call returns the same object."""
        assert load(edition) is load(edition)

    def test_reads_once_for_many_threads(self, small_library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        """Threads that ask at the same moment share one reading."""
        reads: Counter[str] = Counter()
        read, together = source.read, threading.Barrier(8)

        def counting(path: Path, compiled: Path) -> tuple:
            reads[path.stem] += 1
            return read(path, compiled)

        def ask() -> None:
            together.wait()
            found.append(small_library.load("small-2030"))

        monkeypatch.setattr(source, "read", counting)
        found: list[object] = []
        threads = [threading.Thread(target=ask) for _ in range(together.parties)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == together.parties
        assert len(set(map(id, found))) == 1
        assert reads == {"small-2030": 1}

    @pytest.mark.parametrize("name", ["nothing", "", "../data/iso20000-1-2018", MAPPING, REFERENCE, "editions"])
    def test_refuses_other_names(self, name: str) -> None:
        """What is not a catalogue of the folder is refused, paths and the other data files included."""
        mapping(), reference(), editions()
        with pytest.raises(NoSuchCatalogue):
            load(name)

    def test_names_what_is_broken(self, small_library: Library) -> None:
        """A catalogue that is not sound is refused with every problem named."""
        raw = small()
        raw["clauses"][3]["pdca"] = "dream"
        raw["clauses"][4]["step"] = 12
        (small_library.data / "small-2030.yaml").write_text(json.dumps(raw))
        with pytest.raises(BrokenData, match="pdca must be one of") as caught:
            small_library.load("small-2030")
        assert len(caught.value.problems) == 2
        assert caught.value.name == "small-2030"

    @pytest.mark.parametrize("text", ["clauses: [", "{1: 2", "\x00", "", "- a\n- b\n"])
    def test_refuses_what_is_no_catalogue(self, small_library: Library, text: str) -> None:
        """A file that is not YAML, or YAML of something else, is refused by name."""
        (small_library.data / "small-2030.yaml").write_text(text)
        with pytest.raises(BrokenData, match="small-2030"):
            small_library.load("small-2030")

    def test_refuses_a_file_of_another_name(self, small_library: Library) -> None:
        """A catalogue's id is its file's name, so that it is found where its id says."""
        (small_library.data / "small-2030.yaml").rename(small_library.data / "other.yaml")
        with pytest.raises(BrokenData, match=r"named other but its meta\.id is small-2030"):
            small_library.load("other")


class TestEditions:
    def test_lists_what_the_folder_holds(self) -> None:
        """Every catalogue is summarised with the item count of its own file, those in force first."""
        found = editions()
        counts = {e.id: sum(len(c.get("items", [])) for c in content(e.id)["clauses"]) for e in found}
        assert {e.id: e.item_count for e in found} == counts
        assert {e.id for e in found} == {p.stem for p in source.DATA.glob("iso20000-*.yaml")}
        assert [e.status for e in found] == ["current", "withdrawn"]

    def test_a_third_file_is_found(self, library: Library) -> None:
        """Another catalogue is one more file and nothing else."""
        assert {edition.id for edition in library.editions()} == {e.id for e in editions()} | {"small-2030"}
        assert len(library.load("small-2030").items) == 6
        assert {e.id: e.item_count for e in library.editions()}["small-2030"] == 6


class TestCompiled:
    def test_reads_the_same_as_the_source(self, library: Library) -> None:
        """A library gives the same catalogues, mapping and reference data compiled and not."""
        compile_all(library)
        compiled = Library(library.data, library.compiled)
        for name in (*library.ids(), MAPPING, REFERENCE):
            plain, cached = library.raw(name), Library(library.data, library.data / "none").raw(name)
            assert plain[:2] == cached[:2]
            assert (plain[2], cached[2]) == (True, False)
        assert compiled.load("small-2030").clauses == library.load("small-2030").clauses

    def test_is_never_stale(self, small_library: Library) -> None:
        """A change of the source is seen at once, although an older compiled form lies there."""
        compile_all(small_library)
        changed = small()
        changed["clauses"][0]["title"] = "Changed"
        (small_library.data / "small-2030.yaml").write_text(json.dumps(changed))
        assert small_library.load("small-2030").clause("10").title == "Changed"

    @pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"sha256": "0"}', b"\xff\xfe"])
    def test_damage_falls_back_to_the_source(self, small_library: Library, damage: bytes) -> None:
        """A compiled form that cannot be read is passed over silently."""
        (written,) = compile_all(small_library)
        written.write_bytes(damage)
        assert small_library.raw("small-2030")[2] is False
        assert small_library.load("small-2030").id == "small-2030"

    def test_a_broken_catalogue_is_not_compiled(self, small_library: Library) -> None:
        """Compiling checks first and writes nothing when a file is not sound."""
        raw = small()
        raw["clauses"][5]["items"] = []
        (small_library.data / "small-2030.yaml").write_text(json.dumps(raw))
        with pytest.raises(BrokenData, match="is assessable but has no items"):
            compile_all(small_library)
        assert not small_library.compiled.exists()

    def test_a_mapping_without_its_catalogues_is_not_compiled(self, library: Library) -> None:
        """Compiling names the catalogue that a mapping needs and the folder lacks."""
        (library.data / "iso20000-1-2011.yaml").unlink()
        with pytest.raises(BrokenData, match="there is no catalogue iso20000-1-2011"):
            compile_all(library)

    def test_a_mapping_of_another_shape_is_not_compiled(self, library: Library) -> None:
        """Compiling names a mapping that lacks a part instead of failing with a stack of calls."""
        (library.data / f"{MAPPING}.yaml").write_text("meta: {from: iso20000-1-2011, to: iso20000-1-2018}")
        with pytest.raises(BrokenData, match="a part is missing"):
            compile_all(library)

    def test_leaves_nothing_else_behind(self, small_library: Library) -> None:
        """Compiling twice leaves one file that others may read."""
        compile_all(small_library)
        (written,) = compile_all(small_library)
        assert list(small_library.compiled.iterdir()) == [written]
        assert written.stat().st_mode & 0o777 == 0o644


class TestImports:
    def test_importing_does_not_import_yaml(self) -> None:
        """Importing the package costs no YAML; a compiled catalogue loads without it."""
        code = (
            "import sys, portal.catalogue, portal.catalogue.public\n"
            "assert not {'yaml', 'jsonschema', 'flask'} & set(sys.modules), 'imported'"
        )
        subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)

    def test_a_compiled_catalogue_needs_no_yaml(self, small_library: Library) -> None:
        """A machine without PyYAML serves what was compiled."""
        compile_all(small_library)
        code = (
            "import sys, pathlib; sys.modules['yaml'] = None\n"
            "from portal.catalogue import Library\n"
            "library = Library(*map(pathlib.Path, sys.argv[1:]))\n"
            "assert len(library.load('small-2030').items) == library.editions()[0].item_count == 6"
        )
        folders = [str(small_library.data), str(small_library.compiled)]
        subprocess.run([sys.executable, "-c", code, *folders], check=True, env=ENVIRONMENT)


class TestReference:
    def test_has_every_part(self) -> None:
        """The reference data holds what the rules, the KPIs and the audit-time estimate need."""
        parts = {"time_rules", "finding_grades", "kpis", "documents", "audit_time", "multi_site"}
        assert parts <= reference().keys()
        assert reference() is reference()
        assert set(reference()["documents"]) == {edition.id for edition in editions()}
