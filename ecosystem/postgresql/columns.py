"""What Django does with columns and other expressions for every query, without its detours.

- It may put each selected column into a dictionary, and works out what it is by binding the arguments of its constructor to
  their signature.
- It copies expressions by what Python has for pickling.
- It resolves the columns of a condition, which are resolved, once more for each SQL: another copy each.

Together a twentieth of all the time of this application.
"""

from typing import Any

from django.db.models.expressions import BaseExpression, Col, Expression
from django.utils.functional import cached_property


def identity_of_column(column: Any) -> tuple[Any, ...]:
    """The same as Django's, for the way in which Django itself makes columns; any other is left to it."""
    args, kwargs = column._constructor_args  # noqa: SLF001 -- as Expression.identity does
    if type(column) is not Col or len(args) < 2 or kwargs:
        return Expression.identity.func(column)
    of = column._identity  # noqa: SLF001
    field = of(args[2]) if len(args) == 3 else None
    return Col, ("alias", args[0]), ("target", of(args[1])), ("output_field", field)


def copy_of_expression(expression: Any) -> Any:
    """What ``copy.copy`` makes of it."""
    clone = object.__new__(type(expression))
    clone.__dict__ = expression.__getstate__()
    return clone


def resolved_column(column: Any, query: Any = None, *how: Any, **named: Any) -> Any:
    """There is nothing in a column to resolve, and nobody changes one that is made."""
    summarize = (
        how[2] if len(how) > 2 else named.get("summarize", False)
    )  # as BaseExpression.resolve_expression names them
    if type(column) is Col and column.is_summary == summarize:
        return column
    return BaseExpression.resolve_expression(column, query, *how, **named)


def columns_by_hand() -> None:
    """Once per process."""
    BaseExpression.copy = copy_of_expression
    Col.resolve_expression = resolved_column
    Col.identity = cached_property(identity_of_column)
    Col.identity.__set_name__(Col, "identity")
