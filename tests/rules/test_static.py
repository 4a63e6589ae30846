"""What must never be forgotten about the static site: nothing inline, every module preloaded, every weight kept."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

STATIC = Path("static")
PAGES = sorted(STATIC.glob("*.html"))
OWN = sorted(path for path in STATIC.rglob("*.js") if "vendor" not in path.parts)
CSS = sorted(path for path in STATIC.rglob("*.css") if "vendor" not in path.parts)
IMPORT = re.compile(r"""^(?:import|export)\s(?:[^'"\n]*?\sfrom\s)?['"]([^'"]+)['"]""", re.M)
BUDGET = 60_000  # bytes of JavaScript and CSS, gzipped, fonts apart


def graph(entry: str) -> set[str]:
    """Return every module that an address imports at once, itself included."""
    seen, waiting = set(), [entry]
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        text = (STATIC / module.lstrip("/")).read_text()
        for name in set(IMPORT.findall(text)):
            resolved = name if name.startswith("/") else str(Path(module).parent / name)
            waiting.append(re.sub(r"/\w[^/]*/\.\./", "/", resolved.replace("/./", "/")))
    return seen


def name(path: Path) -> str:
    return path.name


@pytest.mark.parametrize("page", PAGES, ids=name)
class TestPage:
    def test_nothing_inline(self, page: Path) -> None:
        """A page has no inline script, style or handler, which the content security policy would block."""
        text = page.read_text()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))

    def test_is_complete(self, page: Path) -> None:
        """A page names its language, its title, its width, one h1 and one main."""
        text = page.read_text()
        assert '<html lang="en"' in text
        assert re.search(r"<title>[^<]+</title>", text)
        assert 'name="viewport"' in text
        assert len(re.findall(r"<h1[\s>]", text)) == 1
        assert len(re.findall(r"<main[\s>]", text)) == 1

    def test_references_exist(self, page: Path) -> None:
        """Everything that a page loads or links to on this site exists."""
        for address in re.findall(r"""(?:src|href)="(/[^"#?]*)""", page.read_text()):
            if address != "/" and not address.startswith("/api/"):
                assert (STATIC / address.lstrip("/")).is_file(), address

    def test_preloads_its_modules(self, page: Path) -> None:
        """Every module of a page is named in the page, so that the browser fetches all at once."""
        text = page.read_text()
        preloaded = set(re.findall(r'rel="modulepreload" href="([^"]+)"', text))
        for entry in re.findall(r'<script type="module" src="([^"]+)"', text):
            assert graph(entry) - {entry} <= preloaded

    def test_weight(self, page: Path) -> None:
        """A page needs at most 60 kB of JavaScript and CSS, gzipped."""
        text = page.read_text()
        addresses = {m for e in re.findall(r'<script type="module" src="([^"]+)"', text) for m in graph(e)}
        addresses |= set(re.findall(r'rel="stylesheet" href="([^"]+)"', text))
        weight = sum(len(gzip.compress((STATIC / a.lstrip("/")).read_bytes())) for a in addresses)
        assert weight <= BUDGET


@pytest.mark.parametrize("script", OWN, ids=str)
def test_scripts_stay_inside_the_policy(script: Path) -> None:
    """No script writes HTML as text, evaluates text, or sets a style attribute."""
    text = script.read_text()
    assert not re.search(r"\binnerHTML\b|outerHTML|insertAdjacentHTML|\beval\(|new Function|unsafeHTML|styleMap", text)
    assert not re.search(r"""<[a-z][^`<>]*\sstyle=["$]""", text)


def test_vendor_references_are_known() -> None:
    """Every third-party file that the site refers to is one that set-up brings and checks."""
    known = {f"/vendor/{entry['to']}" for entry in json.loads(Path("tools/vendor.json").read_text())}
    texts = (path.read_text() for path in (*PAGES, *OWN, *CSS))
    used = {address for text in texts for address in re.findall(r"/vendor/[\w./-]+\.(?:js|css|woff2)", text)}
    assert used - known == set()


def test_colours_are_tokens() -> None:
    """Colours stand in the tokens layer only, so that the dark theme needs to override nothing else."""
    for sheet in CSS:
        text = re.sub(r"@layer tokens \{.*?\n\}", "", sheet.read_text(), flags=re.S)
        text = re.sub(r"@media print \{.*?\n  ?\}", "", text, flags=re.S)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*\{)|\brgba?\(", text), sheet
