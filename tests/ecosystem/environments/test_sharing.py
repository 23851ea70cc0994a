"""A course is lent downwards or moved: the difference is said first, it happens whole, and nobody else's rows change."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from assessments.models import Answer, Assessment, AssessmentQuestion, Picture, QuestionVersion
from assessments.services import (
    answer_save,
    assessment_create,
    attempt_finish,
    attempt_start,
    bank_create,
    question_save,
)
from content.services import page_create
from courses.models import Activity, Enrolment
from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Availability, Connection, Credit, Element, Role, StoredFile
from ecosystem.scope import open_scope
from ecosystem.search import hits
from ecosystem.services.elements import element_create, elements_connect
from ecosystem.services.lending import element_lend, element_take_back, lending_preview
from ecosystem.services.moving import element_move, move_preview
from ecosystem.services.storage import file_store
from tests.assessments.answering import right_form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_media")]
HERE = "/settings/courses/"


@pytest.fixture
def tree(env, make_environment):
    left = make_environment("left", parent=env)
    return {"env": env, "left": left, "right": make_environment("right", parent=env)}


@pytest.fixture
def boss(member):
    return member(Role.ADMIN, name="Boss")


def course_in(environment, member):
    """A course with a page and a quiz of a bank with one picture, all connected."""
    maker = member(Role.AUTHOR, environment=environment, name=f"Maker of {environment.name}").person
    with open_scope(environment_id=environment.pk, person_id=maker.pk):
        facts = {"creators": [maker], "owner": maker}
        page = page_create(title="Zephyr page", markdown="zephyrword inside", slug="page", **facts)
        bank = bank_create(title="Bank", slug="bank", **facts)
        path = file_store(path=f"pictures/{environment.pk}/{'a' * 64}.png", content=b"picture")
        Picture.objects.create(
            environment=environment, element=bank, sha256="a" * 64, name="a.png", media_type="image/png", file=path
        )
        body = {"choices": [{"text": "Right", "correct": True}, {"text": "Wrong", "correct": False}]}
        question = question_save(
            bank=bank, identifier="q1", type="single", stem="<p>Which?</p>", body=body, source=page.element
        ).question
        quiz = assessment_create(title="Quiz", questions=[question], pass_mark=0.5, slug="quiz", **facts)
        course = element_create(kind="course", title="Course", slug="course", **facts)
        steps = [
            PlannedActivity(page.element, title="Read"),
            PlannedActivity(quiz.element, title="Do", condition={"completed": page.element_id}),
        ]
        course_publish(element=course, blocks=[PlannedBlock("Block", steps)])
        elements_connect(source=page.element, target=quiz.element, kind="prepares_for", owner=maker)
    return course


def lived(environment, course, member):
    """A learner of the environment is enrolled and has finished the quiz."""
    learner = member(environment=environment)
    with open_scope(environment_id=environment.pk, person_id=learner.person_id):
        enrolment_create(run=run_open(element=course, title="Run"), person=learner.person)
        quiz = Element.objects.get(slug="quiz")
        assessment = Assessment.objects.get(element=quiz)
        attempt = attempt_start(assessment=assessment, person_id=learner.person_id, onward="/courses/")
        for answer in Answer.objects.filter(attempt=attempt).select_related("version"):
            answer_save(
                attempt_uid=attempt.uid, person_id=learner.person_id, position=answer.position,
                response=right_form(answer.version),
            )  # fmt: skip
        attempt_finish(attempt_uid=attempt.uid, person_id=learner.person_id)
    return learner


def checked() -> None:
    """What PostgreSQL would check at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_lending_says_what_would_change_and_does_it_once(tree, boss, member):
    course = course_in(tree["env"], member)
    member(environment=tree["left"])
    with open_scope(environment_id=tree["left"].pk):
        element_create(kind="external", title="Own", slug="page", creators=["Somebody"])
    with open_scope(environment_id=tree["env"].pk, person_id=boss.person_id):
        said = lending_preview(element=course, to=tree["left"])
        assert sorted(row.slug for row in said.new) == ["bank", "course", "page", "quiz"]
        assert (said.there, said.members, said.same_slug, said.refusal) == ((), 1, ("page",), "")
        assert (said.parts["Questions"], said.parts["Pictures"]) == (1, 1)
        assert element_lend(element=course, to=tree["left"], by=boss) == 4
        assert element_lend(element=course, to=tree["left"], by=boss) == 0
        assert lending_preview(element=course, to=tree["left"]).new == ()
        assert AuditEntry.objects.filter(act="element.lent").count() == 1
    with open_scope(environment_id=tree["left"].pk):
        assert Element.objects.filter(slug="course").exists()
        assert AuditEntry.objects.filter(act="element.lent").count() == 1
    with open_scope(environment_id=tree["right"].pk):
        assert not Element.objects.exists()


