"""What DATABASE_URL and its two companions mean."""

import pytest

from launcher.database_address import DatabaseAddresses, given_addresses, with_database, with_user, without_password
from launcher.managing import psql_variables
from launcher.roles import quote_literal
from launcher.terminal import LauncherError

ADMIN = "postgres://admin:s3cret@db.example.org:6432/grove?sslmode=require"


def test_another_user_on_the_same_server():
    assert with_user(ADMIN, user="grove_app", password="p@ss/word") == (
        "postgres://grove_app:p%40ss%2Fword@db.example.org:6432/grove?sslmode=require"
    )


def test_a_user_where_there_was_none():
    assert (
        with_user("postgres://127.0.0.1:5432/postgres", user="a", password="b")
        == "postgres://a:b@127.0.0.1:5432/postgres"
    )


def test_another_database_on_the_same_server():
    assert with_database(ADMIN, "template1").endswith("@db.example.org:6432/template1?sslmode=require")


def test_no_password_is_ever_shown():
    assert without_password(ADMIN) == "postgres://admin@db.example.org:6432/grove?sslmode=require"


@pytest.mark.parametrize("environ", [{}, {"DATABASE_URL": ADMIN}])
def test_the_launcher_makes_the_roles_unless_both_addresses_are_given(environ):
    assert given_addresses(environ) is None


def test_both_addresses_are_used_as_they_are():
    given = {"DATABASE_URL": "postgres://a@h/d", "DATABASE_OWNER_URL": "postgres://o@h/d"}
    assert given_addresses(given) == DatabaseAddresses(app="postgres://a@h/d", owner="postgres://o@h/d", admin=None)


def test_an_owner_alone_is_refused():
    with pytest.raises(LauncherError, match="set both, or neither"):
        given_addresses({"DATABASE_OWNER_URL": "postgres://o@h/d"})


def test_psql_gets_its_password_by_the_environment():
    assert psql_variables(with_user(ADMIN, user="o", password="p@s")) == {
        "PGHOST": "db.example.org", "PGPORT": "6432", "PGUSER": "o", "PGPASSWORD": "p@s", "PGDATABASE": "grove",
    }  # fmt: skip


def test_a_quote_in_a_password_does_not_end_the_literal():
    assert quote_literal("it's") == "'it''s'"
