"""A person's own pages: the profile that is the same everywhere, and the way to the other environments."""

import pytest

from ecosystem.models import GroupMember, Person, Role
from ecosystem.scope import open_scope
from ecosystem.services.groups import group_save

pytestmark = pytest.mark.django_db


def test_name_language_and_time_zone_count_everywhere(env, other, member, browser_of):
    here, there = member(email="p@example.org"), member(environment=other, email="p@example.org")
    by = member(Role.MANAGER, environment=other)
    with open_scope(environment_id=other.pk):
        group_save(name="Dutch", rule={"language": "nl"}, by=by)
    client = browser_of(here)
    client.post("/me/profile/", {"name": " Pia  Pot ", "language": "nl", "time_zone": "Asia/Tokyo"})
    person = Person.objects.get(pk=here.person_id)
    assert (person.name, person.language, person.time_zone) == ("Pia Pot", "nl", "Asia/Tokyo")
    assert "Je profiel" in client.get("/me/profile/").text
    with open_scope(environment_id=other.pk):
        assert GroupMember.objects.get().person_id == there.person_id


@pytest.mark.parametrize("wrong", [{"name": ""}, {"time_zone": "Mars/Base"}, {"language": "xx"}, {"name": "x" * 121}])
def test_what_cannot_be_is_said_at_the_field(member, browser_of, wrong):
    who = member(name="Pia")
    answer = browser_of(who).post("/me/profile/", {"name": "Pia", "language": "", "time_zone": "", **wrong})
    assert answer.status_code == 200
    assert "needs your attention" in answer.text
    assert Person.objects.get(pk=who.person_id).name == "Pia"


def test_the_way_to_the_own_environments_only(env, other, make_environment, member, browser_of):
    here = member(email="p@example.org")
    client = browser_of(here)
    assert "/me/environments/" not in client.get("/me/profile/").text
    member(environment=other, email="p@example.org")
    make_environment("gamma")
    assert "/me/environments/" in client.get("/me/profile/").text
    page = client.get("/me/environments/").text
    assert 'href="http://beta.localhost:8000/"' in page
    assert "you are here" in page
    assert "gamma" not in page.lower()