def test_taking_back_is_refused_while_it_is_used_and_keeps_what_another_course_needs(tree, boss, member):
    course = course_in(tree["env"], member)
    with open_scope(environment_id=tree["env"].pk, person_id=boss.person_id):
        second = element_create(kind="course", title="Second", slug="second", creators=[boss.person])
        page = Element.objects.get(slug="page")
        course_publish(element=second, blocks=[PlannedBlock("Block", [PlannedActivity(page, title="Read")])])
        for element in (course, second):
            element_lend(element=element, to=tree["left"], by=boss)
        assert element_take_back(element=course, to=tree["left"], by=boss) == 3
        assert element_take_back(element=course, to=tree["left"], by=boss) == 0
        element_lend(element=course, to=tree["left"], by=boss)
    with open_scope(environment_id=tree["left"].pk):
        assert Element.objects.filter(slug__in=["page", "second", "course"]).count() == 3
    lived(tree["left"], course, member)
    with pytest.raises(EcosystemError, match="Enrolments: 1"), open_scope(environment_id=tree["env"].pk):
        element_take_back(element=course, to=tree["left"], by=boss)
    checked()


def test_moving_up_takes_all_of_it_and_leaves_what_people_did(tree, boss, member):
    env, left, right = tree.values()
    course = course_in(left, member)
    learner = lived(left, course, member)
    made = Element.objects
    with open_scope(environment_id=left.pk):
        before = {row.slug: row.updated_at for row in made.all()}
        boss_there = member(Role.ADMIN, environment=left, email=boss.person.email)
    with open_scope(environment_id=left.pk, person_id=boss.person_id):
        said = move_preview(element=course, to=env, by=boss_there)
        assert (said.upwards, said.refusals, len(said.elements)) == (True, (), 4)
        assert said.stays["Enrolments"] == 1
        assert said.parts["Activities"] == 2
        assert element_move(element=course, to=env, by=boss_there) == 4
        assert element_move(element=Element.objects.get(slug="course"), to=env, by=boss_there) == 0
        checked()
        assert AuditEntry.objects.filter(act="element.moved_away").count() == 1
        assert Enrolment.objects.get(person=learner.person).element_id == course.pk
        assert Availability.objects.get(element=course).origin_id == env.pk
        assert Element.objects.get(slug="course").environment_id == env.pk  # readable as offered from above
        assert hits(text="zephyrword") != []
        assert not StoredFile.objects.filter(path__startswith="pictures/").exists()
    with open_scope(environment_id=env.pk):
        assert {row.slug: row.updated_at for row in made.all()} == before
        for model in (Activity, QuestionVersion, AssessmentQuestion, Connection, Credit, Picture):
            assert model.objects.filter(environment_id=env.pk).exists(), model
        assert set(made.values_list("owner", flat=True)) == {None}  # the maker is no member here
        assert set(Credit.objects.values_list("name", flat=True)) == {"Maker of Left"}
        picture = Picture.objects.get()
        assert picture.file.name.startswith(f"pictures/{env.pk}/")
        with default_storage.open(picture.file.name) as file:
            assert file.read() == b"picture"
        assert AuditEntry.objects.filter(act="element.moved_here").count() == 1
        assert hits(text="zephyrword") != []
    with open_scope(environment_id=right.pk):
        assert not made.exists()
    again = member(environment=left)
    with open_scope(environment_id=left.pk, person_id=again.person_id):
        enrolment_create(run=run_open(element=course, title="Another"), person=again.person)
    checked()


