"""Each page's headline answers its question in a sentence made from the facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import headlines, steps
from portal.domain.blockers import Blocker
from portal.domain.common import Place
from portal.domain.facts import AuditFact, EvidenceFact
from portal.domain.forecast import Forecast
from portal.domain.ratings import Counts, count
from portal.domain.steps import Step, StepState
from portal.domain.work import WorkItem
from tests.support.domain_facts import CLAIRE, INGRID, INTERNAL, MARCUS, NOW, STAGE1, STAGE2, TODAY, finding

RATED = count([3, 2, 0, None])
STAGE1_AHEAD = AuditFact("a2", "stage1", "prepared", start=TODAY + timedelta(days=24))
FORECAST = Forecast(date(2026, 11, 3), date(2026, 11, 17), date(2026, 12, 9), 6)
PIECE = EvidenceFact("e1", "Capacity plan", "accepted", CLAIRE, CLAIRE, TODAY)


def overview(**facts):
    return headlines.overview(**{"today": TODAY, "counts": RATED, **facts})


def days(number):
    return TODAY + timedelta(days=number)


class TestOverview:
    def test_as_drawn(self):
        """The next audit, what is in the way, and when the certificate is due."""
        page = overview(in_the_way=2, current=8, next_audit=STAGE1_AHEAD, target=date(2026, 11, 30), forecast=FORECAST)
        assert page.headline == "Stage 1 in 24 days, with two things in the way"
        assert page.lede == (
            "At the pace so far the certificate is due between 3 November and 9 December, most likely 17 November. "
            "The target is 30 November."
        )

    @pytest.mark.parametrize(
        ("facts", "headline"),
        [
            ({"counts": Counts(402, unrated=402)}, "Nothing is rated yet: the gap analysis shows where to begin"),
            ({"current": 4, "in_the_way": 1}, "Step 4 of 11, with one thing in the way"),
            ({"current": 4}, "Step 4 of 11, with nothing in the way"),
            ({"current": 4, "in_the_way": 3, "forecast": FORECAST, "target": date(2026, 11, 15)},
             "Two days behind the target, with three things in the way"),
            ({"current": 4, "forecast": FORECAST, "target": date(2026, 11, 30)},
             "13 days ahead of the target, with nothing in the way"),
            ({"current": 4, "forecast": FORECAST, "target": date(2026, 11, 17)}, "On target, with nothing in the way"),
            ({"current": 1, "forecast": replace(FORECAST, steps_done=0), "target": date(2026, 11, 30)},
             "Step 1 of 11, with nothing in the way"),
            ({}, "All eleven steps are done"),
            ({"next_audit": replace(STAGE1_AHEAD, start=days(1))}, "Stage 1 tomorrow, with nothing in the way"),
            ({"next_audit": replace(STAGE1_AHEAD, start=days(-3)), "in_the_way": 1},
             "Stage 1 began 3 days ago, with one thing in the way"),
            ({"certified_until": date(2029, 11, 16)}, "Certified until 16 November 2029"),
            ({"certified_until": days(-1)}, "The certificate ended on 25 July 2026"),
        ],
    )  # fmt: skip
    def test_states(self, facts, headline):
        """Every state of a programme has its sentence."""
        assert overview(**facts).headline == headline

    def test_surveillance(self):
        """A certified programme looks to its next surveillance."""
        page = overview(certified_until=date(2029, 11, 16), next_visit=date(2027, 11, 16))
        assert page.lede == "The next surveillance audit is due by 16 November 2027."
        late = overview(certified_until=date(2029, 11, 16), next_visit=days(-9))
        assert late.lede.endswith("is 9 days late.")

    def test_plan_without_pace(self):
        """Before a step is done the forecast is the plan's, not the pace's."""
        assert overview(current=1, forecast=replace(FORECAST, steps_done=0)).lede.startswith("By the plan")


class TestClients:
    def test_as_drawn(self):
        """Who needs a call, then how the others are."""
        page = headlines.clients(total=43, need_you=5, audits_soon=6, on_course=31, behind=9, quiet=3)
        assert page.headline == "Five clients need you this week"
        assert page.lede == (
            "43 clients. Six audits in the next 30 days, 31 on course, nine behind their target, "
            "three without activity for three weeks."
        )

    @pytest.mark.parametrize(
        ("facts", "page"),
        [
            ({"total": 1}, ("No client needs you this week", "One client.")),
            ({"total": 1, "need_you": 1, "behind": 1},
             ("One client needs you this week", "One client. One behind its target.")),
        ],
    )  # fmt: skip
    def test_few(self, facts, page):
        """One client is spoken of as one."""
        assert headlines.clients(**facts) == page

    def test_none(self):
        """Without clients the page says how to begin."""
        assert headlines.clients(total=0).headline == "No client yet"


class TestWork:
    def item(self, due):
        late = (TODAY - due).days if due and due < TODAY else None
        return WorkItem("review", "Review", "", due, late, Place("evidence-item"))

    @pytest.mark.parametrize(
        ("dues", "headline"),
        [
            ([], "Nothing is waiting for you"),
            ([days(5)], "One thing is yours, by 31 July"),
            ([days(-1)], "One thing is yours and late"),
            ([None], "One thing is yours"),
            ([days(-1), days(2), days(5)], "Three things are yours this week, one of them late"),
            ([days(-1), days(2), days(50)], "Three things are yours, one of them late"),
        ],
    )
    def test_counts_and_lateness(self, dues, headline):
        """How much, by when, and how much of it is late."""
        assert headlines.work([self.item(due) for due in dues], today=TODAY).headline == headline


class TestSteps:
    def way(self, done):
        return [Step(n, StepState.DONE if n <= done else StepState.NOT_STARTED) for n in range(1, 12)]

    def test_counts(self):
        """How many are done, and which is late."""
        way = self.way(6)
        way[6] = Step(7, StepState.IN_PROGRESS, planned_end=days(-2))
        assert headlines.steps(way, today=TODAY).headline == "Six of eleven steps are done, step 7 is late"

    @pytest.mark.parametrize(
        ("done", "headline"),
        [
            (0, "No step has been started yet"),
            (1, "One of eleven steps is done"),
            (10, "Ten of eleven steps are done"),
            (11, "All eleven steps are done"),
        ],
    )
    def test_ends(self, done, headline):
        """The way's beginning and end have their own sentences."""
        assert headlines.steps(self.way(done), today=TODAY).headline == headline

    def test_begun(self):
        """Steps that have begun while none is done."""
        way = [Step(1, StepState.IN_PROGRESS), *self.way(0)[1:]]
        assert headlines.steps(way, today=TODAY).headline == "No step is done yet"

    def test_doubt(self):
        """A reopened step names those it puts in doubt."""
        page = headlines.steps(self.way(6), today=TODAY, doubts={5: 3, 6: 3})
        assert page.lede == "Steps 5 and 6 are in doubt until step 3 is done again."


