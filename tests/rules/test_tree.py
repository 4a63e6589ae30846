"""What must never be forgotten about the tree itself."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

FILES = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.split("\n")
PYTHON = [Path(f) for f in FILES if f.endswith(".py") and Path(f).exists()]
PORTAL = [path for path in PYTHON if path.parts[0] in ("portal", "functions")]
TEXT = (".py", ".js", ".css", ".html", ".md", ".toml", ".json", ".yaml", ".txt", ".in", ".npmrc", "Makefile")


@pytest.mark.parametrize("module", PORTAL, ids=str)
def test_public_names_are_documented(module: Path) -> None:
    """Every module, public class and public function of the product says what it does."""
    tree = ast.parse(module.read_text())
    assert ast.get_docstring(tree) or not tree.body, "the module"
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


@pytest.mark.parametrize("module", [p for p in PYTHON if p.name.startswith("test_")], ids=str)
def test_tests_say_what_they_show(module: Path) -> None:
    """Every test states the behaviour it shows in one sentence."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            assert ast.get_docstring(node), node.name


def test_no_registry_and_no_machine() -> None:
    """No tracked file names a package registry or a path of one machine."""
    hosts = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|registry|debian)[\w.-]*", re.I)
    paths = re.compile(r"(?<![\w.])/(?:root|home)/[a-z]")
    wrong = []
    for name in FILES:
        path = Path(name)
        if path.name.endswith(TEXT) and path.is_file():
            text = path.read_text()
            wrong += [f"{name}: {found}" for found in (*hosts.findall(text), *paths.findall(text))]
    assert wrong == []


def test_secrets_never_enter_events() -> None:
    """No action puts a password, a secret or a code into an event's text."""
    for module in PORTAL:
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Event":
                names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                assert not names & {"password", "secret", "code", "token", "link"}, f"{module}:{node.lineno}"
