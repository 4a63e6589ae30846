"""Background tasks: what a change left in the outbox; every handler may run more than once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.actions import mail, portfolio
from portal.actions.context import Services

Handler = Callable[[Services, dict[str, Any]], None]

HANDLERS: dict[str, Handler] = {"mail": mail.deliver, "roll_up": portfolio.roll_up}
