"""The audit log: written with the act, in its transaction, and kept apart like every row."""

import pytest
from django.db import ProgrammingError, connection, transaction

from ecosystem.models import AuditEntry, Role
from ecosystem.scope import open_scope
from ecosystem.services.audit import audit
from ecosystem.services.people import member_roles_set


def test_only_what_changed_is_written_down(env, member):
    by = member(Role.ADMIN)
    with open_scope(environment_id=env.pk, person_id=by.person_id):
        entry = audit(act="thing.changed", by=by.person, target=by, before={"a": 1, "b": 2}, after={"a": 1, "b": 3})
    assert (entry.before, entry.after) == ({"b": 2}, {"b": 3})
    assert (entry.actor_name, entry.model) == (by.person.name, "ecosystem.membership")


def test_new_roles_are_written_down_where_they_were_given(env, other, member):
    admin, learner = member(Role.ADMIN), member()
    with open_scope(environment_id=env.pk, person_id=admin.person_id):
        member_roles_set(membership=learner, roles=[Role.LEARNER, Role.AUTHOR], by=admin)
        entry = AuditEntry.objects.get()
    assert (entry.act, entry.before, entry.after) == (
        "member.roles_set",
        {"roles": ["learner"]},
        {"roles": ["author", "learner"]},
    )
    with open_scope(environment_id=other.pk):
        assert not AuditEntry.objects.exists()


def test_an_act_that_is_undone_leaves_no_entry(env, member):
    by = member(Role.ADMIN)
    with pytest.raises(RuntimeError), open_scope(environment_id=env.pk):
        audit(act="thing.changed", by=by.person)
        raise RuntimeError
    with open_scope(environment_id=env.pk):
        assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("sql", ["UPDATE ecosystem_auditentry SET act = ''", "DELETE FROM ecosystem_auditentry"])
def test_entries_stay_as_they_are(env, sql):
    with open_scope(environment_id=env.pk):
        entry = audit(act="thing.changed", by=None)
        with pytest.raises(TypeError):
            entry.save()
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
