"""File names: what is refused, what is saved, what is served."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.files.kinds import ALLOWED
from portal.files.names import (
    BadName,
    check_filename,
    content_disposition,
    is_allowed,
    kind_label,
    media_type,
    safe_filename,
)
from portal.files.port import FilesError

# Surrogates reach us as JSON escapes, hence text of every character.
any_name = st.text(st.characters(exclude_categories=[]), max_size=400)
EVIL = [
    "html", "htm", "xhtml", "svg", "js", "mjs", "exe", "bat", "cmd", "com", "msi", "ps1",
    "sh", "vbs", "jar", "scr", "lnk", "hta", "dll", "docm", "xlsm", "pptm", "swf", "php",
    "py", "mht", "wsf", "iso", "url", "chm",
]


class TestCheckFilename:
    """Names that are refused with a sentence."""

    @pytest.mark.parametrize("name", ["Plan.pdf", "Übersicht – Q3.xlsx", "計画.docx", "a" * 251 + ".pdf", "none"])
    def test_good(self, name: str) -> None:
        """An ordinary name is accepted, in any script, up to 255 characters."""
        check_filename(name)

    @pytest.mark.parametrize(
        ("name", "says"),
        [
            ("", "no name"),
            ("   ", "no name"),
            ("..", "no name"),
            ("a" * 252 + ".pdf", "256 characters"),
            ("a" * 296 + ".pdf", "300 characters"),
            ("a\0.pdf", "control"),
            ("a\n.pdf", "control"),
            ("a\x7f.pdf", "control"),
            ("a\u2028.pdf", "control"),
            ("../plan.pdf", "slash"),
            ("C:\\plan.pdf", "backslash"),
            ("plan\u202efdp.exe", "direction"),
            ("plan\u2066.pdf", "direction"),
            ("\u200eplan.pdf", "direction"),
            ("plan\ud800.pdf", "not valid text"),
        ],
    )
    def test_bad(self, name: str, says: str) -> None:
        """A hostile name is refused with a plain text that says what to do, about the field `filename`."""
        with pytest.raises(BadName, match=says) as refusal:
            check_filename(name)
        assert isinstance(refusal.value, FilesError)
        assert refusal.value.field == "filename"
        assert refusal.value.detail == str(refusal.value)
        assert refusal.value.detail.endswith(".")

    @given(any_name)
    def test_accepted_names_can_be_kept(self, name: str) -> None:
        """Whatever is accepted can be written as UTF-8 and has no path in it."""
        try:
            check_filename(name)
        except BadName:
            return
        assert name.encode()
        assert not re.search(r"[/\\\0\r\n]", name)


class TestSafeFilename:
    """Names as they are saved."""

    @pytest.mark.parametrize(
        ("name", "safe"),
        [
            ("Plan.pdf", "Plan.pdf"),
            ("Übersicht – Q3.xlsx", "Übersicht – Q3.xlsx"),
            ("U\u0308bersicht.pdf", "Übersicht.pdf"),
            ("計画.docx", "計画.docx"),
            ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\plan.pdf", "plan.pdf"),
            ("plan.pdf/", "plan.pdf"),
            ("plan\u202efdp.exe", "planfdp.exe"),
            ("a\0b\r\nc.pdf", "ab c.pdf"),
            ("a<b>:c?.pdf", "a_b__c_.pdf"),
            ("  plan  of   work .pdf ", "plan of work.pdf"),
            ("plan.pdf...", "plan.pdf"),
            (".pdf", "file.pdf"),
            ("", "file"),
            ("\u202e", "file"),
            ("CON", "_CON"),
            ("nul.txt", "_nul.txt"),
            ("com1.tar.gz", "_com1.tar.gz"),
            ("LPT9.pdf", "_LPT9.pdf"),
            ("console.pdf", "console.pdf"),
            ("plan\ud800.pdf", "plan.pdf"),
        ],
    )
    def test_examples(self, name: str, safe: str) -> None:
        """Paths, marks and reserved names go; what a person reads stays."""
        assert safe_filename(name) == safe

    @given(any_name)
    @example("x" * 400 + ".docx")
    @example("日" * 200 + ".pdf")
    @example("con ." + "x" * 12)
    def test_always_saveable(self, name: str) -> None:
        """Every result can be saved on every system, and making it safe again changes nothing."""
        safe = safe_filename(name)
        assert 0 < len(safe) <= 180
        assert len(safe.encode()) <= 240
        assert not re.search(r'[/\\<>:"|?*\x00-\x1f\x7f]', safe)
        assert not any(unicodedata.category(mark) in {"Cc", "Cs"} for mark in safe)
        assert safe == safe.strip(" .")
        assert not re.match(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)", safe)
        assert safe_filename(safe) == safe

    @pytest.mark.parametrize("stem", ["x" * 400, "日" * 400, "🗂" * 400])
    def test_long_names_keep_their_ending(self, stem: str) -> None:
        """A name is shortened before its extension, by whole characters."""
        safe = safe_filename(stem + ".docx")
        assert safe.endswith(".docx")
        assert set(safe.removesuffix(".docx")) == {stem[0]}


class TestContentDisposition:
    """The header of a download."""

    @pytest.mark.parametrize(
        ("name", "header"),
        [
            ("Plan.pdf", "attachment; filename=\"Plan.pdf\"; filename*=UTF-8''Plan.pdf"),
            (
                "Übersicht 100%.pdf",
                "attachment; filename=\"Ubersicht 100_.pdf\"; filename*=UTF-8''%C3%9Cbersicht%20100%25.pdf",
            ),
            ("計画.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E8%A8%88%E7%94%BB.pdf"),
        ],
    )
    def test_examples(self, name: str, header: str) -> None:
        """A download is an attachment with an ASCII name and the full one."""
        assert content_disposition(name) == header

    @given(any_name)
    def test_one_header_and_no_more(self, name: str) -> None:
        """No name breaks out of its quotes or its line, and the full name reads back."""
        form = (
            r'attachment; filename="([ !#$&-\[\]-~]+)"; '
            r"filename\*=UTF-8''([A-Za-z0-9!#$&+.^_`|~%-]+)"
        )
        match = re.fullmatch(form, content_disposition(name))
        assert match
        assert unquote(match[2]) == safe_filename(name)


class TestKinds:
    """Extensions."""

    @pytest.mark.parametrize("ending", EVIL)
    def test_active_content_is_refused(self, ending: str) -> None:
        """Programs, scripts, macros and what a browser runs are refused, and would be served as octets."""
        for name in (f"plan.{ending}", f"plan.pdf.{ending.upper()}", f"plan.{ending}. "):
            assert not is_allowed(name)
            assert media_type(name) == "application/octet-stream"

    @pytest.mark.parametrize("name", ["", "plan", "pdf", "plan.", "plan.pdf\u202e", "plan.p df"])
    def test_without_extension(self, name: str) -> None:
        """A name without a known extension is refused."""
        assert not is_allowed(name)
        assert media_type(name) == "application/octet-stream"

    @pytest.mark.parametrize("ending", sorted(ALLOWED))
    def test_allowed_types_are_passive(self, ending: str) -> None:
        """No allowed file is served as something a browser would run."""
        assert is_allowed(f"Plan.{ending.upper()}")
        assert not re.search(r"html|svg|/xml|\+xml|javascript|rfc822", media_type(f"plan.{ending}"))

    def test_common_types(self) -> None:
        """Common files are served as what they are; XML as octets."""
        assert media_type("a.pdf") == "application/pdf"
        assert media_type("a.CSV") == "text/csv; charset=utf-8"
        assert media_type("a.xml") == media_type("a.eml") == "application/octet-stream"

    @pytest.mark.parametrize(
        ("name", "label"),
        [("a.pdf", "PDF"), ("a.JPEG", "JPG"), ("a.xlsx", "XLSX"), ("a", "FILE"), ("", "FILE")],
    )
    def test_labels(self, name: str, label: str) -> None:
        """A file is called by its extension in capitals."""
        assert kind_label(name) == label
