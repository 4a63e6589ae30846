"""The package of the functions: what is in it, that it is whole, and that nothing in it has to be compiled."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from importlib.metadata import distribution, packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from portal.settings import DECLARED
from tests.functions.payloads import payload
from tests.support.templates import template
from tools import package
from tools.machine import ROOT

MOST = 40 * 2**20  # bytes, packed
MOST_UNPACKED = 250 * 2**20  # what Lambda takes
GENERATED = {"zappa_settings.py", "__init__.py"}  # by Zappa
# What an import of the project's own cannot name: the C halves of two packages, and PyYAML's.
HALVES = {"_argon2_cffi_bindings", "_cffi_backend", "_yaml"}
STRANGERS = {
    "tests", "tools", "static", "infra", "node_modules", ".git", ".venv", "var", "demo", "requirements", "zappa",
    "gunicorn", "setuptools", "pip", "handler.py", "package_info.json", "conftest.py",
}  # fmt: skip
RUN = """
import json, sys
compiled = []
sys.addaudithook(lambda name, args: compiled.append(str(args[1])) if name == "compile" else None)
sys.path.insert(0, sys.argv[1])
from functions import api, scheduled, stream, uploaded
answer = api.handler(json.load(sys.stdin))
import portal.files.s3, portal.actions.passwords, portal.actions.totp, argon2, pyotp, yaml, smtplib
from portal import catalogue
items = sum(edition.item_count for edition in catalogue.editions())
outside = [m.__file__ for m in sys.modules.values() if "site-packages" in (getattr(m, "__file__", None) or "")]
print(json.dumps([answer["statusCode"], items, [p for p in compiled if p.endswith(".py")], outside]))
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have Zappa pack the functions."""
    if not package.ZAPPA.exists():
        missing = "Zappa is not installed: python3 -m tools.setup deploy"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    return package.pack(tmp_path_factory.mktemp("package"), "base")


@pytest.fixture(scope="module")
def names(packed: Path) -> list[str]:
    """Return the names of everything in the package."""
    with zipfile.ZipFile(packed) as archive:
        return archive.namelist()


def of_project(names: list[str]) -> set[str]:
    """Return the project's own files."""
    return {name for name in names if name.startswith(("portal/", "functions/")) and "/__pycache__/" not in name}


class TestContents:
    def test_nothing_twice(self, names: list[str]) -> None:
        """No name is in it twice, however it is spelt."""
        counted = Counter(os.path.normpath(name) for name in names)
        assert [name for name, count in counted.items() if count > 1] == []

    def test_size(self, packed: Path) -> None:
        """It has room to grow to Lambda's limits."""
        with zipfile.ZipFile(packed) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        assert packed.stat().st_size < MOST
        assert unpacked < MOST_UNPACKED

    def test_no_strangers(self, names: list[str]) -> None:
        """No tests, no tools, no site, no templates, nothing of the machine that it was made on."""
        parts = {part for name in names for part in Path(name).parts}
        assert parts & STRANGERS == set()

    def test_only_what_is_imported(self, names: list[str]) -> None:
        """Of the project it has the modules that functions import, and what lies beside them."""
        imported = package.imports(package.FUNCTIONS)
        expected = {str(path.relative_to(ROOT)) for path in (*imported, *package.data_of(imported))}
        assert of_project(names) - expected == set()
        assert expected - of_project(names) == set()
        assert {"portal/wsgi.py", "portal/cli.py", "portal/records/sqlite.py"} & expected == set()

    def test_only_packages_that_are_needed(self, names: list[str]) -> None:
        """Of others it has what the project's modules import, and what that requires."""
        tops = {name.split("/")[0].split(".")[0] for name in names if name not in GENERATED} - {"__pycache__"}
        wanted = _required(_imported(package.imports(package.FUNCTIONS)))
        assert tops - {"portal", "functions"} - HALVES == wanted - package.LEFT_OUT - HALVES

    def test_settings_hold_no_secret(self, packed: Path) -> None:
        """What Zappa writes into it says nothing of where it goes."""
        with zipfile.ZipFile(packed) as archive:
            written = archive.read("zappa_settings.py").decode()
        assert "CERTWAY" not in written


def _imported(modules: set[Path]) -> set[str]:
    """Return the packages that modules import."""
    named = {name.split(".")[0] for path in modules for name in package._named(path) if ast.parse(path.read_text())}
    givers = packages_distributions()
    return {givers[name][0] for name in named - sys.stdlib_module_names - set(package.PROJECT) if name in givers}


def _required(packages: set[str]) -> set[str]:
    """Return the names at which packages and what they require are imported."""
    found: set[str] = set()
    waiting = list(packages)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name not in found:
            found.add(name)
            wanted = [Requirement(line) for line in distribution(name).requires or ()]
            waiting += [r.name for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})]
    givers = packages_distributions()
    return {top for top, by in givers.items() if re.sub(r"[-_.]+", "-", by[0]).lower() in found}


class TestBytecode:
    def test_all_of_it(self, packed: Path, names: list[str]) -> None:
        """Every module is compiled, in a form that Python takes without looking at the source's time."""
        tag = sys.implementation.cache_tag
        sources = [Path(name) for name in names if name.endswith(".py") and Path(name).name not in GENERATED]
        with zipfile.ZipFile(packed) as archive:
            for path in sources:
                code = archive.read(str(path.parent / "__pycache__" / f"{path.stem}.{tag}.pyc"))
                assert int.from_bytes(code[4:8], "little") == 0b01, path

    def test_runs(self, packed: Path, tmp_path: Path) -> None:
        """It runs by itself: every function can be imported, and no module has to be compiled."""
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(tmp_path)
        command = [sys.executable, "-I", "-S", "-c", RUN, str(tmp_path)]
        told = subprocess.run(command, input=json.dumps(payload("foreign/command")), capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        status, items, compiled, outside = json.loads(told.stdout)
        assert (status, compiled, outside) == (400, [], [])
        assert items > 200


class TestSettings:
    def settings(self) -> dict[str, Any]:
        """Return the checked-in settings."""
        read: dict[str, Any] = json.loads((ROOT / package.SETTINGS).read_text())["base"]
        return read

    def test_ours(self) -> None:
        """Zappa makes no roles, touches nothing, keeps nothing warm, and runs our handler for HTTP API events."""
        chosen = self.settings()
        for name in ("manage_roles", "touch", "keep_warm", "debug", "cors", "use_precompiled_packages"):
            assert chosen[name] is False, name
        assert (chosen["apigateway_version"], chosen["lambda_handler"]) == ("v2", "functions.api.handler")

    def test_filled(self) -> None:
        """All that they leave open is what the templates give, or what whoever deploys says."""
        open_names = set(re.findall(r"\$\{(\w+)\}", json.dumps(self.settings())))
        given = {*template("data")["Outputs"], *template("application")["Outputs"]}
        assert open_names - given == {"Runtime", "Region", "PublicUrl"}
        known = dict.fromkeys([*given, "Region", "PublicUrl"], "x")
        (filled,) = package.settings("rehearsal", known).values()
        assert "${" not in json.dumps(filled)
        with pytest.raises(KeyError):
            package.settings("rehearsal", {})

    def test_variables(self) -> None:
        """The function is told settings that there are, and the name of its secret instead of the secret."""
        told = {name for name in self.settings()["aws_environment_variables"] if name.startswith("CERTWAY_")}
        assert told <= {setting.variable for setting in DECLARED.values()} - {"CERTWAY_SECRET"}
        assert "CERTWAY_SECRET_ID" in told
