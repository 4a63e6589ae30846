"""MiniStack, the emulator of AWS that answers over HTTP; it lives in a virtual environment of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tools.machine import VENV

COMMAND = VENV / "ministack" / "bin" / "ministack"
MISSING = "MiniStack is not installed: python3 -m tools.setup ministack"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-west-1"}
_SECONDS_TO_START = 60


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    """Run MiniStack on a free port, its log below `folder`; yield its address."""
    port = _free_port()
    environ = {**os.environ, "GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "TMPDIR": str(folder)}
    with (folder / "ministack.log").open("wb") as log:
        process = subprocess.Popen([COMMAND], env=environ, stdout=log, stderr=log, cwd=folder)
        try:
            address = f"http://127.0.0.1:{port}"
            _await(process, f"{address}/_ministack/health")
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _await(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            with urlopen(address, timeout=1):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
        time.sleep(0.05)
