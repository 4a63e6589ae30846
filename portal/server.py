"""The embedded server: gunicorn with a few processes, each with threads and a background worker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.app.base import BaseApplication

from portal.settings import Settings
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
        """Return the WSGI callable."""
        return self.build()


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
    from portal.demo.loader import load_or_recall

    for line in load_or_recall(services, progress=announce).lines():
        announce(line)


def announce(line: str) -> None:
    """Print a line at once."""
    print(line, file=sys.stdout, flush=True)
