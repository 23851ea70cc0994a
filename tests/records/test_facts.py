"""What conditions ask for: one row per person, element and verb, kept with the record."""

import pytest

from content.services import page_create
from ecosystem.scope import open_scope
from records.models import Fact, Statement
from records.services import record

pytestmark = pytest.mark.django_db


def test_however_often_it_happens_it_is_one_row(env, member):
    who = member()
    with open_scope(environment_id=env.pk, person_id=who.person_id):
        element = page_create(title="A page", markdown="x", creators=["Ada"]).element
        for scaled in (0.4, 0.9, 0.6):
            record(verb="failed", element=element, result={"scaled": scaled})
        record(verb="completed", element=element)
        failed = Fact.objects.get(verb="failed")
        times = list(
            Statement.objects.filter(verb="failed").order_by("stored_at").values_list("occurred_at", flat=True)
        )
        assert (failed.times, failed.best) == (3, 0.9)
        assert (failed.first_at, failed.last_at) == (times[0], times[-1])
        assert Fact.objects.get(verb="completed").best is None


def test_what_is_undone_is_no_fact(env, member):
    who = member()
    with pytest.raises(RuntimeError), open_scope(environment_id=env.pk, person_id=who.person_id):
        record(verb="completed", element=page_create(title="A page", markdown="x", creators=["Ada"]).element)
        raise RuntimeError
    with open_scope(environment_id=env.pk):
        assert not Fact.objects.exists()


def test_what_concerns_nobody_or_nothing_is_no_fact(env):
    with open_scope(environment_id=env.pk):
        record(verb="launched", element=page_create(title="A page", markdown="x", creators=["Ada"]).element)
        assert Statement.objects.count() == 1
        assert not Fact.objects.exists()
