"""The findings resource: raising, answering, judging, and what is recorded for the certification body."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.evidence import House
from tests.support.portal import Portal

FACTS = {"grade": "minor", "source": "internal_audit", "clause": "8.6.1", "statement": "Incidents lack a category",
         "objective_evidence": "INC-12 and INC-40"}  # fmt: skip


@pytest.fixture
def house(portal: Portal) -> House:
    """Give an organisation with people."""
    return House(portal)


def raised(house: House, who: str = "claire", **facts: Any) -> dict[str, Any]:
    client = house.client(who)
    return dict(client.ok(client.post(f"{house.base}/findings", {**FACTS, **facts}), 201))


def move(house: House, who: str, finding: dict[str, Any], action: str, **inputs: Any) -> Any:
    address = f"{house.base}/findings/{finding['id']}/transitions"
    return house.client(who).post(address, {"action": action, **inputs}, etag=finding["etag"])


class TestRaise:
    def test_named(self, house: House) -> None:
        """Findings are named by where they come from, in their order."""
        assert [raised(house)["ref"], raised(house)["ref"], raised(house, source="gap")["ref"]] == [
            "IA-01", "IA-02", "GA-1"]  # fmt: skip

    @pytest.mark.parametrize(
        ("facts", "field"),
        [({"clause": "99"}, "clause"), ({"clause": "8"}, "clause"), ({"items": ["4.1-a"]}, "items"),
         ({"statement": " "}, "statement"),
         ({"grade": "area_of_concern"}, "grade"), ({"grade": "grave"}, "grade"), ({"owner": "0" * 26}, "owner")],
    )  # fmt: skip
    def test_refused(self, house: House, facts: dict[str, Any], field: str) -> None:
        """What is no finding is refused by the name of its field."""
        answer = house.client("claire").post(f"{house.base}/findings", {**FACTS, **facts})
        assert (answer.status_code, answer.get_json()["field"]) == (422, field)

    def test_body_on_paper(self, house: House) -> None:
        """A member enters a finding of the certification body only with the auditor's name and the day."""
        facts = {"source": "stage1", "grade": "area_of_concern"}
        bare = house.client("claire").post(f"{house.base}/findings", {**FACTS, **facts})
        assert (bare.status_code, bare.get_json()["field"]) == (422, "recorded_for")
        made = raised(house, **facts, recorded_for="Elena Rossi", answered_on="2026-11-01")
        assert made["history"][0]["recorded_for"] == {"name": "Elena Rossi", "answered_on": "2026-11-01"}


class TestMove:
    def test_to_closure(self, house: House) -> None:
        """A finding goes from correction to closure, answered by its owner and judged by others."""
        proof = house.accepted()["id"]
        finding, owner = raised(house), house.id("hannah")
        story = [
            ("marcus", "accept", {"owner": owner}), ("hannah", "correct", {"text": "Categories added"}),
            ("hannah", "explain", {"text": "The form does not ask for one"}),
            ("hannah", "plan", {"text": "Make it a must", "owner": owner, "due": "2026-12-01"}),
            ("marcus", "accept_plan", {}), ("hannah", "implement", {"text": "Done", "evidence": [proof]}),
            ("marcus", "verify", {"text": "Seen"}), ("marcus", "confirm_effective", {"text": "None since"}),
            ("marcus", "close", {}),
        ]  # fmt: skip
        for who, action, inputs in story:
            finding = house.client(who).ok(move(house, who, finding, action, **inputs))
        assert (finding["state"], finding["allowed"]) == ("closed", [])

    def test_own_work_is_not_judged(self, house: House) -> None:
        """Who owns a finding cannot accept their own plan, and is told so."""
        finding, owner = raised(house, owner=house.id("marcus")), house.id("marcus")
        for action, inputs in (("accept", {}), ("correct", {"text": "Put right"}), ("explain", {"text": "None asked"}),
                               ("plan", {"text": "Ask", "owner": owner, "due": "2026-12-01"})):  # fmt: skip
            finding = house.client("marcus").ok(move(house, "marcus", finding, action, **inputs))
        answer = move(house, "marcus", finding, "accept_plan")
        assert answer.status_code == 409
        assert "neither owns the finding" in answer.get_json()["detail"]

    def test_cause_is_not_the_finding(self, house: House) -> None:
        """A cause that repeats the finding is refused beside its field."""
        finding = raised(house, owner=house.id("hannah"))
        finding = house.client("hannah").ok(move(house, "hannah", finding, "accept"))
        finding = house.client("hannah").ok(move(house, "hannah", finding, "correct", text="Put right"))
        answer = move(house, "hannah", finding, "explain", text="Incidents lack a category.")
        assert (answer.status_code, answer.get_json()["field"]) == (422, "text")

    def test_stale(self, house: House) -> None:
        """Two who act on the same version: the second is told to look again."""
        finding = raised(house, owner=house.id("hannah"))
        assert move(house, "hannah", finding, "accept").status_code == 200
        assert move(house, "marcus", finding, "accept").status_code == 412


class TestList:
    def test_urgent_first(self, house: House) -> None:
        """Open findings come first, and the headline counts them."""
        finding = raised(house)
        raised(house, statement="Second")
        house.client("claire").ok(move(house, "claire", finding, "withdraw", reason="Seen wrongly"))
        page = house.client("viola").ok(house.client("viola").get(f"{house.base}/findings"))
        assert [f["ref"] for f in page["items"]] == ["IA-02", "IA-01"]
        assert page["headline"] == "One finding is open"
        shut = house.client("viola").ok(house.client("viola").get(f"{house.base}/findings?state=closed"))
        assert [f["ref"] for f in shut["items"]] == ["IA-01"]
