"""Tables made of invented single cases: survey answers, complaints, configuration checks, knowledge articles."""

from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

from portal.demo.files.facts import Table, kpi_entry, month_range


@lru_cache(maxsize=1)
def _samples() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load((files("portal.demo.data") / "samples.yaml").read_text("utf-8"), Loader=loader))


def sample(kind: str) -> Any:
    """Return the invented building blocks of one kind."""
    return _samples()[kind]


def customers(client: dict[str, Any]) -> list[str]:
    """Return the names of the client's customers, the large ones first."""
    return list(sample("customers")[client["organisation"]["name"].split()[0].lower()])


def pick_site(client: dict[str, Any], rng: Random) -> str:
    """Choose a site, the larger the likelier."""
    sites = client["organisation"]["sites"]
    return str(rng.choices([site["name"] for site in sites], [site["staff"] for site in sites])[0])


def survey(client: dict[str, Any], month: str, invited: int, small: list[int]) -> Table:
    """List the answers of one survey with the KPI as their mean; `small` is how many small customers of how many."""
    entry = kpi_entry(client, "brm_satisfaction", month) or {}
    count = entry["responses"]
    rng = Random(f"survey {count}")
    scores = [rng.choice([3, 4, 4, 5]) for _ in range(count)]
    wanted = round(entry["value"] * count)
    while sum(scores) != wanted:
        place = rng.randrange(count)
        scores[place] = min(5, max(2, scores[place] + (1 if sum(scores) < wanted else -1)))
    names = customers(client)
    big, little = names[: len(names) - small[1]], names[len(names) - small[1] :]
    who = [(name, "small") for name in little[: small[0]]]
    who += [(rng.choice(big), "large") for _ in range(count - len(who))]
    rows = [[f"A{n:02d}", *pair, score, "yes"] for n, (pair, score) in enumerate(zip(who, scores, strict=True), 1)]
    rows += [[f"A{n:02d}", "", "", "", "no"] for n in range(count + 1, invited + 1)]
    return ["Invitation", "Customer", "Size", "Score 1-5", "Answered"], rows


def complaints(client: dict[str, Any], months: str) -> Table:
    """List the complaints due in each month; those closed late are the ones missing in the KPI."""
    rng = Random("complaints")
    rows: list[list[Any]] = []
    for month in month_range(months):
        entry = kpi_entry(client, "brm_complaints", month) or {}
        for place in range(entry["denominator"]):
            due = date(int(month[:4]), int(month[5:]), rng.randint(8, 28))
            late = place >= entry["numerator"]
            closed = due + timedelta(days=4) if late else due - timedelta(days=rng.randint(0, 6))
            received = due - timedelta(days=10)
            days = [received.isoformat(), due.isoformat(), closed.isoformat()]
            text = [rng.choice(customers(client)), rng.choice(sample("complaints"))]
            rows.append([f"CMP-{len(rows) + 31:03d}", *text, *days, "no" if late else "yes", "closed"])
    return ["Complaint", "Customer", "Subject", "Received", "Due", "Closed", "In time", "Status"], rows


def ci_check(client: dict[str, Any], month: str, tickets: int | None = None) -> Table:
    """List the configuration items of one verification; with `tickets`, only that many deviations have one."""
    entry = kpi_entry(client, "cfg_accuracy", month) or {}
    rng = Random(f"ci {entry['denominator']}")
    wrong = sorted(rng.sample(range(entry["denominator"]), entry["denominator"] - entry["numerator"]))
    rows: list[list[Any]] = []
    for place in range(entry["denominator"]):
        kind = rng.choice(sample("ci_types"))
        found = rng.choice(sample("ci_deviations")) if place in wrong else ""
        row = [f"CI-{2000 + place * 7:05d}", kind, pick_site(client, rng), "deviates" if found else "agrees", found]
        if tickets is not None:
            row.append(f"INC-{30211 + place}" if place in wrong[:tickets] else "")
        rows.append(row)
    head = ["Configuration item", "Type", "Site", "Result", "Deviation"]
    return head + (["Ticket"] if tickets is not None else []), rows


def knowledge(client: dict[str, Any], count: int, day: str, dated: float) -> Table:
    """List knowledge articles as of a day; only a share carries a review date."""
    rng = Random("knowledge")
    last = date.fromisoformat(day)
    rows = []
    for number in range(count):
        changed = last - timedelta(days=rng.randint(3, 500))
        title = f"{rng.choice(sample('knowledge'))} ({client['organisation']['services'][number % 5].split(' ')[0]})"
        review = (changed + timedelta(days=364)).isoformat() if rng.random() < dated else ""
        rows.append(
            [f"KB-{1001 + number}", title, pick_site(client, rng), changed.isoformat(), review, rng.randint(0, 240)]
        )
    return ["article", "title", "owner_site", "last_changed", "review_date", "views_90_days"], rows
