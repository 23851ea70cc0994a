"""SQL is written to the letter as Django writes it, with the shorter ways of `ecosystem/postgresql` and without."""

import copy
import re
from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.postgresql import operations
from django.db.models import BooleanField, Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import BaseExpression, Col, CombinedExpression
from django.db.models.functions import Coalesce, Lower
from django.test.utils import CaptureQueriesContext

from assessments.models import Question
from courses.models import ActivityState, Enrolment
from ecosystem.models import Element, Group, Membership, Person, Role
from ecosystem.postgresql.columns import copy_of_expression
from ecosystem.postgresql.compiler import SQLCompiler
from ecosystem.postgresql.operations import DatabaseOperations
from handins.selectors.queue import in_turn, rounds_for
from records.models import Statement

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r"'2[0-9T:.+-]+'|IN \(\d+, \d+\)")  # moments and the numbers of new rows

ORDERED: dict[str, Callable[[], QuerySet]] = {
    "by a field": lambda: Membership.objects.order_by("-joined_at", "pk"),
    "by a field of a row that it points to": lambda: Membership.objects.select_related("person").order_by(
        "person__name"
    ),
    "as its model says": Group.objects.all,
    "backwards": lambda: Group.objects.order_by("name", "-pk").reverse(),
    "by a name given to an expression": lambda: Group.objects.annotate(low=Lower("name")).order_by("-low", "pk"),
    "by another field than the name given": lambda: Group.objects.annotate(low=Lower("name")).order_by("name"),
    "by an expression that is selected": lambda: Group.objects.annotate(low=Lower("name")).order_by(Lower("name")),
    "by an expression": lambda: Person.objects.order_by(Lower("email").desc(), F("last_login").asc(nulls_last=True)),
    "by chance": lambda: Group.objects.order_by("?"),
    "by values": lambda: Membership.objects.values("person__name", "pk").order_by("person__name"),
    "by values under names": lambda: Membership.objects.values(who=F("person__name")).order_by("who", "-pk"),
    "by values that are counted": lambda: (
        Membership.objects.values("roles").annotate(n=Count("pk")).order_by("-n", "roles")
    ),
    "apart": lambda: Membership.objects.order_by("person_id").distinct("person_id"),
    "apart, by what is not selected": lambda: Membership.objects.values("roles").order_by("person__name").distinct(),
    "put together": lambda: (
        Group.objects.values_list("pk", "name")
        .union(Group.objects.values_list("pk", "name"), all=True)
        .order_by("name")
    ),
    "put together, whole rows": lambda: Group.objects.order_by().union(Group.objects.order_by()).order_by("name"),
    "by SQL": lambda: Group.objects.extra(select={"one": "1"}, order_by=["-one", "name"]),
}
OTHERS: dict[str, Callable[[], QuerySet]] = {
    "joins": lambda: Enrolment.objects.select_related("person", "element__environment").filter(person__email="x"),
    "joins that may find nothing": lambda: Question.objects.filter(Q(source__title="x") | Q(objective=None)),
    "without": lambda: Element.objects.exclude(connections_in__source__title="x").filter(slug__in=["a", "b"], tags__overlap=["c"]),
    "inside": lambda: Element.objects.filter(pk__in=Enrolment.objects.filter(person_id=3).values("element_id")),
    "whether there is one": lambda: Element.objects.annotate(
        mine=Exists(Enrolment.objects.filter(element=OuterRef("pk"), person=OuterRef("owner")).order_by("pk"))
    ).filter(Q(mine=True) | ~Exists(Enrolment.objects.filter(element=OuterRef("pk")))),
    "cases": lambda: Group.objects.annotate(
        big=Case(When(name__gt="m", then=Value(True)), default=Value(False), output_field=BooleanField())
    ).filter(big=True),
    "counted and compared": lambda: Element.objects.annotate(n=Count("activities"), last=Max("activities__pk")).filter(n__gt=F("pk")),
    "part of a row": lambda: Person.objects.only("name").filter(name__icontains="a")[3:7],
    "part of a row that it points to": lambda: Membership.objects.select_related("person").only("person__name", "roles"),
    "all but a part": lambda: Person.objects.defer("picture", "places"),
    "reckoned": lambda: Element.objects.annotate(long=Coalesce(F("minutes"), 0) + 5).values_list("long", flat=True),
    "kept by month": lambda: Statement.objects.filter(person_id=3).order_by("-pk")[:5],
    "locked": lambda: ActivityState.objects.select_related("activity").select_for_update(of=("self",)).order_by("pk"),
}  # fmt: skip