class TestStep:
    BLOCKERS = (Blocker("a", "A", "w", Place("x"), "stop"), Blocker("b", "B", "w", Place("x")))

    def step(self, blockers=(), **changes):
        one = Step(6, StepState.IN_PROGRESS, MARCUS, planned_end=days(-9))
        return headlines.step(replace(one, **changes), blockers, today=TODAY)

    def test_open(self):
        """What is in the way, how late, and what would cost the certificate."""
        page = self.step(self.BLOCKERS)
        assert page.headline == "Internal audit: two things are in the way"
        assert page.lede == "Planned to end on 17 July, 9 days late. One would cost the certificate."

    @pytest.mark.parametrize(
        ("changes", "headline"),
        [
            ({}, "Internal audit: nothing is in the way"),
            ({"state": StepState.NOT_STARTED}, "Internal audit has not been started"),
            ({"state": StepState.REOPENED}, "Internal audit, reopened: nothing is in the way"),
            ({"state": StepState.DONE, "actual_end": date(2026, 6, 26)}, "Internal audit was done on 26 June"),
        ],
    )
    def test_states(self, changes, headline):
        """Each state of a step has its sentence."""
        assert self.step(**changes).headline == headline

    def test_override_is_shown_for_ever(self):
        """An override is named on the page, also after reopening."""
        override = steps.Override(INGRID, NOW, "The audit is booked", ("A",))
        for state in (StepState.DONE, StepState.REOPENED):
            lede = self.step(state=state, overrides=(override,)).lede
            assert "passed with a reason by Ingrid Solberg: The audit is booked" in lede

    def test_earlier_steps_beside_an_audit(self):
        """Beside an audit's gate the earlier open steps are named."""
        page = headlines.step(Step(9, StepState.IN_PROGRESS), [], today=TODAY, earlier=(2, 5))
        assert page.lede == "Steps 2 and 5 are still open."


class TestRequirements:
    @pytest.mark.parametrize(
        ("ratings", "headline"),
        [
            ([], "No item fits this choice"),
            ([None], "Nothing is rated yet"),
            ([3, "did_not_occur"], "Every item is met"),
            ([3, 3, 0, None], "50 % ready, with one item missing"),
            ([3, None, None], "33 % ready, with two items to rate"),
            ([3, 2], "83 % ready, with one item partly met"),
        ],
    )
    def test_headline(self, ratings, headline):
        """How far, and what lacks most."""
        assert headlines.requirements(count(ratings)).headline == headline

    def test_lede(self):
        """The kinds of ratings, and what is said to be met without proof."""
        page = headlines.requirements(count([3, 3, 2, 0, None]), unproven=2, clause="8.5.1")
        assert page.headline == "8.5.1: 53 % ready, with one item missing"
        assert page.lede == (
            "Five items: two met, one partly, one missing, one to rate. Two items rated met have no accepted evidence."
        )


