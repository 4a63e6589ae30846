"""Evidence: details, versions, submission and review."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import evidence as ev
from portal.domain.common import DomainError, Invalid, Person, RuleBroken, SeparationBroken

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
HANNAH, MARCUS, CLAIRE = Person("h", "Hannah Osei"), Person("m", "Marcus Webb"), Person("c", "Claire Dubois")
PEOPLE = (HANNAH, MARCUS, CLAIRE)


def document(**details: object) -> ev.Evidence:
    given_ = {"title": "Capacity plan", "kind": "document", "owner": HANNAH, **details}
    return ev.create("e1", given_, by=HANNAH, now=NOW, items=("8.4.3-b", "8.4.3-a"), steps=(5, 4, 5))


def with_file(evidence: ev.Evidence, by: Person = HANNAH, **file: object) -> ev.Evidence:
    known = {"filename": "plan.pdf", "sha256": "a" * 64, "length": 10, "media_type": "application/pdf", "label": "PDF"}
    return ev.add_version(evidence, by=by, now=NOW, **{**known, **file})[0]


def submitted(**details: object) -> ev.Evidence:
    return ev.submit(with_file(document(**details)), by=HANNAH, now=NOW)


def accepted() -> ev.Evidence:
    return ev.accept(submitted(), by=MARCUS, now=NOW)


class TestDetails:
    def test_new_evidence_is_a_draft_with_its_links_once_each(self) -> None:
        """New evidence is a draft without a version, linked once to each item and step."""
        evidence = document()
        assert (evidence.state, evidence.version, evidence.current) == (ev.State.DRAFT, 0, None)
        assert (evidence.items, evidence.steps) == (("8.4.3-a", "8.4.3-b"), (4, 5))

    @pytest.mark.parametrize(
        ("details", "field"),
        [
            ({"title": "  "}, "title"),
            ({"title": "x" * 201}, "title"),
            ({"title": "plan\u202egpj.exe"}, "title"),
            ({"title": "a\x00b"}, "title"),
            ({"title": "a\ud800b"}, "title"),
            ({"kind": "photo"}, "kind"),
            ({"period_from": TODAY}, "period.to"),
            ({"period_to": TODAY}, "period.from"),
            ({"period_from": TODAY, "period_to": TODAY - timedelta(1)}, "period.to"),
            ({"period_from": TODAY + timedelta(1), "period_to": TODAY + timedelta(2)}, "period.from"),
            ({"kind": "record", "period_from": TODAY, "period_to": TODAY + timedelta(1)}, "period.to"),
            ({"review_by": TODAY}, "review_by"),
            ({"period_from": TODAY, "period_to": TODAY + timedelta(9), "review_by": TODAY + timedelta(5)}, "review_by"),
            ({"colour": "red"}, "colour"),
        ],
    )
    def test_a_wrong_detail_names_its_field(self, details: dict[str, object], field: str) -> None:
        """Each unusable detail is refused under the name of its field."""
        with pytest.raises(Invalid) as refused:
            document(**details)
        assert refused.value.field == field

    def test_title_is_kept_up_to_200_characters_with_single_spaces(self) -> None:
        """A title of 200 characters is kept, runs of spaces made one."""
        assert document(title="x" * 200).title == "x" * 200
        assert document(title=" Capacity \n plan ").title == "Capacity plan"

    def test_a_plan_may_reach_ahead_and_a_record_may_end_today(self) -> None:
        """A document's period may end in the future, a record's may end today."""
        assert document(period_from=TODAY, period_to=TODAY + timedelta(365)).period_to
        assert document(kind="record", period_from=TODAY, period_to=TODAY).period_to == TODAY

    def test_a_lapsed_review_date_does_not_stop_other_edits(self) -> None:
        """The title of lapsed evidence can be changed without touching its review-by date."""
        old = document(review_by=TODAY + timedelta(1))
        later = NOW + timedelta(days=30)
        assert ev.lapsed(old, later.date())
        assert ev.describe(old, {"title": "New", "review_by": old.review_by}, now=later).title == "New"

    def test_lapsed_starts_the_day_after_review_by(self) -> None:
        """Evidence is not lapsed on its review-by date and is on the day after."""
        evidence = document(review_by=date(2026, 12, 1))
        assert not ev.lapsed(evidence, date(2026, 12, 1))
        assert ev.lapsed(evidence, date(2026, 12, 2))
        assert not ev.lapsed(document(), date(2099, 1, 1))

    def test_steps_outside_the_eleven_are_refused(self) -> None:
        """A link to step 12 is refused under 'steps'."""
        with pytest.raises(Invalid) as refused:
            ev.link(document(), items=(), steps=(12,), now=NOW)
        assert refused.value.field == "steps"

    def test_an_edit_without_effect_changes_nothing(self) -> None:
        """Describing evidence as it is returns it unchanged."""
        evidence = accepted()
        assert ev.describe(evidence, {"title": evidence.title}, now=NOW + timedelta(1)) is evidence


class TestVersions:
    def test_a_version_holds_its_file_and_uploader(self) -> None:
        """A version keeps number, hash, length and who uploaded it when."""
        evidence, version = ev.add_version(
            document(), filename="a.pdf", sha256="AB" * 32, length=3, media_type="application/pdf", label="PDF",
            by=MARCUS, now=NOW,
        )  # fmt: skip
        assert (version.number, version.sha256, version.uploaded_by) == (1, "ab" * 32, MARCUS)
        assert evidence.current == version

    @pytest.mark.parametrize(
        ("file", "field"),
        [({"length": 0}, "length"), ({"sha256": "xyz"}, "sha256"), ({"filename": ""}, "filename")],
    )
    def test_an_unusable_file_names_its_field(self, file: dict[str, object], field: str) -> None:
        """An empty file, a wrong hash and a missing name are refused."""
        with pytest.raises(Invalid) as refused:
            with_file(document(), **file)
        assert refused.value.field == field

    def test_a_new_version_of_accepted_evidence_must_be_reviewed(self) -> None:
        """A new version makes accepted evidence a draft; who accepted the earlier one stays on record."""
        again = with_file(accepted(), sha256="b" * 64)
        assert (again.state, again.version, again.decided) == (ev.State.DRAFT, 2, None)
        assert [(a.version, a.by) for a in again.approvals] == [(1, MARCUS)]

    def test_returned_evidence_keeps_its_reason_until_submitted(self) -> None:
        """A new version of returned evidence keeps the reason in sight until it is submitted again."""
        returned = ev.return_with_reason(submitted(), by=MARCUS, now=NOW, reason="Page 3 is missing")
        again = with_file(returned)
        assert again.state == ev.State.RETURNED
        assert again.decided
        assert again.decided.text == "Page 3 is missing"
        assert ev.submit(again, by=HANNAH, now=NOW).decided is None


class TestReview:
    @pytest.mark.parametrize(
        ("evidence", "field"),
        [
            (document(), "upload"),
            (with_file(document(owner=None)), "owner"),
            (with_file(document(kind="record")), "period"),
        ],
    )
    def test_submission_needs_a_file_an_owner_and_a_records_period(self, evidence: ev.Evidence, field: str) -> None:
        """Submission is refused without a version, an owner or, for a record, its period."""
        with pytest.raises(Invalid) as refused:
            ev.submit(evidence, by=HANNAH, now=NOW)
        assert refused.value.field == field

    def test_acceptance_names_who_and_when(self) -> None:
        """Accepted evidence says who accepted which version, when."""
        evidence = accepted()
        assert evidence.state == ev.State.ACCEPTED
        assert evidence.approvals == (ev.Approval(1, MARCUS, NOW),)

    def test_owner_and_uploader_cannot_review(self) -> None:
        """Neither the owner nor the uploader of the current version accepts or returns it."""
        evidence = ev.submit(with_file(document(), by=MARCUS), by=HANNAH, now=NOW)
        for person in (HANNAH, MARCUS):
            with pytest.raises(SeparationBroken):
                ev.accept(evidence, by=person, now=NOW)
            with pytest.raises(SeparationBroken):
                ev.return_with_reason(evidence, by=person, now=NOW, reason="No")
            assert "review" not in ev.allowed_actions(evidence, person)
        assert ev.accept(evidence, by=CLAIRE, now=NOW).state == ev.State.ACCEPTED

    def test_a_return_needs_its_reason(self) -> None:
        """Evidence cannot be returned without saying why."""
        with pytest.raises(Invalid) as refused:
            ev.return_with_reason(submitted(), by=MARCUS, now=NOW, reason=" ")
        assert refused.value.field == "reason"

    def test_only_submitted_evidence_is_judged(self) -> None:
        """A draft and accepted evidence are not accepted again."""
        for evidence in (with_file(document()), accepted()):
            with pytest.raises(RuleBroken):
                ev.accept(evidence, by=CLAIRE, now=NOW)

    def test_a_new_period_asks_for_a_new_review(self) -> None:
        """Changing the period of accepted evidence makes it a draft; changing the title does not."""
        moved = ev.describe(accepted(), {"period_from": TODAY, "period_to": TODAY}, now=NOW)
        assert (moved.state, moved.decided) == (ev.State.DRAFT, None)
        assert ev.describe(accepted(), {"title": "Plan"}, now=NOW).state == ev.State.ACCEPTED

    def test_who_accepted_cannot_become_owner(self) -> None:
        """The reviewer of accepted evidence cannot become its owner."""
        with pytest.raises(SeparationBroken) as refused:
            ev.describe(accepted(), {"owner": MARCUS}, now=NOW)
        assert refused.value.field == "owner"

    def test_a_new_owner_submits_again(self) -> None:
        """A change of owner takes submitted evidence back, so that nobody judges what they handed in as owner."""
        moved = ev.describe(submitted(), {"owner": CLAIRE}, now=NOW)
        assert (moved.state, moved.submitted) == (ev.State.DRAFT, None)

    def test_allowed_actions_follow_state_and_person(self) -> None:
        """A reviewer may review what is submitted; an owner may submit what is a draft with a file."""
        assert ev.allowed_actions(document(), HANNAH) == ("edit", "add_version")
        assert ev.allowed_actions(with_file(document()), HANNAH) == ("edit", "add_version", "submit")
        assert ev.allowed_actions(submitted(), MARCUS) == ("edit", "add_version", "review")


ACTS = st.tuples(
    st.sampled_from(("submit", "accept", "return", "version", "owner", "period", "title")), st.sampled_from(PEOPLE)
)


def act(evidence: ev.Evidence, name: str, person: Person) -> ev.Evidence:
    if name == "submit":
        return ev.submit(evidence, by=person, now=NOW)
    if name == "accept":
        return ev.accept(evidence, by=person, now=NOW)
    if name == "return":
        return ev.return_with_reason(evidence, by=person, now=NOW, reason="Not readable")
    if name == "version":
        return with_file(evidence, by=person)
    start = TODAY if evidence.period_from != TODAY else TODAY - timedelta(1)
    changes = {"owner": {"owner": person}, "period": {"period_from": start, "period_to": TODAY}}
    return ev.describe(evidence, changes.get(name, {"title": f"Of {person.name}"}), now=NOW)


@given(st.lists(ACTS, max_size=25))
def test_no_sequence_breaks_the_separations(acts: list[tuple[str, Person]]) -> None:
    """Whatever people do in whatever order, a judgement is never by the owner or uploader, and never without a file."""
    evidence = document()
    for name, person in acts:
        before = evidence
        possible = ev.allowed_actions(before, person)
        try:
            evidence = act(before, name, person)
        except DomainError:
            assert not (name in ("accept", "return") and "review" in possible)
            continue
        if name in ev.MOVES:
            sources, target = ev.MOVES[name]
            assert before.state in sources
            assert evidence.state == target
        elif evidence.state != before.state:
            assert evidence.state == ev.State.DRAFT
        if evidence.state in (ev.State.ACCEPTED, ev.State.SUBMITTED):
            assert evidence.current
            assert evidence.owner
        if evidence.state == ev.State.ACCEPTED:
            assert evidence.decided
            assert evidence.decided.by.id not in (evidence.owner.id, evidence.current.uploaded_by.id)
            assert evidence.approvals[-1].version == evidence.version
        assert len(evidence.approvals) >= len(before.approvals)