@contextmanager
def as_django_writes(monkeypatch):
    """None of ours."""
    with monkeypatch.context() as patch:
        patch.setattr(DatabaseOperations, "compiler_module", operations.DatabaseOperations.compiler_module)
        patch.setattr(connection.ops, "_cache", None)
        patch.delattr(DatabaseOperations, "prepare_join_on_clause")
        patch.delattr(Col, "resolve_expression")
        patch.setattr(BaseExpression, "copy", copy.copy)
        yield


def written(queryset: QuerySet) -> tuple[str, tuple]:
    compiler = queryset.query.clone().get_compiler(using="default")
    return compiler.as_sql()


def compared(monkeypatch, make: Callable[[], QuerySet]) -> None:
    ours = written(make())
    with as_django_writes(monkeypatch):
        theirs = written(make())
        assert not isinstance(make().query.get_compiler(using="default"), SQLCompiler)
    assert ours == theirs


@pytest.mark.scoped
def test_every_kind_of_query_is_written_the_same(env, member, monkeypatch):
    assert isinstance(Group.objects.all().query.get_compiler(using="default"), SQLCompiler)
    for make in (ORDERED | OTHERS).values():
        compared(monkeypatch, make)
    marker = member(Role.ADMIN)
    compared(monkeypatch, lambda: in_turn(rounds_for(marker)))


@pytest.mark.scoped
def test_every_model_is_read_the_same(env, monkeypatch):
    """With all that it points to, in the order that it has."""
    for model in apps.get_models():
        one = model._default_manager
        compared(monkeypatch, lambda one=one: one.order_by("pk"))
        compared(monkeypatch, lambda one=one: one.select_related())
        points = [field.name for field in model._meta.fields if field.is_relation and not field.null]
        points += [there.name for there in model._meta.related_objects if there.one_to_one and not there.hidden]
        if points:
            compared(monkeypatch, lambda one=one, points=points: one.select_related(*points).order_by(*points))


@pytest.mark.scoped
def test_what_is_summed_and_changed_is_written_the_same(env, member, monkeypatch):
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            Membership.objects.filter(person__name="x").aggregate(n=Count("pk"), last=Max("joined_at"))
            Group.objects.annotate(n=Count("rows")).aggregate(most=Max("n"))
            Membership.objects.order_by("person__name").filter(roles__overlap=["author"]).count()
            Element.objects.filter(owner__email="x").exists()
            Element.objects.filter(owner__email="x").update(title=Lower("title"), minutes=F("minutes") + 1)
            Group.objects.filter(name__in=Person.objects.values("name")).delete()
            Group.objects.bulk_create([Group(environment=env, name=name) for name in "ab"])
            Group.objects.filter(name__in="ab").delete()
        return [CHANGING.sub("?", query["sql"]) for query in queries if "SAVEPOINT" not in query["sql"]]

    ours = asked()
    with as_django_writes(monkeypatch):
        assert asked() == ours


def test_a_copy_is_a_copy():
    for one in (F("a") + 1, Lower("a"), Value(3), Count("a", filter=Q(b=1)), Case(When(a=1, then=2), default=F("c"))):
        ours, theirs = copy_of_expression(one), copy.copy(one)
        assert type(ours) is type(theirs)
        assert ours.__dict__ == theirs.__dict__
        assert ours.__dict__ is not one.__dict__
    whole = CombinedExpression(F("a"), "+", Value(1))
    assert whole.copy() == whole
