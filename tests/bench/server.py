"""The real server in a process of its own, and what the system says of it: memory and processor time."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.client import HOST, Client

COMMAND = "from portal.cli import main; main()"
WORKERS = 2
PATIENCE = 30.0
TICK = os.sysconf("SC_CLK_TCK")
KIB = 1024


@dataclass(frozen=True, slots=True)
class Server:
    """Hold a running server; `began` and `answered` are instants of `time.perf_counter`."""

    port: int
    process: subprocess.Popen[bytes]
    began: float
    answered: float

    @property
    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        pid = self.process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def busy(self) -> float:
        """Return the seconds of processor time that the workers have used."""
        return sum(map(_busy, self.workers))

    def memory(self) -> list[dict[str, float]]:
        """Return resident and proportional memory of each worker, in MB."""
        return [_memory(pid) for pid in self.workers]

    def forget_peak(self) -> None:
        """Start anew to note the most memory that each worker uses."""
        for pid in self.workers:
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def peak(self) -> float:
        """Return the most resident memory of any worker since `forget_peak`, in MB."""
        return max(_field(f"/proc/{pid}/status", "VmHWM") for pid in self.workers)


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """Serve a data folder on a free port, and stop when done."""
    port = _free_port()
    options = {"--port": port, "--data": data, "--workers": WORKERS}
    command = [sys.executable, "-c", COMMAND, "serve", *(str(word) for pair in options.items() for word in pair)]
    # An installed server has its modules compiled; here they are compiled beside the data, at the first start.
    environ = {**os.environ, "CERTWAY_SIGN_IN_TRIES": "1000000", "PYTHONPYCACHEPREFIX": str(data.parent / "compiled")}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield Server(port, process, began, _first_answer(port, process, began))
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _free_port() -> int:
    with socket.socket() as held:
        held.bind((HOST, 0))
        return int(held.getsockname()[1])


def _first_answer(port: int, process: subprocess.Popen[bytes], began: float) -> float:
    while time.perf_counter() < began + PATIENCE and process.poll() is None:
        with suppress(OSError):
            client = Client(port)
            client.get("/api/health")
            client.close()
            return time.perf_counter()
        time.sleep(0.002)
    raise TimeoutError("the server did not answer")


def _busy(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _memory(pid: int) -> dict[str, float]:
    return {name: _field(f"/proc/{pid}/smaps_rollup", name) for name in ("Rss", "Pss")}


def _field(path: str, name: str) -> float:
    """Return one field of a file in /proc that counts in KiB, in MB."""
    line = next(line for line in Path(path).read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * KIB / 1e6
