"""Rows of the admin's lists point at the same as if the database had joined it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ecosystem.admin_rows import with_related
from ecosystem.models import Connection
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create

pytestmark = pytest.mark.django_db


def test_what_rows_point_at_is_read_once_for_all_of_them(env, other, member):
    ada, bob = member(name="Ada").person, member(name="Bob").person
    with open_scope(environment_id=other.pk):
        theirs = element_create(kind="external", title="CANARY", creators=["Eve"], url="https://example.org")
    with open_scope(environment_id=env.pk):
        one, two = (
            element_create(kind="external", title=title, creators=[ada], url="https://example.org", owner=bob)
            for title in ("One", "Two")
        )
        rows = [
            Connection(pk=1, source_id=one.pk, target_id=two.pk, owner_id=ada.pk),
            Connection(pk=2, source_id=two.pk, target_id=one.pk, owner_id=None),
            Connection(pk=3, source_id=one.pk, target_id=theirs.pk, owner_id=ada.pk),
        ]
        with CaptureQueriesContext(connection) as queries:
            found = with_related(rows, ("source", "target__owner", "owner"))
        assert len(queries) == 3  # elements, their owners, and those of connections
        with CaptureQueriesContext(connection) as queries:
            said = [(row.pk, row.source.title, row.target.title, row.target.owner, row.owner) for row in found]
    assert len(queries) == 0
    assert said == [
        (1, "One", "Two", bob, ada),
        (2, "Two", "One", bob, None),
    ]  # and no row whose target is not to be seen
    assert with_related([], ("source",)) == []
