"""Resources: one module per noun; each collects its routes, and here is the list of them all."""

from __future__ import annotations

from portal.api.resources import (
    accounts,
    audits,
    docs,
    evidence,
    files,
    findings,
    grants,
    health,
    organisations,
    practices,
    programmes,
    requirements,
    review,
    steps,
    uploads,
)
from portal.api.routes import Resource

RESOURCES: list[Resource] = [
    accounts.resource,
    audits.resource,
    docs.resource,
    evidence.resource,
    files.resource,
    findings.resource,
    grants.resource,
    health.resource,
    organisations.resource,
    practices.resource,
    programmes.resource,
    requirements.resource,
    review.resource,
    steps.resource,
    uploads.resource,
]
