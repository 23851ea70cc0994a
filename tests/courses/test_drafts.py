"""A draft: made once from what is published, changed edit by edit, undone, and shared by two authors."""

from functools import partial
from itertools import count

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.services import page_create
from courses.exceptions import CourseError, DraftChangedError
from courses.models import Activity, Block, CourseVersion, DraftEdit
from courses.plans.plan import NotInPlanError, Plan, changes_between, turned_round, with_changes
from courses.plans.rows import rows_of
from courses.services import (
    activity_add,
    activity_change,
    activity_move,
    activity_remove,
    block_add,
    block_move,
    block_remove,
    block_rename,
    course_publish,
    draft_discard,
    draft_of,
    draft_redo,
    draft_undo,
    step_move,
)
from courses.services.plans import PlannedActivity, PlannedBlock
from ecosystem.models import Power
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_offer
from tests.courses.conftest import outline, uids, within


def seen(draft) -> int:
    return CourseVersion.objects.get(pk=draft.pk).edit_count


def test_a_draft_is_the_published_plan_with_the_same_uids_and_is_made_once(author, built, draft):
    with within(author):
        published = CourseVersion.objects.get(element=built, number=1)
        assert outline(draft) == outline(published) == ["One", "- Page 0", "- Page 1", "Two", "- Page 2"]
        assert uids(draft) == uids(published)
        assert rows_of(draft) == rows_of(published)
        assert draft_of(element=built, by=author).pk == draft.pk


def test_a_course_without_a_version_begins_with_an_empty_draft(author):
    with within(author):
        course = element_create(kind="course", title="Fresh", creators=[author.person])
        assert outline(draft_of(element=course, by=author)) == []


def test_a_draft_changes_nothing_that_is_published(author, built, draft):
    with within(author):
        before = rows_of(CourseVersion.objects.get(element=built, number=1))
        block_remove(draft=draft, uid=uids(draft)["One"], by=author, seen=0)
        assert rows_of(CourseVersion.objects.get(element=built, number=1)) == before


def test_every_edit_and_undoing_all_of_them(author, draft, pages):
    with within(author):
        start, named = rows_of(draft), uids(draft)
        do = partial
        edits = [
            do(block_add, title="Three"),
            do(block_rename, uid=named["One"], title="First"),
            do(block_move, uid=named["Two"], position=0),
            do(activity_add, block=named["Two"], target=pages[3], position=0),
            do(activity_change, uid=named["Page 0"], title="Read", minutes=9, weight=2, optional=True),
            do(activity_change, uid=named["Page 2"], condition={"completed": pages[0].pk}),
            do(activity_move, uid=named["Page 1"], block=named["Two"]),
            do(step_move, uid=named["Page 0"], down=False),
            do(activity_remove, uid=named["Page 2"]),
            do(block_remove, uid=named["One"]),
        ]
        after = []
        for number, edit in enumerate(edits):
            made = edit(draft=draft, by=author, seen=number)
            assert made.number == number + 1
            after.append(rows_of(draft))
        assert outline(draft) == ["Two", "- Page 3", "- Page 1", "- Read", "Three"]
        for expected in [*reversed(after[:-1]), start]:
            draft_undo(draft=draft, by=author, seen=seen(draft))
            assert rows_of(draft) == expected
        with pytest.raises(CourseError, match="nothing to undo"):
            draft_undo(draft=draft, by=author, seen=seen(draft))
        for expected in after:
            draft_redo(draft=draft, by=author, seen=seen(draft))
            assert rows_of(draft) == expected
        assert DraftEdit.objects.filter(version=draft).count() == 3 * len(edits)


def test_after_a_new_edit_nothing_can_be_done_again(author, draft):
    with within(author):
        block_add(draft=draft, title="Three", by=author, seen=0)
        draft_undo(draft=draft, by=author, seen=1)
        block_add(draft=draft, title="Four", by=author, seen=2)
        with pytest.raises(CourseError, match="nothing to do again"):
            draft_redo(draft=draft, by=author, seen=3)


def test_what_changes_nothing_is_no_edit(author, draft):
    with within(author):
        assert block_rename(draft=draft, uid=uids(draft)["One"], title=" One ", by=author, seen=0) is None
        assert seen(draft) == 0


def test_two_authors_on_different_things_both_keep_what_they_did(author, member, draft):
    second = member("author", name="Bo")
    with within(author):
        activity_change(draft=draft, uid=uids(draft)["Page 0"], title="From Ama", by=author, seen=0)
    with within(second):
        activity_change(draft=draft, uid=uids(draft)["Page 2"], title="From Bo", by=second, seen=0)
        block_add(draft=draft, title="From Bo too", by=second, seen=0)
        assert outline(draft) == ["One", "- From Ama", "- Page 1", "Two", "- From Bo", "From Bo too"]


