"""PDF documents: a title block, document control, numbered sections, signatures, page x of y."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from portal.demo.files.content import Source, approver, control_rows, history_rows
from portal.demo.files.tables import Table

_INK, _GREY, _BAND, _PALE = (28, 34, 44), (96, 104, 118), (24, 62, 84), (234, 239, 243)
_LINE = 6.0


def render_pdf(source: Source) -> bytes:
    """Create the PDF of one document or record."""
    pdf = _document_class()(source)
    pdf.add_page()
    _title_block(pdf, source)
    _control(pdf, source)
    _body(pdf, source)
    _signatures(pdf, source)
    return bytes(pdf.output())


@lru_cache(maxsize=1)
def _document_class() -> Any:
    """Define the page frame; inside a function because fpdf2 takes long to import."""
    from fpdf import FPDF

    class Document(FPDF):
        def __init__(self, source: Source) -> None:
            super().__init__(format="A4")
            self.source = source
            self.set_margins(22, 24, 22)
            self.set_auto_page_break(True, margin=24)
            day = source.date
            self.set_creation_date(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
            self.set_title(_latin(source.title))
            self.set_author(_latin(source.author))
            self.alias_nb_pages()

        def header(self) -> None:
            if self.page_no() == 1:
                return
            self.set_y(12)
            self._small(f"{self.source.issuer}   |   {self.source.title}   |   {self.source.entry['id']}", "L")
            self.set_draw_color(*_GREY)
            self.line(22, 18.5, 188, 18.5)
            self.set_y(24)

        def footer(self) -> None:
            self.set_y(-16)
            self._small(f"{_footnote(self.source)}   |   Page {self.page_no()} of {{nb}}", "C")

        def _small(self, text: str, align: str) -> None:
            self.set_font("Helvetica", size=8.5)
            self.set_text_color(*_GREY)
            self.cell(0, 5, _latin(text), align=align)

    return Document


def _footnote(source: Source) -> str:
    if source.is_document:
        return f"Version {source.version} of {source.entry['date']}; printed copies are not controlled"
    return f"Record of {source.entry['date']}; internal"


def _latin(text: Any) -> str:
    """Keep to the characters the built-in fonts have."""
    return str(text).encode("latin-1", "replace").decode("latin-1")


def _title_block(pdf: Any, source: Source) -> None:
    pdf.set_fill_color(*_BAND)
    pdf.rect(0, 0, 210, 20, style="F")
    pdf.set_xy(22, 7)
    pdf.set_text_color(255, 255, 255)
    pdf.set_font("Helvetica", "B", 12)
    pdf.cell(0, 6, _latin(source.issuer))
    pdf.set_xy(22, 32)
    pdf.set_text_color(*_INK)
    pdf.set_font("Helvetica", "B", 20)
    pdf.multi_cell(0, 9, _latin(source.title), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)


def _control(pdf: Any, source: Source) -> None:
    _table(pdf, ([], [list(row) for row in control_rows(source)]), widths=(42, 124))
    if source.is_document:
        _table(pdf, history_rows(source), widths=(20, 28, 48, 70))


def _body(pdf: Any, source: Source) -> None:
    number = 0
    for block in source.spec["body"]:
        if isinstance(block, str):
            _paragraph(pdf, block)
        elif isinstance(block, list):
            _bullets(pdf, block)
        elif "h" in block:
            number += 1
            _heading(pdf, f"{number}  {block['h']}")
        else:
            _table(pdf, source.table(block), widths=block.get("widths"))


def _heading(pdf: Any, text: str) -> None:
    if pdf.get_y() > 250:
        pdf.add_page()
    pdf.ln(2)
    pdf.set_font("Helvetica", "B", 13)
    pdf.set_text_color(*_BAND)
    pdf.multi_cell(0, 7, _latin(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(1)


def _text_style(pdf: Any) -> None:
    pdf.set_font("Helvetica", size=11)
    pdf.set_text_color(*_INK)


def _paragraph(pdf: Any, text: str) -> None:
    _text_style(pdf)
    pdf.multi_cell(0, _LINE, _latin(text), align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2.5)


def _bullets(pdf: Any, items: list[str]) -> None:
    _text_style(pdf)
    for item in items:
        pdf.cell(6, _LINE, "\xb7", align="C")
        pdf.multi_cell(0, _LINE, _latin(item), align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(1)
    pdf.ln(1.5)


def _table(pdf: Any, table: Table, widths: Any = None) -> None:
    """Draw a table; without a head the first column is the label."""
    from fpdf.fonts import FontFace

    head, rows = table
    pdf.set_font("Helvetica", size=9.5)
    pdf.set_text_color(*_INK)
    pdf.set_draw_color(200, 206, 214)
    pdf.set_fill_color(255, 255, 255)
    bold = FontFace(emphasis="BOLD", fill_color=_PALE, color=_INK)
    options = {"col_widths": tuple(widths)} if widths else {"col_widths": _widths(table)}
    with pdf.table(
        text_align="LEFT", line_height=5, padding=1.2, headings_style=bold, first_row_as_headings=bool(head), **options
    ) as drawn:
        for cells in [head, *rows] if head else rows:
            row = drawn.row()
            for place, cell in enumerate(cells):
                row.cell(_latin("" if cell is None else cell), style=bold if not head and place == 0 else None)
    pdf.ln(4)


def _widths(table: Table) -> tuple[int, ...]:
    head, rows = table
    columns = list(zip(*[row for row in [head, *rows] if row], strict=True))
    longest = [max(len(str(cell)) for cell in column) for column in columns]
    word = [max(len(part) for cell in column for part in str(cell).split() or [""]) for column in columns]
    return tuple(max(width + 2, min(length, 34), 6) for length, width in zip(longest, word, strict=True))


def _signatures(pdf: Any, source: Source) -> None:
    signers = source.spec.get("sign", [approver(source)] if source.is_document else [])
    if pdf.get_y() > 245 and signers:
        pdf.add_page()
    for signer in signers:
        pdf.ln(3)
        pdf.set_font("Times", "I", 18)
        pdf.set_text_color(30, 52, 120)
        pdf.cell(0, 9, _latin(signer), new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("Helvetica", size=9)
        pdf.set_text_color(*_GREY)
        pdf.cell(0, 5, _latin(f"{signer}, signed {source.entry['date']}"), new_x="LMARGIN", new_y="NEXT")
