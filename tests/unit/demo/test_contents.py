"""The files say the same as the client's data."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from portal.demo.data import load
from portal.demo.dates import shift_dates
from tests.unit.demo.built import built, csv_rows, pdf_text, sheet_rows, zip_contents

NORTHWIND = load("northwind")
SHIFTS = (0, 20, 61)


def kpi(name: str, weeks: int = 0, client: str = "northwind") -> dict[str, dict[str, Any]]:
    moved = shift_dates(load(client)["kpis"], timedelta(weeks=weeks))
    return {entry["month"]: entry for known in moved if known["kpi"] == name for entry in known["months"]}


def rows(number: str, weeks: int = 0, client: str = "northwind") -> list[dict[str, str]]:
    return csv_rows(built(client, number, weeks)[1])


def per_month(listed: list[dict[str, str]], column: str) -> Counter:
    return Counter(row[column][:7] for row in listed if row[column])


def figures(name: str, key: str, months: int, weeks: int = 0) -> dict[str, Any]:
    return {month: entry[key] for month, entry in list(kpi(name, weeks).items())[:months]}


@pytest.mark.parametrize("weeks", SHIFTS)
def test_changes_add_up_to_the_kpis(weeks):
    """Changes, successful and emergency ones per month are the KPI counts, also after a shift."""
    listed = rows("EV-045", weeks)
    assert len(listed) == 604
    assert per_month(listed, "implemented") == figures("chg_success", "denominator", 6, weeks)
    good = [row for row in listed if row["outcome"] == "successful"]
    assert per_month(good, "implemented") == figures("chg_success", "numerator", 6, weeks)
    urgent = [row for row in listed if row["emergency"] == "yes"]
    assert per_month(urgent, "implemented") == figures("chg_emergency", "numerator", 6, weeks)


def test_the_changes_of_the_audit_are_in_the_export():
    """The four changes of IA-06 exist, two without plan and two added, and no plan is missing in August."""
    plans = {row["change"]: row["reversal_plan"] for row in rows("EV-045")}
    assert [plans[f"CHG-{number}"] for number in (1184, 1201)] == ["no", "no"]
    assert {plans[f"CHG-{number}"] for number in (1233, 1250)} == {"yes, added after audit"}
    august = [row for row in rows("EV-045") if row["implemented"].startswith("2026-08")]
    assert {row["reversal_plan"] for row in august} == {"yes"}


@pytest.mark.parametrize("weeks", SHIFTS)
def test_incidents_add_up_to_the_kpis(weeks):
    """Closed incidents, those in target, major ones and the mean time to restore are the KPI figures."""
    listed = rows("EV-041", weeks)
    assert per_month(listed, "closed") == figures("inc_resolved_in_target", "denominator", 6, weeks)
    met = [row for row in listed if row["in_target"] == "yes"]
    assert per_month(met, "closed") == figures("inc_resolved_in_target", "numerator", 6, weeks)
    majors = per_month([row for row in listed if row["major_incident"]], "closed")
    assert majors == {month: count for month, count in figures("inc_major_count", "value", 6, weeks).items() if count}
    for month, value in figures("inc_mttr", "value", 6, weeks).items():
        urgent = [row for row in listed if row["closed"].startswith(month) and row["priority"] in {"P1", "P2"}]
        assert round(sum(float(row["hours_to_restore"]) for row in urgent) / len(urgent), 1) == value


def test_an_incident_is_in_target_when_its_hours_are():
    """The yes or no of each incident and its times follow from each other."""
    for row in rows("EV-041"):
        assert (row["in_target"] == "yes") == (float(row["hours_to_restore"]) <= float(row["target_hours"]))
        assert row["opened"] < row["restored"] < row["closed"]


def test_the_major_incident_report_is_one_of_the_export():
    """MI-2026-03 is in the export with customer and day of its report."""
    row = next(row for row in rows("EV-041") if row["major_incident"] == "MI-2026-03")
    assert (row["customer"], row["hours_to_restore"], row["restored"]) == (
        "Brightwater Bank",
        "6.2",
        "2026-04-28 14:04",
    )
    assert "27 branches" in pdf_text(built("northwind", "EV-043")[1])


def test_requests_and_problems_add_up_to_the_kpis():
    """Requests fulfilled and in target, problems opened and closed per month are the KPI counts."""
    assert per_month(rows("EV-042"), "fulfilled") == figures("req_in_target", "denominator", 6)
    met = [row for row in rows("EV-042") if row["in_target"] == "yes"]
    assert per_month(met, "fulfilled") == figures("req_in_target", "numerator", 6)
    opened = {month: count for month, count in per_month(rows("EV-044"), "opened").items() if month >= "2026-03"}
    assert opened == figures("prb_closed_ratio", "denominator", 6)
    assert per_month(rows("EV-044"), "closed") == figures("prb_closed_ratio", "numerator", 6)


@pytest.mark.parametrize("weeks", SHIFTS)
def test_the_kpi_workbook_holds_every_count(weeks):
    """The workbook holds all measures up to August with numerator, denominator and value."""
    held = {(row["Key"], row["Month"]): row for row in sheet_rows(built("northwind", "EV-060", weeks)[1], "KPIs")}
    moved = shift_dates(NORTHWIND["kpis"], timedelta(weeks=weeks))
    last = list(kpi("chg_success", weeks))[5]
    expected = {(known["kpi"], entry["month"]): entry for known in moved for entry in known["months"]}
    assert set(held) == {key for key in expected if key[1] <= last}
    for key, row in held.items():
        entry = expected[key]
        assert row["Value"] == entry["value"]
        assert row["Numerator"] == entry.get("numerator", row["Numerator"])
        assert row["Denominator"] == entry.get("denominator", row["Denominator"])


def test_attendance_and_quiz_are_those_of_the_training_record():
    """131 of 140 attended, by site as staffed, and the mean of the quiz is 84 %."""
    listed = rows("EV-009")
    assert Counter(row["site"] for row in listed) == {"Leeds": 78, "Porto": 41, "Pune": 21}
    assert len({row["name"] for row in listed}) == 140
    assert Counter(row["attended"] for row in listed) == {"yes": 131, "no": 9}
    scores = [int(row["percent"]) for row in rows("EV-010")]
    assert (len(scores), sum(scores) / len(scores)) == (131, 84)
    assert Counter(row["attended"] for row in rows("EV-008", client="alder")) == {"yes": 57, "no": 5}


@pytest.mark.parametrize(
    ("number", "source"), [("EV-067", "Internal audit"), ("EV-071", "Stage 1"), ("EV-073", "Stage 2")]
)
def test_audit_reports_hold_their_findings_and_no_cause(number, source):
    """A report states each finding with its evidence; cause and solution are the client's."""
    text = pdf_text(built("northwind", number)[1])
    for finding in NORTHWIND["findings"]:
        if finding["source"] == source:
            assert finding["statement"] in text
            assert finding["objective_evidence"] in text
            assert finding["cause"] == "n/a" or finding["cause"] not in text


