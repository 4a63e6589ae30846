"""The embedded server: gunicorn with a few processes, each with threads and a background worker."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.app.base import BaseApplication

from portal.server_body import with_direct_bodies
from portal.settings import MIB, Settings
from portal.wsgi import Bell, make_services, make_site


class Embedded(BaseApplication):  # type: ignore[misc]
    """Run the portal under gunicorn without a configuration file."""

    def __init__(self, options: dict[str, Any], build: Callable[[], Callable[..., Iterable[bytes]]]) -> None:
        self.options, self.build = options, build
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Iterable[bytes]]:
        """Return the WSGI callable; the workers are forked after this and share what it has made."""
        made = with_direct_bodies(self.build())
        _settle()
        return made


# glibc's numbers for what `mallopt` sets: blocks from 4 MiB on go back to the system when freed (hashing a password
# takes 19 MiB), up to 8 MiB of smaller ones stay at hand, and threads share two arenas instead of keeping one each.
MALLOPT = {-3: 4 * MIB, -1: 8 * MIB, -8: 2}
COLLECT_AFTER = 20_000  # objects; a page of 500 clients makes more than the usual 700 in one go
SWITCH_AFTER = 0.001  # seconds a thread keeps the interpreter while another waits for it


def _settle() -> None:
    """Keep memory low, and the collector away from what stays for good."""
    import ctypes

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc alone has it
    for name, value in MALLOPT.items() if mallopt else ():
        mallopt(name, value)
    sys.setswitchinterval(SWITCH_AFTER)
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    gc.enable()


def serve(settings: Settings, *, host: str, port: int, workers: int, threads: int, demo: bool) -> None:
    """Serve until stopped; with `demo`, an empty data folder gets the demo first."""
    bell = Bell()
    services = make_services(settings, wake=bell)
    if demo:
        _load_demo(services)
    announce(f"Certway is at {settings.public_url}")
    options = {
        "bind": f"{host}:{port}", "workers": workers, "threads": threads, "worker_class": "gthread",
        "preload_app": True, "accesslog": None, "loglevel": "warning", "keepalive": 75, "timeout": 120,
        "graceful_timeout": 10, "limit_request_line": 4094, "worker_tmp_dir": None,
        "post_fork": lambda _server, _worker: _start_worker(settings, services, bell),
    }  # fmt: skip
    Embedded(options, lambda: make_site(services)).run()


def _start_worker(settings: Settings, services: Any, bell: Bell) -> None:
    if settings.worker:
        from portal.worker import start

        start(services, bell)


def _load_demo(services: Any) -> None:
    gc.enable()
    from portal.demo.loader import load_or_recall

    for line in load_or_recall(services, progress=announce).lines():
        announce(line)


def announce(line: str) -> None:
    """Print a line at once."""
    print(line, file=sys.stdout, flush=True)
