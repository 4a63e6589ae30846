"""Resources: one module per noun; each collects its routes, and here is the list of them all."""

from __future__ import annotations

from portal.api.resources import (
    accounts,
    docs,
    evidence,
    files,
    findings,
    health,
    organisations,
    practices,
    programmes,
    requirements,
    steps,
    uploads,
)
from portal.api.routes import Resource

RESOURCES: list[Resource] = [
    accounts.resource,
    docs.resource,
    evidence.resource,
    files.resource,
    findings.resource,
    health.resource,
    organisations.resource,
    practices.resource,
    programmes.resource,
    requirements.resource,
    steps.resource,
    uploads.resource,
]
