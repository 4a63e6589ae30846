"""The embedded deployment: SQLite, a folder of files, the API and the static site in one WSGI callable."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from portal import catalogue
from portal.actions.context import Services
from portal.app import create_app
from portal.domain.step_definitions import definition
from portal.domain.steps import FIRST, LAST
from portal.files.directory import DirectoryFiles
from portal.files.signing import Signer
from portal.records.sqlite import SqliteRecords
from portal.settings import Settings
from portal.site import Site

STATIC = Path(__file__).resolve().parent.parent / "static"


def make_services(settings: Settings, wake: Callable[[], None] = lambda: None) -> Services:
    """Open the stores of the embedded deployment below the data folder."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    records = SqliteRecords(settings.data / "certway.sqlite")
    files = DirectoryFiles(settings.data / "files", Signer(settings.secret.encode()))
    return Services(records, files, settings, wake=wake)


def make_site(services: Services) -> Callable[..., Iterable[bytes]]:
    """Return the whole portal as one WSGI callable."""
    return Site(STATIC, create_app(services), catalogue_documents())


def catalogue_documents() -> dict[str, Callable[[], bytes]]:
    """Return, by address, how to make the catalogue document of each edition for the browser."""
    documents = {f"/catalogues/{summary.id}.json": _document(summary.id) for summary in catalogue.editions()}
    return {**documents, "/catalogues/index.json": _index}


def _index() -> bytes:
    editions = [{"id": s.id, "title": s.name, "status": s.status, "items": s.item_count} for s in catalogue.editions()]
    return json.dumps({"editions": editions}, ensure_ascii=False).encode()


def _document(catalogue_id: str) -> Callable[[], bytes]:
    def make() -> bytes:
        from portal.catalogue.public import browser_bytes

        names = {number: definition(number).name for number in range(FIRST, LAST + 1)}
        return browser_bytes(catalogue.load(catalogue_id), names)

    return make


class Bell:
    """Wake the background worker of this process; safe across threads and made anew after a fork."""

    def __init__(self) -> None:
        self.event = threading.Event()

    def __call__(self) -> None:
        """Ring."""
        self.event.set()
