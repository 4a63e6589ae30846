"""Compile requirements/*.in and package.json into their locks; `make lock UPGRADE=1` takes newer versions."""

import os

from tools.machine import ROOT, VENV, run, say
from tools.setup import find_npm

# demo, aws and dev are constrained by the ones before them.
LOCKS = ("run", "demo", "aws", "dev", "ministack", "deploy", "node", "lock")
COMPILE = (
    "pip", "compile", "--quiet", "--universal", "--python-version=3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command=make lock",
)  # fmt: skip


def main() -> None:
    """Write every lock, then the digests of the files the site serves."""
    newer = ["--upgrade"] if os.environ.get("UPGRADE") else []
    for name in LOCKS:
        say(f"Locking requirements/{name}.txt …")
        files = [f"requirements/{name}.in", f"--output-file=requirements/{name}.txt"]
        run([VENV / "bin/uv", *COMPILE, *newer, *files], f"requirements/{name}.in could not be compiled.")
    say("Locking the npm packages …")
    npm = find_npm()
    run([npm, "install", "--package-lock-only", "--loglevel=error"], "package.json could not be locked.")
    run([npm, "ci", "--loglevel=error"], "The npm packages could not be installed.")
    run([VENV / "bin/python", "-m", "tools.vendor", "--pin"], "The site's files could not be pinned.")
    say(f"Review the changes in {ROOT / 'requirements'}, package-lock.json and tools/vendor.json.")


if __name__ == "__main__":
    main()
