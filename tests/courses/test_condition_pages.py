"""The condition editor, the simulator and the page of what is opened by hand, as a browser without JavaScript uses them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Objective
from content.services import page_create
from courses.models import Activity, ActivityState, Block, CourseVersion, Enrolment, State, VersionState
from courses.services import enrolment_create
from courses.services.condition_editing import condition_mark
from ecosystem.models import Group
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create, element_update
from records.models import Fact, Statement


@pytest.fixture
def draft(env, member):
    """A course with three steps in its draft: a page, a quiz and a page."""
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="First aid", slug="first-aid", creators=["Ada"])
        page = page_create(title="Before you begin", markdown="x", creators=["Ada"]).element
        quiz = element_create(kind="assessment", title="What do you know?", creators=["Ada"])
        last = page_create(title="What comes after", markdown="x", creators=["Ada"]).element
        common = {"environment_id": env.pk, "element": course}
        version = CourseVersion.objects.create(**common, number=0, state=VersionState.DRAFT)
        block = Block.objects.create(**common, version=version, title="One", position=0)
        return [
            Activity.objects.create(
                **common, version=version, block=block, target=target, type=target.kind, title=target.title, position=at
            )
            for at, target in enumerate((page, quiz, last))
        ]


class Author:
    def __init__(self, browser, activity) -> None:
        self.browser, self.activity = browser, activity
        self.path = f"/courses/first-aid/build/{activity.uid}/condition/"

    @property
    def condition(self):
        with open_scope(environment_id=self.activity.environment_id):
            return Activity.objects.get(pk=self.activity.pk).condition

    def reads(self, query="") -> str:
        answer = self.browser.get(self.path + query)
        assert answer.status_code == 200
        return answer.content.decode()

    def does(self, do, *, at="", kind="", seen=None, **fields):
        mark = condition_mark(condition=self.condition) if seen is None else seen
        return self.browser.post(self.path, {"do": do, "at": at, "kind": kind, "seen": mark, **fields})


@pytest.fixture
def author(member, browser_of, draft):
    return Author(browser_of(member("author")), draft[2])


def test_a_condition_is_built_changed_and_taken_away_step_by_step(author, draft):
    page, quiz = draft[0].target_id, draft[1].target_id
    assert "Open from the start." in author.reads()
    assert "Has passed a quiz" in author.reads("?do=all&at=")
    assert author.does("all", kind="completed", of=page).status_code == 302
    assert author.condition == {"completed": page}
    assert "Opens when you have finished “Before you begin”." in author.reads()
    author.does("all", kind="score", of=quiz, least="70", most="")
    assert author.condition == {"all": [{"completed": page}, {"score": {"of": quiz, "least": 70}}]}
    author.does("any", at="1", kind="released")
    author.does("any", at="1.1", kind="from", moment_0="2026-05-01", moment_1="09:00")
    either = {"any": [{"score": {"of": quiz, "least": 70}}, {"released": True}, {"from": "2026-05-01T09:00"}]}
    assert author.condition == {"all": [{"completed": page}, either]}
    author.does("turn", at="0")
    author.does("change", at="1.0", kind="score", of=quiz, least="80.5", most="90")
    author.does("switch", at="1")
    assert author.condition == {
        "all": [
            {"not": {"completed": page}},
            {"score": {"of": quiz, "least": 80.5, "most": 90}},
            {"released": True},
            {"from": "2026-05-01T09:00"},
        ]
    }
    author.does("change", at="0.0", kind="completed", of=quiz)
    author.does("remove", at="3")
    author.does("remove", at="2")
    author.does("all", kind="after_enrolment", wait_0="3", wait_1="days")
    assert author.condition == {
        "all": [
            {"not": {"completed": quiz}},
            {"score": {"of": quiz, "least": 80.5, "most": 90}},
            {"after_enrolment": {"days": 3}},
        ]
    }
    author.does("clear")
    assert author.condition is None


def test_what_is_wrong_is_said_at_the_form_and_nothing_is_saved(author, draft):
    quiz = draft[1].target_id
    for fields, words in (
        ({"of": quiz, "least": "", "most": ""}, "Give at least one of the two bounds."),
        ({"of": quiz, "least": "80", "most": "60"}, "The lower bound is above the upper one"),
        ({"of": quiz, "least": "101", "most": ""}, "less than or equal to 100"),
        ({"of": draft[0].target_id, "least": "50", "most": ""}, "Select a valid choice"),
    ):
        answer = author.does("all", kind="score", **fields)
        assert answer.status_code == 200
        assert words in answer.content.decode()
    assert author.condition is None


def test_who_was_given_one_course_names_what_is_open_to_them(env, author, draft, give, browser_of):
    with open_scope(environment_id=env.pk):
        page_create(title="For everybody", markdown="x", creators=["Ada"])
        hidden = page_create(title="Hidden page", markdown="x", creators=["Ada"], visibility="private").element
        Group.objects.create(environment_id=env.pk, name="Redundancies")
    mine = Author(browser_of(give("manage_content", course=draft[2].element)), draft[2])
    offered = mine.reads("?do=all&at=&kind=completed")
    assert "For everybody" in offered
    assert "Before you begin" in offered, "what is in the course is met there"
    assert "Hidden page" not in offered
    assert "Redundancies" in author.reads("?do=all&at=&kind=group")
    assert "Redundancies" not in mine.reads("?do=all&at=&kind=group")
    assert mine.does("all", kind="completed", of=hidden.pk).status_code == 200
    assert mine.condition is None
    mine.does("all", kind="completed", of=draft[0].target_id)
    assert mine.condition == {"completed": draft[0].target_id}
    author.does("all", kind="completed", of=hidden.pk)
    mine.does("all", kind="released")
    assert {"completed": hidden.pk} in mine.condition["all"], "what others named stays"


def test_what_nobody_can_open_is_said_while_it_is_built(author, draft):
    author.does("all", kind="completed", of=draft[2].target_id)
    assert "“What comes after” waits for itself, so it can never open." in author.reads()


def test_what_another_author_changed_meanwhile_is_not_overwritten(author, draft):
    author.does("all", kind="completed", of=draft[0].target_id)
    before = author.condition
    answer = author.does("clear", seen=condition_mark(condition=None))
    assert author.condition == before
    assert "Somebody else has changed this condition" in author.browser.get(answer["Location"]).content.decode()
    for at in ("7", "0.0", "x", "-1", "0" * 40):
        author.does("remove", at=at)
    assert author.condition == before


def test_others_find_no_such_page(member, other, browser_of, draft, author):
    strangers = [browser_of(member("learner")), browser_of(member("author", environment=other))]
    for browser in strangers:
        assert browser.get(author.path).status_code == 404
        assert browser.post(author.path, {"do": "clear", "at": "", "seen": ""}).status_code == 404
        assert browser.get("/courses/first-aid/simulate/").status_code == 404
        assert browser.get("/courses/first-aid/releases/").status_code == 404


def test_a_published_plan_has_no_editor(env, member, browser_of, make_course):
    with open_scope(environment_id=env.pk):
        page = page_create(title="Page", markdown="x", creators=["Ada"]).element
        run = make_course([(page, None)])
        uid = Activity.objects.get(version=run.version).uid
    assert browser_of(member("author")).get(f"/courses/course-1/build/{uid}/condition/").status_code == 404


def test_the_editor_costs_the_same_for_any_condition(env, author, draft):
    def cost(tree):
        with open_scope(environment_id=env.pk):
            Activity.objects.filter(pk=author.activity.pk).update(condition=tree)
        with CaptureQueriesContext(connection) as asked:
            author.reads()
        return len(asked)

    one = {"completed": draft[0].target_id}
    many = {"any": [one, {"passed": draft[1].target_id}, {"all": [{"failed": draft[1].target_id}, {"group": "A"}]}]}
    author.reads()
    assert cost(one) == cost(many) <= 16


def test_sample_learners_live_through_the_draft_and_nothing_real_is_written(env, author, draft):
    with open_scope(environment_id=env.pk):
        Activity.objects.filter(pk=draft[1].pk).update(condition={"completed": draft[0].target_id})
        later = {"all": [{"after_enrolment": {"days": 2}}, {"score": {"of": draft[1].target_id, "least": 70}}]}
        Activity.objects.filter(pk=draft[2].pk).update(condition=later)
    path, browser = "/courses/first-aid/simulate/", author.browser

    def reads():
        return browser.get(path).content.decode()

    def does(**fields):
        return browser.post(path, fields)

    assert "Another sample learner" in reads()
    does(do="add", name="Noor", enrolled_on="2026-03-02", starts_on="", role="learner")
    page = reads()
    assert "Monday 2 March 2026, 09:00" in page
    assert "Opens when you have finished “Before you begin”." in page
    assert "it is 4 March 2026, 09:00, 2 days after you enrolled" in page
    does(do="step", uid=draft[1].uid, verb="passed", percent="90")
    assert "This step is locked for them." in reads()
    does(do="step", uid=draft[0].uid, verb="completed")
    does(do="step", uid=draft[1].uid, verb="failed", percent="55")
    assert "(now it is 55%)" in reads()
    does(do="step", uid=draft[1].uid, verb="passed", percent="70")
    assert "“What comes after” opens" in reads()
    does(do="clock", by="day")
    does(do="clock", by="day")
    page = reads()
    assert "Wednesday 4 March 2026, 09:00" in page
    assert "Opens when" not in page
    does(do="clock", day="2026-03-01", hour="09:00")
    assert "The clock cannot go back" in reads()
    for nonsense in ({"day": "0001-01-01", "hour": "09:00"}, {"by": "year"}, {"day": "9999-12-31", "hour": "23:59"}):
        does(do="clock", **nonsense)
        assert "Wednesday 4 March 2026, 09:00" in reads()
    does(do="release", uid="nothing")
    does(do="add", name="Old", enrolled_on="0001-01-01", role="learner")
    assert "Old" not in reads()
    does(do="remove")
    assert "Noor" not in reads()
    with open_scope(environment_id=env.pk):
        assert (Enrolment.objects.count(), Statement.objects.count(), Fact.objects.count()) == (0, 0, 0)
    assert browser.get("/courses/nothing/simulate/").status_code == 404


def test_what_is_known_from_elsewhere_is_said_of_a_sample_learner_and_fades_with_their_clock(env, author, draft):
    with open_scope(environment_id=env.pk):
        other = element_create(kind="course", title="Fire safety", creators=["Ada"])
        bank = element_create(kind="question_bank", title="Questions", creators=["Ada"])
        objective = Objective.objects.create(environment_id=env.pk, element=bank, slug="burns", text="Cool a burn")
        page = page_create(title="Elsewhere", markdown="x", creators=["Ada"]).element
        asked = [{"certificate": other.pk}, {"recall": {"of": objective.pk, "least": 80}}, {"completed": page.pk}]
        Activity.objects.filter(pk=draft[2].pk).update(condition={"all": asked})
    path, browser = "/courses/first-aid/simulate/", author.browser
    held, recall = f"certificates-{other.pk}", f"recall-{objective.pk}"

    def does(**fields):
        return browser.post(path, fields, follow=True).content.decode()

    page_then = does(do="add", name="Noor", enrolled_on="2026-03-02", role="learner")
    assert "Certificate: Fire safety" in page_then
    assert "Recall: Cool a burn" in page_then
    assert "you hold a valid certificate of “Fire safety”" in page_then
    does(do="say", what=held, **{f"{held}-value_0": "2026-03-03"})
    does(do="say", what=recall, **{f"{recall}-value": "80"})
    page_then = does(do="step", uid=page.uid, verb="completed")
    assert "valid until 3 March 2026" in page_then
    assert "Opens when" not in page_then
    assert "“What comes after” locks" in page_then  # the first moment at which recall is below 80
    assert "you remember “Cool a burn” for at least 80% (now it is 79%)" in does(do="clock", by="hour")
    does(do="say", what=recall, **{f"{recall}-value": "100"})
    assert "Opens when" not in does(do="clock", day="2026-03-03", hour="23:59")
    assert "you hold a valid certificate" in does(do="clock", day="2026-03-04", hour="00:00")
    does(do="say", what=held, **{f"{held}-value_0": ""})
    assert "Opens when" not in does(do="clock", by="day")
    assert "The clock cannot go back" in does(do="clock", day="2026-03-03", hour="09:00")
    assert "you hold a valid certificate" in does(do="unsay", what=held)
    for wrong in ({f"{recall}-value": "x"}, {f"{recall}-value": "101"}, {f"{held}-value_0": "0001-01-01"}, {}):
        assert 'role="alert" data-toast' in does(do="say", what=held if held in str(wrong) else recall, **wrong)
    assert "No condition asks for that." in does(do="say", what="roles-admin")
    with open_scope(environment_id=env.pk):
        assert (Enrolment.objects.count(), Statement.objects.count(), Fact.objects.count()) == (0, 0, 0)


def test_the_page_of_releases_tells_of_no_course_that_one_has_nothing_to_do_with(env, browser_of, give, make_course):
    with open_scope(environment_id=env.pk):
        page = page_create(title="The ward", markdown="x", creators=["Ada"]).element
        mine, hidden = (make_course([(page, {"released": True})]).element for _ in range(2))
        for course in (mine, hidden):
            element_update(element=course, visibility="private")
    browser = browser_of(give("mark", course=mine))
    assert browser.get(f"/courses/{mine.slug}/releases/").status_code == 200
    assert browser.get(f"/courses/{hidden.slug}/releases/").status_code == 404


def test_an_instructor_opens_and_locks_on_the_page(env, member, browser_of, make_course):
    instructor, learner = member("instructor"), member("learner", name="Lee Learner")
    with open_scope(environment_id=env.pk):
        page = page_create(title="The ward", markdown="x", creators=["Ada"]).element
        run = make_course([(page, {"released": True})])
        state = enrolment_create(run=run, person=learner.person).states.get()
    browser, path = browser_of(instructor), "/courses/course-1/releases/"
    assert "Lee Learner" in browser.get(path).content.decode()

    def does(do):
        assert browser.post(path, {"do": do, "state": state.pk}).status_code == 302
        with open_scope(environment_id=env.pk):
            return ActivityState.objects.get(pk=state.pk).state

    assert does("release") == State.OPEN
    assert "Opened, and not begun yet" in browser.get(path).content.decode()
    assert does("hold") == State.LOCKED
    assert browser.post(path, {"do": "release", "state": "0"}).status_code == 404
    assert browser_of(learner).get(path).status_code == 404


def test_software_reads_and_writes_conditions_and_releases(env, member, browser_of, author, draft, make_course):
    address = f"/api/v1/conditions/{draft[2].uid}/"
    tree = {"passed": draft[1].target_id}
    answer = author.browser.put(address, {"condition": tree}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["sentence"] == "Opens when you have passed “What do you know?”."
    assert answer.json()["findings"] == []
    bad = author.browser.put(address, {"condition": {"passed": "quiz"}}, content_type="application/json")
    assert bad.status_code == 400
    assert author.condition == tree
    assert [row["uid"] for row in author.browser.get("/api/v1/conditions/").json()["results"]] == [
        str(activity.uid) for activity in draft
    ]
    learner = member("learner")
    with open_scope(environment_id=env.pk):
        page = page_create(title="The ward", markdown="x", creators=["Ada"]).element
        enrolment = enrolment_create(run=make_course([(page, {"released": True})]), person=learner.person)
        uid = enrolment.states.get().activity.uid
    there = f"/api/v1/enrolments/{enrolment.pk}/release/"
    mine = browser_of(learner).post(there, {"activity": str(uid)}, content_type="application/json")
    assert mine.status_code == 400
    done = browser_of(member("instructor")).post(there, {"activity": str(uid)}, content_type="application/json")
    assert done.json()["activities"][0]["state"] == "open"
