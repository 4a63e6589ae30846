"""Tables about people: attendance lists and test results, with invented names."""

from itertools import product
from random import Random
from typing import Any

from portal.demo.files.facts import Table
from portal.demo.files.samples import sample

_QUESTIONS = 25
_PASS = 70


def staff(client: dict[str, Any]) -> list[list[str]]:
    """List everybody of the organisation as number, name, site, department; those with a role come first."""
    organisation = client["organisation"]
    named = list(organisation["people"].items())
    rows: list[list[str]] = []
    for site in organisation["sites"]:
        here = [(name, role) for name, role in named if _site_of(role, organisation["sites"]) == site["name"]]
        rows += [[name, site["name"], role] for name, role in here]
        rows += [[name, site["name"], department] for name, department in _others(site, len(here))]
    return [[f"P{number:03d}", *row] for number, row in enumerate(rows, 1)]


def _site_of(role: str, sites: list[dict[str, Any]]) -> str:
    """Place a person by what the role runs; the head office holds the rest."""
    if len(sites) > 2 and role.startswith("Cloud"):
        return str(sites[2]["name"])
    return str(sites[1]["name"] if len(sites) > 1 and role.startswith("Network") else sites[0]["name"])


def _others(site: dict[str, Any], known: int) -> list[tuple[str, str]]:
    rng = Random(f"staff {site['name']}")
    pairs = product(sample("first_names")[site["name"]], sample("last_names")[site["name"]])
    names = rng.sample([f"{first} {last}" for first, last in pairs], site["staff"] - known)
    return [(name, rng.choice(sample("departments"))) for name in sorted(names)]


def attendance(client: dict[str, Any], course: str, sessions: dict[str, str], repeat: str = "") -> Table:
    """List everybody due for a course, present or absent; as many are present as the training record says."""
    entry = next(entry for entry in client["training"] if entry["course"] == course)
    people = staff(client)[: entry["due"]]
    absent = set(Random(f"absent {course}").sample(range(12, len(people)), entry["due"] - entry["attended"]))
    rows = [
        [*person, sessions[person[2]], "no" if place in absent else "yes", repeat if place in absent else ""]
        for place, person in enumerate(people)
    ]
    return ["person", "name", "site", "department", "session", "attended", "repeat_session"], rows


def quiz(client: dict[str, Any], course: str, mean: int, day: str) -> Table:
    """List the result of each person present; the mean of the scores in per cent is `mean`."""
    attended = next(entry["attended"] for entry in client["training"] if entry["course"] == course)
    rng = Random(f"quiz {course}")
    right = [rng.randint(17, 25) for _ in range(attended)]
    wanted = mean * attended * _QUESTIONS // 100
    while sum(right) != wanted:
        place = rng.randrange(attended)
        right[place] = min(_QUESTIONS, max(14, right[place] + (1 if sum(right) < wanted else -1)))
    rows = [
        [f"Q{number:03d}", day, score, _QUESTIONS, score * 100 // _QUESTIONS] for number, score in enumerate(right, 1)
    ]
    return ["result", "date", "right", "questions", "percent", "passed"], [
        [*row, "yes" if row[4] >= _PASS else "repeat"] for row in rows
    ]


def course(client: dict[str, Any], name: str, names: list[str] | None = None, site: str = "") -> Table:
    """List who took part in a course, named or the first people of a site."""
    entry = next(entry for entry in client["training"] if entry["course"] == name)
    everybody = [person[1] for person in staff(client) if person[2] == site and "SMS" not in person[3]]
    present = (names or everybody)[: entry["attended"]]
    return ["name", "course", "date", "attended"], [[person, name, entry["date"], "yes"] for person in present]