def test_the_nonconformity_log_is_as_of_its_date():
    """The log holds the eight findings raised by then; two are open and no later check is in it."""
    log = sheet_rows(built("northwind", "EV-068")[1], "Findings")
    raised = [finding for finding in NORTHWIND["findings"] if finding["raised"] <= "2026-07-31"]
    assert [row["Id"] for row in log] == [finding["id"] for finding in raised]
    assert [row["Corrective action"] for row in log] == [finding["corrective_action"] for finding in raised]
    assert [row["Id"] for row in log if not row["Closed"]] == ["IA-07", "IA-08"]
    assert "September" not in str(log)


def test_the_minutes_hold_all_inputs_and_decisions():
    """Twelve inputs and six decisions stand in the minutes."""
    text = pdf_text(built("northwind", "EV-070")[1])
    review = NORTHWIND["management_review"]
    assert (len(review["inputs"]), len(review["decisions"])) == (12, 6)
    assert all(entry["item"] in text and entry["summary"] in text for entry in review["inputs"])
    assert all(entry["id"] in text and entry["text"] in text for entry in review["decisions"])


def test_catalogue_and_scope_differ_by_the_print_pilot_until_closed():
    """Catalogue v1.3 lists Managed Print and scope v1.0 does not; in the closure pack both name it as outside."""
    catalogue, scope = (pdf_text(built("northwind", number)[1]) for number in ("EV-021", "EV-004"))
    for service in NORTHWIND["organisation"]["services"]:
        assert service in catalogue
        assert service in scope
    assert "Managed Print" in catalogue
    assert "Managed Print" not in scope
    pack = zip_contents(built("northwind", "EV-072")[1])
    assert "not part of the scope" in pdf_text(pack["02-SMS-Scope-Statement-v1.1.pdf"])
    assert "Pilot, outside the scope" in pdf_text(pack["03-Service-Catalogue-v1.4.pdf"])


def test_the_carrier_promises_eight_hours_and_the_bank_is_promised_four():
    """Contract, register and agreement show the mismatch of IA-03; Kestrel was last reviewed in 2024-11."""
    suppliers = {row["No"]: row for row in sheet_rows(built("northwind", "EV-027")[1], "Suppliers")}
    assert len(suppliers) == 6
    assert suppliers["S-01"]["Restore or delivery promised"] == "8 h"
    assert (suppliers["S-05"]["Supplier"], suppliers["S-05"]["Last review"]) == ("Kestrel Parts", "2024-11")
    assert sum(row["Targets measured"] for row in suppliers.values()) == 31
    assert "Restore of a failed line 8 h" in pdf_text(built("northwind", "EV-028")[1])
    assert "Restore of a branch line (P1) From ticket to line up 4 h" in pdf_text(built("northwind", "EV-023")[1])


