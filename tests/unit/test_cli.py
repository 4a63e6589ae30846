"""The command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.cli import main
from tests.support.portal import Portal

NEW = "another long enough sentence"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a data folder with one account."""
    portal = Portal(tmp_path)
    client = portal.client()
    body = {"name": "Ingrid", "email": "ingrid@northwind.example", "password": "a long enough sentence",
            "kind": "organisation", "organisation_name": "Northwind"}  # fmt: skip
    client.ok(client.post("/api/first-run", body), 201)
    portal.services.records.close()
    return tmp_path


def test_reset_password(folder: Path) -> None:
    """The operator gives an account a new password; the old one no longer works."""
    done = CliRunner().invoke(main, ["user", "password", "Ingrid@northwind.example", "--data", str(folder),
                                     "--password", NEW])  # fmt: skip
    assert done.exit_code == 0, done.output
    portal = Portal(folder)
    client = portal.client()
    old = client.post("/api/session", {"email": "ingrid@northwind.example", "password": "a long enough sentence"})
    assert old.status_code == 401
    client.ok(client.post("/api/session", {"email": "ingrid@northwind.example", "password": NEW}))
    portal.services.records.close()


@pytest.mark.parametrize(("email", "password", "says"), [
    ("nobody@northwind.example", NEW, "no account"), ("ingrid@northwind.example", "short", "12 to 200"),
])  # fmt: skip
def test_refused(folder: Path, email: str, password: str, says: str) -> None:
    """An unknown address and a short password are refused in a sentence."""
    done = CliRunner().invoke(main, ["user", "password", email, "--data", str(folder), "--password", password])
    assert done.exit_code == 1
    assert says in done.output
