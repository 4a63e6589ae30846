"""Lay out what Lambda runs, for Zappa to pack: `python -m tools.package FOLDER [STAGE]` also packs it.

Zappa packs the folder it runs in and the virtual environment it finds. Both are made here: of the project what the
functions import, of the environment the packages that this needs. Everything is compiled to bytecode that Python does
not compare with its source, because the time of a file in a package is lost and nothing can be compiled on Lambda.
"""

from __future__ import annotations

import ast
import compileall
import json
import os
import re
import shutil
import subprocess
import sys
from collections import ChainMap, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from py_compile import PycInvalidationMode
from string import Template
from typing import Any

from tools.machine import ROOT, VENV, give_up, say

FUNCTIONS = ("functions.api", "functions.stream", "functions.uploaded", "functions.scheduled")
PROJECT = ("functions", "portal")
LOCKS = ("run", "aws")
# What these locks have for servers, for set-up and for Windows.
LEFT_OUT = {"gunicorn", "packaging", "setuptools", "pycparser", "colorama"}
SETTINGS = "zappa_settings.json"
# To pack, Zappa needs to know nothing of where the package goes.
TO_PACK = defaultdict(lambda: "unknown", Region="us-east-1")
HOME = "/var/task"  # where Lambda unpacks a package
ZAPPA = VENV / "deploy" / "bin" / "zappa"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)


def lay_out(folder: Path) -> Path:
    """Write the project below folder/code and an environment below folder/packages; return the former."""
    code, outside = folder / "code", folder / "packages" / "lib" / f"python{_python()}" / "site-packages"
    modules = imports(FUNCTIONS)
    for path in (*modules, *data_of(modules)):
        _copy(path, code / path.relative_to(ROOT))
    for name in packages():
        for source, place in files_of(distribution(name)):
            _copy(source, outside / place)
    _complete(outside)
    for made in (code, outside):
        if not _compile(made):
            give_up(f"The files below {made} could not be compiled.")
    return code


def settings(stage: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return Zappa's settings of one stage; `given` is what the templates give, by name. Raise KeyError for a lack."""
    known = ChainMap({"Stage": stage, "Runtime": f"python{_python()}"}, given)  # type: ignore[arg-type]
    base = json.loads((ROOT / SETTINGS).read_text())["base"]
    return {stage: _filled(base, known)}


def pack(folder: Path, stage: str, given: Mapping[str, str] = TO_PACK) -> Path:
    """Lay out and pack; return the package. The layout is ready for Zappa's other commands when all is given."""
    code = lay_out(folder)
    (code / SETTINGS).write_text(json.dumps(settings(stage, given), indent=2))
    target = folder / f"certway-{stage}.zip"
    done = zappa(folder, "package", stage, "--output", target.name)
    if done.returncode:
        give_up(f"Zappa could not pack the functions.\n{done.stdout}{done.stderr}")
    return Path(shutil.move(code / target.name, target))


def zappa(folder: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run Zappa where `lay_out` wrote."""
    environ = {**os.environ, "VIRTUAL_ENV": str(folder / "packages"), **environ}
    return subprocess.run([ZAPPA, *command], cwd=folder / "code", env=environ, capture_output=True, text=True)


def imports(starts: Iterable[str]) -> set[Path]:
    """Return the project's files that modules import, also inside functions."""
    found: set[Path] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if path is not None and path not in found:
            found.add(path)
            waiting += [*(other for other in _named(path) if other.startswith(PROJECT)), name.rpartition(".")[0]]
    return found


def _file(name: str) -> Path | None:
    place = ROOT.joinpath(*name.split("."))
    return next((p for p in (place.with_suffix(".py"), place / "__init__.py") if name and p.is_file()), None)


def _named(path: Path) -> Iterator[str]:
    """Yield every module that a file may mean by its imports; some of the names are no modules."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def data_of(modules: Iterable[Path]) -> Iterator[Path]:
    """Yield what lies beside modules and in folders of theirs that hold no modules: catalogues, descriptions."""
    for home in {path.parent for path in modules}:
        folders = [home, *(f for f in home.iterdir() if f.is_dir() and not any(f.glob("*.py")))]
        yield from (p for f in folders for p in f.iterdir() if p.suffix in (".json", ".yaml"))


def packages() -> list[str]:
    """Return the packages of the locks that are packed; give up when one is not installed as its lock says."""
    texts = [(ROOT / f"requirements/{lock}.txt").read_text() for lock in LOCKS]
    locked = {_plain(name): version for text in texts for name, version in _PINNED.findall(text)}
    wanted = sorted(set(locked) - LEFT_OUT)
    wrong = [name for name in wanted if _version(name) != locked[name]]
    if wrong:
        give_up(f"These packages are not installed as their locks say: {', '.join(wrong)}. Run: make setup")
    return wanted


def _version(name: str) -> str:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def files_of(package: Distribution) -> Iterator[tuple[Path, Path]]:
    """Yield a package's files and their places in site-packages; commands and bytecode are left out."""
    for file in package.files or ():
        if ".." not in file.parts and "__pycache__" not in file.parts:
            yield Path(str(file.locate())), Path(*file.parts)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _complete(outside: Path) -> None:
    """Add the `__init__.py` that Zappa would add where a package has none, so that it is compiled with the rest."""
    for home in {path.parent for path in outside.rglob("*.py")} - {outside}:
        (home / "__init__.py").touch()


def _compile(folder: Path) -> bool:
    mode = PycInvalidationMode.UNCHECKED_HASH
    return compileall.compile_dir(
        folder, maxlevels=20, quiet=1, force=True, stripdir=str(folder), prependdir=HOME, invalidation_mode=mode
    )


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(below, known) for name, below in value.items()}
    return Template(value).substitute(known) if isinstance(value, str) else value


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def main(folder: str, stage: str = "base") -> None:
    """Pack below a folder."""
    target = pack(Path(folder).resolve(), stage)
    say(f"{target}: {target.stat().st_size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main(*sys.argv[1:])
