"""The structural checks: the real files pass, every kind of break is named."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue import build, schema_path
from portal.catalogue.shape import AUDIT_STAGES, DOCUMENTATION, PDCA
from portal.catalogue.validate import problems
from tests.unit.catalogue.samples import content, small

Raw = dict[str, Any]
SCHEMA = json.loads(schema_path().read_text())


def leaf(raw: Raw, place: int = 0) -> Raw:
    """Return one assessable clause."""
    return [clause for clause in raw["clauses"] if clause["assessable"]][place]


def with_explicit(raw: Raw) -> Raw:
    """Return the first clause that has explicit items."""
    return next(clause for clause in raw["clauses"] if clause.get("documented_information", {}).get("required"))


def duplicate_clause(raw: Raw) -> str:
    raw["clauses"].append(copy.deepcopy(raw["clauses"][0]))
    return f"clause {raw['clauses'][0]['number']} appears twice"


def duplicate_item(raw: Raw) -> str:
    leaf(raw)["items"].append(copy.deepcopy(leaf(raw)["items"][0]))
    return f"item {leaf(raw)['items'][0]['id']} appears twice"


def orphan_parent(raw: Raw) -> str:
    leaf(raw)["parent"] = "77"
    return f"clause {leaf(raw)['number']} has the parent 77, which does not exist"


def lost_parent(raw: Raw) -> str:
    top = raw["clauses"].pop(0)["number"]
    return f"has the parent {top}, which does not exist"


def strange_parent(raw: Raw) -> str:
    other = raw["clauses"][-1]["number"]
    leaf(raw)["parent"] = other
    return f"clause {leaf(raw)['number']} has the parent {other}, its number says"


def wrong_level(raw: Raw) -> str:
    leaf(raw)["level"] += 1
    return f"clause {leaf(raw)['number']} has level {leaf(raw)['level']}, its number says"


def empty_assessable(raw: Raw) -> str:
    leaf(raw)["items"] = []
    return f"clause {leaf(raw)['number']} is assessable but has no items"


def heading_with_items(raw: Raw) -> str:
    raw["clauses"][0]["items"] = leaf(raw)["items"]
    return f"clause {raw['clauses'][0]['number']} is not assessable but has items"


def foreign_item(raw: Raw) -> str:
    first, second = leaf(raw), leaf(raw, 1)
    moved = second["items"].pop()
    first["items"].append(moved)
    return f"item {moved['id']} stands in clause {first['number']}"


def unlettered_item(raw: Raw) -> str:
    leaf(raw)["items"][0]["id"] = leaf(raw)["number"] + "-1"
    return f"item {leaf(raw)['number']}-1 stands in clause"


def explicit_elsewhere(raw: Raw) -> str:
    clause = with_explicit(raw)
    clause["documented_information"]["explicit_items"].append("99.9-a")
    return f"clause {clause['number']} names the explicit item 99.9-a, which it does not have"


def explicit_twice(raw: Raw) -> str:
    explicit = with_explicit(raw)["documented_information"]["explicit_items"]
    explicit.append(explicit[0])
    return f"explicit item {explicit[0]} appears twice"


def explicit_without_demand(raw: Raw) -> str:
    with_explicit(raw)["documented_information"]["required"] = False
    return "required must be true exactly when explicit_items names"


def demand_without_explicit(raw: Raw) -> str:
    del with_explicit(raw)["documented_information"]["explicit_items"]
    return "required must be true exactly when explicit_items names"


def bad_pdca(raw: Raw) -> str:
    leaf(raw)["pdca"] = "dream"
    return f"clause {leaf(raw)['number']}: pdca must be one of plan, do, check, act"


def bad_stage(raw: Raw) -> str:
    leaf(raw)["items"][0]["audit_stage"] = "stage3"
    return f"item {leaf(raw)['items'][0]['id']}: audit_stage must be one of stage1, stage2, both"


def bad_documentation(raw: Raw) -> str:
    leaf(raw)["items"][0]["documentation"] = "rumour"
    return f"item {leaf(raw)['items'][0]['id']}: documentation must be one of"


def bad_kind(raw: Raw) -> str:
    leaf(raw)["documented_information"]["kind"] = "rumour"
    return f"clause {leaf(raw)['number']}, documented_information: kind must be one of"


def step_twelve(raw: Raw) -> str:
    leaf(raw)["items"][0]["step"] = 12
    return f"item {leaf(raw)['items'][0]['id']}: step must be a step from 1 to 11"


def step_zero(raw: Raw) -> str:
    leaf(raw)["step"] = 0
    return f"clause {leaf(raw)['number']}: step must be a step from 1 to 11"


def step_true(raw: Raw) -> str:
    leaf(raw)["items"][0]["step"] = True
    return "step must be a step from 1 to 11"


def steps_of_others(raw: Raw) -> str:
    leaf(raw)["steps"] = [11]
    return f"clause {leaf(raw)['number']} has steps [11], its items say"


def step_outside_steps(raw: Raw) -> str:
    leaf(raw)["step"] = 11
    return f"clause {leaf(raw)['number']} has step 11, which is not among its steps"


def number_without_quotes(raw: Raw) -> str:
    leaf(raw)["number"] = 4.1
    return "number must be a clause number in quotes"


def empty_text(raw: Raw) -> str:
    leaf(raw)["items"][0]["text"] = " "
    return f"item {leaf(raw)['items'][0]['id']}: text must be text"


def missing_title(raw: Raw) -> str:
    del leaf(raw)["title"]
    return f"clause {leaf(raw)['number']}: title is missing"


def misspelt_field(raw: Raw) -> str:
    documented = with_explicit(raw)["documented_information"]
    documented["explict_items"] = documented.pop("explicit_items")
    return "explict_items is not a field"


def misspelt_status(raw: Raw) -> str:
    raw["meta"]["status"] = "curent"
    return "meta: status must be one of current, withdrawn, draft"


def missing_step_name(raw: Raw) -> str:
    del raw["meta"]["steps"]["7"]
    return "meta: steps must name the steps 1 to 11"


def help_as_text(raw: Raw) -> str:
    leaf(raw)["common_gaps"] = "one gap"
    return f"clause {leaf(raw)['number']}: common_gaps must be a list"


def no_clauses(raw: Raw) -> str:
    raw["clauses"] = []
    return "the catalogue has no clauses"


def no_meta(raw: Raw) -> str:
    del raw["meta"]
    return "meta must be a set of named fields"


RELATIONS = [
    duplicate_clause,
    duplicate_item,
    orphan_parent,
    lost_parent,
    strange_parent,
    wrong_level,
    foreign_item,
    explicit_elsewhere,
    explicit_without_demand,
    steps_of_others,
    step_outside_steps,
]
SHAPES = [
    empty_assessable,
    heading_with_items,
    unlettered_item,
    explicit_twice,
    demand_without_explicit,
    bad_pdca,
    bad_stage,
    bad_documentation,
    bad_kind,
    step_twelve,
    step_zero,
    step_true,
    number_without_quotes,
    empty_text,
    missing_title,
    misspelt_field,
    misspelt_status,
    missing_step_name,
    help_as_text,
    no_clauses,
    no_meta,
]


def allowed_by_schema(raw: Any) -> bool:
    """Say whether the JSON Schema finds nothing wrong."""
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(raw)


class TestCatalogue:
    def test_the_editions_are_sound(self, edition: str) -> None:
        """The package's own catalogues pass the checks and the schema."""
        assert problems(content(edition)) == []
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        jsonschema.Draft202012Validator(SCHEMA).validate(content(edition))

    def test_the_small_one_is_sound(self) -> None:
        """The least a catalogue needs is enough for both."""
        assert problems(small()) == []
        assert allowed_by_schema(small())

    @pytest.mark.parametrize("break_it", RELATIONS + SHAPES, ids=lambda one: one.__name__)
    def test_a_broken_copy_is_named(self, raw: Raw, break_it: Callable[[Raw], str]) -> None:
        """Each kind of break is reported in words that name the place."""
        expected = break_it(raw)
        assert any(expected in problem for problem in problems(raw)), problems(raw)

    @pytest.mark.parametrize("break_it", SHAPES, ids=lambda one: one.__name__)
    def test_the_schema_refuses_broken_shapes(self, raw: Raw, break_it: Callable[[Raw], str]) -> None:
        """What a schema can express, the published schema refuses too."""
        break_it(raw)
        assert not allowed_by_schema(raw)

    def test_the_enums_are_those_the_file_declares(self, edition: str) -> None:
        """The values the code knows are those the file explains to its readers."""
        enums = content(edition)["meta"]["enums"]
        assert (enums["pdca"], enums["documentation"]) == (list(PDCA), list(DOCUMENTATION))
        assert enums["audit_stage"] == list(AUDIT_STAGES)

    @pytest.mark.parametrize("raw", [None, 1, "text", [], {}, {"clauses": {}}, {"meta": {}, "clauses": [None, 3]}])
    def test_other_things_are_no_catalogue(self, raw: Any) -> None:
        """Whatever is not a catalogue is refused with a sentence."""
        assert problems(raw)
        assert not allowed_by_schema(raw)


JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 13), st.floats(), st.text(max_size=3),
    st.sampled_from(["both", "10", "9", "9.2-a"]), st.just([]), st.just({}), st.just([None]), st.just([[1]]),
)  # fmt: skip


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """Return the way to every part below `value`."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in pairs for found in ((*path, key), *places(part, (*path, key)))]


PLACES = places(small())


class TestAnyDamage:
    @settings(max_examples=300, deadline=None)
    @given(place=st.sampled_from(PLACES), junk=JUNK, remove=st.booleans())
    def test_is_reported_or_harmless(self, place: tuple, junk: Any, remove: bool) -> None:
        """One part replaced or removed is either reported, or the catalogue still builds whole."""
        raw = small()
        *way, last = place
        part: Any = raw
        for key in way:
            part = part[key]
        if remove:
            del part[last]
        else:
            part[last] = junk
        if problems(raw) == []:
            catalogue = build.catalogue(raw, "0")
            assert len(catalogue.items) == sum(len(clause["items"]) for clause in raw["clauses"] if "items" in clause)


class TestSchemaFile:
    def test_lies_in_the_package(self) -> None:
        """The schema is package data beside the code."""
        assert schema_path() == Path(build.__file__).with_name("schema.json")
