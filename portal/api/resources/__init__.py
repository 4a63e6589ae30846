"""Resources: one module per noun; each collects its routes, and here is the list of them all."""

from __future__ import annotations

from portal.api.resources import (
    accounts,
    docs,
    findings,
    health,
    organisations,
    practices,
    programmes,
    requirements,
    steps,
)
from portal.api.routes import Resource

RESOURCES: list[Resource] = [
    accounts.resource,
    docs.resource,
    findings.resource,
    health.resource,
    organisations.resource,
    practices.resource,
    programmes.resource,
    requirements.resource,
    steps.resource,
]
