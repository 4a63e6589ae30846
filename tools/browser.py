"""Find the Chromium that the browser tests drive, and bring one where there is none."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.machine import VENV, apt_install, can_apt_install, give_up, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHT_CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_PATTERNS = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
MISSING = (
    "No working Chromium was found and none could be installed. "
    "Install one (on Debian: sudo apt-get install chromium) and run make test again."
)


@functools.cache
def find_browser() -> str | None:
    """Return the path of a Chromium that starts, or None."""
    return next((path for path in _candidates() if _starts(path)), None)


def install_browser() -> str | None:
    """Bring a Chromium by apt-get or by Playwright's own download; return its path, or None."""
    if can_apt_install():
        say("Setting up Chromium with apt-get …")
        if apt_install("chromium") and (path := _look_again()):
            return path
    say("Setting up Chromium with Playwright's download …")
    subprocess.run([VENV / "bin/python", "-m", "playwright", "install", "chromium"], stdin=subprocess.DEVNULL)
    return _look_again()


def ensure_driver() -> None:
    """See to it that Playwright's driver starts; a bare Debian lacks a library it links to."""
    driver = next(VENV.glob("lib/python*/site-packages/playwright/driver/node"), None)
    if driver is None or _starts(str(driver)):
        return
    if can_apt_install():
        say("Setting up a library for Playwright with apt-get …")
        apt_install("libatomic1")
    if not _starts(str(driver)):
        give_up("Playwright's driver does not start. On Debian: sudo apt-get install libatomic1")


def ensure_browser() -> None:
    """See to it that there is a Chromium; without one, stop under CI=true and warn elsewhere."""
    ensure_driver()
    if find_browser() or install_browser():
        return
    if os.environ.get("CI") == "true":
        give_up(MISSING)
    print(f"{MISSING} The browser tests are skipped.", file=sys.stderr)


def _candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))
    yield from (app for app in MAC_APPS if os.access(app, os.X_OK))
    for cache in (os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "", *PLAYWRIGHT_CACHES):
        for pattern in PLAYWRIGHT_PATTERNS if cache else ():
            yield from map(str, sorted(Path(cache).expanduser().glob(pattern), reverse=True))


def _starts(path: str) -> bool:
    """Tell whether a program answers; a package's stand-in script or a missing library shows here."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _look_again() -> str | None:
    find_browser.cache_clear()
    return find_browser()
