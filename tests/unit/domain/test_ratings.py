"""Rating an item, and roll-ups that add up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import ratings
from portal.domain.common import Invalid
from portal.domain.facts import ItemFact
from portal.domain.ratings import Counts, Filter, ItemRating
from tests.support.domain_facts import CLAIRE, MARCUS, NOW

RATINGS = st.sampled_from([0, 1, 2, 3, None, "did_not_occur"])
ITEMS = st.lists(
    st.builds(
        ItemFact,
        id=st.just("x"),
        clause=st.sampled_from(["4.1", "8.2.4", "8.10", "10.2"]),
        step=st.integers(1, 8),
        stage=st.sampled_from(["stage1", "stage2", "both"]),
        pdca=st.sampled_from(ratings.PDCA),
        explicit=st.booleans(),
        rating=RATINGS,
    ),
    max_size=40,
)


def item(clause="8.2.4", rating=None, **changes):
    return ItemFact(f"{clause}-a", clause, 4, "both", "do", rating=rating)._replace(**changes)


class TestRate:
    def test_changes_only_what_is_given(self):
        """A change keeps what it leaves out, and says who and when."""
        first = ratings.rate(None, {"rating": 1, "owner": MARCUS, "due": date(2026, 8, 1)}, MARCUS, NOW)
        second = ratings.rate(first, {"rating": 2}, CLAIRE, NOW)
        assert second == ItemRating(2, "", MARCUS, date(2026, 8, 1), 2, CLAIRE, NOW)

    def test_same_again_changes_nothing(self):
        """The same values again make no new version."""
        first = ratings.rate(None, {"rating": 1, "note": "begun"}, MARCUS, NOW)
        assert ratings.rate(first, {"rating": 1, "note": " begun "}, CLAIRE, NOW) is first

    @pytest.mark.parametrize("value", [4, -1, "3", "met", True, 2.0, [1]])
    def test_other_ratings_are_refused(self, value):
        """Nothing but 0 to 3, 'did not occur' and no rating is a rating."""
        with pytest.raises(Invalid) as refused:
            ratings.rate(None, {"rating": value}, MARCUS, NOW)
        assert refused.value.field == "rating"

    def test_did_not_occur_needs_a_reason(self):
        """An item did not occur for a reason, and the reason cannot be taken away later."""
        with pytest.raises(Invalid) as refused:
            ratings.rate(None, {"rating": "did_not_occur"}, MARCUS, NOW)
        assert refused.value.field == "note"
        kept = ratings.rate(None, {"rating": "did_not_occur", "note": "No dispute since March"}, MARCUS, NOW)
        with pytest.raises(Invalid):
            ratings.rate(kept, {"note": ""}, MARCUS, NOW)

    def test_note_length(self):
        """A note has at most 4,000 characters."""
        assert ratings.rate(None, {"note": "x" * 4_000}, MARCUS, NOW).version == 1
        with pytest.raises(Invalid):
            ratings.rate(None, {"note": "x" * 4_001}, MARCUS, NOW)

    def test_unknown_field(self):
        """A field an item does not have is refused by its name."""
        with pytest.raises(Invalid) as refused:
            ratings.rate(None, {"linked": 3}, MARCUS, NOW)
        assert refused.value.field == "linked"

    def test_rating_can_be_taken_back(self):
        """A rating given by mistake can be taken back."""
        rated = ratings.rate(None, {"rating": 3}, MARCUS, NOW)
        assert ratings.rate(rated, {"rating": None}, MARCUS, NOW).rating is None


class TestPercent:
    @pytest.mark.parametrize(
        ("given_ratings", "expected"),
        [
            ([], 0), ([None], 0), ([3, 3], 100), ([3, "did_not_occur"], 100), (["did_not_occur"], 100), ([0, 0], 0),
            ([3] * 999 + [2], 99), ([1] + [0] * 999, 1), ([3, None], 50), ([1, 2], 50),
        ],
    )  # fmt: skip
    def test_examples(self, given_ratings, expected):
        """Readiness leaves out what did not occur, and counts what nobody rated as nothing."""
        assert ratings.percent(ratings.count(given_ratings)) == expected

    @given(st.lists(RATINGS, min_size=1, max_size=400))
    def test_100_only_when_all_is_met_and_0_only_when_nothing_is_begun(self, given_ratings):
        """Rounding never pretends that all is met, or that nothing is begun."""
        counts = ratings.count(given_ratings)
        percent = ratings.percent(counts)
        assert 0 <= percent <= 100
        assert (percent == 100) == (counts.met == counts.expected)
        assert (percent == 0) == (counts.met + counts.partly == 0 and counts.expected > 0)

    @given(st.lists(RATINGS, max_size=100))
    def test_two_parts_of_a_bar_fit(self, given_ratings):
        """The met and the begun share together are at most the whole bar."""
        counts = ratings.count(given_ratings)
        met, begun = ratings.percent_met(counts), ratings.percent_begun(counts)
        assert 0 <= met <= met + begun <= 100

    @given(st.lists(RATINGS, min_size=1, max_size=60), st.integers(0, 59))
    def test_a_better_rating_never_lowers_it(self, given_ratings, index):
        """Raising one rating to met never lowers readiness."""
        position = index % len(given_ratings)
        before = ratings.percent(ratings.count(given_ratings))
        better = [3 if n == position else rating for n, rating in enumerate(given_ratings)]
        if given_ratings[position] != "did_not_occur":
            assert ratings.percent(ratings.count(better)) >= before


class TestRollUp:
    @given(ITEMS, st.sampled_from(["top", "clause", "pdca", "step"]))
    def test_groups_add_up_to_the_whole(self, items, by):
        """Whatever the grouping, its counts add up to those of all items."""
        whole = ratings.count(one.rating for one in items)
        assert ratings.add(roll.counts for roll in ratings.roll_up(items, by)) == whole
        assert sum(whole[1:]) == whole.items == len(items)

    @given(ITEMS)
    def test_stages_overlap_by_what_both_look_at(self, items):
        """An item that both stages look at counts under each."""
        both = sum(one.stage == "both" for one in items)
        assert sum(roll.counts.items for roll in ratings.roll_up(items, "stage")) == len(items) + both

    def test_natural_order(self):
        """Clauses come in the order of their numbers, phases in that of the cycle."""
        items = [item("10.2", pdca="act"), item("8.10"), item("8.2.4"), item("4.1", pdca="plan")]
        assert [roll.key for roll in ratings.roll_up(items, "clause")] == ["4.1", "8.2.4", "8.10", "10.2"]
        assert [roll.key for roll in ratings.roll_up(items, "top")] == ["4", "8", "10"]
        assert [roll.key for roll in ratings.roll_up(items, "pdca")] == ["plan", "do", "act"]

    def test_unknown_grouping(self):
        """Another grouping is refused."""
        with pytest.raises(Invalid):
            ratings.roll_up([], "owner")

    def test_percent_of_a_group(self):
        """Each group has its own readiness."""
        (roll,) = ratings.roll_up([item(rating=3), item(rating=0)], "clause")
        assert roll.percent == 50


class TestClauseState:
    @pytest.mark.parametrize(
        ("given_ratings", "state"),
        [
            ([None, None], "unrated"), ([3, "did_not_occur"], "met"), ([3, 2], "partly"), ([3, None], "partly"),
            ([3, 0], "missing"), ([0, None], "missing"), (["did_not_occur"], "met"), ([], "unrated"),
        ],
    )  # fmt: skip
    def test_of_its_items(self, given_ratings, state):
        """A clause is as good as its worst item, and unrated only while nobody rated any."""
        assert ratings.clause_state(item(rating=rating) for rating in given_ratings) == state


class TestFilter:
    def test_clause_includes_those_below(self):
        """A clause chooses itself and those below, not others that begin with the same figures."""
        items = [item("8.2"), item("8.2.4"), item("8.20")]
        assert ratings.select(items, Filter(clause="8.2")) == tuple(items[:2])

    @pytest.mark.parametrize(
        ("chosen", "fits"),
        [
            (Filter(), True), (Filter(rating="0"), True), (Filter(rating="unrated"), False), (Filter(owner="u1"), True),
            (Filter(owner="u2"), False), (Filter(stage="stage1"), True), (Filter(step=4), True),
            (Filter(step=5), False), (Filter(pdca="act"), False), (Filter(rating="0", step=5), False),
        ],
    )  # fmt: skip
    def test_each_part_narrows(self, chosen, fits):
        """Every part of a filter has to fit; an item of both stages fits either."""
        assert chosen.matches(item(rating=0, owner=MARCUS)) is fits

    @pytest.mark.parametrize("rating", [0, 1, 2, 3, None, "did_not_occur"])
    def test_every_rating_has_a_name(self, rating):
        """Each rating can be filtered for by its own name alone."""
        names = ["0", "1", "2", "3", "unrated", "did_not_occur"]
        assert sum(Filter(rating=name).matches(item(rating=rating)) for name in names) == 1


def test_labels():
    """The labels are those people see beside the figures."""
    assert [ratings.LABELS[n] for n in range(4)] == ["missing", "begun", "mostly", "met"]
    assert Counts(items=4, unrated=1).rated == 3
