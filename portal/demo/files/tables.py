"""Tables for the evidence files: written out in the texts, or made from the client's data."""

from collections.abc import Callable
from typing import Any

from portal.demo.files import facts, people, samples, tickets

Table = tuple[list[str], list[list[Any]]]

PROVIDERS: dict[str, Callable[..., Table]] = {
    "attendance": people.attendance,
    "changes": tickets.changes,
    "ci_check": samples.ci_check,
    "complaints": samples.complaints,
    "course": people.course,
    "decisions": facts.decisions,
    "findings": facts.findings,
    "incidents": tickets.incidents,
    "kpi_grid": facts.kpi_grid,
    "kpis": facts.kpis,
    "knowledge": samples.knowledge,
    "people": facts.people,
    "problems": tickets.problems,
    "quiz": people.quiz,
    "requests": tickets.requests,
    "review_inputs": facts.review_inputs,
    "services": facts.services,
    "sites": facts.sites,
    "survey": samples.survey,
    "training": facts.training,
}


def table_of(client: dict[str, Any], spec: dict[str, Any]) -> Table:
    """Make the table a text asks for by name, with the options it gives."""
    return PROVIDERS[spec["data"]](client, **spec.get("with", {}))


def parse_table(text: str) -> Table:
    """Read a table written as lines with cells between bars; the first line is the head."""
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    if any(len(line) != len(lines[0]) for line in lines):
        raise ValueError(f"table with uneven lines: {lines[0]}")
    return lines[0], [list(line) for line in lines[1:]]
