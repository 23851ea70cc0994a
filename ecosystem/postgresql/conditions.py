"""Conditions on a model's own columns, without what Django looks up for each anew.

For ``filter(person_id=3, ended_at=None)`` it looks for each name among fields and lookups twice, joins the row that a key
points to and takes the join away again. What a name means is the same for each query of a model, so it is asked once;
everything that is not a plain value of an own column is left to Django.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import FieldError
from django.db.models import Model
from django.db.models.sql.constants import INNER
from django.db.models.sql.datastructures import MultiJoin
from django.db.models.sql.query import Query
from django.db.models.sql.where import AND, WhereNode

PLAIN = frozenset({int, str, bool, type(None), UUID, datetime, date, time, timedelta, Decimal, float})
LISTS = (list, tuple, set, frozenset)


class _Meaning(NamedTuple):
    """What a name in a condition means."""

    target: Any  # the column
    field: Any  # its field, or the key that points to it
    lookups: list[str]
    options: Any  # of the model that it belongs or points to
    hop: Any  # to where a key points


def build_filter(
    query: Any,
    filter_expr: Any,
    branch_negated: bool = False,  # noqa: FBT001, FBT002 -- as Django's
    current_negated: bool = False,  # noqa: FBT001, FBT002
    can_reuse: set[str] | None = None,
    *how: Any,
    **named: Any,
) -> tuple[Any, Any]:
    """In place of ``Query.build_filter``: the condition, and the joins that must find a row for it to hold."""
    meaning = None
    if type(filter_expr) is tuple and not (current_negated or query.annotations or query._filtered_relations):  # noqa: SLF001
        name, value = filter_expr
        if query.model is not None and _is_plain(value):
            meaning = _meaning(query.model, name)
    if meaning is None:
        return django_build_filter(query, filter_expr, branch_negated, current_negated, can_reuse, *how, **named)
    target, field, lookups, options, hop = meaning
    alias = query.get_initial_alias()
    joins, needed = [alias], set()
    if hop is not None:  # it has no part in the SQL, but in the names of later joins to that table
        key = hop.join_field
        to = query.join(query.join_class(hop.to_opts.db_table, alias, None, INNER, key, query.is_nullable(key)))
        joins, needed = [alias, to], {to}
        if isinstance(value, Model):
            query.check_related_objects(field, value, options)
        query.unref_alias(to)
    query._lookup_joins = joins  # noqa: SLF001 -- as Django notes them
    if can_reuse is not None:
        can_reuse.add(alias)
    condition = query.build_lookup(lookups, query._get_col(target, field, alias), value)  # noqa: SLF001
    may_find_none = condition.lookup_name == "isnull" and condition.rhs is True
    return WhereNode([condition], connector=AND), () if may_find_none else needed


django_build_filter = Query.build_filter


def _is_plain(value: Any) -> bool:
    kind = type(value)
    return kind in PLAIN or isinstance(value, Model) or (kind in LISTS and all(type(one) in PLAIN for one in value))


@lru_cache(maxsize=5000)
def _meaning(model: Any, name: str) -> _Meaning | None:
    """What Django makes of the name; None where it is more than an own column and how that is compared."""
    scratch = Query(model)
    try:
        lookups, parts, _ = scratch.solve_lookup_type(name)
        if len(parts) != 1 or len(lookups) > 1:
            return None
        base = scratch.get_initial_alias()
        found = scratch.setup_joins(parts, model._meta, base, allow_many=False)
    except (FieldError, MultiJoin):
        return None
    targets, _, joins = scratch.trim_joins(found.targets, found.joins, found.path)
    hops = found.path
    if len(targets) != 1 or joins != [base] or len(hops) > 1 or any(hop.m2m or not hop.direct for hop in hops):
        return None
    if not targets[0].get_col(base, found.final_field).get_lookup((lookups or ["exact"])[0]):
        return None  # something that is made of the column first
    return _Meaning(targets[0], found.final_field, lookups, found.opts, hops[0] if hops else None)


def conditions_by_hand() -> None:
    """Once per process."""
    Query.build_filter = build_filter
