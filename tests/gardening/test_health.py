"""Health is a function of facts, with a reason for each verdict."""

from dataclasses import replace
from datetime import date

import pytest

from gardening.health import Facts, health_of

TODAY = date(2026, 11, 23)
WELL = Facts(
    today=TODAY,
    uses=12,
    people=4,
    created_on=date(2026, 1, 1),
    updated_on=date(2026, 9, 1),
    review_on=date(2027, 1, 1),
    owner="here",
    connections=2,
)


def test_what_is_used_owned_reviewed_and_connected_grows():
    health = health_of(WELL)
    assert (health.level, health.word, health.problems) == ("ok", "growing", ())
    assert health.reasons == ("12 uses by 4 people in 60 days.",)


@pytest.mark.parametrize(
    ("change", "problem", "reason"),
    [
        ({"review_on": date(2026, 11, 22)}, "stale", "Its review was due on 22 November 2026."),
        (
            {"review_on": None, "updated_on": date(2025, 11, 23)},
            "stale",
            "Nobody has changed or reviewed it for over a year.",
        ),
        ({"owner": "none"}, "unowned", "Nobody owns it."),
        ({"owner": "left"}, "unowned", "Its owner has left."),
        ({"connections": 0}, "alone", "It is connected to nothing."),
        ({"flagged": 1}, "questions", "Answers say that 1 question needs a look."),
        ({"recall": 69}, "fading", "Of what it asked, people would answer only 69% right today."),
        ({"uses": 0, "created_on": TODAY}, "unused", "It is new and nobody has used it yet."),
    ],
)
def test_one_problem_makes_it_thirsty_and_is_said(change, problem, reason):
    health = health_of(replace(WELL, **change))
    assert (health.level, health.problems, health.reasons[0]) == ("warn", (problem,), reason)


def test_unused_for_sixty_days_is_dry():
    health = health_of(replace(WELL, uses=0, people=0))
    assert (health.level, health.word, health.reasons) == ("bad", "dry", ("Nobody has used it for 60 days.",))


def test_two_problems_are_dry():
    assert health_of(replace(WELL, owner="none", connections=0)).level == "bad"


def test_the_day_of_the_review_is_not_too_late():
    assert health_of(replace(WELL, review_on=TODAY)).level == "ok"


def test_use_outside_the_platform_is_not_held_against_it():
    assert health_of(replace(WELL, uses=None, people=0)).level == "ok"