class TestEvidence:
    @pytest.mark.parametrize(
        ("facts", "headline"),
        [
            ({"total": 0}, "No evidence yet"),
            ({"total": 5, "for_me": 1, "waiting": 1}, "One piece of evidence waits for your review"),
            ({"total": 5, "reviewer": True, "waiting": 1}, "Nothing is waiting for your review"),
            ({"total": 90, "for_me": None, "waiting": 30}, "30 pieces of evidence wait for review"),
            ({"total": 5, "returned": 2}, "Two pieces of evidence are returned to be put right"),
            ({"total": 5, "lapsed": 1}, "One piece of evidence is past review"),
            ({"total": 90, "lapsed": 20, "most_lapsed": 20}, "20 pieces of evidence are past review"),
            ({"total": 90, "lapsed": 21, "most_lapsed": 20}, "More than 20 pieces of evidence are past review"),
            ({"total": 5, "waiting": 2}, "Two pieces of evidence wait for review"),
            ({"total": 5, "draft": 2}, "Two pieces of evidence are still drafts"),
            ({"total": 5}, "All evidence is accepted and current"),
        ],
    )
    def test_library(self, facts, headline):
        """What waits for the reader comes first, then what is not current."""
        assert headlines.evidence(**facts).headline == headline

    def test_lede(self):
        """The rest is counted once."""
        page = headlines.evidence(total=61, waiting=3, for_me=1, lapsed=1)
        assert page.lede == "61 pieces of evidence: two more waiting for review, one past review."
        page = headlines.evidence(total=610, waiting=30, for_me=None, lapsed=21, most_lapsed=20)
        assert page.lede == "610 pieces of evidence: more than 20 past review."

    @pytest.mark.parametrize(
        ("changes", "headline"),
        [
            ({}, "Accepted by Marcus Webb on 26 July"),
            ({"review_by": date(2027, 3, 1)}, "Accepted by Marcus Webb on 26 July, current until 1 March 2027"),
            ({"review_by": days(-2)}, "Accepted, but its review was due on 24 July"),
            ({"state": "submitted"}, "Waiting for review since 26 July"),
            ({"state": "returned", "reason": "No period"}, "Returned by Marcus Webb: No period"),
            ({"state": "draft"}, "A draft, not submitted for review yet"),
        ],
    )
    def test_piece(self, changes, headline):
        """Whether it is in, accepted and current."""
        page = headlines.evidence_item(
            replace(PIECE, **changes), today=TODAY, decided_by="Marcus Webb", decided_on=TODAY
        )
        assert page.headline == headline

    def test_seen(self):
        """Who has looked at it is said beside owner and version."""
        page = headlines.evidence_item(PIECE, today=TODAY, version=2, seen_by_auditors=1)
        assert page.lede == "“Capacity plan”, version 2, owned by Claire Dubois. One auditor has looked at it."

    @pytest.mark.parametrize(
        ("facts", "headline"),
        [
            ({}, "Add evidence"),
            ({"item": "8.5.1.3-d"}, "Evidence for 8.5.1.3-d"),
            ({"step": 5}, "Evidence for step 5"),
            ({"replaces": "Capacity plan"}, "A new version of “Capacity plan”"),
            ({"arrived": 3}, "Three files arrived whole"),
            ({"arrived": 3, "failed": 1}, "One file did not arrive"),
        ],
    )
    def test_upload(self, facts, headline):
        """Whether it arrived, and before that what is asked for."""
        assert headlines.upload(**facts).headline == headline


class TestFindings:
    @pytest.mark.parametrize(
        ("found", "headline"),
        [
            ([], "No findings yet"),
            ([finding(state="closed")], "Every finding is closed"),
            ([finding()], "One finding is open, and late"),
            ([finding(next_due=None)], "One finding is open"),
            ([finding(), finding(next_due=days(4)), finding(state="withdrawn")],
             "Two findings are open, one of them late"),
        ],
    )  # fmt: skip
    def test_list(self, found, headline):
        """How many are open, how many late."""
        assert headlines.findings(found, today=TODAY).headline == headline

    def test_majors(self):
        """Majors that are not verified are named."""
        lede = headlines.findings([finding(), finding("minor")], today=TODAY).lede
        assert lede == "One major nonconformity stands in the way of the certificate until verified."

    def test_one(self):
        """One finding says what is missing next, and by when."""
        page = headlines.finding(finding(), today=TODAY)
        assert page.headline == "The corrective action is done, its verification is missing, 9 days late"
        due = headlines.finding(finding(state="planned", next_due=days(5)), today=TODAY)
        assert due.headline == "Its plan has not been accepted yet, due 31 July"
        ended = headlines.finding(finding(state="effective", next_due=None), today=TODAY)
        assert ended.headline == "Effective: it can be closed"


