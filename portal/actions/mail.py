"""Mail: handed to the deployment's own sender or an SMTP server, or written to the outbox folder without either."""

from __future__ import annotations

import os
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from portal import ids
from portal.actions.context import Services
from portal.settings import Settings

TIMEOUT = 20  # seconds


def deliver(services: Services, task: dict[str, Any]) -> None:
    """Send one mail; what fails is tried again by the worker."""
    message = compose(services.settings, task)
    if services.post:
        services.post(message)
    elif services.settings.smtp:
        send(services.settings.smtp, message)
    else:
        keep(services.settings.data / "outbox", message, services.clock().strftime("%Y%m%dT%H%M%S"))


def compose(settings: Settings, task: dict[str, Any]) -> EmailMessage:
    """Build the message; line breaks in a subject never become headers, nor one address several."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = " ".join(task["to"].split())
    if [address.addr_spec for address in message["To"].addresses] != [task["to"]]:
        raise ValueError("a mail goes to one address")
    # The library would decode what looks like an encoded word (RFC 2047), the line breaks in it included.
    message["Subject"] = " ".join(task["subject"].split()).replace("=?", "= ?")
    message.set_content(task["text"])
    return message


def keep(folder: Path, message: EmailMessage, moment: str) -> Path:
    """Write a message to the outbox folder, readable by the operator only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{moment}-{ids.new_id()}.eml"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    return path


def send(address: str, message: EmailMessage) -> None:
    """Hand a message to the SMTP server at smtp[s]://user:password@host:port."""
    import smtplib
    import ssl

    url, tls = urlsplit(address), ssl.create_default_context()
    secure = url.scheme == "smtps"
    port = url.port or (465 if secure else 587)
    connect = partial(smtplib.SMTP_SSL, context=tls) if secure else smtplib.SMTP
    with connect(url.hostname or "localhost", port, timeout=TIMEOUT) as server:
        server.ehlo()  # only then it is known what the server can
        if not secure and server.has_extn("starttls"):
            server.starttls(context=tls)
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)
