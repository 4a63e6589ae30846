"""Spreadsheets and CSV exports."""

import csv
import re
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

from portal.demo.files.content import Source, control_rows, history_rows
from portal.demo.files.frozen import freeze_office
from portal.demo.files.tables import Table

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def render_csv(source: Source) -> bytes:
    """Create a CSV export with a header line."""
    head, rows = source.table(source.spec)
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")


def render_xlsx(source: Source) -> bytes:
    """Create a workbook with a sheet per table and a last one for document control."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for spec in source.spec["sheets"]:
        _fill(book.create_sheet(spec["name"]), source.table(spec))
    _control_sheet(book.create_sheet("Document control"), source)
    day = datetime(source.date.year, source.date.month, source.date.day, 9)
    book.properties.creator, book.properties.title = source.author, source.title
    book.properties.created = day
    buffer = BytesIO()
    book.save(buffer)
    return freeze_office(buffer.getvalue(), source.date)


def _fill(sheet: Any, table: Table) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    head, rows = table
    sheet.append(head)
    for row in rows:
        sheet.append([_value(cell, label) for cell, label in zip(row, head, strict=True)])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="183E54")
    widths = _widths(table)
    wrap = Alignment(wrap_text=True, vertical="top")
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        for (cell,) in sheet.iter_rows(min_row=1, min_col=column, max_col=column):
            cell.alignment = wrap
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _control_sheet(sheet: Any, source: Source) -> None:
    from openpyxl.styles import Font

    for row in control_rows(source):
        sheet.append(row)
    if source.is_document or source.entry["type"] == "plan":
        head, rows = history_rows(source)
        for line in [[], head, *rows]:
            sheet.append(line)
    for row in sheet.iter_rows(max_col=1):
        row[0].font = Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 60


def _value(cell: Any, label: str) -> Any:
    """Store numbers and days as such; clause numbers stay text."""
    if not isinstance(cell, str):
        return cell
    if _DAY.fullmatch(cell):
        return date.fromisoformat(cell)
    if _NUMBER.fullmatch(cell) and "lause" not in label and "ersion" not in label:
        return float(cell) if "." in cell else int(cell)
    return cell


def _widths(table: Table) -> list[int]:
    head, rows = table
    columns = zip(*[head, *rows[:200]], strict=True)
    return [max(10, min(46, max(len(str(cell)) for cell in column) + 3)) for column in columns]
