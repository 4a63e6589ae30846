"""The headline of each page answers its user's question in one sentence made from the facts; the lede adds to it."""

from portal.domain.headlines.audits import audit, audits, journal, members, review_room
from portal.domain.headlines.evidence import evidence, evidence_item, upload
from portal.domain.headlines.findings import finding, findings
from portal.domain.headlines.programme import overview, requirements, step, steps
from portal.domain.headlines.shape import Headline
from portal.domain.headlines.today import clients, work

__all__ = [
    "Headline", "audit", "audits", "clients", "evidence", "evidence_item", "finding", "findings", "journal", "members",
    "overview", "requirements", "review_room", "step", "steps", "upload", "work",
]  # fmt: skip
