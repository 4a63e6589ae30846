"""Keys: the only place where a record's partition, sort key and index keys are built."""

from __future__ import annotations

from datetime import date, datetime

from portal.records.port import Key

OUT_SHARDS = 16


def organisation(org: str) -> Key:
    """Name an organisation's profile."""
    return Key(f"O#{org}", "ORG")


def member(org: str, user: str) -> Key:
    """Name a membership."""
    return Key(f"O#{org}", f"MEMBER#{user}")


def memberships_of(user: str, org: str = "") -> Key:
    """Name a membership on index 1: which organisations a user belongs to."""
    return Key(f"U#{user}", f"O#{org}")


def programme(org: str, programme_id: str) -> Key:
    """Name a programme's head."""
    return Key(f"O#{org}", f"PROG#{programme_id}")


def inside(org: str, programme_id: str) -> str:
    """Name the partition of everything read together in one programme."""
    return f"O#{org}#P#{programme_id}"


def guard(org: str, programme_id: str) -> Key:
    """Name the record whose version changes whenever a gate's facts do."""
    return Key(inside(org, programme_id), "GUARD")


def records_span(org: str, programme_id: str) -> Key:
    """Name the record of the days that accepted records cover."""
    return Key(inside(org, programme_id), "SPAN")


def step(org: str, programme_id: str, number: int) -> Key:
    """Name one of the eleven steps."""
    return Key(inside(org, programme_id), f"STEP#{number:02d}")


def ratings(org: str, programme_id: str, clause_key: str) -> Key:
    """Name the ratings of one clause's items; `clause_key` is zero-padded, '08.05.01'."""
    return Key(inside(org, programme_id), f"RATE#{clause_key}")


def rating_counts(org: str, programme_id: str, clause_key: str) -> Key:
    """Name the evidence counters of one clause's items, next to its ratings."""
    return Key(inside(org, programme_id), f"RATE#{clause_key}#N")


def audit(org: str, programme_id: str, audit_id: str) -> Key:
    """Name an audit."""
    return Key(inside(org, programme_id), f"AUDIT#{audit_id}")


def finding(org: str, programme_id: str, finding_id: str) -> Key:
    """Name a finding."""
    return Key(inside(org, programme_id), f"FIND#{finding_id}")


def snapshot(org: str, programme_id: str, snapshot_id: str) -> Key:
    """Name a snapshot's head; its pages share the partition."""
    return Key(f"{inside(org, programme_id)}#S#{snapshot_id}", "HEAD")


def snapshot_page(org: str, programme_id: str, snapshot_id: str, page: int) -> Key:
    """Name one page of a snapshot."""
    return Key(f"{inside(org, programme_id)}#S#{snapshot_id}", f"PAGE#{page:04d}")


def due(org: str, on: date, object_id: str) -> Key:
    """Name an open finding or lapsing evidence on index 1 or 2: what is due."""
    return Key(f"O#{org}#DUE", f"{on.isoformat()}#{object_id}")


def library(org: str) -> str:
    """Name the partition of an organisation's evidence heads."""
    return f"O#{org}#E"


def evidence(org: str, evidence_id: str) -> Key:
    """Name an evidence head."""
    return Key(library(org), f"EV#{evidence_id}")


def evidence_counts(org: str) -> Key:
    """Name the counters of evidence by state."""
    return Key(library(org), "COUNT")


def evidence_in_state(org: str, state: str, evidence_id: str = "") -> Key:
    """Name an evidence head on index 1: by state, oldest first."""
    return Key(f"O#{org}#E#STATE#{state}", evidence_id)


def evidence_to_do(org: str, owner: str, evidence_id: str = "") -> Key:
    """Name an evidence head on index 2 while it waits for its owner: a draft, or returned."""
    return Key(f"O#{org}#E#TODO#{owner}", evidence_id)


def evidence_version(org: str, evidence_id: str, number: int) -> Key:
    """Name one version of an evidence."""
    return Key(f"O#{org}#E#{evidence_id}", f"V#{number:04d}")


def evidence_link(org: str, evidence_id: str, programme_id: str, target: str) -> Key:
    """Name the link of an evidence to an item ('4.1-a') or a step ('S05')."""
    return Key(f"O#{org}#E#{evidence_id}", f"LINK#{programme_id}#{target}")


def evidence_for(org: str, programme_id: str, target: str, evidence_id: str = "") -> Key:
    """Name a link on index 1: the evidence for an item or a step."""
    return Key(f"{inside(org, programme_id)}#ITEM#{target}", evidence_id)


