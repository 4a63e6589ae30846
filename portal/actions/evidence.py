"""Evidence: putting it in, keeping it right, submitting it, and judging what others submitted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from portal import ids
from portal.actions import organisations, records_span, uploads
from portal.actions.context import Ctx, Event, NotAllowed
from portal.actions.evidence_links import NOTHING, body_of, changes, programmes_touched, seen_from
from portal.actions.evidence_views import page
from portal.actions.guarding import bump
from portal.actions.state import edition_catalogue
from portal.catalogue import Catalogue
from portal.domain import evidence as domain
from portal.domain.common import Invalid, Person
from portal.domain.evidence import Evidence, State, Version
from portal.domain.wording import listed
from portal.records import codec, keys
from portal.records.port import Insert, Record, Write

DETAILS = ("title", "kind", "source_system", "description", "review_by")
_WORDS = {"review_by": "review date", "source_system": "source system", "period_from": "period", "period_to": "period"}


def load(ctx: Ctx, evidence_id: str) -> tuple[Evidence, Record]:
    """Return one piece of evidence with the record of its head; raise `NotAllowed` when there is none."""
    if not ids.is_id(evidence_id):
        raise NotAllowed(evidence_id)
    record = ctx.need(keys.evidence(ctx.scope.organisation, evidence_id))
    return seen_from(record, ctx.scope.programme), record


def show(ctx: Ctx, evidence_id: str) -> dict[str, Any]:
    """Return one piece of evidence with its versions, its history and who has looked at it."""
    return page(ctx, load(ctx, evidence_id)[1])


def create(ctx: Ctx, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Put evidence in as a draft, with its first file when there is one; who puts it in owns it unless they say."""
    details = {"owner": ctx.actor.person, **_details(ctx, facts)}
    items, steps = _known(edition_catalogue(ctx), facts.get("items", ())), facts.get("steps", ())
    made = domain.create(
        ctx.new_id(), details, by=ctx.actor.person, now=ctx.now, items=items, steps=steps, programme=ctx.scope.programme
    )
    writes: list[Write] = []
    if facts.get("upload"):
        made, writes = _versioned(ctx, made, facts["upload"], "")
    text = f"added “{made.title}” to the evidence"
    return _save(ctx, None, made, "created", text, *writes)


def _details(ctx: Ctx, facts: Mapping[str, Any]) -> dict[str, Any]:
    details = {name: facts[name] for name in DETAILS if name in facts}
    if "owner" in facts:
        owner = facts["owner"]
        details["owner"] = Person(**organisations.need_member(ctx, owner)) if owner else None
    if "period" in facts:
        period = facts["period"] or {}
        details |= {"period_from": period.get("from_"), "period_to": period.get("to")}
    return details


def _known(catalogue: Catalogue, items: Iterable[str]) -> list[str]:
    wanted = list(items)
    unknown = next((item for item in wanted if not catalogue.has_item(item)), None)
    if unknown is not None:
        raise Invalid(f"{catalogue.name} has no item {unknown}. Choose another.", "items")
    return wanted


