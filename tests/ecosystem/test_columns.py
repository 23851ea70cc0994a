"""Columns are compared as Django compares them, whichever way they were made."""

from django.db.models.expressions import Col, Expression

from ecosystem.models import Membership
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
