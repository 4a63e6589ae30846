"""A file of 100 MiB up and down, beside `cp` and `sha256sum` of the same file on the same disk."""

from __future__ import annotations

import hashlib
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.client import Client
from tests.bench.seed import House
from tests.bench.server import Server

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Speeds:
    """Hold megabytes a second, and the most memory any worker had meanwhile, in MB."""

    copied: float
    up: float
    down: float
    peak: float


def measure(server: Server, cookie: str, house: House, folder: Path, *, mib: int, times: int) -> Speeds:
    """Send a new file, fetch it, and copy it, in turns; the middle one of each counts."""
    copied, up, down = [], [], []
    client = Client(server.port, cookie)
    server.forget_peak()
    for turn in range(times):
        path, digest = _file(folder / f"large-{turn}.pdf", mib)
        copied.append(_speed(mib, lambda path=path: _copy(path)))
        upload = _announce(client, house, path, digest)
        up.append(_speed(mib, lambda path=path, upload=upload: _send(client, house, path, upload)))
        address = _address(client, house, upload["id"])
        down.append(_speed(mib, lambda address=address: _download(server, address, mib * MIB)))
        path.unlink()
    client.close()
    return Speeds(median(copied), median(up), median(down), server.peak())


def _speed(mib: int, work: Callable[[], None]) -> float:
    os.sync()
    began = time.perf_counter()
    work()
    return mib * MIB / 1e6 / (time.perf_counter() - began)


def _file(path: Path, mib: int) -> tuple[Path, str]:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(mib):
            piece = os.urandom(MIB)
            digest.update(piece)
            file.write(piece)
    return path, digest.hexdigest()


def _copy(path: Path) -> None:
    """Do what a person does to put a file somewhere and know that it arrived."""
    target = path.with_suffix(".copy")
    subprocess.run(["cp", path, target], check=True)
    subprocess.run(["sha256sum", target], check=True, stdout=subprocess.DEVNULL)
    target.unlink()


def _announce(client: Client, house: House, path: Path, digest: str) -> dict[str, Any]:
    facts = {"filename": path.name, "length": path.stat().st_size, "sha256": digest}
    return dict(client.send("POST", f"{house.base}/uploads", facts, expect=201).json())


def _send(client: Client, house: House, path: Path, upload: dict[str, Any]) -> None:
    with path.open("rb") as file:
        client.put_file(upload["url"], file, path.stat().st_size)
    client.send("POST", f"{house.base}/uploads/{upload['id']}/complete")


def _address(client: Client, house: House, upload: str) -> str:
    """Put an upload into the library, and ask where it can be fetched."""
    facts = {"title": "A large file", "kind": "document", "upload": upload}
    piece = client.send("POST", f"{house.base}/evidence", facts, expect=201).json()
    fetched = client.send("POST", f"{house.base}/evidence/{piece['id']}/versions/1/download")
    return str(fetched.json()["url"])


def _download(server: Server, address: str, length: int) -> None:
    client = Client(server.port)
    come = client.fetch(address)
    client.close()
    if come != length:
        raise RuntimeError(f"{come} of {length} bytes came")
