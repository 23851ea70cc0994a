"""What a draft changes, in as few sentences as possible."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.plans.difference import differences, out_of_order
from courses.plans.difference_of import difference_of
from courses.plans.plan import Plan
from tests.courses.changing import changed
from tests.courses.conftest import within


def test_the_difference_in_words(author, built, draft, pages):
    with within(author):
        changed(author, draft, pages)
        said = [one.text for one in difference_of(built, draft)]
    assert said == [
        "The chapter “One” is now called “First”.",
        "The chapter “Three” is new.",
        "“Page 0” is out.",
        "“Page 3” is new, in the chapter “First”.",
        "“Page 1” has weight 2 instead of 1.",
        "When “Page 1” opens: “Open from the start.” instead of “Opens when you have finished “Page 0”.”",
        "“Page 2” stands in the chapter “Three” now.",
        "When “Page 2” opens: “Opens when you have finished “Page 1”.” instead of “Open from the start.”",
    ]


def test_no_difference_is_none(author, built, draft):
    with within(author):
        assert difference_of(built, draft) == []


@given(st.permutations(range(7)))
def test_as_few_as_possible_are_out_of_order(order):
    items = [str(one) for one in order]
    moved = out_of_order(items, [str(one) for one in range(7)])
    stayed = [one for one in items if one not in moved]
    assert stayed == sorted(stayed)
    if len(moved) == 1:
        assert items != sorted(items)
    assert bool(moved) == (items != sorted(items))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(range(5)), st.sets(st.integers(0, 4)))
def test_the_difference_names_exactly_what_changed(order, out):
    facts = {"target": 1, "type": "page", "minutes": 0, "weight": 1, "optional": False, "condition": None}
    old, new = Plan(), Plan()
    for plan, items in ((old, range(5)), (new, [one for one in order if one not in out])):
        plan.block_put("b", title="B")
        for one in items:
            plan.activity_put(str(one), block="b", facts={**facts, "title": f"T{one}"})
    found = differences(old.rows(), new.rows(), opens=lambda _row: "")
    assert sum(one.sort == "removed" for one in found) == len(out)
    kept = [one for one in order if one not in out]
    assert any(one.sort == "moved" for one in found) == (kept != sorted(kept))
