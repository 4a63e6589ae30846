"""Settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import settings


def test_defaults(tmp_path: Path) -> None:
    """Without any variable every setting has its default, and a key is made for this data folder alone."""
    made = settings.load({}, data=tmp_path / "one")
    other = settings.load({}, data=tmp_path / "two")
    assert (made.worker, made.secure, made.max_upload) == (True, False, 4096 * settings.MIB)
    assert len(made.secret) >= 32
    assert made.secret != other.secret
    assert settings.load({}, data=tmp_path / "one").secret == made.secret


def test_read(tmp_path: Path) -> None:
    """A variable is read as what it stands for."""
    read = settings.load(
        {"CERTWAY_PUBLIC_URL": "https://certway.example", "CERTWAY_ORIGINS": "https://a.example https://b.example",
         "CERTWAY_WORKER": "no", "CERTWAY_MAX_UPLOAD_MIB": "10"},
        data=tmp_path,
    )  # fmt: skip
    assert read.allowed_origins == {"https://certway.example", "https://a.example", "https://b.example"}
    assert (read.worker, read.secure, read.max_upload) == (False, True, 10 * settings.MIB)


@pytest.mark.parametrize(("name", "value"), [("CERTWAY_WORKER", "perhaps"), ("CERTWAY_MAX_UPLOAD_MIB", "much")])
def test_wrong(tmp_path: Path, name: str, value: str) -> None:
    """A value that cannot be used is refused with the name of its variable."""
    with pytest.raises(settings.SettingsError, match=name):
        settings.load({name: value}, data=tmp_path)


def test_key_is_private(tmp_path: Path) -> None:
    """The key file can be read by its owner alone."""
    settings.load({}, data=tmp_path)
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