class TestAudits:
    @pytest.mark.parametrize(
        ("audits", "headline"),
        [
            ([], "No audit is planned yet"),
            ([INTERNAL, STAGE1_AHEAD], "Stage 1 in 24 days"),
            ([INTERNAL, STAGE1, STAGE2], "Every audit is concluded"),
            ([replace(STAGE1_AHEAD, start=None)], "No audit has a date yet"),
            ([replace(STAGE1_AHEAD, start=days(-2))], "Stage 1 began 2 days ago and is not concluded"),
        ],
    )
    def test_list(self, audits, headline):
        """Which audit is next."""
        assert headlines.audits(audits, today=TODAY).headline == headline

    def test_who_can_see(self):
        """How many outsiders can see something."""
        assert headlines.audits([STAGE1_AHEAD], today=TODAY).lede == "Nobody outside can see anything."
        lede = headlines.audits([STAGE1_AHEAD], today=TODAY, active_grants=2).lede
        assert lede == "Two auditors from outside can see what was frozen for their stage."

    @pytest.mark.parametrize(
        ("one", "headline"),
        [
            (STAGE2, "Certification granted by Tomas Berg on 25 July"),
            (replace(STAGE1, report_received=None), "Stage 1 is concluded, its report has not arrived"),
            (STAGE1, "Stage 1 is concluded"),
            (STAGE1_AHEAD, "Stage 1 in 24 days"),
            (replace(STAGE1_AHEAD, start=None), "Stage 1 has no date yet"),
        ],
    )
    def test_one(self, one, headline):
        """How far one audit is."""
        assert headlines.audit(one, today=TODAY).headline == headline


class TestReviewRoom:
    def room(self, seen, total=62, **facts):
        frozen = datetime(2026, 7, 17, 14, 5, tzinfo=UTC)
        return headlines.review_room(
            stage="stage1", organisation="Northwind", seen=seen, total=total, today=TODAY, frozen_at=frozen,
            evidence=61, added_since=2, expires_on=date(2026, 8, 6), **facts,
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("seen", "headline"),
        [
            (0, "62 clauses to see"), (38, "24 of 62 clauses not seen yet"), (60, "Two of 62 clauses not seen yet"),
            (62, "You have seen every clause"),
        ],
    )  # fmt: skip
    def test_what_is_unseen(self, seen, headline):
        """What the auditor has not seen yet."""
        assert self.room(seen).headline == headline

    def test_what_is_frozen(self):
        """What is frozen, what came later, and when access ends."""
        assert self.room(3).lede == (
            "Stage 1 of Northwind. Frozen on 17 July, 14:05, with 61 documents and records. "
            "Two were added since and are marked. Access ends on 6 August 2026."
        )

    def test_ends(self):
        """After the conclusion, and with nothing to see."""
        assert self.room(3, concluded=True).headline == "Your conclusion is recorded"
        assert self.room(0, total=0).headline == "Nothing is open to you yet"


class TestPeople:
    def test_members(self):
        """How many can work here, and who is on the way."""
        page = headlines.members(people=12, invited=2, outside=1)
        assert page.headline == "12 people can work here, two invitations are open"
        assert page.lede == (
            "One consultant from outside is among them. Only one owner: name a second, so that nobody is locked out."
        )

    def test_journal(self):
        """How much happened in a month, by how many."""
        page = headlines.journal(month=date(2026, 11, 1), events=86, people=9, auditors=2)
        assert page == ("86 entries in November 2026 by nine people", "Two auditors are among them.")
        empty = headlines.journal(month=date(2026, 11, 1), events=0, chosen="Capacity plan")
        assert empty.headline == "Nothing happened on “Capacity plan” in November 2026"


@given(st.integers(0, 500), st.integers(0, 50), st.integers(0, 50))
def test_tone(total, some, more):
    """Headlines are sentences without exclamation marks, 'please' or 'successfully', whatever the numbers."""
    pages = (
        headlines.clients(total=total, need_you=some, behind=more),
        headlines.evidence(total=total, waiting=some + more, for_me=some, lapsed=more),
        headlines.requirements(Counts(total + some + more, met=total, missing=some, unrated=more)),
        headlines.upload(arrived=some, failed=more),
        headlines.members(people=total, invited=some),
    )
    for page in pages:
        text = " ".join(page)
        assert page.headline[0].isupper() or page.headline[0].isdecimal()
        assert not page.headline.endswith(".")
        assert not any(word in text.lower() for word in ("!", "please", "successfully", "non-compl"))
        assert "  " not in text
