"""The command line: serve the portal, load the demo, look after it."""

from __future__ import annotations

import gc
from pathlib import Path

import click

_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    envvar="CERTWAY_DATA",
    default=Path("var/data"),
    show_default=True,
    help="Data folder.",
)


@click.group()
@click.version_option(package_name="certway")
def main() -> None:
    """Certway: from gap analysis to the ISO/IEC 20000-1 certificate."""


@main.command()
@click.option("--port", default=8000, show_default=True, help="Port on 127.0.0.1.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@_DATA
@click.option("--workers", default=2, show_default=True, help="Server processes.")
@click.option("--threads", default=8, show_default=True, help="Threads of each process.")
@click.option("--demo/--no-demo", default=False, help="Load the demo into an empty data folder first.")
@click.option(
    "--public-url", envvar="CERTWAY_PUBLIC_URL", default=None, help="Address the site is reached at, when not this one."
)
def serve(host: str, port: int, data: Path, workers: int, threads: int, demo: bool, public_url: str | None) -> None:
    """Serve the portal from one data folder."""
    gc.disable()  # what starting makes is there to stay; the server turns the collector on again
    from portal import server, settings

    chosen = settings.load(data=data, public_url=public_url or f"http://{host}:{port}")
    server.serve(chosen, host=host, port=port, workers=workers, threads=threads, demo=demo)


@main.command()
@_DATA
@click.option(
    "--public-url",
    envvar="CERTWAY_PUBLIC_URL",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Address used in links.",
)
def demo(data: Path, public_url: str) -> None:
    """Load the demo (three clients of one consultancy) into an empty data folder."""
    from portal import settings
    from portal.demo.loader import load_demo
    from portal.wsgi import make_services

    for line in load_demo(make_services(settings.load(data=data, public_url=public_url)), progress=click.echo).lines():
        click.echo(line)


@main.group()
def user() -> None:
    """Look after accounts."""


@user.command()
@click.argument("email")
@_DATA
@click.password_option(help="The new password; asked for when left out.")
def password(email: str, data: Path, password: str) -> None:
    """Give the account of EMAIL a new password, end its sessions and turn its app codes off."""
    from portal import settings
    from portal.actions import operator
    from portal.wsgi import make_services

    try:
        operator.reset_password(make_services(settings.load(data=data)), email, password)
    except operator.Refused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{email} can sign in with the new password. Every session of the account has ended.")
