"""Demo files built once per test process, and light readers for them."""

import csv
import io
import re
import zipfile
import zlib
from datetime import timedelta
from functools import cache
from typing import Any

from portal.demo.data import CLIENTS, load
from portal.demo.files import build

EVERY = [(name, entry["id"]) for name in CLIENTS for entry in load(name)["evidence"]]


@cache
def built(name: str, number: str, weeks: int = 0) -> tuple[str, bytes]:
    """Build one file of a client."""
    client = load(name)
    entry = next(entry for entry in client["evidence"] if entry["id"] == number)
    return build(client, entry, shift=timedelta(weeks=weeks))


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """Parse a CSV file; every line has to have all cells."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    assert rows
    assert all(None not in row and None not in row.values() for row in rows)
    return rows


def sheet_rows(content: bytes, sheet: str) -> list[dict[str, Any]]:
    """Read one sheet of a workbook by its head line."""
    import openpyxl

    head, *rows = openpyxl.load_workbook(io.BytesIO(content), read_only=True)[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def pdf_pages(content: bytes) -> int:
    """Check the frame of a PDF (head, cross references, end) and count its pages."""
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    start = int(re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", content).group(1))
    assert content[start : start + 4] == b"xref"
    offsets = re.findall(rb"(\d{10}) \d{5} n", content[start:])
    assert offsets
    assert all(re.match(rb"\d+ 0 obj", content[int(offset) :][:12]) for offset in offsets)
    return len(re.findall(rb"/Type /Page\b", content))


def pdf_text(content: bytes) -> str:
    """Return what the pages show, lines joined by blanks."""
    shown = []
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S):
        page = zlib.decompress(stream)
        shown += [found.replace(b"\\", b"").decode("latin-1") for found in re.findall(rb"\((.*?)\) Tj", page, re.S)]
    return re.sub(r"\s+", " ", " ".join(shown))


def zip_contents(content: bytes) -> dict[str, bytes]:
    """Unpack a ZIP after its check sums."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}
