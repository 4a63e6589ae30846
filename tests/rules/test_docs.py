"""What must never be forgotten about the documents: what can be set or run is in them, and no link leads nowhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest

from portal.cli import main
from portal.settings import DECLARED, Setting

OPERATORS = Path("docs/operators.md").read_text()
README = Path("README.md").read_text()
MAKEFILE = Path("Makefile").read_text()
DOCUMENTS = [Path("README.md"), Path("CHANGELOG.md"), *sorted(Path("docs").rglob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:portal|static|tests|tools|docs|requirements)/[\w./-]*\w(?:\.\w+|/)?)`")
MADE = ("static/vendor/", "portal/catalogue/compiled/")  # by set-up
EMPTY = "–"


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of all tables in a text by what their first cell names."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| `")]
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in lines}


def section(text: str, start: str, end: str) -> str:
    """Return what stands between two marks, which both have to be there."""
    return text[text.index(start) : text.index(end, text.index(start))]


def told(setting: Setting, cell: str) -> Any:
    """Return the default that a table tells, read as the setting itself would be."""
    if cell == EMPTY:
        return None if setting.default is None else setting.read("")
    return setting.read(cell)


@pytest.mark.parametrize("setting", DECLARED.values(), ids=lambda s: s.variable)
def test_every_setting_is_described(setting: Setting) -> None:
    """The operators' guide has a row for every setting, with the default that it has."""
    default, about = rows(OPERATORS)[f"`{setting.variable}`"]
    assert told(setting, default) == setting.default
    assert about


def test_no_setting_is_made_up() -> None:
    """Every variable that a document names is a setting."""
    named = {name for path in DOCUMENTS for name in re.findall(r"CERTWAY_[A-Z_]+", path.read_text())}
    assert named - {setting.variable for setting in DECLARED.values()} == set()


def options(command: click.Command) -> dict[str, click.Option]:
    """Return the options of a command by the way a table names them."""
    found = [p for p in command.params if isinstance(p, click.Option)]
    return {" / ".join(f"`{name}`" for name in (*p.opts, *p.secondary_opts)): p for p in found}


def commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """Return every command by its full name, those of groups included."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        inside = commands(command, f"{before}{name} ") if isinstance(command, click.Group) else None
        found |= inside if inside is not None else {f"{before}{name}": command}
    return found


COMMANDS = commands(main)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_described(name: str) -> None:
    """The operators' guide has every command with exactly its options and their defaults."""
    start = OPERATORS.index(f"\n`certway {name}` ")
    table = OPERATORS[start : OPERATORS.index("\n\n", OPERATORS.index("|---", start))]
    described = rows(table)
    assert set(described) == set(options(COMMANDS[name]))
    for shown, option in options(COMMANDS[name]).items():
        if isinstance(option.default, (int, str, Path)) and not isinstance(option.default, bool):
            assert described[shown][0] == str(option.default)


def test_every_target_is_described() -> None:
    """The table of commands in the README has every make target, and none that there is not."""
    targets = set(re.findall(r"^([a-z]+):.*##", MAKEFILE, re.M))
    start = section(README, "## Start", "## The main job")
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", start, re.M)) == targets


def slugs(path: Path) -> set[str]:
    """Return the anchors of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_somewhere(document: Path) -> None:
    """Every relative link leads to a file or a folder that exists, and to a heading where it names one."""
    for link in LINK.findall(document.read_text()):
        if link.startswith("https://"):
            continue
        address, _, anchor = link.partition("#")
        target = document.parent / address if address else document
        assert target.exists(), link
        assert not anchor or anchor in slugs(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_named_paths_exist(document: Path) -> None:
    """Every file or folder of the tree that a document names exists."""
    for name in NAMED.findall(document.read_text()):
        assert name.startswith(MADE) or Path(name).exists(), name


def test_every_document_can_be_found() -> None:
    """Every guide is linked from the README, and decisions are numbered without gaps."""
    linked = {Path(link) for link in LINK.findall(README)}
    assert set(Path("docs").glob("*.md")) <= linked
    numbers = [path.name[:4] for path in sorted(Path("docs/adr").glob("*.md"))]
    assert numbers == [f"{number:03d}-" for number in range(1, len(numbers) + 1)]
