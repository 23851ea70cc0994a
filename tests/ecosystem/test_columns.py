"""Columns are compared, resolved, joined and written as Django does it, whichever way they were made."""

from django.db import connection
from django.db.backends.postgresql import compiler, operations
from django.db.models.expressions import BaseExpression, Col, Expression

from ecosystem.models import Membership, Person
from ecosystem.postgresql.columns import identity_of_column

PERSON, ROLES = Membership._meta.get_field("person"), Membership._meta.get_field("roles")


class Other(Col):
    pass


def made() -> list[Col]:
    return [
        Col("a", PERSON),
        Col(None, ROLES),
        Col("b", PERSON, ROLES),
        Col("b", PERSON, None),
        Col("b", PERSON, output_field=ROLES),
        Col(alias="b", target=PERSON),
        Col("a", ROLES.base_field),  # a field of no model
        Other("a", PERSON),
    ]


def test_a_column_is_what_django_says_it_is():
    assert Col.identity.func is identity_of_column, "the application has begun"
    assert [column.identity for column in made()] == [Expression.identity.func(column) for column in made()]
    assert made() == made()
    assert [hash(column) for column in made()] == [hash(column) for column in made()]


def test_different_columns_stay_different():
    different = [Col("a", PERSON), Col("b", PERSON), Col("a", ROLES), Col("a", PERSON, ROLES), Other("a", PERSON)]
    assert len(set(different)) == len(different)
    assert Col("b", PERSON, ROLES) == Col("b", PERSON, output_field=ROLES)


def test_a_column_that_is_resolved_is_what_django_makes_of_it():
    for column in made():
        for how in ({}, {"summarize": True}, {"summarize": False}):
            ours, theirs = (
                column.resolve_expression(None, **how),
                BaseExpression.resolve_expression(column, None, **how),
            )
            assert (ours, ours.is_summary) == (theirs, theirs.is_summary)
        assert column.resolve_expression(None, True, None, True).is_summary
        assert not column.is_summary, "itself it stays as it was"


def test_columns_of_two_types_are_joined_with_a_cast():
    number, name, person = Person._meta.pk, Person._meta.get_field("name"), PERSON
    for one, another in ((person, number), (number, person), (number, name), (name, number), (person, name)):
        ours = connection.ops.prepare_join_on_clause("a", one, "b", another)
        assert ours == operations.DatabaseOperations.prepare_join_on_clause(connection.ops, "a", one, "b", another)
    assert "Cast" in repr(connection.ops.prepare_join_on_clause("a", number, "b", name))


def test_a_column_is_written_as_django_writes_it():
    query = Membership._base_manager.all().query
    ours, theirs = query.get_compiler(using="default"), compiler.SQLCompiler(query, connection, "default")
    assert type(ours) is not type(theirs)
    for column in made()[:-2]:
        assert ours.compile(column) == theirs.compile(column)
