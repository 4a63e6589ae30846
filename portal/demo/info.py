"""What is known of a loaded demo: kept in the data folder, readable by the operator only, and told at each start."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from portal.settings import Settings

KEPT, LOADING = "demo.json", "demo.loading"


class DemoRefused(click.ClickException):
    """Refuse to load the demo; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Account:
    """Hold one sign-in of the demo."""

    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Door:
    """Hold the auditor's way in: whom it is for, what it opens, and the link's id and secret."""

    name: str
    email: str
    organisation: str
    programme: str
    practice: str
    audit: str
    by: Account
    by_id: str
    grant: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class DemoInfo:
    """Hold the sign-ins of the demo and the auditor's link; without accounts the folder holds no demo."""

    accounts: tuple[Account, ...] = ()
    password: str = ""
    door: Door | None = None
    public_url: str = field(default="", compare=False)
    mails: str = field(default="", compare=False)

    def lines(self) -> list[str]:
        """Return what to print: three sign-ins, the auditor's link, and where the one-time code is found."""
        if not self.accounts:
            return ["This data folder has accounts of its own, so it is served without the demo."]
        width = max(len(account.email) for account in self.accounts)
        shown = [f"  {a.role:<14} {a.name:<12} {a.email:<{width}}  {self.password}" for a in self.accounts]
        return ["Sign in as", *shown, "Everybody else of the demo has the same password.", *self._door_lines()]

    @property
    def link(self) -> str:
        """Return the auditor's link, empty when there is none to give."""
        if self.door is None or not self.door.grant:
            return ""
        return f"{self.public_url}/review.html#g.{self.door.grant}.{self.door.secret}"

    def _door_lines(self) -> list[str]:
        if self.door is None:
            return []
        if not self.link:
            return ["Stage 2 is decided, so there is no link for the auditor any more."]
        who = f"The auditor {self.door.name} ({self.door.email}) comes in by"
        return [who, f"  {self.link}", f"The one-time code {self.mails}"]


def told(info: DemoInfo, settings: Settings) -> DemoInfo:
    """Return the information as it reads under these settings: their address, and where their mails go."""
    mails = "is mailed." if settings.smtp else f"is written to the folder {settings.data / 'outbox'}"
    return DemoInfo(info.accounts, info.password, info.door, settings.public_url.rstrip("/"), mails)


def keep(folder: Path, info: DemoInfo) -> None:
    """Write the information to the data folder, whole or not at all."""
    body = {"accounts": [asdict(a) for a in info.accounts], "password": info.password}
    body |= {"door": asdict(info.door) if info.door else None}
    part = folder / f"{KEPT}.part"
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(body, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.replace(folder / KEPT)


def recall(folder: Path) -> DemoInfo | None:
    """Return what the data folder knows of its demo, or None."""
    try:
        body = json.loads((folder / KEPT).read_text())
    except FileNotFoundError:
        return None
    door = body["door"]
    if door:
        door = Door(**{**door, "by": Account(**door["by"])})
    return DemoInfo(tuple(Account(**a) for a in body["accounts"]), body["password"], door)


def begin(folder: Path) -> None:
    """Mark that the demo is being loaded; raise `DemoRefused` when the mark is there already."""
    try:
        os.close(os.open(folder / LOADING, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise half_loaded(folder) from None


def end(folder: Path) -> None:
    """Take the mark away."""
    (folder / LOADING).unlink(missing_ok=True)


def is_loading(folder: Path) -> bool:
    """Tell whether the mark is there."""
    return (folder / LOADING).exists()


def half_loaded(folder: Path) -> DemoRefused:
    """Return the refusal of a folder in which loading did not come to its end."""
    return DemoRefused(
        f"The demo in {folder} was not loaded to its end, or another start is loading it now. "
        "If no other is, delete the folder and start again."
    )
