"""People and things that the abuse cases are tried on."""

import pytest
from django.utils import timezone

from certificates.services.issuing import certificate_issue, template_save
from ecosystem.models import Person
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from tests.assessments.answering import make_assessment
from tests.guards.hostile import PASSWORD


@pytest.fixture
def learner(member):
    return member("learner")


@pytest.fixture
def person_with_password(env, member):
    membership = member("learner", email="known@example.org")
    with open_scope(environment_id=env.pk):
        person = Person.objects.get(pk=membership.person_id)
        person.set_password(PASSWORD)
        person.save()
    return membership


@pytest.fixture
def quiz(env):
    with open_scope(environment_id=env.pk):
        return make_assessment("single", "short_text", "numeric", attempts_allowed=1)


@pytest.fixture
def certificate(env, learner):
    with open_scope(environment_id=env.pk):
        course = element_create(kind="course", title="Course", creators=["Ada"])
        template = template_save(course=course, title="=cmd|' /C calc'!A0")
        Person.objects.filter(pk=learner.person_id).update(name='<img src="file:///etc/passwd"><b>Eve</b>')
        person = Person.objects.get(pk=learner.person_id)
        return certificate_issue(template=template, person=person, at=timezone.now())
