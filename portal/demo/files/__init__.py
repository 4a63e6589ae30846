"""The demo's evidence as real files: one builder per kind of file, fed from the client's data and texts."""

from datetime import timedelta
from typing import Any

from portal.demo.dates import shifted_name
from portal.demo.files.content import Source, source_of

__all__ = ["build", "shifted_name"]


def build(client: dict[str, Any], evidence: dict[str, Any], *, shift: timedelta) -> tuple[str, bytes]:
    """Create the file of one evidence entry and return its name and bytes, the same for the same shift.

    Client and entry are as loaded, with the dates as written; raises KeyError when no text exists for the entry.
    """
    source = source_of(client, evidence, shift)
    return source.name, render(source)


def render(source: Source) -> bytes:
    """Create the bytes of one file by the ending of its name."""
    kind = source.name.rpartition(".")[2]
    if kind == "pdf":
        from portal.demo.files.pdf import render_pdf as make
    elif kind == "xlsx":
        from portal.demo.files.sheets import render_xlsx as make
    elif kind == "docx":
        from portal.demo.files.office import render_docx as make
    elif kind == "pptx":
        from portal.demo.files.office import render_pptx as make
    elif kind == "csv":
        from portal.demo.files.sheets import render_csv as make
    elif kind == "zip":
        return _render_zip(source)
    else:
        raise ValueError(f"no builder for {source.name}")
    return make(source)


def _render_zip(source: Source) -> bytes:
    from portal.demo.files.frozen import zip_of

    inner = [source.inner(entry) for entry in source.spec["files"]]
    return zip_of([(entry.name, render(entry)) for entry in inner], source.date)
