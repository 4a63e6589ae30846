import io
import os
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from hashlib import sha256

import pytest

from portal.demo.data import CLIENTS, load, load_texts
from portal.demo.dates import shifted_name
from tests.unit.demo.built import EVERY, built, csv_rows, pdf_pages, pdf_text, zip_contents

_DIGESTS = """
from hashlib import sha256
from tests.unit.demo.built import built
for name, number in {picked}:
    print(sha256(built(name, number)[1]).hexdigest())
"""


def opens(name: str, content: bytes) -> None:
    """Open one file with what reads its kind; a container opens each file in it."""
    kind = name.rpartition(".")[2]
    if kind == "pdf":
        assert 1 <= pdf_pages(content) <= 4
    elif kind == "csv":
        csv_rows(content)
    elif kind == "zip":
        for inner, data in zip_contents(content).items():
            opens(inner, data)
    else:
        _opens_office(kind, content)


def _opens_office(kind: str, content: bytes) -> None:
    import docx
    import openpyxl
    import pptx

    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert len(book.sheetnames) > 1
        assert all(sheet.max_row > 1 for sheet in book)
    elif kind == "docx":
        assert len(docx.Document(io.BytesIO(content)).paragraphs) > 5
    else:
        assert kind == "pptx"
        assert len(pptx.Presentation(io.BytesIO(content)).slides) > 5


@pytest.mark.parametrize(("name", "number"), EVERY)
def test_every_evidence_item_has_a_file_that_opens(name, number):
    """Each entry of each client gives a file of its kind that the usual reader opens."""
    file, content = built(name, number)
    entry = next(entry for entry in load(name)["evidence"] if entry["id"] == number)
    assert file == entry["file"]
    assert not file.endswith(".pdf") or pdf_pages(content) >= 2
    opens(file, content)


@pytest.mark.parametrize("name", CLIENTS)
def test_texts_and_entries_match(name):
    """No text without an entry and no entry without a text."""
    assert set(load_texts(name)) == {entry["id"] for entry in load(name)["evidence"]}


@pytest.mark.parametrize("name", CLIENTS)
def test_owners_and_steps_are_those_of_the_client(name):
    """Each entry and finding belongs to a person of the client and, where it has one, to a step."""
    client = load(name)
    people = client["organisation"]["people"]
    assert all(entry["owner"] in people for entry in [*client["evidence"], *client["findings"]])
    assert {entry["step"] for entry in client["evidence"]} <= {step["step"] for step in client["steps"]}


def test_the_whole_demo_is_small():
    """All files together stay below 15 MB."""
    assert sum(len(built(name, number)[1]) for name, number in EVERY) < 15_000_000


def test_a_pdf_shows_who_owns_it_and_its_page():
    """The first page carries organisation, document control and page x of y."""
    text = pdf_text(built("northwind", "EV-029")[1])
    for part in ("Northwind IT Services Ltd", "Change management policy", "1.0, approved", "Anjali Rao", "2026-01-14"):
        assert part in text
    for part in ("Approved by Ingrid Solberg", "Next review 2027-01-13", "8.5.1.1", "Page 1 of 2", "Page 2 of 2"):
        assert part in text


PICKED = [("cormorant", "EV-001"), ("cormorant", "EV-002"), ("cormorant", "EV-003")]
PICKED += [("northwind", "EV-008"), ("northwind", "EV-041"), ("northwind", "EV-074")]


def test_bytes_depend_on_nothing_but_the_input():
    """Another process with another hash seed and clock gives the same bytes for every kind of file."""
    code = _DIGESTS.format(picked=PICKED)
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.getcwd(), "TZ": "Asia/Tokyo"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.split() == [sha256(built(name, number)[1]).hexdigest() for name, number in PICKED]


@pytest.mark.parametrize(("name", "number"), [pair for pair in PICKED if not pair[1].endswith("41")])
def test_containers_carry_the_date_of_the_evidence(name, number):
    """Office files and archives are stamped with the day of the evidence, not of the build."""
    file, content = built(name, number)
    if file.endswith(".pdf"):
        assert b"/CreationDate (D:20261113" in content
        return
    day = next(entry["date"] for entry in load(name)["evidence"] if entry["id"] == number)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {date(*entry.date_time[:3]).isoformat() for entry in archive.infolist()} == {day}
        if not file.endswith(".zip"):
            core = archive.read("docProps/core.xml").decode()
            assert core.count(f">{day}T09:00:00Z<") == 2


@pytest.mark.parametrize("number", ["EV-045", "EV-052", "EV-070"])
def test_a_shift_moves_name_and_content(number):
    """With a shift both the name and the bytes are others, and the name is the moved one."""
    plain, moved = built("northwind", number), built("northwind", number, weeks=20)
    assert moved[0] == shifted_name(plain[0], timedelta(weeks=20)) != plain[0]
    assert moved[1] != plain[1]


def test_the_shifted_minutes_speak_of_the_shifted_day():
    """Texts move with the names."""
    name, content = built("northwind", "EV-070", weeks=20)
    text = pdf_text(content)
    assert name == "Management-Review-Minutes-2026-12-22.pdf"
    assert "22 December 2026" in text
    assert "2026-08" not in text