def test_two_authors_on_the_same_thing_the_second_is_told_who_and_nothing_is_lost(author, member, draft):
    second, uid = member("author", name="Bo"), uids_in(author, draft)["Page 0"]
    with within(author):
        activity_change(draft=draft, uid=uid, title="From Ama", by=author, seen=0)
    with within(second):
        with pytest.raises(DraftChangedError, match="Ama changed “Page 0”"):
            activity_change(draft=draft, uid=uid, title="From Bo", by=second, seen=0)
        assert "- From Ama" in outline(draft)
        activity_change(draft=draft, uid=uid, title="From Bo", by=second, seen=1)  # having looked at it
        assert "- From Bo" in outline(draft)


def test_who_changes_what_somebody_removed_is_told_who(author, member, draft):
    second, uid = member("author", name="Bo"), uids_in(author, draft)["Page 0"]
    with within(author):
        activity_remove(draft=draft, uid=uid, by=author, seen=0)
    with within(second), pytest.raises(DraftChangedError, match="Ama removed “Page 0”"):
        activity_change(draft=draft, uid=uid, title="x", by=second, seen=0)


def test_nobody_undoes_what_they_have_not_seen(author, member, draft):
    second = member("author", name="Bo")
    with within(author):
        block_add(draft=draft, title="Three", by=author, seen=0)
    with within(second), pytest.raises(DraftChangedError, match="Ama added the chapter “Three”"):
        draft_undo(draft=draft, by=second, seen=0)


def uids_in(membership, draft) -> dict[str, str]:
    with within(membership):
        return uids(draft)


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "200"),
        ({"minutes": -1}, "number"),
        ({"minutes": 70_000}, "number"),
        ({"weight": 1001}, "number"),
        ({"condition": {"seen": 1}}, "predicate"),
        ({"target": 1}, "cannot be changed"),
    ],
)
def test_bad_facts_are_refused(author, draft, facts, why):
    with within(author), pytest.raises(CourseError, match=why):
        activity_change(draft=draft, uid=uids(draft)["Page 0"], by=author, seen=0, **facts)


def test_a_chapter_is_no_activity_and_the_reverse(author, draft):
    with within(author):
        named = uids(draft)
        with pytest.raises(CourseError):
            activity_change(draft=draft, uid=named["One"], weight=2, by=author, seen=0)
        with pytest.raises(CourseError):
            block_remove(draft=draft, uid=named["Page 0"], by=author, seen=0)
        with pytest.raises(CourseError):
            activity_move(draft=draft, uid=named["Page 0"], block=named["Page 1"], by=author, seen=0)


def test_elements_of_a_stranger_and_what_one_may_not_open_are_refused(env, other, author, member, draft, give):
    stranger = member("author", environment=other)
    with within(stranger):
        theirs = element_create(kind="page", title="Theirs", creators=["X"])
    with within(author):
        hidden = element_create(kind="page", title="Hidden", creators=["X"], visibility="private")
        with pytest.raises(CourseError, match="not available"):
            activity_add(draft=draft, block=uids(draft)["One"], target=theirs, by=author, seen=0)
    narrow = give(Power.MANAGE_CONTENT, course=draft.element)
    with within(narrow):
        block_add(draft=draft, title="Mine to build", by=narrow, seen=0)
        with pytest.raises(CourseError, match="not available"):
            activity_add(draft=draft, block=uids(draft)["One"], target=hidden, by=narrow, seen=1)


def test_strangers_build_nothing(author, member, other, built, draft, give):
    another = element_made(author, "Another")
    for stranger in (member("learner"), member("instructor"), give(Power.MANAGE_CONTENT, course=another)):
        with within(stranger):
            with pytest.raises(CourseError):
                draft_of(element=built, by=stranger)
            with pytest.raises(CourseError):
                block_add(draft=draft, title="Mine", by=stranger, seen=0)
    neighbour = member("admin", environment=other)
    with within(neighbour):
        with pytest.raises(CourseError):
            block_add(draft=draft, title="Mine", by=neighbour, seen=0)
        assert not CourseVersion.objects.exists()


def element_made(author, title):
    with within(author):
        return element_create(kind="course", title=title, creators=[author.person])


def test_a_course_from_above_is_built_above(env, make_environment, member, author, built, draft):
    below = make_environment("below", parent=env)
    with open_scope(environment_id=env.pk):
        element_offer(element=built, to=below)
    gardener = member("gardener", environment=below)
    with within(gardener), pytest.raises(CourseError, match="above"):
        draft_of(element=built, by=gardener)
    with within(gardener), pytest.raises(CourseError):
        block_add(draft=draft, title="x", by=gardener, seen=0)


