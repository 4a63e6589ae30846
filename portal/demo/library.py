"""The demo's evidence: real files, uploaded by their owners, accepted by somebody else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Any

from portal import catalogue
from portal.actions import evidence, policy, uploads
from portal.demo import past
from portal.demo.data import load, load_texts
from portal.demo.dates import shift_text
from portal.demo.factory import File, Job
from portal.demo.house import House
from portal.demo.periods import period_of
from portal.demo.script import minutes, workday

RECORDS = {"record", "report"}
REVIEWED_AFTER = timedelta(days=364)
WORTH_TELLING = timedelta(days=60)
_SYSTEM = re.compile(r"\b(tool|system|module|portals|Ledger|monitoring|repository)\b")
_SYSTEMS = (("export", "Ticket tool, full export"), ("Attendance", "Learning platform"), ("Quiz", "Learning platform"),
            ("Report-Meridian", "Certification body, by mail"))  # fmt: skip

Entry = dict[str, Any]


def jobs(house: House) -> Iterator[Job]:
    """Yield the files that the story needs, in the order of their days."""
    wanted = [(entry["date"], _job(house, entry["id"])) for entry in house.data["evidence"]]
    versions = zip(load(f"{house.name}-story")["versions"], house.story["versions"], strict=True)
    wanted += [(moved["day"], _version_job(house, version)) for version, moved in versions]
    yield from (job for _, job in sorted(wanted))


def _job(house: House, ref: str) -> Job:
    return Job(house.name, ref, house.shift.days // 7)


def _version_job(house: House, version: Entry) -> Job:
    if "inside" in version:
        source, inner = version["inside"]
        return _job(house, source)._replace(inside=inner)
    return _job(house, version["of"])._replace(day=version["day"], file=version["file"])


def fill(house: House) -> None:
    """Write down when each piece of evidence is put in, submitted and judged."""
    ends = {step["step"]: step["end"] for step in house.data["steps"]}
    clocks: dict[str, Iterator[datetime]] = {}
    for entry in house.data["evidence"]:
        clock = clocks.setdefault(entry["date"], minutes(past.moment(entry["date"], "08:20"), 4))
        house.script.at(next(clock), partial(put, house, entry))
        end = house.story["stays"].get(entry["id"], "accepted")
        _judge(house, entry, entry["date"], end, hurry=entry["date"] >= _before(ends[entry["step"]]))
    written = load(f"{house.name}-story")["versions"]
    for version, moved in zip(written, house.story["versions"], strict=True):
        entry = next(entry for entry in house.data["evidence"] if entry["id"] == moved["of"])
        job = _version_job(house, version)
        house.on(moved["day"], "08:50", partial(_add_version, house, entry, job, moved["note"]))
        _judge(house, entry, moved["day"], moved.get("end", "accepted"), hurry=True, reason=moved.get("reason", ""))


def _before(end: str | None) -> str:
    return (date.fromisoformat(end) - timedelta(days=1)).isoformat() if end else "9999"


def _judge(house: House, entry: Entry, day: str, end: str, *, hurry: bool, reason: str = "") -> None:
    if end == "draft":
        return
    house.on(day, "10:10", partial(_submit, house, entry))
    if end == "submitted":
        return
    later = day if hurry else workday(date.fromisoformat(day) + timedelta(days=1)).isoformat()
    house.on(later, "12:30" if hurry else "11:00", partial(_decide, house, entry, reason))


def put(house: House, entry: Entry, at: datetime) -> None:
    """Upload the file of an entry and put it in as evidence."""
    name, content = house.factory.take(_job(house, entry["id"]))
    owner, edition = entry["owner"], catalogue.load(house.data["organisation"]["edition"])
    upload = _upload(house, owner, (name, content), at)
    items = [item.id for clause in entry["clauses_2018"] for item in edition.clause(clause).items]
    items += house.story.get("covers", {}).get(entry["id"], [])
    facts = {**_facts(house, entry, name), "items": items, "steps": [entry["step"]], "upload": upload}
    made = evidence.create(house.ctx(owner, "evidence.create", at + timedelta(minutes=2)), facts)
    house.ids[entry["id"]] = made["id"]


def _facts(house: House, entry: Entry, filename: str) -> dict[str, Any]:
    spec, day = load_texts(house.name)[entry["id"]], date.fromisoformat(entry["date"])
    told = {key: shift_text(str(spec[key]), house.shift) for key in ("title", "source", "period") if key in spec}
    told |= {"period": said} if (said := house.story.get("periods", {}).get(entry["id"])) else {}
    facts: dict[str, Any] = {"title": told["title"], **_source(told.get("source", ""), filename)}
    if entry["type"] in RECORDS:
        first, last = period_of(told.get("period", ""), filename, day)
        return {**facts, "kind": "record", "period": {"from_": first, "to": last}}
    review = day + REVIEWED_AFTER
    due = review > house.today + WORTH_TELLING or entry["id"] in house.story["review_soon"]
    return {**facts, "kind": "document", "review_by": review if due else None}


def _source(said: str, filename: str) -> dict[str, str]:
    """Return the system that a text names; what it names beside systems goes into the description."""
    if _SYSTEM.search(said):
        return {"source_system": said}
    system = next((system for word, system in _SYSTEMS if word in filename), "Document repository")
    return {"source_system": system, "description": f"{said}." if said else ""}


def _upload(house: House, owner: str, file: File, at: datetime) -> str:
    """Send a file's bytes to the store, as a browser does by the address it is given."""
    name, content = file
    digest = hashlib.sha256(content).hexdigest()
    begun = uploads.begin(house.ctx(owner, "evidence.create", at), name, len(content), digest)
    house.services.files.receive(house.org, begun["id"], BytesIO(content), length=len(content), sha256=digest)
    uploads.complete(house.ctx(owner, "evidence.create", at + timedelta(minutes=1)), begun["id"])
    return str(begun["id"])


def _add_version(house: House, entry: Entry, job: Job, note: str, at: datetime) -> None:
    upload = _upload(house, entry["owner"], house.factory.take(job), at)
    ctx = house.ctx(entry["owner"], "evidence.edit", at + timedelta(minutes=2))
    evidence.add_version(ctx, house.ids[entry["id"]], upload, note)


def _submit(house: House, entry: Entry, at: datetime) -> None:
    evidence.submit(house.ctx(entry["owner"], "evidence.edit", at), house.ids[entry["id"]])


def _decide(house: House, entry: Entry, reason: str, at: datetime) -> None:
    ctx = house.ctx(reviewer(house, entry), "evidence.review", at)
    if reason:
        evidence.send_back(ctx, house.ids[entry["id"]], reason)
    else:
        evidence.accept(ctx, house.ids[entry["id"]], "")


def reviewer(house: House, entry: Entry) -> str:
    """Return who judges an entry: never its owner; the auditor for what the SMS manager's people recorded."""
    owner = entry["owner"]
    if owner == house.manager:
        return house.top
    if policy.PROCESS in house.roles[owner] and entry["type"] in RECORDS:
        return house.auditor
    return house.manager
