"""What stands in one file: the evidence entry, its text and the client's data, all with moved dates."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.demo.data import load_texts
from portal.demo.dates import shift_dates
from portal.demo.files.tables import Table, parse_table, table_of

_KEPT = {"document", "policy", "plan", "procedure", "agreement"}
_HALF_A_MONTH = timedelta(days=14)


@dataclass(frozen=True)
class Source:
    """One file to build; every date in it is already moved."""

    client: dict[str, Any]
    entry: dict[str, Any]
    spec: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.entry["file"])

    @property
    def date(self) -> date:
        return date.fromisoformat(self.entry["date"])

    @property
    def title(self) -> str:
        return str(self.spec["title"])

    @property
    def issuer(self) -> str:
        """Name who the file comes from: the organisation itself unless the text says otherwise."""
        return str(self.spec.get("issuer") or self.client["organisation"]["name"])

    @property
    def author(self) -> str:
        return str(self.spec.get("author") or self.entry["owner"])

    @property
    def version(self) -> str:
        found = re.search(r"-v(\d+(?:\.\d+)?)", self.name)
        return str(self.spec.get("v") or (found.group(1) if found else "1.0"))

    @property
    def is_document(self) -> bool:
        """Tell whether this is a document that is maintained, not a record that is retained."""
        return self.entry["type"] in _KEPT

    def inner(self, entry: dict[str, Any]) -> "Source":
        """Make the source of a file inside this one, which inherits what it does not say itself."""
        return Source(self.client, {**self.entry, **entry}, entry)

    def table(self, spec: dict[str, Any]) -> Table:
        """Make one table, written out or taken from the client's data."""
        if "data" in spec:
            return table_of(self.client, spec)
        return parse_table(spec["table"])


def source_of(client: dict[str, Any], evidence: dict[str, Any], shift: timedelta) -> Source:
    """Bring entry, text and data together and move their dates."""
    name = client["organisation"]["name"].split()[0].lower()
    spec = load_texts(name)[evidence["id"]]
    return Source(shift_dates(client, shift), shift_dates(evidence, shift), shift_dates(spec, shift))


def control_rows(source: Source) -> list[tuple[str, str]]:
    """List the document control facts shown on the first page or sheet."""
    people = source.client["organisation"]["people"]
    kind = str(source.entry["type"]).capitalize()
    rows = [("Title", source.title), ("Reference", source.entry["id"]), ("Kind", kind)]
    if source.is_document:
        rows.append(("Version and status", f"{source.version}, {source.spec.get('status', 'approved')}"))
    rows += [("Owner", _person(source.entry["owner"], people)), ("Date", source.entry["date"])]
    if source.author != source.entry["owner"]:
        rows.append(("Prepared by", source.author))
    rows += _document_rows(source, people) if source.is_document else _record_rows(source)
    return [*rows, ("Clauses", _clauses(source.entry))]


def _document_rows(source: Source, people: dict[str, str]) -> list[tuple[str, str]]:
    review = source.date + timedelta(days=364)
    return [("Approved by", _person(approver(source), people)), ("Next review", review.isoformat())]


def _record_rows(source: Source) -> list[tuple[str, str]]:
    rows = [(key.capitalize(), source.spec[key]) for key in ("source", "period") if key in source.spec]
    return [*rows, ("Retained until", (source.date + timedelta(days=1092)).isoformat())]


def approver(source: Source) -> str:
    """Name who approved a document: top management for the SMS manager's own, else the SMS manager."""
    people = list(source.client["organisation"]["people"])
    default = people[0] if source.entry["owner"] in people[:2] else people[1]
    return str(source.spec.get("approver") or default)


def history_rows(source: Source) -> Table:
    """List the versions of a document, the newest last."""
    draft = source.date - _HALF_A_MONTH
    rows: list[list[Any]] = [["0.9", draft.isoformat(), source.entry["owner"], "Draft for comment"]]
    if source.version not in {"1.0", "1"}:
        first = (source.date - 3 * _HALF_A_MONTH).isoformat()
        rows = [["1.0", first, source.entry["owner"], "First issue"]]
    change = source.spec.get("change", "Approved and published")
    rows.append([source.version, source.entry["date"], source.entry["owner"], change])
    return ["Version", "Date", "Changed by", "Change"], rows


def _person(name: str, people: dict[str, str]) -> str:
    return f"{name}, {people[name]}" if name in people else name


def _clauses(entry: dict[str, Any]) -> str:
    text = "ISO/IEC 20000-1:2018 " + ", ".join(entry["clauses_2018"])
    older = entry.get("clauses_2011")
    return text + (" (2011: " + ", ".join(older) + ")" if older else "")
