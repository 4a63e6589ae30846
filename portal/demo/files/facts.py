"""Tables that restate the client's own data: findings, measures, steps, people, training, management review."""

from typing import Any

_GRADES = {
    "major": "Major nonconformity",
    "minor": "Minor nonconformity",
    "ofi": "Opportunity for improvement",
    "area_of_concern": "Area of concern",
}
_REPORTED = ["Id", "Grade", "Clause", "Site", "Finding", "Objective evidence"]
_ANSWERED = ["Correction", "Cause", "Corrective action", "Owner", "Raised", "Due"]
_CHECKED = ["Closed", "Verified by", "Effectiveness"]

Table = tuple[list[str], list[list[Any]]]


def month_range(text: str) -> list[str]:
    """List the months of '2026-03-to-08', '2026-11-to-2027-04' or a single '2026-05'."""
    first, _, last = text.partition("-to-")
    if last and len(last) == 2:
        last = f"{first[:4]}-{last}"
    months = [first]
    while last and months[-1] != last:
        year, month = int(months[-1][:4]), int(months[-1][5:])
        months.append(f"{year + month // 12}-{month % 12 + 1:02d}")
    return months


def kpi_entry(client: dict[str, Any], kpi: str, month: str) -> dict[str, Any] | None:
    """Find the figures of one measure in one month, or None."""
    for known in client.get("kpis", []):
        if known["kpi"] == kpi:
            return next((entry for entry in known["months"] if entry["month"] == month), None)
    return None


def findings(
    client: dict[str, Any], ids: list[str] | None = None, source: str = "", until: str = "", columns: str = "report"
) -> Table:
    """List findings; `until` shows them as they stood on that day, columns are report, answer or log."""
    chosen = [
        finding
        for finding in client["findings"]
        if (not ids or finding["id"] in ids)
        and finding["source"].startswith(source)
        and (not until or finding["raised"] <= until)
    ]
    if columns == "answer":
        return ["Id", *_ANSWERED], [[finding["id"], *_answer(finding)] for finding in chosen]
    if columns == "report":
        return _REPORTED, [_report(finding) for finding in chosen]
    rows = [[finding["source"], *_report(finding), *_answer(finding), *_check(finding, until)] for finding in chosen]
    return ["Source", *_REPORTED, *_ANSWERED, *_CHECKED], rows


def _report(finding: dict[str, Any]) -> list[Any]:
    texts = [finding["site"], finding["statement"], finding["objective_evidence"]]
    return [finding["id"], _GRADES[finding["grade"]], finding["clause_2018"], *texts]


def _answer(finding: dict[str, Any]) -> list[Any]:
    keys = ("correction", "cause", "corrective_action", "owner", "raised", "due")
    return [finding[key] or "" for key in keys]


def _check(finding: dict[str, Any], until: str) -> list[Any]:
    if until and (finding["closed"] or "9999") > until:
        return ["", "", "open"]
    effect = (
        "to be checked after three months" if until and finding["verified_by"] != "n/a" else finding["effectiveness"]
    )
    return [finding["closed"] or "", finding["verified_by"] or "", effect or ""]


def kpis(client: dict[str, Any], months: str, only: list[str] | None = None) -> Table:
    """List measures in long form with numerator, denominator and value, as an auditor recomputes them."""
    wanted = month_range(months)
    rows = [
        [known[key] for key in ("name", "kpi", "unit", "target")] + _counts(entry)
        for known in client["kpis"]
        if not only or known["kpi"] in only
        for entry in known["months"]
        if entry["month"] in wanted
    ]
    return ["KPI", "Key", "Unit", "Target", "Month", "Numerator", "Denominator", "Value"], rows


def _counts(entry: dict[str, Any]) -> list[Any]:
    below = entry.get("denominator", entry.get("responses", ""))
    return [entry["month"], entry.get("numerator", ""), below, entry["value"]]


def kpi_grid(client: dict[str, Any], months: str, only: list[str] | None = None) -> Table:
    """List measures with a column per month; the counts stand beside the value."""
    wanted = month_range(months)
    rows = []
    for known in client["kpis"]:
        if only and known["kpi"] not in only:
            continue
        by_month = {entry["month"]: entry for entry in known["months"]}
        cells = [_cell(by_month.get(month)) for month in wanted]
        rows.append([f"{known['name']} [{known['unit']}]", known["target"], *cells])
    return ["KPI", "Target", *wanted], rows


def _cell(entry: dict[str, Any] | None) -> str:
    if entry is None:
        return ""
    counts = f" ({entry['numerator']}/{entry['denominator']})" if "denominator" in entry else ""
    return f"{entry['value']}{counts}"


def services(client: dict[str, Any]) -> Table:
    """List the services by code and name."""
    return ["Code", "Service"], [entry.split(" ", 1) for entry in client["organisation"]["services"]]


def sites(client: dict[str, Any]) -> Table:
    """List the sites with role and staff."""
    rows = [[site["name"], site["role"], site["staff"]] for site in client["organisation"]["sites"]]
    return ["Site", "Role", "Staff"], rows


def people(client: dict[str, Any]) -> Table:
    """List the people who hold a role in the SMS."""
    return ["Name", "Role"], [list(entry) for entry in client["organisation"]["people"].items()]


def training(client: dict[str, Any], until: str = "9999", effect: bool = True) -> Table:
    """List the courses up to a day; the effect may be left out, as the first template had no field for it."""
    rows = [
        [entry["course"], entry["audience"], entry["due"], entry["date"], entry["assessment"], entry["effect"]]
        for entry in client.get("training", [])
        if entry["date"] <= until
    ]
    head = ["Course", "Audience", "Persons due", "Date", "Assessment", "Effect"]
    return (head, rows) if effect else (head[:-1], [row[:-1] for row in rows])


def review_inputs(client: dict[str, Any]) -> Table:
    """List the inputs of the management review with their summary."""
    rows = [[entry["item"], entry["title"], entry["summary"]] for entry in client["management_review"]["inputs"]]
    return ["Item", "Input", "Summary"], rows


def decisions(client: dict[str, Any]) -> Table:
    """List the decisions of the management review."""
    rows = [
        [entry["id"], entry["text"], entry["owner"], entry["due"]] for entry in client["management_review"]["decisions"]
    ]
    return ["Decision", "Text", "Owner", "Due"], rows
