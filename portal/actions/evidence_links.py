"""Evidence heads as they are kept: the links in every programme, the index keys, and the counters that follow.

A head is kept with the links of the programme it was made in; those of further programmes stand in `elsewhere`.
Counters are never set: each commit adds what the new head says and takes away what the old one said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from portal.catalogue import clause_key
from portal.domain.common import Invalid
from portal.domain.evidence import Evidence, State
from portal.records import codec, keys
from portal.records.port import Add, Delete, Insert, Key, Record, Replace, Write

Body = Mapping[str, Any]
NOTHING: Body = {}
# A commit takes 100 writes; the event, the guards, the version, the upload and the proofs need their part of them.
MOST_WRITES = 80


def seen_from(record: Record, programme: str) -> Evidence:
    """Return the evidence with the links it has in one programme."""
    kept = codec.load(Evidence, record.body)
    if programme == kept.programme:
        return kept
    there = record.body.get("elsewhere", NOTHING).get(programme, NOTHING)
    return replace(kept, items=tuple(there.get("items", ())), steps=tuple(there.get("steps", ())))


def body_of(evidence: Evidence, programme: str, before: Body) -> dict[str, Any]:
    """Return the body of a head whose links are those of one programme; `before` is the body it replaces, if any."""
    body = codec.dump(evidence)
    elsewhere = dict(before.get("elsewhere", NOTHING))
    if programme != evidence.programme:
        elsewhere[programme] = {"items": body["items"], "steps": body["steps"]}
        body |= {"items": before["items"], "steps": before["steps"]}
    return {**body, "elsewhere": elsewhere} if elsewhere else body


def clause_of(item: str) -> str:
    """Return the clause of an item: '8.4.3-b' belongs to 8.4.3."""
    return item.rsplit("-", 1)[0]


def target_of(step: int) -> str:
    """Return how a step is named among what evidence is linked to."""
    return f"S{step:02d}"


def changes(org: str, before: Record | None, body: Body) -> list[Write]:
    """Return the writes that make `body` the head: the head, its links and every counter that moves.

    Raise Invalid when that is more than one commit takes, now or when the evidence is accepted.
    """
    old = before.body if before else NOTHING
    writes = [_head(org, before, body), *_links(org, old, body), *_counts(org, old, body)]
    if len(writes) > MOST_WRITES or len({place[:2] for place in _tally(body)}) > MOST_WRITES:
        raise Invalid("That is too many links at once. Link it to fewer items, then add the others.", "items")
    return writes


def programmes_touched(old: Body, new: Body) -> list[str]:
    """Return the programmes in which a change moves a link or an item's counter."""
    moved = {programme for programme, _, _ in _difference(_tally(old), _tally(new))}
    return sorted(moved | {programme for programme, _ in _targets(old) ^ _targets(new)})


def _head(org: str, before: Record | None, body: Body) -> Write:
    record = Record(
        keys.evidence(org, body["id"]), "EV", body, before.version if before else 0,
        index1=keys.evidence_in_state(org, body["state"], body["id"]), index2=_awaited(org, body),
    )  # fmt: skip
    return Replace(record) if before else Insert(record)


def _awaited(org: str, body: Body) -> Key | None:
    """Name where somebody looks for what is to be done: by the review date once accepted, by the owner until then."""
    if body["state"] == State.ACCEPTED:
        lapses = body["review_by"]
        return keys.due(org, date.fromisoformat(lapses), body["id"]) if lapses else None
    owner = body["owner"] if body["state"] in (State.DRAFT, State.RETURNED) else None
    return keys.evidence_to_do(org, owner["id"], body["id"]) if owner else None


def _by_programme(body: Body) -> dict[str, Body]:
    own = {body["programme"]: body} if body else {}
    return {**own, **body.get("elsewhere", NOTHING)}


def _targets(body: Body) -> set[tuple[str, str]]:
    return {
        (programme, target)
        for programme, links in _by_programme(body).items()
        for target in (*links["items"], *map(target_of, links["steps"]))
    }


def _links(org: str, old: Body, new: Body) -> Iterable[Write]:
    before, after = _targets(old), _targets(new)
    for programme, target in sorted(after - before):
        index = keys.evidence_for(org, programme, target, new["id"])
        key = keys.evidence_link(org, new["id"], programme, target)
        yield Insert(Record(key, "LINK", {}, index1=index))
    for programme, target in sorted(before - after):
        # A link never changes, so its version is the first.
        yield Delete(keys.evidence_link(org, new["id"], programme, target), 1, "LINK")


def _tally(body: Body) -> Counter[tuple[str, str, str]]:
    """Count what a head adds to its items: by programme, clause and counter."""
    names = ("linked", "accepted") if body.get("state") == State.ACCEPTED else ("linked",)
    return Counter(
        (programme, clause_of(item), f"{item}.{name}")
        for programme, links in _by_programme(body).items()
        for item in links["items"]
        for name in names
    )


def _difference(old: Counter[Any], new: Counter[Any]) -> dict[Any, int]:
    return {name: new[name] - old[name] for name in sorted({*old, *new}) if new[name] != old[name]}


def _counts(org: str, old: Body, new: Body) -> Iterable[Write]:
    states = _difference(Counter([old["state"]] if old else []), Counter([new["state"]]))
    if states:
        yield Add(keys.evidence_counts(org), "COUNTS", states)
    by_clause: dict[tuple[str, str], dict[str, int]] = {}
    for (programme, clause, name), delta in _difference(_tally(old), _tally(new)).items():
        by_clause.setdefault((programme, clause), {})[name] = delta
    for (programme, clause), deltas in by_clause.items():
        yield Add(keys.rating_counts(org, programme, clause_key(clause)), "COUNTS", deltas)
