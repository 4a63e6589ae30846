"""Set up what a make target needs: `python3 -m tools.setup STAGE…`; skips what is unchanged."""

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.browser import ensure_browser
from tools.machine import ROOT, VENV, apt_install, can_apt_install, give_up, run, say

STAMPS = VENV / ".stamps"
BIN = VENV / "bin"
# The locks name every package, so pip has nothing to resolve.
PIP_INSTALL = ("-m", "pip", "--disable-pip-version-check", "install", "-qq", "--no-deps")
OLDEST_NODE = 18
OFFLINE = "See the lines above. If the network was away, run the same command again."


@dataclass(frozen=True)
class Stage:
    """One part of the set-up: its name for readers, what it depends on, how it is done, what it leaves."""

    title: str
    inputs: tuple[str, ...]
    do: Callable[[], None]
    results: tuple[str, ...] = ()


def install(lock: str, venv: Path = VENV) -> None:
    """Install one lock file, every archive checked against its hash."""
    path = f"requirements/{lock}.txt"
    run(
        [venv / "bin" / "python", *PIP_INSTALL, "--require-hashes", "-r", path],
        f"The packages of {path} could not be installed. {OFFLINE}",
    )


def install_apart(lock: str) -> None:
    """Install one lock file into a virtual environment of its own, below .venv/."""
    home = VENV / lock
    run([BIN / "python", "-m", "venv", "--clear", home], f"No virtual environment could be made. {OFFLINE}")
    install(lock, home)


def install_certway() -> None:
    """Make `portal` importable and `certway` a command, from this folder."""
    run(
        [BIN / "python", *PIP_INSTALL, "--no-build-isolation", "--no-index", "-e", "."],
        f"The certway command could not be installed. {OFFLINE}",
    )


def install_site() -> None:
    """Install the npm packages from their lock and copy what pages need."""
    run([find_npm(), "ci", "--loglevel=error"], f"The npm packages could not be installed. {OFFLINE}")
    run([BIN / "python", "-m", "tools.vendor"], "The site's fonts and modules could not be copied.")


def find_npm() -> Path:
    """Return the machine's npm where its Node.js will do, else the one that requirements/node.txt brings."""
    npm = shutil.which("npm")
    if npm and node_major() >= OLDEST_NODE:
        return Path(npm)
    if not (BIN / "npm").exists():
        say("Setting up Node.js, which this machine lacks …")
        install("node")
    return BIN / "npm"


def node_major() -> int:
    """Return the major version of the machine's Node.js, 0 where there is none that starts."""
    try:
        answer = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
        return int(answer.strip().lstrip("v").partition(".")[0])
    except (OSError, ValueError):
        return 0


def compile_catalogue() -> None:
    """Compile the requirement catalogues to the form that loads fast."""
    run(
        [BIN / "python", "-m", "portal.catalogue.compile"],
        f"The catalogues could not be compiled. {OFFLINE}",
    )


STAGES = {
    "run": Stage("Python packages", ("requirements/run.txt",), lambda: install("run")),
    "demo": Stage("Python packages for the demo", ("requirements/demo.txt",), lambda: install("demo")),
    "aws": Stage("Python packages for AWS", ("requirements/aws.txt",), lambda: install("aws")),
    "dev": Stage("Python packages for tests", ("requirements/dev.txt",), lambda: install("dev")),
    "ministack": Stage(
        "the emulator of AWS",
        ("requirements/ministack.txt",),
        lambda: install_apart("ministack"),
        (".venv/ministack/bin/ministack",),
    ),
    "deploy": Stage(
        "Zappa, which deploys to AWS",
        ("requirements/deploy.txt",),
        lambda: install_apart("deploy"),
        (".venv/deploy/bin/zappa",),
    ),
    "lock": Stage("Python packages for locking", ("requirements/lock.txt",), lambda: install("lock")),
    "certway": Stage("the certway command", ("pyproject.toml",), install_certway, (".venv/bin/certway*",)),
    "site": Stage(
        "fonts and modules of the site",
        ("package-lock.json", ".npmrc", "tools/vendor.json", "tools/vendor.py"),
        install_site,
        ("node_modules/*", "static/vendor/*"),
    ),
    "catalogue": Stage(
        "the requirement catalogues",
        ("portal/catalogue",),
        compile_catalogue,
        ("portal/catalogue/compiled/[!.]*",),
    ),
}


def input_files(stage: Stage) -> Iterator[Path]:
    """Yield the files a stage depends on, folders walked, results and bytecode left out."""
    for name in stage.inputs:
        path = ROOT / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (f for f in found if f.is_file() and not {"__pycache__", "compiled"} & set(f.parts))


def digest(stage: Stage) -> str:
    """Return a hash of a stage's inputs and of the folder it is done in."""
    total = hashlib.sha256(str(ROOT).encode())
    for path in input_files(stage):
        total.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_done(name: str) -> bool:
    """Tell whether a stage was finished with the inputs of today and its results are still there."""
    stage, stamp = STAGES[name], STAMPS / name
    results_exist = all(any(ROOT.glob(pattern)) for pattern in stage.results)
    return results_exist and stamp.is_file() and stamp.read_text() == digest(stage)


def venv_works() -> bool:
    """Tell whether .venv/ was made for this folder and its Python is new enough."""
    pip = BIN / "pip"
    if not pip.is_file() or str(BIN) not in pip.read_text("utf-8"):
        return False
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    return (BIN / "python").exists() and subprocess.run([BIN / "python", "-c", check]).returncode == 0


def make_venv() -> None:
    """Make .venv/ anew, with Debian's venv package fetched where it is missing."""
    say("Setting up a virtual environment …")
    if not importlib.util.find_spec("ensurepip"):
        package = f"python3.{sys.version_info.minor}-venv"
        if not (can_apt_install() and apt_install(package)):
            give_up(f"Python's venv module is missing. Install it: sudo apt-get install {package}")
    python = getattr(sys, "_base_executable", sys.executable)
    run([python, "-m", "venv", "--clear", VENV], f"No virtual environment could be made. {OFFLINE}")


def set_up(names: list[str]) -> None:
    """Do the stages that are not done, one process at a time."""
    if (BIN / "python").exists() and all(map(is_done, names)):
        return
    with (ROOT / "pyproject.toml").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not venv_works():
            make_venv()
        STAMPS.mkdir(exist_ok=True)
        for name in names:
            if not is_done(name):
                say(f"Setting up {STAGES[name].title} …")
                STAGES[name].do()
                (STAMPS / name).write_text(digest(STAGES[name]))


def main(names: list[str]) -> None:
    """Set up the named stages; `browser` comes last, because Playwright's download needs the rest."""
    set_up([name for name in names if name != "browser"])
    if "browser" in names:
        ensure_browser()


if __name__ == "__main__":
    main(sys.argv[1:])
