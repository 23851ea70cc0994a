"""Who sees which attempts through the API."""

import pytest
from rest_framework.test import APIRequestFactory, force_authenticate

from assessments.api import AssessmentViewSet, AttemptViewSet
from assessments.services import attempt_finish, attempt_start
from ecosystem.models import Membership
from ecosystem.scope import open_scope
from tests.assessments.answering import make_assessment

pytestmark = pytest.mark.django_db


def ask(viewset, who: Membership | None, action: str, **kwargs):
    request = APIRequestFactory().get("/")
    request.membership, request.undo = who, False
    request.environment = who.environment if who else None
    if who:
        force_authenticate(request, user=who.person)
    with open_scope(environment_id=who.environment_id if who else 0, person_id=who.person_id if who else None):
        return viewset.as_view({"get": action})(request, **kwargs)


def attempt_by(who: Membership, assessment):
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        attempt = attempt_start(assessment=assessment, person_id=who.person_id)
        return attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)


@pytest.fixture
def assessment(env):
    with open_scope(environment_id=env.pk):
        return make_assessment("single", "true_false")


def test_learners_see_their_own_attempts_and_instructors_all(member, assessment):
    mine, neighbour = member(), member()
    attempts = [attempt_by(person, assessment) for person in (mine, neighbour)]
    listed = ask(AttemptViewSet, mine, "list").data["results"]
    assert [row["uid"] for row in listed] == [str(attempts[0].uid)]
    assert ask(AttemptViewSet, mine, "retrieve", uid=attempts[1].uid).status_code == 404
    assert len(ask(AttemptViewSet, member("instructor"), "list").data["results"]) == 2


def test_strangers_see_nothing(member, other, assessment):
    attempt_by(member(), assessment)
    stranger = member("admin", environment=other)
    assert ask(AttemptViewSet, stranger, "list").data["results"] == []
    assert ask(AssessmentViewSet, stranger, "list").data["results"] == []
    assert ask(AttemptViewSet, None, "list").status_code in (401, 403)


def test_assessment_tells_facts_and_no_answers(member, assessment):
    (row,) = ask(AssessmentViewSet, member(), "list").data["results"]
    assert (row["slug"], row["questions"], row["pass_mark"]) == ("quiz", 2, 0.7)
    assert ask(AssessmentViewSet, member(), "retrieve", slug="quiz").data == row
