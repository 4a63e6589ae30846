"""The static site of the embedded deployment."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from werkzeug.test import Client

from portal import catalogue
from portal.site import CSP, SECURITY_HEADERS
from portal.wsgi import make_services, make_site
from tests.support.portal import Portal


@pytest.fixture
def site(portal: Portal) -> Client:
    """Give a client of the whole site."""
    return Client(make_site(portal.services))


class TestFiles:
    def test_page(self, site: Client) -> None:
        """A page comes with every header that CloudFront will send."""
        answer = site.get("/")
        assert answer.status_code == 200
        assert answer.mimetype == "text/html"
        assert answer.headers["Content-Security-Policy"] == CSP
        assert all(answer.headers[name] == value for name, value in SECURITY_HEADERS)

    def test_compressed_and_unchanged(self, site: Client) -> None:
        """A browser gets it compressed, and not again while it has not changed."""
        first = site.get("/css/certway.css", headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(first.data) == Path("static/css/certway.css").read_bytes()
        again = site.get("/css/certway.css", headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")

    @pytest.mark.parametrize("path", ["/no.html", "/../pyproject.toml", "/css/../../pyproject.toml", "/%00", "/css",
                                      "/css/%2e%2e/%2e%2e/pyproject.toml"])  # fmt: skip
    def test_nothing_else(self, site: Client, path: str) -> None:
        """What is no file of the site gets the page that says so, with the same headers."""
        answer = site.get(path)
        assert answer.status_code == 404
        assert b"project" not in answer.data.split(b"<main")[0]
        assert answer.headers["Content-Security-Policy"] == CSP

    def test_read_only(self, site: Client) -> None:
        """The site takes nothing."""
        assert site.post("/index.html").status_code == 405


@pytest.mark.parametrize("edition", [summary.id for summary in catalogue.editions()])
def test_catalogue_document(site: Client, edition: str) -> None:
    """Every edition has its document for the browser, with every item in it."""
    document = json.loads(site.get(f"/catalogues/{edition}.json").data)
    items = [item["id"] for clause in document["clauses"] for item in clause.get("items", ())]
    assert items == [item.id for item in catalogue.load(edition).items]


def test_services_below_the_data_folder(tmp_path: Path) -> None:
    """A new data folder gets its store, its files and its key, readable by nobody else."""
    from portal import settings

    services = make_services(settings.load({}, data=tmp_path / "data"))
    services.records.close()
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data" / "certway.sqlite").stat().st_mode & 0o077 == 0
