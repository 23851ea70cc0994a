"""Answers that are typed: words and numbers in the many ways people write them."""

from decimal import Decimal

import pytest

from assessments.question_types.base import Body, Score
from assessments.question_types.registry import question_type
from assessments.question_types.short_text import fits

SHORT: Body = {"answers": [{"text": "SECRET café"}, {"text": "SECRET panic*attack"}]}
NUMBER: Body = {"answers": [{"value": "98765.5", "tolerance": "0.5"}], "unit": "m/s²"}


def marked(key: str, body: Body, response: object) -> Score:
    return question_type(key).score(body, response)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("a*c", "abc", True),
        ("a*c", "ac", True),
        ("a*c", "acb", False),
        ("*b*", "abc", True),
        ("ab*ba", "aba", False),
        ("a*b*c", "a-c-b-c", True),
        ("a*b*c", "a-c", False),
        (r"2\*3", "2*3", True),
        (r"2\*3", "2x3", False),
        ("a.c", "abc", False),
        ("*", "anything", True),
    ],
)
def test_stars_in_patterns(pattern: str, text: str, expected: bool) -> None:
    assert fits(pattern, text) is expected


def test_many_stars_against_a_long_text_take_no_time() -> None:
    assert fits("a*" * 30 + "b", "a" * 200_000) is False


@pytest.mark.parametrize(
    "typed", ["secret café", "  SECRET   cafe\u0301 ", "Secret panic attack", "secret panic  or an ATTACK"]
)
def test_short_text_forgives_case_spaces_and_ways_to_write_letters(typed: str) -> None:
    assert marked("short_text", SHORT, {"text": typed}).correct is True


def test_case_counts_where_it_is_asked_for() -> None:
    body = {
        "answers": [{"text": "pH"}, {"text": "PH", "fraction": "0.5", "feedback": "Nearly"}],
        "case_sensitive": True,
    }
    results = [marked("short_text", body, {"text": typed}) for typed in ("pH", "PH", "ph")]
    assert [result.fraction for result in results] == [1, Decimal("0.5"), 0]
    assert results[1].feedback == ["Nearly"]


def test_curly_quotes_are_quotes() -> None:
    assert question_type("short_text").score({"answers": [{"text": "don't"}]}, {"text": "don\u2019t"}).correct is True


@pytest.mark.parametrize(
    "typed",
    [
        "9.81",
        "9,81",
        "+9.81",
        "9.76",
        "9,86",
        " 9.81 m/s² ",
        "9.81m/s2",
        "981e-2",
        "0.981 × 10^1",
        "9.810",
        "\u0669.\u0668\u0661",
    ],
)
def test_numbers_in_many_ways_of_writing(typed: str) -> None:
    body = {"answers": [{"value": "9.81", "tolerance": "0.05"}], "unit": "m/s²"}
    assert marked("numeric", body, {"text": typed}).correct is True


@pytest.mark.parametrize(
    "typed", ["9.75", "9.87", "-9.81", "9.81 km", "9.81 M/S²", "nine", "9.8.1", "1e999", "", ".", "e5", "9" * 500]
)
def test_wrong_numbers_earn_nothing(typed: str) -> None:
    body = {"answers": [{"value": "9.81", "tolerance": "0.05"}], "unit": "m/s²"}
    assert marked("numeric", body, {"text": typed}).fraction == 0


def test_grouped_digits_minus_signs_and_exact_tenths() -> None:
    kind = question_type("numeric")
    assert kind.score({"answers": [{"value": "-1234567"}]}, {"text": "\u22121 234\u202f567"}).correct is True
    assert kind.score({"answers": [{"value": "0.3", "tolerance": "0.1"}]}, {"text": "0.4"}).correct is True


def test_who_types_words_is_told_to_type_a_number() -> None:
    assert marked("numeric", NUMBER, {"text": "fast"}).feedback == ["Write a number, with or without the unit m/s²."]
    assert question_type("numeric").reveal(NUMBER, None)["right"] == ["98765.5 ± 0.5 m/s²"]


@pytest.mark.parametrize(
    "monster",
    [
        "1e99999999",
        "-1e-99999999",
        "NaN",
        "Infinity",
        "9" * 5000,
        True,
        None,
        [],
        {"a": 1},
        1e308,
        pytest.param(10**5000, id="5001 digits"),
    ],
)
@pytest.mark.parametrize("field", ["value", "tolerance", "fraction"])
def test_monstrous_numbers_in_a_body_raise_nothing(field: str, monster: object) -> None:
    body = {"answers": [{"value": "1", "tolerance": "1", "fraction": "1"} | {field: monster}]}
    for typed in ("1", "1e300", "-1e-300", "9" * 59):
        result = marked("numeric", body, {"text": typed})
        assert result.fraction is not None
        assert 0 <= result.fraction <= 1
    question_type("numeric").reveal(body, {"text": "1"})
    assert question_type("numeric").validate(body) is not None
    shares = {"choices": [{"text": "a", "correct": True, "fraction": monster}, {"text": "b", "fraction": monster}]}
    for key, response in (("single", {"choice": 1}), ("multiple", {"choices": [1]}), ("multiple", {"choices": [0]})):
        fraction = question_type(key).score(shares, response).fraction
        assert fraction is not None
        assert 0 <= fraction <= 1