def test_the_database_keeps_one_draft_and_one_place(author, built, draft):
    with within(author):
        with pytest.raises(IntegrityError), transaction.atomic():
            CourseVersion.objects.create(environment_id=built.environment_id, element=built, number=0)
        with pytest.raises(IntegrityError), transaction.atomic():
            CourseVersion.objects.create(environment_id=built.environment_id, element=built, number=7)


def test_throwing_a_draft_away_leaves_what_is_published(author, built, draft):
    with within(author):
        block_add(draft=draft, title="Three", by=author, seen=0)
        with pytest.raises(CourseError, match="Look at it again"):
            draft_discard(draft=draft, by=author, seen=0)
        draft_discard(draft=draft, by=author, seen=1)
        assert [version.number for version in CourseVersion.objects.filter(element=built)] == [1]
        assert not DraftEdit.objects.exists()
        assert outline(draft_of(element=built, by=author)) == ["One", "- Page 0", "- Page 1", "Two", "- Page 2"]
        fresh = element_create(kind="course", title="Fresh", creators=[author.person])
        with pytest.raises(CourseError, match="all there is"):
            draft_discard(draft=draft_of(element=fresh, by=author), by=author, seen=0)


def test_publishing_a_plan_again_keeps_the_uid_of_each_element(author, built, pages):
    with within(author):
        first = CourseVersion.objects.get(element=built)
        second = course_publish(
            element=built, blocks=[PlannedBlock("All", [PlannedActivity(target=page) for page in pages])]
        )
        kept = set(first.activities.values_list("target_id", "uid")) & set(
            second.activities.values_list("target_id", "uid")
        )
        assert len(kept) == 3


def test_editing_costs_the_same_for_any_length(author):
    with within(author):
        costs = [cost_of_edit(author, length) for length in (2, 30)]
    assert costs[0] == costs[1]


def cost_of_edit(author, length):
    course = element_create(kind="course", title=f"Long {length}", creators=[author.person])
    pages = [page_create(title=f"L{length} {n}", markdown="x", creators=["A"]).element for n in range(length)]
    course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=page) for page in pages])])
    draft = draft_of(element=course, by=author)
    uid = uids(draft)[f"L{length} 0"]
    with CaptureQueriesContext(connection) as captured:
        activity_change(draft=draft, uid=uid, title="Other", by=author, seen=0)
    return len(captured)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["block", "put", "move", "up", "down", "drop", "rename"]), st.integers(0, 6), st.integers(0, 4)
    ),
    max_size=12,
)


NUMBERS = count()


def random_step(plan: Plan, what: str, one: int, two: int) -> None:
    named = list(plan.facts)
    uid = named[one % len(named)] if named else "nobody"
    block = plan.blocks[two % len(plan.blocks)] if plan.blocks else "nobody"
    {
        "block": lambda: plan.block_put(f"b{next(NUMBERS)}", title="B", position=two),
        "put": lambda: plan.activity_put(f"a{next(NUMBERS)}", block=block, facts=facts_of(one), position=two),
        "move": lambda: plan.activity_move(uid, block=block, position=two),
        "up": lambda: plan.step(uid, -1),
        "down": lambda: plan.step(uid, 1),
        "drop": lambda: plan.block_remove(uid) if uid in plan.inside else plan.activity_remove(uid),
        "rename": lambda: plan.change(uid, title=f"T{two}"),
    }[what]()


def facts_of(number: int) -> dict:
    return {
        "target": number, "type": "page", "title": "A", "minutes": 0, "weight": 1, "optional": False, "condition": None,
    }  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, STEPS)
def test_changes_carry_any_plan_to_any_other_and_back(first, second):
    plan = Plan()
    for what, one, two in first:
        stumble(plan, what, one, two)
    before = plan.rows()
    for what, one, two in second:
        stumble(plan, what, one, two)
    after = plan.rows()
    changes = changes_between(before, after)
    assert with_changes(before, changes) == after
    assert with_changes(after, turned_round(changes)) == before
    assert Plan.of_rows(after).rows() == after
    places = [(row.get("block"), row["position"]) for row in after.values()]
    assert len(set(places)) == len(places)


def stumble(plan: Plan, what: str, one: int, two: int) -> None:
    """A step that is refused leaves the plan as it was."""
    before = plan.rows()
    try:
        random_step(plan, what, one, two)
    except NotInPlanError:
        assert plan.rows() == before


def test_models_of_a_draft_are_of_one_environment_each(author, other, draft):
    with open_scope(environment_id=other.pk):
        assert not Block.objects.exists()
        assert not Activity.objects.exists()
        assert not DraftEdit.objects.exists()
