"""ZIP containers whose bytes depend on their content alone (Office files are ZIP containers too)."""

import re
import zipfile
from collections.abc import Iterable
from datetime import date
from io import BytesIO

_STAMPED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def zip_of(entries: Iterable[tuple[str, bytes]], day: date) -> bytes:
    """Pack named contents into a ZIP with `day` as the time of every entry."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries:
            info = zipfile.ZipInfo(name, (day.year, day.month, day.day, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return buffer.getvalue()


def freeze_office(content: bytes, day: date) -> bytes:
    """Rewrite an Office file so that the time of building leaves no trace in it."""
    stamp = f"{day.isoformat()}T09:00:00Z".encode()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = [(name, archive.read(name)) for name in archive.namelist()]
    return zip_of(((name, _stamped(name, data, stamp)) for name, data in entries), day)


def _stamped(name: str, data: bytes, stamp: bytes) -> bytes:
    if name != "docProps/core.xml":
        return data
    return _STAMPED.sub(lambda match: match.group(1) + stamp + match.group(3), data)
