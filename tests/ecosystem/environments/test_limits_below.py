"""A limit binds an environment together with everything below it, whoever fills it, and however many come at once."""

import threading

import pytest
from django.db import connection, connections

from ecosystem.exceptions import EcosystemError
from ecosystem.limits import bytes_in, people_in
from ecosystem.models import Environment, Membership, Role
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.memberships import members_end
from ecosystem.services.people import member_add
from ecosystem.services.settings import setting_save
from ecosystem.services.storage import MB, file_store
from ecosystem.services.subenvironments import environment_archive, environment_restore
from ecosystem.setting_tree import Own
from tests import databases


@pytest.fixture
def tree(db, env, make_environment):
    left = make_environment("left", parent=env)
    return {
        "env": env,
        "left": left,
        "leaf": make_environment("leaf", parent=left),
        "right": make_environment("right", parent=env),
    }


@pytest.fixture
def boss(env, member):
    return member(Role.ADMIN, email="boss@example.org")


@pytest.fixture
def limit(member, boss):
    """As the administrator of the root, also where they are a guest."""

    def give(environment: Environment, key: str, most: int, *, locked: bool = False) -> None:
        by = boss
        if environment.pk != boss.environment_id:
            by = member(Role.ADMIN, environment=environment, email="boss@example.org")
        with open_scope(environment_id=environment.pk, person_id=boss.person_id):
            setting_save(key=key, own=Own(most, locked), by=by)

    return give


def add(environment: Environment, email: str) -> Membership:
    with open_scope(environment_id=environment.pk):
        return member_add(email=email, name="Somebody")


def people(environment: Environment) -> int:
    with open_scope(environment_id=environment.pk):
        return people_in(environment.pk)


def test_people_below_count_each_once(tree, limit, other, member):
    limit(tree["env"], "people_limit", 3)
    add(tree["leaf"], "one@example.org")
    add(tree["right"], "two@example.org")
    for place in ("left", "leaf", "env"):  # known already: no new place
        add(tree[place], "two@example.org")
    for place in tree.values():
        with pytest.raises(EcosystemError, match="All 3 places"):
            add(place, "three@example.org")
    assert people(tree["env"]) == 3
    add(other, "three@example.org")
    with open_scope(environment_id=tree["leaf"].pk):
        boss = member(Role.ADMIN, environment=tree["leaf"], email="two@example.org")
        members_end(memberships=[Membership.objects.get(person__email="one@example.org")], by=boss)
    add(tree["right"], "three@example.org")


def test_a_limit_below_divides_and_sheds_nothing(tree, limit):
    limit(tree["left"], "people_limit", 100)  # boss is there now
    limit(tree["env"], "people_limit", 2)
    add(tree["leaf"], "one@example.org")
    with pytest.raises(EcosystemError, match="All 2 places of Alpha"):
        add(tree["leaf"], "two@example.org")
    limit(tree["env"], "people_limit", 10)
    limit(tree["left"], "people_limit", 2)
    with pytest.raises(EcosystemError, match="All 2 places of Left"):
        add(tree["leaf"], "two@example.org")
    add(tree["right"], "two@example.org")
    limit(tree["env"], "people_limit", 10, locked=True)  # what holds above holds below, whatever that has of its own
    add(tree["leaf"], "three@example.org")


def test_files_below_count(tree, limit):
    limit(tree["env"], "storage_limit", 1)
    with open_scope(environment_id=tree["leaf"].pk):
        file_store(path="tests/limits/leaf.bin", content=b"x" * (MB - 10))
    with open_scope(environment_id=tree["right"].pk):
        with pytest.raises(EcosystemError, match="Alpha and what is below it use"):
            file_store(path="tests/limits/over.bin", content=b"x" * 11)
        file_store(path="tests/limits/fits.bin", content=b"x" * 10)
    with open_scope(environment_id=tree["env"].pk):
        with pytest.raises(EcosystemError, match="no room"):
            file_store(path="tests/limits/root.bin", content=b"x")
        assert bytes_in(tree["env"].pk) == MB


def test_archived_people_take_no_place_until_they_come_back(tree, limit, boss):
    limit(tree["env"], "people_limit", 2)
    add(tree["right"], "one@example.org")
    with open_scope(environment_id=tree["env"].pk, person_id=boss.person_id):
        environment_archive(environment=tree["right"], by=boss)
    add(tree["left"], "two@example.org")
    with open_scope(environment_id=tree["env"].pk, person_id=boss.person_id):
        with pytest.raises(EcosystemError, match="All 2 places of Alpha"):
            environment_restore(environment=tree["right"], by=boss)
        assert Environment.objects.get(pk=tree["right"].pk).archived_at is not None


@pytest.mark.parametrize("limited", [True, False])
def test_who_come_at_once_in_different_environments_pass_one_after_the_other(own_database, limited):
    """Memberships are slow to come. Control: without the limit all of them come in, in the same moment."""
    with databases.admin(connection.settings_dict["NAME"]) as cursor:
        cursor.execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END'"
        )
        cursor.execute("CREATE TRIGGER slow AFTER INSERT ON ecosystem_membership FOR EACH ROW EXECUTE FUNCTION slow()")
    root = environment_create(slug="root", name="Root", hosts=[])
    below = [environment_create(slug=f"below{n}", name="Below", hosts=[], parent=root) for n in range(4)]
    with open_scope(environment_id=root.pk):
        admin = member_add(email="admin@example.org", name="Admin", roles=[Role.ADMIN])
        if limited:
            setting_save(key="people_limit", own=Own(3), by=admin)
    came: list[str] = []
    start = threading.Barrier(len(below))

    def come(place: Environment) -> None:
        try:
            start.wait(10)
            add(place, f"{place.slug}@example.org")
            came.append("in")
        except EcosystemError:
            came.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=[place]) for place in below]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came) == (["in", "in", "refused", "refused"] if limited else ["in"] * 4)
    assert people(root) == (3 if limited else 5)
