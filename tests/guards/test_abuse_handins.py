"""Hand-ins: a mark that was not released yet, asked for wherever a learner could read it.

Each test is named by its number in the list of abuse cases.
"""

import json
import re

from django.core.files.uploadedfile import SimpleUploadedFile

from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from ecosystem.services.exports import data_of_person
from handins.models import FeedbackFile, Round
from handins.services import (
    assignment_make,
    mark_give,
    round_save,
    round_start,
    round_submit,
    rounds_release,
)
from handins.services.feedback_files import feedback_file_add
from handins.services.remarks import remark_add
from notifications.models import Mail, Notice
from records.models import Statement
from tests.settle import settle

HIDDEN = "Hiddenjudgement"
TOLD = re.compile(rf"{HIDDEN}|\b73\s?%|0\.73\b")
API = (
    "handins",
    "handins/{uid}",
    "remarks",
    "assignments/talk",
    "records",
    "changes",
    "me/transcript",
    "notices",
    "enrolments",
    "exemplars",
)


def test_a39_a_mark_is_nowhere_before_it_is_released(env, member, browser_of):
    """On pages, over REST (which is how records leave, xAPI too), in the transcript, the copy of one's data and letters."""
    who, marker = member(), member("instructor")
    with open_scope(environment_id=env.pk, person_id=marker.person_id):
        assignment = assignment_make(
            title="Talk", slug="talk", markdown="Do", takes_files=True, pass_mark=60, by=member("author")
        )
        course = element_create(kind="course", title="A course", creators=["Ada"])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=assignment.element)])])
        enrolment_create(run=run_open(element=course), person=who.person)
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        round = round_save(round=round_start(assignment=assignment, by=who), text="My words", by=who)
        round_submit(round=round, by=who)
    with open_scope(environment_id=env.pk, person_id=marker.person_id):
        remark_add(round=round, quote="words", words=f"{HIDDEN} one", by=marker)
        upload = SimpleUploadedFile(f"{HIDDEN}.pdf", b"%PDF-1.7 x")
        feedback_file_add(round=round, upload=upload, by=marker)
        mark_give(round=round, percent=73, passed=True, comment=f"{HIDDEN} two", by=marker)
        kept = FeedbackFile.objects.get()
    settle(env)
    file = f"/handins/feedback/{kept.uid}/"

    def told() -> set[str]:
        browser = browser_of(who)
        paths = ["/", "/handins/", "/handins/talk/", f"/courses/{course.slug}/", "/notices/", "/me/transcript/"]
        paths += [f"/reviewing/{round.uid}/", *(f"/api/v1/{name.format(uid=round.uid)}/" for name in API)]
        pages = {path: browser.get(path).text for path in paths}
        with open_scope(environment_id=env.pk, person_id=who.person_id):
            pages["copy"] = json.dumps(data_of_person(person=who.person), default=str)
            pages["statements"] = json.dumps(list(Statement.objects.values("verb", "result", "context")), default=str)
            letters = [Mail.objects.filter(person_id=who.person_id), Notice.objects.filter(person_id=who.person_id)]
            pages["letters"] = json.dumps([list(rows.values()) for rows in letters], default=str)
        return {path for path, text in pages.items() if TOLD.search(text)}

    assert told() == set()
    assert browser_of(who).get(file).status_code == 404
    with open_scope(environment_id=env.pk):
        assert not Statement.objects.filter(verb="passed").exists()
        assert Round.objects.get().released_at is None
    with open_scope(environment_id=env.pk, person_id=marker.person_id):
        rounds_release(rounds=[round], by=marker)
    settle(env)
    # The same look finds it where it belongs as soon as it is released.
    shown = {
        "/handins/talk/",
        "/api/v1/handins/",
        f"/api/v1/handins/{round.uid}/",
        "/api/v1/remarks/",
        "copy",
        "statements",
    }
    assert shown <= told()
    assert browser_of(who).get(file).status_code == 200
