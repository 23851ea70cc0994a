"""The cast: an administrator who registered a tool, an author with a course of one activity in it, a learner in that."""

import json

import pytest
from django.test import Client

from courses.services import PlannedActivity, PlannedBlock, course_publish, enrolment_create, run_open
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from lti.services import link_make, tool_save
from lti.services.registering import signing_key
from tests.cast import People, environment
from tests.lti.small_tool import ARRIVE, KEY, LOGIN, SITE, SmallTool
from tests.standing import World, stands

FACTS = {
    "name": "Simulator", "login_url": LOGIN, "target_url": f"{SITE}/start", "redirect_urls": [ARRIVE], "keys_url": "",
    "shares": "nothing", "is_on": True,
}  # fmt: skip
PASTED = json.dumps(KEY.as_dict(private=False))


def within(membership):
    return open_scope(environment_id=membership.environment_id, person_id=membership.person_id)


@stands("env", "admin", folder="tests/lti")
def with_keys() -> World:
    """An administrator, and the key of the environment: to make one takes as long as a test."""
    env = environment("alpha")
    people = People(env)
    admin = people("admin")
    with within(admin):
        signing_key()
    return {"env": env, "admin": admin, "count": people.count}


@pytest.fixture
def admin(member, standing):
    return standing.get("admin") or member("admin")


@pytest.fixture
def author(member):
    return member("author")


@pytest.fixture
def learner(member):
    return member("learner", name="Lena Vos", email="lena@alpha.example.org")


@pytest.fixture
def tool(admin):
    with within(admin):
        return tool_save(by=admin, pasted=PASTED, **FACTS)


@pytest.fixture
def link(author, tool):
    with within(author):
        return link_make(
            title="Ventilator", by=author, tool=tool, pass_mark=70, custom={"level": "2"}, visibility="private"
        )


@pytest.fixture
def enrolment(author, learner, link):
    with within(author):
        course = element_create(kind="course", title="Intensive care", creators=[author.person])
        course_publish(element=course, blocks=[PlannedBlock("One", [PlannedActivity(target=link.element)])])
        return enrolment_create(run=run_open(element=course, title="Spring"), person=learner.person)


@pytest.fixture
def theirs(tool):
    """The tool's own side."""
    return SmallTool(tool, Client(HTTP_HOST="alpha.localhost"))
