"""A cold start: what is loaded, and that copies restored from one snapshot share nothing secret."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys

import pytest

HEAVY = {
    "boto3", "s3transfer", "cryptography", "fpdf", "argon2", "PIL", "pyotp", "webauthn", "yaml", "sqlite3",
    "gunicorn", "zappa", "requests", "openpyxl", "docx", "pptx", "smtplib", "multiprocessing", "portal.files.s3",
    "portal.demo", "portal.wsgi", "portal.files.directory", "portal.records.sqlite",
}  # fmt: skip
LOADED = "import json, sys; import functions.{}; print(json.dumps(sorted(sys.modules)))"
# Connections and secrets would come from here, were any made while importing.
FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "subprocess.Popen")
WATCHED = """
import sys
seen = []
sys.addaudithook(lambda name, args: seen.append(name) if name in {names} else None)
import functions.api, functions.stream, functions.uploaded, functions.scheduled
from functions.wiring import _client, background, services
made = [f.cache_info().currsize for f in (services, background, _client, functions.api.application)]
print(seen, made)
"""


def run(code: str, **environ: str) -> str:
    """Run code in a new interpreter without AWS's settings; return what it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CERTWAY_"))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**kept, **environ})
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("function", ["api", "stream", "uploaded", "scheduled"])
def test_nothing_heavy(function: str) -> None:
    """No function loads S3, cryptography, PDF, login or the embedded stores at its start."""
    loaded = set(json.loads(run(LOADED.format(function))))
    assert loaded & HEAVY == set()
    assert "portal.records.dynamodb" in loaded


@pytest.mark.parametrize("function", ["stream", "uploaded", "scheduled"])
def test_background_without_flask(function: str) -> None:
    """Only the API loads Flask and marshmallow."""
    loaded = set(json.loads(run(LOADED.format(function))))
    assert loaded & {"flask", "marshmallow", "werkzeug", "functions.api"} == set()


def test_nothing_made() -> None:
    """Importing the functions makes no connection, starts nothing, and reads neither settings nor a secret."""
    # Some of these would fail, were the settings read: the environment has a value that cannot be used.
    assert run(WATCHED.format(names=FORBIDDEN), CERTWAY_WORKER="perhaps").strip() == "[] [0, 0, 0, 0]"


def clones(count: int, code: str) -> list[str]:
    """Copy this process as a snapshot is restored, with no hook of Python's run; return what each copy prints."""
    # fork() of the C library, unlike os.fork(), tells Python nothing, so that nothing is seeded anew.
    program = f"""
import ctypes, os, sys
import random, functions.api
fork = ctypes.PyDLL(None).fork
for _ in range({count}):
    reads, writes = os.pipe()
    if fork() == 0:
        {code}
        os.write(writes, repr(told).encode())
        os._exit(0)
    os.close(writes)
    print(os.read(reads, 65536).decode())
    os.wait()
"""
    return run(program).strip().splitlines()


@pytest.mark.skipif(not hasattr(ctypes.PyDLL(None), "fork"), reason="needs the C library's fork")
class TestSnapshot:
    def test_nothing_shared(self) -> None:
        """Two copies make different ids at one instant, secrets, tokens of transactions, and pauses."""
        told = clones(
            2,
            "from portal import ids; from portal.records.dynamodb_calls import Pauses; import secrets; "
            "told = [ids.new_id(1.0), ids.secret(), secrets.token_hex(16), Pauses().next()]",
        )
        one, other = map(eval, told)
        assert all(left != right for left, right in zip(one, other, strict=True))

    def test_the_copies_are_copies(self) -> None:
        """The state of `random`, which a process keeps, is the same in both: an id made of it would be found."""
        one, other = clones(2, "told = [random.random() for _ in range(3)]")
        assert one == other
