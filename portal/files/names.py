"""File names from users: refuse the hostile, and write the rest so that every system can save them."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from portal.files.kinds import extension, is_allowed, kind_label, media_type
from portal.files.port import FilesError

__all__ = [
    "BadName",
    "check_filename",
    "content_disposition",
    "is_allowed",
    "kind_label",
    "media_type",
    "safe_filename",
]

MAX_NAME = 255
MAX_SAFE = 180
# Linux keeps at most 255 bytes of a name, and a name in a pack must be able to land there.
MAX_SAFE_BYTES = 240
FALLBACK = "file"

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINERS = "\u200c\u200d"
_UNSAVEABLE = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|\Z)", re.IGNORECASE)
# RFC 5987 attr-char, beyond letters and digits.
_ATTR_CHAR = "!#$&+-.^_`|~"


class BadName(FilesError):
    """Tell why a file name is refused: `detail` is a sentence for the user, `field` the input it is about."""

    def __init__(self, detail: str, field: str = "filename") -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


def check_filename(name: str) -> None:
    """Raise BadName for a name that no honest file picker sends."""
    if not name.strip(" .\t\r\n"):
        raise BadName("The file has no name. Give it one and upload it again.")
    if len(name) > MAX_NAME:
        raise BadName(f"The file name has {len(name)} characters. Shorten it to {MAX_NAME} or fewer.")
    if _BIDI.search(name):
        raise BadName("The file name has marks that turn the direction of text. Rename the file.")
    if any(_category(mark) in {"Cc", "Zl", "Zp"} for mark in name):
        raise BadName("The file name has control characters, such as a line break. Rename the file.")
    if any(_category(mark) == "Cs" for mark in name):
        raise BadName("The file name is not valid text. Rename the file.")
    if "/" in name or "\\" in name:
        raise BadName("The file name has a slash or backslash. Give the name only, without its folder.")


def safe_filename(name: str) -> str:
    """Return a name any system can save: last path part, readable Unicode kept, at most 180 characters.

    It keeps the extension and is never empty. Calling it again changes nothing.
    """
    last = re.split(r"[/\\]", name.rstrip("/\\ "))[-1]
    kept = "".join(" " if mark.isspace() else mark for mark in last if _readable(mark))
    plain = _UNSAVEABLE.sub("_", unicodedata.normalize("NFC", kept))
    stem, suffix = _split(" ".join(plain.split()))
    stem = _tidy(stem) or FALLBACK
    if _RESERVED.match(stem):
        stem = "_" + stem
    return _shorten(stem, suffix) + suffix


def content_disposition(name: str) -> str:
    """Return the header value that saves a download under this name, in ASCII and in full (RFC 6266)."""
    full = safe_filename(name)
    stem, suffix = _split(full)
    ascii_stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    ascii_stem = re.sub(r'["\\%/]', "_", ascii_stem).strip() or FALLBACK
    return f"attachment; filename=\"{ascii_stem}{suffix}\"; filename*=UTF-8''{quote(full, safe=_ATTR_CHAR)}"


def _category(mark: str) -> str:
    return unicodedata.category(mark)


def _readable(mark: str) -> bool:
    """Keep what can be seen, spaces, and the joiners that Persian and emoji are spelt with."""
    return mark in _JOINERS or mark.isspace() or _category(mark) not in {"Cc", "Cf", "Cs", "Cn", "Co"}


def _split(name: str) -> tuple[str, str]:
    """Return stem and extension with its dot, as written."""
    name = name.rstrip(". ")
    found = extension(name)
    return (name[: -len(found) - 1], name[-len(found) - 1 :]) if found else (name, "")


def _tidy(stem: str) -> str:
    return stem.strip(" ." + _JOINERS)


def _shorten(stem: str, suffix: str) -> str:
    """Cut the stem so that the whole name keeps within both limits; whole characters only."""
    stem = stem[: MAX_SAFE - len(suffix)]
    raw = stem.encode()[: MAX_SAFE_BYTES - len(suffix)]
    return _tidy(raw.decode(errors="ignore"))
