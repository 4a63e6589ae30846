"""Ticket exports whose monthly totals are the KPI figures: incidents, requests, changes, problems."""

from calendar import monthrange
from datetime import datetime, timedelta
from random import Random
from typing import Any

from portal.demo.files.facts import Table, kpi_entry, month_range
from portal.demo.files.samples import customers, pick_site, sample

_TARGETS = {"P1": 4.0, "P2": 8.0, "P3": 24.0, "P4": 72.0}
_USUAL_RESTORE = 4.8


def incidents(
    client: dict[str, Any], months: str, start: int, majors: list[list[Any]], first_major: str = "MI-01"
) -> Table:
    """List the incidents closed in each month.

    Each of `majors` is [month index, day, service, customer, hours, site, subject, time restored].
    """
    rows: list[list[Any]] = []
    for index, month in enumerate(month_range(months)):
        counts = kpi_entry(client, "inc_resolved_in_target", month) or {}
        rng = Random(f"incidents {index}")
        own = [major for major in majors if major[0] == index]
        rows += _incidents_of(client, rng, month, counts["numerator"], counts["denominator"], own)
    serious = 0
    for offset, row in enumerate(rows):
        serious += bool(row[11])
        row[11] = f"{first_major[:-2]}{serious:02d}" if row[11] else ""
        row.insert(0, f"INC-{start + offset:05d}")
    head = "incident opened restored closed priority service site customer subject hours_to_restore target_hours"
    return [*head.split(), "in_target", "major_incident", "linked_problem"], rows