def test_the_continuity_plan_has_no_test_result():
    """In section 6 of plan v1.0 the test column is empty."""
    section = pdf_text(built("northwind", "EV-037")[1]).split("6 Tests")[1].split("7 Return")[0]
    assert "Test held on" in section
    assert "2026" not in section.split("Result", 1)[1]


def test_registers_count_what_other_records_say():
    """Objectives, documents, risks, improvements, complaints, survey, CIs and cost agree with the review and KPIs."""
    assert len(sheet_rows(built("northwind", "EV-012")[1], "Objectives")) == 7
    states = Counter(row["Status"].split(",")[0] for row in sheet_rows(built("northwind", "EV-019")[1], "Documents"))
    assert states == {"approved": 23, "in work": 3}
    assert len(sheet_rows(built("northwind", "EV-017")[1], "Register")) == 13
    ideas = [row["Status"] for row in sheet_rows(built("northwind", "EV-069")[1], "Opportunities")]
    approved = [status for status in ideas if status.startswith("approved")]
    assert (len(ideas), len(approved), approved.count("approved, done")) == (19, 6, 3)
    complaints = sheet_rows(built("northwind", "EV-054")[1], "Complaints")
    late = [row["Due"] for row in complaints if row["In time"] == "no"]
    assert (len(complaints), [day.month for day in late]) == (22, [3, 5])
    scores = [row["Score 1-5"] for row in sheet_rows(built("northwind", "EV-053")[1], "Answers")]
    given = [score for score in scores if score]
    assert (len(scores), len(given), round(sum(given) / len(given), 2)) == (81, 46, 4.15)
    checked = Counter(row["Result"] for row in sheet_rows(built("northwind", "EV-048")[1], "June 2026"))
    assert checked == {"agrees": 138, "deviates": 12}
    march = sheet_rows(built("northwind", "EV-048")[1], "March 2026")
    assert sum(row["Result"] == "deviates" and not row["Ticket"] for row in march) == 11


def test_cost_figures_agree_with_the_budget():
    """The cost model adds up to 412 k and the monthly actuals to the variance of the KPI."""
    assert sum(row["Total in k"] for row in sheet_rows(built("northwind", "EV-040")[1], "Monthly budget")[:-1]) == 412
    actual = {row["Month"]: row["Variance in k"] for row in sheet_rows(built("northwind", "EV-058")[1], "By month")}
    variance = figures("fin_variance", "numerator", 4)
    assert {month: actual[month] for month in variance} == variance


def test_the_training_plan_lists_nine_courses_without_effect():
    """The plan has the nine courses of IA-05 and no field for their effect."""
    text = pdf_text(built("northwind", "EV-007")[1])
    planned = [entry["course"] for entry in NORTHWIND["training"] if entry["date"] < "2026-03-01"]
    assert len(planned) == 9
    assert all(course in text for course in planned)
    assert "Effect" not in text


def test_the_response_pack_answers_both_nonconformities():
    """The pack holds correction and cause of NC-1 and NC-2, the attendance of nine and the review of Kestrel."""
    pack = zip_contents(built("northwind", "EV-074")[1])
    text = pdf_text(pack["01-Response-NC-1-and-NC-2.pdf"])
    for finding in NORTHWIND["findings"]:
        if finding["source"] == "Stage 2" and finding["grade"] == "minor":
            assert finding["cause"] in text
            assert finding["corrective_action"] in text
    assert len(csv_rows(pack["03-Attendance-Release-Template-Pune.csv"])) == 9
    assert "Kestrel Parts" in pdf_text(pack["04-Review-Minutes-Kestrel-Parts.pdf"])


def test_the_second_client_adds_up_too():
    """Alder's exports give its October figures, the observed changes lack a review, 22 of 26 documents are approved."""
    changes = rows("EV-021", client="alder")
    success = kpi("chg_success", client="alder")["2026-10"]
    assert (len(changes), sum(row["outcome"] == "successful" for row in changes)) == (
        success["denominator"],
        success["numerator"],
    )
    assert [row["change"] for row in changes if not row["reviewed"]] == ["CHG-0412", "CHG-0418", "CHG-0427"]
    assert (
        len(rows("EV-020", client="alder")) == kpi("inc_resolved_in_target", client="alder")["2026-10"]["denominator"]
    )
    documents = sheet_rows(built("alder", "EV-014")[1], "Documents")
    assert Counter(row["Status"] for row in documents) == {"approved": 22, "in work": 4}
