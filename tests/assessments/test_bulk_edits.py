"""Many questions changed at once: exactly the ones that were found, by a handful of statements, and taken back."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.exceptions import AssessmentError
from assessments.models import AssessmentQuestion, BulkEdit, Question, QuestionVersion, Rubric
from assessments.selectors.bulk_edits import Change, change_foreseen
from assessments.services import attempt_start, bank_create, objective_save
from assessments.services.bulk_edits import change_undo, questions_change
from assessments.services.moving import move_undo, questions_move, questions_put
from assessments.tags import tags_changed, tags_kept
from ecosystem.models import AuditEntry, Element, Person
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_offer
from tests.assessments.answering import make_assessment, make_bank
from tests.assessments.test_bank_pages import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(env) -> Element:
    with open_scope(environment_id=env.pk):
        return make_bank()


@pytest.fixture
def author(member, browser_of):
    return browser_of(member("author", name="Ada Author"))


@pytest.fixture
def ada(member) -> Person:
    return member("author", name="Ada").person


def state(bank: Element) -> list[tuple[object, ...]]:
    rows = Question.objects.filter(element=bank).order_by("pk")
    return list(rows.values_list("tags", "objective_id", "difficulty", "review_on", "retired_at"))


@pytest.mark.parametrize(
    ("has", "add", "remove"),
    [
        ([], ["b", "A", "a"], []),
        (["x", "Y"], ["b"], ["x"]),
        (["x"], [], ["x", "not there"]),
        ([f"t{n:02}" for n in range(30)], ["a", "zz"], ["t05"]),
        (["Émile", "z"], ["é", "ä", "Z"], []),
    ],
)
def test_postgresql_keeps_tags_as_python_does(env, bank, has, add, remove):
    row = make(bank, tags=has)
    with open_scope(environment_id=env.pk):
        Question.objects.filter(pk=row.pk).update(tags=tags_changed(add=tags_kept(add), remove=remove))
        row.refresh_from_db()
    # Letters that differ in case only have no order of their own in Python.
    wanted = tags_kept((set(has) - set(remove)) | set(add))
    assert sorted(row.tags) == sorted(wanted)
    assert [tag.casefold() for tag in row.tags] == [tag.casefold() for tag in wanted]


def test_what_was_foreseen_happens_is_said_once_and_is_taken_back(env, bank, ada):
    with open_scope(environment_id=env.pk):
        goals = [objective_save(bank=bank, slug=f"g{n}", text=f"Goal {n}") for n in range(2)]
    facts = [
        {"tags": ["a", "old"], "difficulty": 1, "objective": goals[0]},
        {"tags": ["new"], "review_on": date(2027, 1, 1), "objective": goals[1]},
        {"tags": [], "difficulty": 3},
        {"tags": ["new"], "difficulty": 3, "review_on": date(2027, 1, 1), "objective": goals[1]},
    ]
    ids = [make(bank, name=f"q{n}", **some).pk for n, some in enumerate(facts)]
    change = Change(
        add_tags=("new",), remove_tags=("old", "new"), objective=goals[1], difficulty=3, review_on=date(2027, 1, 1),
        retired=False,
    )  # fmt: skip
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        before = state(bank)
        foreseen = change_foreseen(bank=bank, question_ids=ids, change=change)
        assert (foreseen.changes, foreseen.already) == (3, 1)
        edit = questions_change(bank=bank, question_ids=ids, change=change, by=ada, found={"q": "x"})
        assert edit.changed == 3
        assert {row[0][-1] for row in state(bank)} == {"new"}
        assert {row[1:] for row in state(bank)} == {(goals[1].pk, 3, date(2027, 1, 1), None)}
        entry = AuditEntry.objects.get(act="questions.changed")
        assert entry.after == {
            "questions": 3, "add_tags": ["new"], "remove_tags": ["old"], "objective": "Goal 1", "difficulty": 3,
            "review_on": "2027-01-01", "retired": False, "found": {"q": "x"},
        }  # fmt: skip
        assert QuestionVersion.objects.filter(element=bank).count() == 4
        again = questions_change(bank=bank, question_ids=ids, change=change, by=ada)
        assert (again.changed, again.pk) == (0, None)
        assert change_undo(edit=edit, by=ada) == 3
        assert state(bank) == before
        assert change_undo(edit=edit, by=ada) == 0
        assert AuditEntry.objects.filter(act="questions.change_undone").count() == 1


def test_what_was_changed_again_stays(env, bank, ada):
    ids = [make(bank, name=f"q{n}", tags=["t"], difficulty=1).pk for n in range(2)]
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        goal = objective_save(bank=bank, slug="g", text="Goal")
        Question.objects.update(objective=goal)
        edits = [
            questions_change(bank=bank, question_ids=ids, change=change, by=ada)
            for change in (
                Change(difficulty=2),
                Change(add_tags=("new",)),
                Change(objective=False),
                Change(retired=True),
            )
        ]
        later = Change(difficulty=5, add_tags=("later",), remove_tags=("new",))
        questions_change(bank=bank, question_ids=ids[:1], change=later, by=ada)
        goal.delete()
        # The first was given another difficulty since, and lost the tag; the objective is gone; both are asked again.
        assert [change_undo(edit=edit, by=ada) for edit in edits] == [1, 1, 0, 2]
        assert state(bank) == [(["later", "t"], None, 5, None, None), (["t"], None, 1, None, None)]
        old = questions_change(bank=bank, question_ids=ids, change=Change(difficulty=4), by=ada)
        BulkEdit.objects.filter(pk=old.pk).update(at=datetime(2026, 1, 1, tzinfo=UTC))
        with pytest.raises(AssessmentError, match="too long ago"):
            change_undo(edit=old, by=ada)
        questions_change(bank=bank, question_ids=ids, change=Change(difficulty=3), by=ada)
        assert not BulkEdit.objects.filter(pk=old.pk).exists()


def test_as_many_statements_for_one_question_as_for_many(env, bank, ada):
    ids = [make(bank, name=f"q{n}").pk for n in range(12)]

    def cost(some: list[int], tag: str) -> int:
        change = Change(add_tags=(tag,), difficulty=len(some) % 5 + 1)
        with open_scope(environment_id=env.pk, person_id=ada.pk), CaptureQueriesContext(connection) as queries:
            edit = questions_change(bank=bank, question_ids=some, change=change, by=ada)
            change_undo(edit=edit, by=ada)
        return len(queries)

    assert cost(ids[:1], "a") == cost(ids, "b")


def test_all_that_were_found_are_shown_first_and_only_these_change(env, bank, author):
    for n in range(6):
        make(bank, name=f"q{n}", difficulty=2 if n % 2 else 4, tags=["has"] if n == 1 else [])
    sent = {"act": "tag", "tags": "has", "all": "1", "difficulty": "2", "new_difficulty": "4"}
    page = author.post("/banks/bank/bulk/", sent).content.decode()
    assert "Change 2 questions" in page
    assert "Add the tags has" in page
    assert "<dd>1</dd>" in page
    with open_scope(environment_id=env.pk):
        assert Question.objects.filter(tags=["has"]).count() == 1
    done = author.post("/banks/bank/bulk/", {**sent, "sure": "1"}, follow=True).content.decode()
    assert "2 questions changed." in done
    with open_scope(environment_id=env.pk):
        assert set(Question.objects.filter(tags=["has"]).values_list("difficulty", flat=True)) == {2}
        edit = BulkEdit.objects.get()
        assert AuditEntry.objects.get(act="questions.changed").after["found"] == {"difficulty": "2"}
    assert f"/banks/bank/bulk/{edit.pk}/undo/" in done
    undone = author.post(f"/banks/bank/bulk/{edit.pk}/undo/", follow=True).content.decode()
    assert "2 questions are as they were." in undone
    assert f"/banks/bank/bulk/{edit.pk}/undo/" not in undone
    with open_scope(environment_id=env.pk):
        assert Question.objects.filter(tags=["has"]).count() == 1


def test_a_change_of_nothing_and_moving_are_foreseen_too(env, bank, author):
    make(bank, tags=["has"])
    page = author.post("/banks/bank/bulk/", {"act": "tag", "tags": "has", "all": "1"}).content.decode()
    assert "nothing to do" in page
    assert 'name="sure"' not in page
    assert author.post("/banks/bank/bulk/999999/undo/").status_code == 404


def test_what_is_older_than_a_day_is_not_offered(env, bank, author, ada):
    row = make(bank)
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        edit = questions_change(bank=bank, question_ids=[row.pk], change=Change(difficulty=1), by=ada)
        BulkEdit.objects.update(at=datetime(2026, 1, 1, tzinfo=UTC))
    assert "Changed lately" not in author.get("/banks/bank/").content.decode()
    refused = author.post(f"/banks/bank/bulk/{edit.pk}/undo/", follow=True).content.decode()
    assert "too long ago" in refused


@pytest.fixture
def to(env) -> Element:
    with open_scope(environment_id=env.pk):
        return bank_create(title="Other", slug="other-bank", creators=["Ada"])


def test_moving_comes_along_whole_and_is_taken_back(env, bank, to, ada):
    with open_scope(environment_id=env.pk):
        goal = objective_save(bank=bank, slug="g", text="Goal")
    rows = [make(bank, "essay", name="essay", objective=goal, tags=["t"], author="Grace"), make(bank, name="second")]
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        QuestionVersion.objects.update(created_at=long_ago)
        Question.objects.filter(pk=rows[1].pk).update(retired_at=long_ago)
        Rubric.objects.create(
            environment_id=env.pk, bank=bank, question=rows[0], criteria=[{"title": "x", "levels": []}]
        )
        before = state(bank)
        edit = questions_move(bank=bank, question_ids=[row.pk for row in rows], to=to, by=ada)
        there = Question.objects.get(element=to, identifier="essay")
        assert (there.versions.get().created_at, there.versions.get().author_name) == (long_ago, "Grace")
        assert (there.objective.element, there.objective.text, there.tags) == (to, "Goal", ["t"])
        assert Rubric.objects.get(question=there).criteria == [{"title": "x", "levels": []}]
        assert [row[-1] for row in state(bank)] == [edit.at, long_ago]
        assert change_undo(edit=edit, by=ada) == 2
        assert state(bank) == before
        assert not Question.objects.filter(element=to).exists()


def test_a_moved_question_that_was_used_since_stays_where_it_is(env, bank, to, ada, member):
    ids = [make(bank, name=f"q{n}").pk for n in range(4)]
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        quiz = make_assessment("single")
        edit = questions_move(bank=bank, question_ids=ids, to=to, by=ada)
        copies = list(Question.objects.filter(element=to).order_by("pk"))
        questions_change(bank=to, question_ids=[copies[0].pk], change=Change(difficulty=3), by=ada)
        questions_put(assessment=quiz, question_ids=[copies[1].pk, copies[2].pk], by=ada)
        attempt_start(assessment=quiz, person_id=member().person_id)
        AssessmentQuestion.objects.filter(question=copies[2]).delete()  # only an attempt has it now
        assert change_undo(edit=edit, by=ada) == 1
        assert list(Question.objects.filter(element=to).order_by("pk")) == copies[:3]
        assert list(Question.objects.filter(element=bank, retired_at=None).values_list("pk", flat=True)) == ids[3:]


def test_a_moved_question_that_was_answered_below_is_not_taken_away(env, bank, to, ada, make_environment, member):
    ids = [make(bank, name=f"q{n}").pk for n in range(2)]
    below = make_environment("below", parent=env)
    learner = member(environment=below)
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        edit = questions_move(bank=bank, question_ids=ids, to=to, by=ada)
        quiz = make_assessment("single")
        questions_put(
            assessment=quiz, question_ids=list(Question.objects.filter(element=to).values_list("pk", flat=True)), by=ada
        )
        element_offer(element=quiz.element, to=below)
    with open_scope(environment_id=below.pk, person_id=learner.person_id):
        attempt_start(assessment=quiz, person_id=learner.person_id)
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        AssessmentQuestion.objects.filter(question__element=to).delete()
        with pytest.raises(AssessmentError, match="environment below"):
            change_undo(edit=edit, by=ada)
        assert Question.objects.filter(element=to).count() == 2


def test_a_move_into_a_bank_that_went_elsewhere_cannot_be_taken_back(env, bank, to, ada):
    ids = [make(bank).pk]
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        edit = questions_move(bank=bank, question_ids=ids, to=to, by=ada)
        edit.before["moved"]["to"] = 0  # as for a bank that now is below
        with pytest.raises(AssessmentError, match="not in this environment"):
            move_undo(edit=edit)


def test_questions_come_into_a_quiz_as_far_as_there_is_room_and_go_again(env, bank, ada, other, monkeypatch):
    ids = [make(bank, name=f"q{n}").pk for n in range(4)]
    monkeypatch.setattr("assessments.services.moving.MOST_FIXED", 3)
    with open_scope(environment_id=env.pk, person_id=ada.pk):
        quiz = make_assessment("single")
        elsewhere = quiz.questions.get().question_id
        edit = questions_put(assessment=quiz, question_ids=[elsewhere, *ids], by=ada, bank=bank)
        assert edit.changed == 2
        assert list(quiz.questions.values_list("question_id", flat=True)) == [elsewhere, *ids[:2]]
        assert questions_put(assessment=quiz, question_ids=ids, by=ada, bank=bank).pk is None
        assert change_undo(edit=edit, by=ada) == 2
        assert list(quiz.questions.values_list("question_id", flat=True)) == [elsewhere]


def test_a_bank_from_above_is_asked_below_by_nobody(env, bank, make_environment, member):
    row = make(bank)
    below = make_environment("below", parent=env)
    author = member("author", environment=below)
    with open_scope(environment_id=env.pk):
        element_offer(element=bank, to=below)
    with open_scope(environment_id=below.pk, person_id=author.person_id):
        quiz = make_assessment("single")
        assert questions_put(assessment=quiz, question_ids=[row.pk], by=author.person).changed == 0


def test_as_many_statements_to_move_and_ask_one_question_as_many(env, bank, to, ada):
    ids = [make(bank, name=f"q{n}").pk for n in range(12)]

    def cost(some: list[int]) -> int:
        with open_scope(environment_id=env.pk, person_id=ada.pk), CaptureQueriesContext(connection) as queries:
            edit = questions_move(bank=bank, question_ids=some, to=to, by=ada)
            change_undo(edit=edit, by=ada)
            edit = questions_put(assessment=quiz, question_ids=some, by=ada, bank=bank)
            change_undo(edit=edit, by=ada)
        return len(queries)

    with open_scope(environment_id=env.pk):
        quiz = make_assessment("single")
    assert cost(ids[:1]) == cost(ids)


def test_moving_and_asking_are_foreseen_and_can_be_taken_back_on_the_page(env, bank, to, author):
    make(bank, name="q1")
    make(bank, name="q2")
    with open_scope(environment_id=env.pk):
        quiz = make_assessment("single")
        used = quiz.questions.get()
    ask = {"act": "quiz", "quiz": quiz.pk, "all": "1"}
    assert "<dd>2</dd>" in author.post("/banks/bank/bulk/", ask).content.decode()
    page = author.post("/banks/bank/bulk/", {**ask, "sure": "1"}, follow=True).content.decode()
    assert f"Ask in {quiz.element.title}" in page
    move = {"act": "move", "to": to.pk, "all": "1"}
    refused = author.post("/banks/bank/bulk/", move).content.decode()
    assert "asked in a quiz" in refused
    assert 'name="sure"' not in refused
    with open_scope(environment_id=env.pk):
        edit = BulkEdit.objects.get()
    author.post(f"/banks/bank/bulk/{edit.pk}/undo/")
    author.post("/banks/bank/bulk/", {**move, "sure": "1"})
    with open_scope(environment_id=env.pk):
        assert list(quiz.questions.all()) == [used]
        assert Question.objects.filter(element=to).count() == 2
        edit = BulkEdit.objects.get(undone_at=None)
    author.post(f"/banks/bank/bulk/{edit.pk}/undo/")
    with open_scope(environment_id=env.pk):
        assert not Question.objects.filter(element=to).exists()