def edit(ctx: Ctx, evidence_id: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Change title, kind, owner, source system, period, review date or description."""
    before, record = _mine(ctx, evidence_id)
    after = domain.describe(before, _details(ctx, facts), now=ctx.now)
    if after == before:
        return page(ctx, record)
    names = {_WORDS.get(name, name) for name in _changed(before, after)}
    again = ", which asks for a new review" if after.state != before.state else ""
    text = f"changed the {listed(sorted(names))} of “{after.title}”{again}"
    return _save(ctx, record, after, "edited", text)


def _changed(before: Evidence, after: Evidence) -> list[str]:
    names = (*DETAILS, "owner", "period_from", "period_to")
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _mine(ctx: Ctx, evidence_id: str) -> tuple[Evidence, Record]:
    """Return evidence that the actor may change, as they last read it."""
    found, record = load(ctx, evidence_id)
    ctx.settle(*([found.owner.id] if found.owner else []))
    ctx.expect(record.version)
    return found, record


def link(ctx: Ctx, evidence_id: str, items: Iterable[str], steps: Iterable[int]) -> dict[str, Any]:
    """Link evidence to exactly these items and steps of the programme in scope."""
    before, record = _mine(ctx, evidence_id)
    after = domain.link(before, items=_known(edition_catalogue(ctx), items), steps=steps, now=ctx.now)
    added, taken = _named(after, before), _named(before, after)
    if not added and not taken:
        return page(ctx, record)
    said = [f"linked “{after.title}” to {listed(added, 4)}"] if added else []
    said += [f"unlinked {'it' if added else f'“{after.title}”'} from {listed(taken, 4)}"] if taken else []
    return _save(ctx, record, after, "linked", " and ".join(said))


def _named(some: Evidence, but: Evidence) -> list[str]:
    """Return what one version of the head is linked to and the other is not, in words."""
    items = [item for item in some.items if item not in but.items]
    return items + [f"step {step}" for step in some.steps if step not in but.steps]


def add_version(ctx: Ctx, evidence_id: str, upload: str, note: str) -> dict[str, Any]:
    """Add a new version from an upload; what was accepted or submitted is a draft again."""
    before, record = _mine(ctx, evidence_id)
    after, writes = _versioned(ctx, before, upload, note)
    text = f"added version {after.version} of “{after.title}”"
    return _save(ctx, record, after, "version-added", text, *writes)


def _versioned(ctx: Ctx, evidence: Evidence, upload: str, note: str) -> tuple[Evidence, list[Write]]:
    file, used = uploads.take(ctx, upload, evidence.id)
    after, version = domain.add_version(evidence, **file, by=ctx.actor.person, now=ctx.now, note=note)
    key = keys.evidence_version(ctx.scope.organisation, evidence.id, version.number)
    return after, [Insert(Record(key, "V", codec.dump(version))), used]


def submit(ctx: Ctx, evidence_id: str) -> dict[str, Any]:
    """Submit evidence for review."""
    before, record = _mine(ctx, evidence_id)
    after = domain.submit(before, by=ctx.actor.person, now=ctx.now)
    text = f"submitted “{after.title}” version {after.version} for review"
    return _save(ctx, record, after, "submitted", text)


def accept(ctx: Ctx, evidence_id: str, note: str) -> dict[str, Any]:
    """Accept submitted evidence as being what it claims to be; this rates nothing."""
    return _judge(
        ctx, evidence_id, lambda found: domain.accept(found, by=ctx.actor.person, now=ctx.now, note=note), "accepted"
    )


def send_back(ctx: Ctx, evidence_id: str, reason: str) -> dict[str, Any]:
    """Return submitted evidence to its owner with a reason."""
    return _judge(
        ctx, evidence_id,
        lambda found: domain.return_with_reason(found, by=ctx.actor.person, now=ctx.now, reason=reason),
        "returned", f": {reason.strip()}",
    )  # fmt: skip


def _judge(
    ctx: Ctx, evidence_id: str, decide: Callable[[Evidence], Evidence], word: str, reason: str = ""
) -> dict[str, Any]:
    before, record = load(ctx, evidence_id)
    ctx.expect(record.version)
    # The domain refuses the owner and the uploader first, because it says why; the policy would only say "not found".
    after = decide(before)
    concerned = (before.owner, before.current.uploaded_by if before.current else None)
    ctx.settle(*(person.id for person in concerned if person))
    text = f"{word} “{after.title}” version {after.version}{reason}"
    return _save(ctx, record, after, word, text)


def _save(ctx: Ctx, before: Record | None, after: Evidence, what: str, text: str, *writes: Write) -> dict[str, Any]:
    """Commit a head with its links, counters and guards; return the page as it is then."""
    old = before.body if before else NOTHING
    body = body_of(after, ctx.scope.programme, old)
    batch = changes(ctx.scope.organisation, before, body)
    head = Record(keys.evidence(ctx.scope.organisation, after.id), "EV", body, before.version + 1 if before else 1)
    event = Event(f"evidence:{what}", "evidence", after.id, after.title, text, _detail(after.current))
    shown = page(ctx, head, event, _new_version(writes))
    ctx.commit(event, *batch, *writes, *_guards(ctx, old, body), *records_span.writes(ctx, old, body),
               reply=shown)  # fmt: skip
    return shown


def _detail(file: Version | None) -> dict[str, Any]:
    return {"version": file.number, "sha256": file.sha256, "length": file.length} if file else {}


def _new_version(writes: Iterable[Write]) -> Version | None:
    bodies = [w.record.body for w in writes if isinstance(w, Insert) and w.kind == "V"]
    return codec.load(Version, bodies[0]) if bodies else None


def _guards(ctx: Ctx, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Write]:
    """Return the guards of every programme in which a gate may now decide otherwise."""
    touched = set(programmes_touched(old, new))
    judged = new["state"] != old.get("state") and new["state"] in (State.ACCEPTED, State.RETURNED)
    if judged or (old and new["version"] != old["version"]):
        touched.add(ctx.scope.programme)
    return [bump(ctx, programme) for programme in sorted(touched)]
