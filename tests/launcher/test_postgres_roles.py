"""A real PostgreSQL of its own: started by the launcher, given its roles twice by it, and once by the compose file's script."""

import os
import shutil
import subprocess
from pathlib import Path

import psycopg2
import pytest

from launcher.database_address import with_database
from launcher.leftovers import Ledger
from launcher.places import Places
from launcher.postgres import require_same_version, server_programs, start_postgres
from launcher.roles import RolePasswords, prepare_cluster
from launcher.servers import role_addresses
from launcher.supervisor import Supervisor
from launcher.terminal import LauncherError

ROOT = Path(__file__).resolve().parents[2]
PASSWORDS = RolePasswords(owner="owner's", app="app", ops="ops")

pytestmark = pytest.mark.xdist_group("launcher-postgres")


@pytest.fixture(scope="module")
def server():
    """Beside the state of this test run: as root, that is where the database account can enter."""
    state = Path(os.environ["GROVE_STATE"]) / f"launcher-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    places = Places(checkout=ROOT, state=state, is_root=os.geteuid() == 0)
    places.make_state()
    instance = places.instance("own")
    ledger = Ledger(instance.folder / "processes.json")
    ledger.stop_leftovers()
    shutil.rmtree(instance.folder / "postgres", ignore_errors=True)
    supervisor = Supervisor(ledger)
    try:
        admin_url = start_postgres(places, instance, supervisor, for_tests=True)
        for _ in range(2):
            prepare_cluster(places, admin_url=admin_url, passwords=PASSWORDS, log=instance.logs / "database.log")
        yield places, instance, admin_url
    finally:
        supervisor.stop()


@pytest.fixture(scope="module")
def addresses(server):
    return role_addresses(with_database(server[2], "grove"), PASSWORDS)


def ask(url, *statements):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def test_the_roles_may_what_they_should(addresses):
    rows = ask(
        addresses.admin,
        "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles "
        "WHERE rolname LIKE 'grove%' ORDER BY 1",
    )
    assert rows == [
        ("grove_app", True, False, False, False, False),
        ("grove_ops", True, False, True, False, False),
        ("grove_owner", True, False, False, True, False),
        ("grove_self", False, False, False, False, False),
        ("grove_system", False, False, False, False, False),
    ]


def test_the_runtime_role_may_become_the_other_two_and_inherits_nothing(addresses):
    rows = ask(
        addresses.admin,
        "SELECT roleid::regrole::text, inherit_option, set_option, admin_option FROM pg_auth_members "
        "WHERE member = 'grove_app'::regrole ORDER BY 1",
    )
    assert rows == [("grove_self", False, True, False), ("grove_system", False, True, False)]


def test_a_table_of_the_owner_is_usable_by_the_runtime_role_only(addresses):
    ask(addresses.owner, "CREATE TABLE leaf (id bigserial PRIMARY KEY, name text)")
    assert ask(addresses.app, "INSERT INTO leaf (name) VALUES ('oak') RETURNING id") == [(1,)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(addresses.app, "DROP TABLE leaf")
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(addresses.app, "TRUNCATE leaf")
    for role in ("grove_self", "grove_system"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(addresses.app, f"SET LOCAL ROLE {role}", "SELECT * FROM leaf")
    ops = addresses.app.replace("grove_app:app", "grove_ops:ops")
    assert ask(ops, "SELECT name FROM leaf") == [("oak",)]
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(ops, "DELETE FROM leaf")


def test_a_new_database_has_the_same(addresses):
    connection = psycopg2.connect(addresses.owner)
    connection.autocommit = True
    connection.cursor().execute("CREATE DATABASE another")
    connection.close()
    ask(with_database(addresses.owner, "another"), "CREATE TABLE leaf (name text)")
    assert ask(with_database(addresses.app, "another"), "SELECT unaccent('é'), 'oak' % 'oak', count(*) FROM leaf") == [
        ("e", True, 0)
    ]


def test_names_sort_by_code_point(addresses):
    assert ask(addresses.app, "SELECT string_agg(n, '' ORDER BY n) FROM unnest('{é,a,Z,B}'::text[]) n") == [("BZaé",)]


def test_the_script_of_the_compose_file_does_the_same(server):
    places, _, admin_url = server
    connection = psycopg2.connect(admin_url)
    port, password = connection.info.port, connection.info.password
    connection.close()
    environ = {
        "PATH": f"{server_programs(places)}:{os.environ['PATH']}",
        "PGHOST": "127.0.0.1", "PGPORT": str(port), "PGPASSWORD": password,
        "GROVE_SQL": str(ROOT / "deploy/postgres"),
        "GROVE_OWNER_PASSWORD": "new owner's", "GROVE_APP_PASSWORD": "new", "GROVE_OPS_PASSWORD": "new",
    }  # fmt: skip
    for _ in range(2):
        done = subprocess.run(
            [ROOT / "deploy/postgres/init.sh"], env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    changed = RolePasswords(owner="new owner's", app="new", ops="new")
    assert ask(role_addresses(with_database(admin_url, "grove"), changed).owner, "SELECT current_user") == [
        ("grove_owner",)
    ]
    prepare_cluster(places, admin_url=admin_url, passwords=PASSWORDS, log=server[1].logs / "database.log")


def test_data_of_another_version_is_left_alone(server, tmp_path):
    places, instance, _ = server
    (tmp_path / "PG_VERSION").write_text("12\n")
    with pytest.raises(LauncherError, match="made by PostgreSQL 12"):
        require_same_version(server_programs(places), tmp_path, instance)
