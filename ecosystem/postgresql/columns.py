"""What a column is compared by, found without ``inspect``.

For every ordered query Django 5.2 puts each selected column into a dictionary, and works out what it is by binding the
arguments of its constructor to their signature: four hundredths of all the time of this application.
"""

from typing import Any

from django.db.models.expressions import Col, Expression
from django.utils.functional import cached_property


def identity_of_column(column: Any) -> tuple[Any, ...]:
    """The same as Django's, for the way in which Django itself makes columns; any other is left to it."""
    args, kwargs = column._constructor_args  # noqa: SLF001 -- as Expression.identity does
    if type(column) is not Col or len(args) < 2 or kwargs:
        return Expression.identity.func(column)
    of = column._identity  # noqa: SLF001
    field = of(args[2]) if len(args) == 3 else None
    return Col, ("alias", args[0]), ("target", of(args[1])), ("output_field", field)


def columns_by_hand() -> None:
    """Once per process."""
    Col.identity = cached_property(identity_of_column)
    Col.identity.__set_name__(Col, "identity")
