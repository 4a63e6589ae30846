"""Say what a file is by its name: whether it may be uploaded, how it is served, what it is called.

Content is judged elsewhere; a name is only a claim.
"""

from __future__ import annotations

import re

OCTETS = "application/octet-stream"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"

# Extension → media type. What is not here is refused. Content that a browser would run or follow links from
# (xml, eml, ...) is served as plain octets, so that it is saved and never shown.
ALLOWED = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "vsdx": "application/vnd.ms-visio.drawing",
    "odt": f"{_OPEN}.text",
    "ods": f"{_OPEN}.spreadsheet",
    "odp": f"{_OPEN}.presentation",
    "odg": f"{_OPEN}.graphics",
    "rtf": "application/rtf",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "log": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "ics": "text/calendar; charset=utf-8",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "zip": "application/zip",
    "eml": OCTETS,
    "msg": "application/vnd.ms-outlook",
    "xml": OCTETS,
    "bpmn": OCTETS,
    "drawio": OCTETS,
}
_ALIASES = {"jpeg": "JPG", "tiff": "TIF", "yml": "YAML"}
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,12})[. ]*\Z", re.ASCII)


def extension(name: str) -> str:
    """Return the lower-case extension without its dot, or ""; dots and spaces at the end hide nothing."""
    match = _EXTENSION.search(name)
    return match[1].lower() if match else ""


def is_allowed(name: str) -> bool:
    """Tell whether files of this name's extension may be uploaded."""
    return extension(name) in ALLOWED


def media_type(name: str) -> str:
    """Return the Content-Type to serve a file under; octets for whatever is active or unknown."""
    return ALLOWED.get(extension(name), OCTETS)


def kind_label(name: str) -> str:
    """Return the short word shown beside a file, such as PDF; FILE when the name tells nothing."""
    found = extension(name)
    return _ALIASES.get(found, found.upper()) or "FILE"
