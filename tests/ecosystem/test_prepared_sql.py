"""Statements of our own that PostgreSQL reads once: what comes of them is the same, whatever a connection knows of."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ecosystem.prepared_sql import PreparedSql
from ecosystem.search import hits, index_element
from ecosystem.services.elements import element_create

pytestmark = pytest.mark.django_db


@pytest.mark.scoped
@pytest.mark.parametrize("prepare", [True, False])
def test_what_is_found_is_the_same_where_nothing_is_prepared(env, settings, prepare):
    """As behind a pooler that hands connections round."""
    settings.PREPARE_ON_SERVER = prepare
    row = element_create(kind="page", title="Bees", slug="bees", creators=["Ada"])
    with CaptureQueriesContext(connection) as seen:
        index_element(element=row, body="They make honey.")
        index_element(element=row)  # its text is known
    assert len(seen) == 2
    assert all(("EXECUTE" in one["sql"]) == prepare for one in seen)
    assert hits(text="honey") == hits(text="bee") == [row.pk]
    index_element(element=row, body="")
    assert hits(text="honey") == []


def test_a_name_outlives_what_was_taken_back():
    one = PreparedSql("SELECT set_config('grove.test', %(word)s || %(number)s, true)", number="integer", word="text")
    with transaction.atomic():
        one.run(word="it's", number=1)
        transaction.set_rollback(True)
    one.run(word="two", number=2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('grove.test')")
        assert cursor.fetchone() == ("two2",)
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [one.name])
        assert cursor.fetchone() == (1,)
