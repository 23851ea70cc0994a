"""Each question type: marked right, never raising, never telling before the answer."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from assessments.importers.demo_yaml import DemoQuestionError, from_demo
from assessments.question_types.base import Marking, Score
from assessments.question_types.registry import (
    QUESTION_TYPES,
    UnknownQuestionTypeError,
    question_type,
    question_type_choices,
)
from tests.assessments.sample_questions import BODIES, DEMO, KEYS, RIGHT

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 6)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["1e99999999", "-1e-99999999"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
known_keys = st.sampled_from(
    [
        "choice",
        "choices",
        "value",
        "text",
        "pairs",
        "gaps",
        "answer",
        "answers",
        "correct",
        "fraction",
        "tolerance",
        "unit",
        "group",
        "items",
        "places",
        "areas",
        "coords",
        "shape",
        "files",
        "scale",
        "statements",
        "values",
        "type",
        "weight",
        "negative",
        "tolerance_kind",
        "units",
        "factor",
        "name",
    ]
)
shaped = st.dictionaries(
    known_keys, json_values | st.lists(st.dictionaries(known_keys, json_values, max_size=4), max_size=4), max_size=5
)


def score(key: str, response: object, **changes: object) -> Score:
    return question_type(key).score(BODIES[key] | changes, response)


def post(key: str, *chosen: str, body: dict[str, Any] | None = None) -> object:
    """The response that a browser would send for the shown texts."""
    kind, body = question_type(key), body or BODIES[key]
    values = {choice["text"]: choice["value"] for choice in kind.public(body)["choices"]}
    return kind.parse(body, {"answer": [values[text] for text in chosen]})


# -- every type


@settings(max_examples=60)
@given(response=json_values | shaped, body=shaped)
def test_marking_never_raises_and_stays_between_nothing_and_everything(response: object, body: dict[str, Any]) -> None:
    """Each example is given to all types: to make it takes longer than to mark it."""
    for key in KEYS:
        note(key)  # the last one said is the one that failed
        kind = question_type(key)
        for asked in (BODIES[key], body):
            result = kind.score(asked, response)
            if result.fraction is None:
                assert kind.marking is not Marking.AUTO
                assert result.correct is None
            else:
                assert (-1 if asked.get("negative") is True else 0) <= result.fraction <= 1
                assert result.correct is (result.fraction == 1)
            json.dumps(kind.reveal(asked, response))
            json.dumps(kind.public(asked, [2, 0, 99, -1, 0]))
            assert all(isinstance(problem, str) for problem in kind.validate(asked))
            assert 0.0 <= kind.guess_probability(asked) <= 1.0
            assert kind.shuffles(asked) >= 0


@pytest.mark.parametrize("key", sorted(RIGHT))
def test_the_right_answer_earns_everything_and_no_answer_nothing(key: str) -> None:
    assert score(key, RIGHT[key]).fraction == 1
    assert score(key, RIGHT[key]).correct is True
    assert score(key, None) == Score(fraction=Decimal(0), correct=False)


@pytest.mark.parametrize("key", KEYS)
def test_nothing_is_told_before_the_answer(key: str) -> None:
    shown = json.dumps(question_type(key).public(BODIES[key]), ensure_ascii=False)
    if key == "gap_select":  # a choice of another group is only left out
        assert "other group" not in shown
    assert "SECRET" not in shown
    assert "98765" not in shown
    assert not {"correct", "feedback", "fraction", "right", "tolerance", "marker_notes"} & set(_keys(json.loads(shown)))


def _keys(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for inner in value.values() for key in _keys(inner))]
    return [key for inner in value for key in _keys(inner)] if isinstance(value, list) else []


@pytest.mark.parametrize("key", ["single", "multiple"])
def test_which_choice_is_right_changes_nothing_in_the_page(key: str) -> None:
    body = BODIES[key]
    other = body | {"choices": [choice | {"correct": not choice["correct"]} for choice in body["choices"]]}
    assert question_type(key).public(body, [1, 0, 2]) == question_type(key).public(other, [1, 0, 2])


def test_the_name_of_a_choice_does_not_tell_its_place() -> None:
    body = BODIES["single"]
    turned = body | {"choices": list(reversed(body["choices"]))}
    values = {choice["text"]: choice["value"] for choice in question_type("single").public(body)["choices"]}
    assert values == {choice["text"]: choice["value"] for choice in question_type("single").public(turned)["choices"]}


@pytest.mark.parametrize("key", KEYS)
def test_made_up_form_data_is_no_answer_or_earns_nothing(key: str) -> None:
    kind = question_type(key)
    response = kind.parse(BODIES[key], {"answer": ["0"], "answer-0": ["0"], "answer-1": ["one"]})
    if key in {"short_text", "numeric", "essay"}:
        assert response == {"text": "0"}
    elif key == "likert":  # steps are no secret: their places are what is posted
        assert response == {"values": [0, None]}
    elif key == "cloze":
        assert kind.score(BODIES[key], response).fraction == 0
    else:
        assert response is None


@pytest.mark.parametrize("key", sorted(RIGHT))
def test_what_was_given_can_be_posted_again(key: str) -> None:
    kind = question_type(key)
    assert kind.parse(BODIES[key], kind.fields(BODIES[key], RIGHT[key])) == RIGHT[key]
    assert kind.fields(BODIES[key], {"places": 3, "gaps": [{}], "choice": True, "areas": ["x"]}) in ({}, {"answer": []})


@pytest.mark.parametrize("key", KEYS)
def test_empty_form_data_is_no_answer(key: str) -> None:
    assert question_type(key).parse(BODIES[key], {}) is None
    assert question_type(key).parse(BODIES[key], {"answer": [" \n\x00"], "answer-0": [""]}) is None


def test_unsafe_html_in_a_body_never_gets_out() -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    body = {"choices": [{"text": "a" + attack, "correct": True, "feedback": attack}, {"text": "b"}]}
    kind = question_type("single")
    shown = json.dumps([kind.public(body), kind.reveal(body, {"choice": 0}), kind.score(body, {"choice": 0}).feedback])
    assert "<script" not in shown
    assert "onerror" not in shown
    typed = question_type("short_text").reveal(BODIES["short_text"], {"text": attack})
    assert "<" not in json.dumps(typed["given"])


def test_the_registry_names_what_there_is() -> None:
    assert sorted(DEMO) == KEYS
    assert [key for key, _label in question_type_choices()] == list(QUESTION_TYPES)
    assert all(str(label) for _key, label in question_type_choices())
    with pytest.raises(UnknownQuestionTypeError, match="telepathy"):
        question_type("telepathy")


# -- choices


def test_single_choice_gives_the_feedback_of_that_choice() -> None:
    result = question_type("single").score(BODIES["single"], post("single", "Change the subject"))
    assert result == Score(fraction=Decimal(0), correct=False, feedback=["<p>SECRET-wrong</p>"])
    assert post("single", "Wait", "Change the subject") is None
    assert question_type("single").reveal(BODIES["single"], {"choice": 2})["right"] == ["Ask <em>openly</em>"]


def test_a_single_choice_may_earn_a_part_but_never_everything_when_wrong() -> None:
    body = {
        "choices": [{"text": "a", "correct": True}, {"text": "b", "fraction": "0.25"}, {"text": "c", "fraction": "9"}]
    }
    fractions = [question_type("single").score(body, {"choice": place}).fraction for place in range(3)]
    assert fractions == [1, Decimal("0.25"), Decimal("0.99999")]


@pytest.mark.parametrize(
    ("ticked", "fraction"),
    [
        (["Sleep", "Appetite"], "1"),
        (["Sleep"], "0.5"),
        (["Sleep", "Shoe size"], "0.16667"),
        (["Sleep", "Appetite", "Shoe size"], "0.66667"),
        (["Shoe size"], "0"),
        (["Sleep", "Appetite", "Shoe size", "Eye colour", "Height"], "0"),
    ],
)
def test_multiple_choice_gives_parts_and_takes_for_wrong_ticks(ticked: list[str], fraction: str) -> None:
    response = post("multiple", *ticked)
    assert score("multiple", response).fraction == Decimal(fraction)
    exact = Decimal(1) if fraction == "1" else Decimal(0)
    assert score("multiple", response, all_or_nothing=True).fraction == exact


def test_shares_of_a_file_that_do_not_add_up_still_make_everything_for_the_right_set() -> None:
    body = {
        "choices": [{"text": t, "correct": True, "fraction": "0.3333333"} for t in "abc"]
        + [{"text": "d", "fraction": "0"}]
    }
    kind = question_type("multiple")
    assert kind.score(body, {"choices": [0, 1, 2]}).correct is True
    assert kind.score(body, {"choices": [0, 1, 2, 3]}).correct is False


def test_the_order_of_choices_is_the_one_asked_for() -> None:
    texts = [choice["text"] for choice in question_type("single").public(BODIES["single"], [2, 0, 1])["choices"]]
    assert texts == ["Wait", "Ask <em>openly</em>", "Change the subject"]
    assert question_type("single").shuffles(BODIES["single"]) == 3
    assert question_type("single").shuffles(BODIES["single"] | {"shuffle": False}) == 0


def test_guessing_chances() -> None:
    chances = {key: question_type(key).guess_probability(body) for key, body in BODIES.items()}
    assert chances == pytest.approx(
        {
            "single": 1 / 3,
            "multiple": 1 / 32,
            "true_false": 1 / 2,
            "short_text": 0,
            "numeric": 0,
            "matching": 1 / 27,
            "gap_select": 1 / 9,
            "essay": 0,
            "ordering": 1 / 24,
            "drag_text": 1 / 9,
            "cloze": 0,
            "hotspot": 1 / 3,
            "file_upload": 0,
            "likert": 0,
        }
    )


# -- matching, gaps, long text


def test_matching_lists_answers_by_the_alphabet_and_gives_parts() -> None:
    kind, body = question_type("matching"), BODIES["matching"]
    public = kind.public(body)
    assert [option["text"] for option in public["options"]] == ["Apple", "Mango", "Zebra"]
    assert [item["name"] for item in public["items"]] == ["answer-0", "answer-1", "answer-2"]
    values = {option["text"]: option["value"] for option in public["options"]}
    response = kind.parse(body, {"answer-0": [values["Zebra"]], "answer-1": [values["Mango"]]})
    assert response == {"pairs": [0, 2, None]}
    assert kind.score(body, response).fraction == Decimal("0.33333")
    assert kind.reveal(body, response)["right"] == ["Listening → Zebra", "Advising → Apple", "Hearing → Zebra"]


def test_gaps_offer_their_group_and_take_the_place_of_the_stem() -> None:
    kind, body = question_type("gap_select"), BODIES["gap_select"]
    public = kind.public(body)
    gaps = [segment for segment in public["segments"] if "options" in segment]
    assert public["replaces_stem"] is True
    assert [gap["name"] for gap in gaps] == ["answer-0", "answer-1"]
    assert [option["text"] for option in gaps[0]["options"]] == ["needed", "normal", "blue"]
    html = "".join(segment.get("html", "|") for segment in public["segments"])
    assert html.startswith("<p>Stress is | and rest is |.</p>")
    assert 'alt="a [[1]]"' in html
    response = kind.parse(
        body, {"answer-0": [gaps[0]["options"][1]["value"]], "answer-1": [gaps[0]["options"][2]["value"]]}
    )
    assert response == {"gaps": [1, 2]}
    assert kind.score(body, response).fraction == Decimal("0.5")


def test_a_long_text_waits_for_a_person() -> None:
    assert score("essay", {"text": "I would ask how she sleeps."}) == Score(fraction=None, correct=None)
    assert score("essay", {"text": "  "}).fraction == 0


def test_nul_and_half_characters_are_taken_out_before_they_reach_the_database() -> None:
    assert question_type("essay").parse(BODIES["essay"], {"answer": ["a\x00b\ud800c"]}) == {"text": "abc"}


# -- what is refused


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ({"type": "telepathy"}, "no question type 'telepathy'"),
        ({"type": "single"}, "something is missing"),
        ({"type": "single", "choices": [{"text": "a", "correct": True}]}, "at least two choices"),
        ({"type": "single", "choices": [{"text": "a"}, {"text": "b"}]}, "at least one choice as right"),
        ({"type": "multiple", "choices": [{"text": "a", "correct": True}, {"text": "a"}]}, "Choice 2 says the same"),
        ({"type": "multiple", "choices": [{"text": "a", "correct": True}, {"text": " "}]}, "Choice 2 has no text"),
        ({"type": "true_false", "answer": "yes"}, "true or false"),
        ({"type": "short_text", "answers": []}, "at least one answer"),
        ({"type": "numeric", "answer": "ten"}, "not a number"),
        ({"type": "numeric", "answer": 10, "tolerance": -1}, "tolerance"),
        ({"type": "matching", "pairs": [{"text": "a", "answer": "b"}]}, "at least two pairs"),
        ({"type": "gap_select", "text": "no gap", "choices": ["a", "b"]}, "no gap"),
        ({"type": "gap_select", "text": "[[3]]", "choices": ["a", "b"]}, r"\[\[3\]\]"),
        ({"type": "essay", "minimum_words": 9, "maximum_words": 5}, "fewest words"),
    ],
)
def test_questions_that_cannot_be_asked_are_refused_by_name(question: dict[str, Any], reason: str) -> None:
    with pytest.raises(DemoQuestionError, match=f"listening-1: .*{reason}"):
        from_demo({"identifier": "listening-1", **question})