def test_moving_down_is_refused_while_it_is_in_use_and_then_leaves_nothing(tree, boss, member):
    env, left, right = tree.values()
    course = course_in(env, member)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        element_lend(element=course, to=left, by=boss)
        element_lend(element=course, to=right, by=boss)
        with pytest.raises(EcosystemError, match="lent to Right"):
            element_move(element=course, to=left, by=boss)
        element_take_back(element=course, to=right, by=boss)
        run = run_open(element=course, title="Run")
        with pytest.raises(EcosystemError, match="Course runs: 1"):
            element_move(element=course, to=left, by=boss)
        run.delete()
        assert element_move(element=course, to=left, by=boss) == 4
        checked()
        assert not Element.objects.exists()
        assert not Connection.objects.exists()
        assert not Availability.objects.exists()
        assert hits(text="zephyrword") == []
    with open_scope(environment_id=left.pk):
        assert set(Availability.objects.values_list("offered", "origin_id")) == {(False, left.pk)}
        assert Activity.objects.count() == 2
        assert hits(text="zephyrword") != []


def test_what_does_not_fit_is_said_and_nothing_happens(tree, boss, other, member):
    env, left, _right = tree.values()
    course = course_in(env, member)
    with open_scope(environment_id=left.pk):
        element_create(kind="external", title="Own", slug="quiz", creators=["Somebody"])
    stranger = member(Role.ADMIN, environment=other)
    with open_scope(environment_id=env.pk, person_id=boss.person_id):
        assert move_preview(element=course, to=left, by=boss).refusals == ("These addresses are taken there: quiz.",)
        with pytest.raises(EcosystemError, match="taken there: quiz"):
            element_move(element=course, to=left, by=boss)
        for place in (other, env):
            with pytest.raises(EcosystemError, match="administrator here and there"):
                element_move(element=course, to=place, by=boss)
        question = AssessmentQuestion.objects.get().question
        assessment_create(
            title="Other quiz", questions=[question], pass_mark=0.5, slug="other-quiz", creators=[boss.person]
        )
        with pytest.raises(EcosystemError, match="still uses a part"):
            element_move(element=course, to=tree["right"], by=boss)
        assert Element.objects.filter(environment_id=env.pk).count() == 5
    with open_scope(environment_id=other.pk, person_id=stranger.person_id):
        for act in (element_lend, element_take_back, element_move):
            with pytest.raises(EcosystemError, match="administrator"):
                act(element=course, to=left, by=stranger)
    checked()


def test_the_page_shows_the_difference_and_does_it(tree, boss, other, member, browser_of):
    env = tree["env"]
    course_in(env, member)
    client = browser_of(boss)
    assert "Course" in client.get(HERE).text
    assert "Right" in client.get(f"{HERE}course/").text
    assert "Beta" not in client.get(f"{HERE}course/").text
    page = client.get(f"{HERE}course/?to=left").text
    assert "Questions: 1" in page
    assert "Becomes available there" in page
    assert client.post(f"{HERE}course/?to=left", {"act": "lend"}).status_code == 302
    assert "Is there already" in client.get(f"{HERE}course/?to=left").text
    assert client.post(f"{HERE}course/?to=beta", {"act": "lend"}).status_code == 200  # no such place: nothing happens
    assert client.post(f"{HERE}course/?to=left", {"act": "nonsense"}).status_code == 200
    assert client.post(f"{HERE}course/?to=left", {"act": "move"}).headers["Location"] == HERE
    with open_scope(environment_id=tree["left"].pk):
        assert Element.objects.get(slug="course").environment_id == tree["left"].pk
    for who in (member(Role.AUTHOR), member(Role.ADMIN, environment=other)):
        assert browser_of(who).get(f"{HERE}course/").status_code == 404


def test_the_api_does_the_same(tree, boss, member, browser_of):
    course_in(tree["env"], member)
    client, here = browser_of(boss), "/api/v1/elements/course/"
    said = client.post(f"{here}move/", {"to": "left", "preview": True}, "application/json").json()
    assert (said["refusals"], sorted(said["elements"])) == ([], ["bank", "course", "page", "quiz"])
    assert client.post(f"{here}offer/", {"to": "left"}, "application/json").json() == {"available": 4}
    assert client.post(f"{here}take_back/", {"to": "left"}, "application/json").json() == {"available": 4}
    for act in ("offer", "take_back", "move"):
        assert client.post(f"{here}{act}/", {"to": "nowhere"}, "application/json").status_code == 400
    assert client.post(f"{here}move/", {"to": "left"}, "application/json").status_code == 200
    assert client.get(here).status_code == 404
