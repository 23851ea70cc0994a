"""An environment goes for good: every row in every table, its files and its people, and nothing of its neighbour."""

import pytest
from django.core.files.storage import default_storage

from ecosystem.hosts import environment_for_host
from ecosystem.models import AuditEntry, Environment, EnvironmentAncestor, Membership, Person, Role, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services.environment_exports import environment_export_ask, environment_exports_run_due
from ecosystem.services.environment_removal import environment_remove, environments_remove_due
from tests.cast import People, environment
from tests.ecosystem.environments.removing import counted, planned
from tests.guards.cross_arena import arena_with_files
from tests.guards.scene import Scene, scene_make
from tests.guards.twins import Twin


@pytest.fixture
def scene(django_db_setup, django_db_blocker, tmp_path):
    """Two environments with one of everything: the one that goes, and its neighbour. All of it commits."""
    with django_db_blocker.unblock(), arena_with_files(scene_make, tmp_path) as found:
        yield found


def under_one(scene: Scene) -> Environment:
    """Both come to lie below a new environment."""
    above = environment("above")
    for twin in (scene.attacker, scene.victim):
        Environment.objects.filter(pk=twin.environment.pk).update(parent=above)
        twin.environment.refresh_from_db()
        for slug, depth in ((twin.environment.slug, 1), (twin.below, 2)):
            row = Environment.objects.get(slug=slug)
            EnvironmentAncestor.objects.create(environment=row, ancestor=above, depth=depth)
    return above


def files_of(twin: Twin) -> list[str]:
    with open_scope(environment_id=twin.environment.pk):
        return list(StoredFile.objects.values_list("path", flat=True))


def test_nothing_remains_and_the_neighbour_keeps_everything(scene):
    going, staying = scene.attacker, scene.victim
    above, pk = under_one(scene), going.environment.pk
    member = People(above)
    boss = member(Role.ADMIN)
    both = member(environment=staying.environment, email="learner.ours@example.org")  # a learner of both
    with open_scope(environment_id=above.pk, person_id=boss.person_id):
        environment_export_ask(environment=going.environment, by=boss)
    environment_exports_run_due()
    before, neighbour = counted(pk), counted(staying.environment.pk)
    assert len(before) > 60
    empty = {name for name, count in before.items() if not count}
    assert empty == set(), "say in the scene what these tables hold"
    paths, theirs = files_of(going), files_of(staying)
    gone_people = [row.person_id for role, row in going.people.items() if role != "learner"]
    planned(Environment.objects.get(slug=going.below), boss)
    assert environments_remove_due() == 1
    planned(going.environment, boss)
    assert environments_remove_due() == 1
    assert environment_remove(environment_id=pk) is False
    assert {name: count for name, count in counted(pk).items() if count} == {}
    assert not Environment.objects.filter(pk=pk).exists()
    assert counted(staying.environment.pk) == neighbour
    assert len(paths) > 2
    assert not any(default_storage.exists(path) for path in paths)
    assert all(default_storage.exists(path) for path in theirs)
    assert Person.objects.get(pk=both.person_id).email == "learner.ours@example.org"
    assert Person.objects.filter(email="both@example.org").exists()
    assert all(row.email.endswith("@erased.invalid") for row in Person.objects.filter(pk__in=gone_people))
    with open_scope(environment_id=above.pk):
        (tomb,) = AuditEntry.objects.filter(act="environment.removed", object_id=str(pk))
        assert tomb.object_name == going.environment.name
        assert tomb.before["members"] == before[Membership._meta.db_table] == len(going.people) + 1
        assert tomb.before["rows"] >= sum(before.values()) - 100
        assert not AuditEntry.objects.filter(environment_id=pk).exists()
    assert environment_for_host(going.host) is None