def upload(org: str, upload_id: str) -> Key:
    """Name an upload that has begun."""
    return Key(f"O#{org}#U", f"UPLOAD#{upload_id}")


def practice(practice_id: str) -> Key:
    """Name a practice."""
    return Key(f"C#{practice_id}", "PRACTICE")


def consultant(practice_id: str, user: str) -> Key:
    """Name a consultant of a practice."""
    return Key(f"C#{practice_id}", f"CONSULTANT#{user}")


def practices_of(user: str, practice_id: str = "") -> Key:
    """Name a consultant on index 1: which practices a user belongs to."""
    return Key(f"U#{user}", f"C#{practice_id}")


def client(practice_id: str, org: str) -> Key:
    """Name an engagement."""
    return Key(f"C#{practice_id}", f"CLIENT#{org}")


def client_roll_up(practice_id: str, org: str) -> Key:
    """Name what the portfolio shows of a client, next to its engagement."""
    return Key(f"C#{practice_id}", f"CLIENT#{org}#ROLL")


def practice_of(org: str, practice_id: str = "") -> Key:
    """Name an engagement on index 1: the practice of an organisation."""
    return Key(f"O#{org}", f"PRACTICE#{practice_id}")


def grant(grant_hash: str) -> Key:
    """Name a grant by the hash of its id; its auditor's private notes share the partition."""
    return Key(f"G#{grant_hash}", "GRANT")


def grant_note(grant_hash: str, clause_key: str) -> Key:
    """Name an auditor's private note on a clause."""
    return Key(f"G#{grant_hash}", f"NOTE#{clause_key}")


def grant_seen(grant_hash: str, clause_key: str) -> Key:
    """Name what an auditor has seen of a clause."""
    return Key(f"G#{grant_hash}", f"SEEN#{clause_key}")


def grants_of(org: str, programme_id: str, grant_hash: str = "") -> Key:
    """Name a grant on index 1: the grants of a programme."""
    return Key(f"{inside(org, programme_id)}#GRANT", grant_hash)


def user(user_id: str) -> Key:
    """Name a user."""
    return Key(f"U#{user_id}", "USER")


def address(address_hash: str) -> Key:
    """Name the user behind an e-mail address."""
    return Key(f"M#{address_hash}", "ADDRESS")


def session(token_hash: str) -> Key:
    """Name a session by the hash of its token."""
    return Key(f"S#{token_hash}", "SESSION")


def sessions_of(user_id: str, token_hash: str = "") -> Key:
    """Name a session on index 1: a user's or a grant's sessions."""
    return Key(f"U#{user_id}#S", token_hash)


def code(exchange_hash: str) -> Key:
    """Name a one-time code by the hash of its exchange."""
    return Key(f"X#{exchange_hash}", "CODE")


def invitation(invitation_id: str) -> Key:
    """Name an invitation."""
    return Key(f"N#{invitation_id}", "INVITE")


def invitations_of(owner_partition: str, invitation_id: str = "") -> Key:
    """Name an invitation on index 1: those of an organisation or a practice."""
    return Key(f"{owner_partition}#INVITE", invitation_id)


def tries(subject_hash: str) -> Key:
    """Name the counted tries of one subject."""
    return Key(f"T#{subject_hash}", "TRY")


def first_run() -> Key:
    """Name the record that closes the first-run page."""
    return Key("F#FIRST", "FIRST")


def once(actor: str, key: str) -> Key:
    """Name the record that makes a request happen once."""
    return Key(f"I#{actor}#{key}", "ONCE")


def event(owner_partition: str, at: datetime, event_id: str) -> Key:
    """Name a journal event in its month; `owner_partition` is 'O#org', 'C#practice' or 'U#user'."""
    return Key(f"{owner_partition}#J#{at:%Y%m}", event_id)


def history_of(owner_partition: str, kind: str, object_id: str, event_id: str = "") -> Key:
    """Name an event on index 1: the history of one object."""
    return Key(f"{owner_partition}#OBJ#{kind}#{object_id}", event_id)


def unsealed(owner_partition: str, event_id: str = "") -> Key:
    """Name an event on index 2: those not yet sealed into the ledger."""
    return Key(f"{owner_partition}#UNSEALED", event_id)


def outbox(owner_partition: str, task_id: str) -> Key:
    """Name a task that a change left behind."""
    return Key(f"{owner_partition}#OUT", task_id)


def outbox_shard(shard: int, task_id: str = "") -> Key:
    """Name a task on index 1: what the worker drains, in 16 shards."""
    return Key(f"OUT#{shard:02d}", task_id)
