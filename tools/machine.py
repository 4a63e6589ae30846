"""What the set-up scripts need from the machine: running commands and Debian's packages."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"


def say(text: str) -> None:
    """Show one line of progress."""
    print(text, flush=True)


def give_up(text: str) -> NoReturn:
    """Stop with a sentence that says what to do next."""
    sys.exit(f"\n{text}")


def run(command: Sequence[str | Path], failure: str) -> None:
    """Run a command in the repository, showing only its errors; give up with `failure` if it fails."""
    result = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    if result.returncode:
        give_up(failure)


def can_apt_install() -> bool:
    """Tell whether this is root on a Debian-like machine."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> bool:
    """Install Debian packages and tell whether that worked; prints apt-get's words only when it did not."""
    quiet = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    for command in ([*quiet, "update"], [*quiet, "install", "-y", "--no-install-recommends", *packages]):
        result = subprocess.run(
            command,
            env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if result.returncode:
            print(result.stdout, file=sys.stderr)
            return False
    return True
