"""Text documents (DOCX) and slide decks (PPTX)."""

from datetime import datetime
from io import BytesIO
from typing import Any

from portal.demo.files.content import Source, control_rows
from portal.demo.files.frozen import freeze_office


def render_docx(source: Source) -> bytes:
    """Create a text document with a control table, numbered sections and tables."""
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = f"{source.issuer} | {source.entry['id']}"
    document.add_heading(source.title, 0)
    _docx_table(document, [list(row) for row in control_rows(source)])
    number = 0
    for block in source.spec["body"]:
        if isinstance(block, dict) and "h" in block:
            number += 1
            document.add_heading(f"{number} {block['h']}", 1)
        else:
            _docx_block(document, source, block)
    return _saved(document, source)


def _docx_block(document: Any, source: Source, block: Any) -> None:
    if isinstance(block, str):
        document.add_paragraph(block)
    elif isinstance(block, list):
        for item in block:
            document.add_paragraph(item, style="List Bullet")
    else:
        head, rows = source.table(block)
        _docx_table(document, [head, *rows])


def _docx_table(document: Any, rows: list[list[Any]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = str(value)
    document.add_paragraph()


def render_pptx(source: Source) -> bytes:
    """Create a deck: a title slide, then a slide per entry with points and speaker notes."""
    from pptx import Presentation

    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = source.title
    first.placeholders[1].text = f"{source.issuer}\n{source.author}, {source.entry['date']}, {source.entry['id']}"
    for slide in source.spec["slides"]:
        _slide(deck.slides.add_slide(deck.slide_layouts[1]), slide)
    return _saved(deck, source)


def _slide(slide: Any, content: dict[str, Any]) -> None:
    from pptx.util import Pt

    slide.shapes.title.text = content["title"]
    frame = slide.placeholders[1].text_frame
    frame.text = content["points"][0]
    for point in content["points"][1:]:
        frame.add_paragraph().text = point
    for paragraph in frame.paragraphs:
        paragraph.font.size = Pt(22)
    slide.notes_slide.notes_text_frame.text = content["notes"]


def _saved(document: Any, source: Source) -> bytes:
    properties, day = document.core_properties, source.date
    properties.title, properties.author = source.title, source.author
    properties.last_modified_by, properties.comments = source.author, ""
    properties.created = properties.modified = datetime(day.year, day.month, day.day, 9)
    buffer = BytesIO()
    document.save(buffer)
    return freeze_office(buffer.getvalue(), source.date)