def _incidents_of(
    client: dict[str, Any], rng: Random, month: str, met: int, total: int, majors: list[list[Any]]
) -> list[list[Any]]:
    urgent = max(10, total // 16)
    entry = kpi_entry(client, "inc_mttr", month)
    tenths = _tenths(rng, round((entry["value"] if entry else _USUAL_RESTORE) * 10 * urgent), urgent, majors)
    high = [_priority(n, len(majors)) for n in range(urgent)]
    hours = [(priority, tenth / 10) for priority, tenth in zip(high, tenths, strict=True)]
    left = met - sum(value <= _TARGETS[priority] for priority, value in hours)
    for place in range(total - urgent):
        priority = rng.choices(["P3", "P4"], [7, 3])[0]
        share = rng.uniform(0.02, 0.95) if place < left else rng.uniform(1.05, 2.2)
        hours.append((priority, max(0.2, round(_TARGETS[priority] * share, 1))))
    made = [
        _incident(client, rng, month, priority, value, majors[place] if place < len(majors) else None)
        for place, (priority, value) in enumerate(hours)
    ]
    return sorted(made, key=lambda row: row[2])


def _priority(place: int, majors: int) -> str:
    return "P1" if place < majors or place % 4 == 0 else "P2"


def _tenths(rng: Random, wanted: int, count: int, majors: list[list[Any]]) -> list[int]:
    """Draw restore times in tenths of an hour that add up to what the mean time to restore says."""
    values = [round(major[4] * 10) for major in majors]
    values += [rng.randint(6, 78) for _ in range(count - len(values))]
    while sum(values) != wanted:
        place = rng.randrange(len(majors), count)
        step = 1 if sum(values) < wanted else -1
        values[place] = max(3, values[place] + step)
    return values


def _incident(
    client: dict[str, Any], rng: Random, month: str, priority: str, hours: float, major: list[Any] | None
) -> list[Any]:
    closed = _moment(rng, month)
    restored = closed - timedelta(minutes=rng.randrange(5, 300))
    service, customer = rng.choice(client["organisation"]["services"]), rng.choice(customers(client))
    site, subject = pick_site(client, rng), rng.choice(sample("incidents"))
    if major:
        _, day, service, customer, _, site, subject, time = major
        restored = _moment(rng, month, day).replace(hour=int(time[:2]), minute=int(time[3:]))
        closed = restored + timedelta(minutes=45)
    target = _TARGETS[priority]
    problem = f"PRB-{rng.randint(310, 372):04d}" if rng.random() < 0.08 else ""
    times = [_stamp(moment) for moment in (restored - timedelta(hours=hours), restored, closed)]
    what = [priority, service.split(" ")[0], site, customer, subject, hours, target]
    return [*times, *what, "yes" if hours <= target else "no", "major" if major else "", problem]


def requests(client: dict[str, Any], months: str, start: int) -> Table:
    """List the service requests fulfilled in each month."""
    rows: list[list[Any]] = []
    for index, month in enumerate(month_range(months)):
        counts = kpi_entry(client, "req_in_target", month) or {}
        rng = Random(f"requests {index}")
        met = [place < counts["numerator"] for place in range(counts["denominator"])]
        rng.shuffle(met)
        rows += sorted((_request(client, rng, month, good) for good in met), key=lambda row: row[1])
    numbered = [[f"REQ-{start + offset:05d}", *row] for offset, row in enumerate(rows)]
    return [
        "request",
        "opened",
        "fulfilled",
        "type",
        "site",
        "customer",
        "target_hours",
        "in_target",
        "channel",
    ], numbered


def _request(client: dict[str, Any], rng: Random, month: str, good: bool) -> list[Any]:
    kind, target = rng.choice(sample("requests"))
    fulfilled = _moment(rng, month)
    opened = fulfilled - timedelta(hours=target * (rng.uniform(0.05, 0.97) if good else rng.uniform(1.05, 1.9)))
    channel = rng.choice(["portal", "portal", "mail", "phone"])
    ends = [target, "yes" if good else "no", channel]
    return [_stamp(opened), _stamp(fulfilled), kind, pick_site(client, rng), rng.choice(customers(client)), *ends]


def changes(
    client: dict[str, Any], months: str, start: int, no_plan: list[int] | None = None, added: list[int] | None = None,
    no_review: list[int] | None = None, plan_share: float = 0.97, plans_from: int = 99,
) -> Table:  # fmt: skip
    """List the changes implemented in each month; numbers in `no_plan`, `added`, `no_review` are the audit's cases.

    From the month with index `plans_from` every change has a reversal plan, since the field is mandatory.
    """
    cases = set(no_plan or []) | set(added or [])
    rows: list[list[Any]] = []
    for index, month in enumerate(month_range(months)):
        good, urgent = (kpi_entry(client, key, month) or {} for key in ("chg_success", "chg_emergency"))
        rng = Random(f"changes {index}")
        flags = [place < good["numerator"] for place in range(good["denominator"])]
        rng.shuffle(flags)
        emergencies = set(rng.sample(range(len(flags)), urgent["numerator"]))
        numbers = range(start + len(rows), start + len(rows) + len(flags))
        days = sorted(_moment(rng, month) for _ in flags)
        for place, number in enumerate(numbers):
            emergency = place in emergencies and number not in cases
            row = _change(client, rng, days[place], flags[place], emergency)
            row[9] = "yes" if index >= plans_from or row[3] != "minor" or rng.random() < plan_share else "no"
            rows.append([f"CHG-{number:04d}", *row])
        _restore_count(rows[-len(flags) :], urgent["numerator"], cases)
    for row in rows:
        _case(row, int(row[0][4:]), no_plan or [], added or [], no_review or [])
    head = "change title raised implemented category emergency service site configuration_item approved_by"
    return [*head.split(), "reversal_plan", "outcome", "reviewed"], rows


def _restore_count(rows: list[list[Any]], wanted: int, cases: set[int]) -> None:
    """Make further changes emergencies where an audit case took the place of one."""
    for row in rows:
        if sum(other[5] == "yes" for other in rows) == wanted:
            return
        if row[5] == "no" and int(row[0][4:]) not in cases:
            row[4], row[5] = "emergency", "yes"


def _change(client: dict[str, Any], rng: Random, day: datetime, good: bool, emergency: bool) -> list[Any]:
    category = "emergency" if emergency else rng.choices(["minor", "significant", "major"], [70, 24, 6])[0]
    raised = day - timedelta(hours=3) if emergency else day - timedelta(days=rng.randint(5, 12))
    bad = rng.choice(["reversed", "implemented with incident"])
    service = rng.choice(client["organisation"]["services"]).split(" ")[0]
    title, item = rng.choice(sample("changes"))
    reviewed = (day + timedelta(days=rng.randint(1, 6))).date().isoformat()
    approver = "emergency authority" if emergency else "change manager" if category == "minor" else "change board"
    return [
        title, raised.date().isoformat(), day.date().isoformat(), category, "yes" if emergency else "no", service,
        pick_site(client, rng), f"{item}-{rng.randint(1, 38):02d}", approver, "yes",
        "successful" if good else bad, reviewed,
    ]  # fmt: skip


def _case(row: list[Any], number: int, no_plan: list[int], added: list[int], no_review: list[int]) -> None:
    if number in no_plan or number in added:
        row[4], row[9] = "minor", "change manager"
        row[10] = "no" if number in no_plan else "yes, added after audit"
    if number in no_review:
        row[12] = ""


def problems(client: dict[str, Any], months: str, start: int, carried: int) -> Table:
    """List problems opened and closed per month, after those carried over from before."""
    labels = month_range(months)
    rng = Random("problems")
    rows = [_problem(client, rng, labels[0], before=True) for _ in range(carried)]
    waiting = list(rows)
    for month in labels:
        counts = kpi_entry(client, "prb_closed_ratio", month) or {}
        new = sorted((_problem(client, rng, month) for _ in range(counts["denominator"])), key=lambda row: row[0])
        rows += new
        waiting += new
        for row in waiting[: counts["numerator"]]:
            closed = max(_moment(rng, month).date().isoformat(), row[0])
            row[6], row[7] = closed, "closed"
        waiting = waiting[counts["numerator"] :]
    numbered = [[f"PRB-{start + offset:04d}", *row] for offset, row in enumerate(rows)]
    for place, row in enumerate(numbered):
        row[5] = f"KE-{start + place:04d}" if row[5] else ""
    return ["problem", "opened", "service", "site", "title", "known_error", "workaround", "closed", "status"], [
        [*row[:6], "published" if row[5] else "", row[7], row[8]] for row in numbered
    ]


def _problem(client: dict[str, Any], rng: Random, month: str, before: bool = False) -> list[Any]:
    opened = _moment(rng, month)
    if before:
        opened -= timedelta(days=rng.randint(35, 110))
    service = rng.choice(client["organisation"]["services"]).split(" ")[0]
    title = rng.choice(sample("problems"))
    return [opened.date().isoformat(), service, pick_site(client, rng), title, rng.random() < 0.55, "", "", "open"]


def _moment(rng: Random, month: str, day: int = 0) -> datetime:
    year, number = int(month[:4]), int(month[5:])
    last = monthrange(year, number)[1]
    chosen = min(day, last) if day else rng.randint(1, last)
    return datetime(year, number, chosen, rng.randint(6, 20), rng.randrange(60))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M")
