"""SQL is written to the letter as Django writes it, with the shorter ways of `ecosystem/postgresql` and without."""

import copy
import re
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.backends.postgresql import operations
from django.db.models import BooleanField, Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import BaseExpression, Col, CombinedExpression
from django.db.models.functions import Coalesce, Lower
from django.db.models.signals import post_init, pre_init
from django.db.models.sql.query import Query
from django.test.utils import CaptureQueriesContext
from timezone_field import TimeZoneField

from assessments.models import Question
from courses.models import ActivityState, Enrolment
from ecosystem.models import Element, Group, Membership, Person, Role
from ecosystem.postgresql.columns import copy_of_expression
from ecosystem.postgresql.compiler import SQLCompiler
from ecosystem.postgresql.conditions import django_build_filter
from ecosystem.postgresql.operations import DatabaseOperations
from ecosystem.postgresql.rows import django_from_db
from handins.selectors.queue import in_turn, rounds_for
from records.models import Statement

pytestmark = pytest.mark.django_db
CHANGING = re.compile(r"'2[0-9T:.+-]+'|IN \(\d+, \d+\)")  # moments and the numbers of new rows
MOMENT = datetime(2026, 5, 4, 3, 2, tzinfo=UTC)

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
CONDITIONS: dict[str, Callable[[], QuerySet]] = {
    "values of all kinds": lambda: Element.objects.filter(
        pk=3, slug="a", minutes=None, tags__contains=["x"], created_at__lte=MOMENT, uid=UUID(int=7)
    ),
    "truth": lambda: Person.objects.filter(is_active=True).filter(Q(is_active=False)),
    "lists": lambda: Element.objects.filter(pk__in=[1, 2], owner__in=(3, 4), slug__in={"a"}),
    "nothing": lambda: Element.objects.filter(owner=None, minutes__isnull=False, cover__isnull=True),
    "a key by number": lambda: Element.objects.filter(owner_id=3, owner__pk=4, owner__id__in=[5]),
    "a key by row": lambda: Element.objects.filter(owner=Person(pk=3), owner__in=[Person(pk=4)]),
    "a key and then its row": lambda: Element.objects.filter(owner_id=3).filter(owner__email="x").select_related("owner"),
    "a key that may be empty, and then its row": lambda: Question.objects.filter(objective_id=3).select_related("objective"),
    "its row, and then the key": lambda: Element.objects.select_related("owner").filter(owner__email="x", owner_id=3),
    "two keys to one table": lambda: Enrolment.objects.filter(person_id=3, mentor_id=4, mentor__name="x", person__name="y"),
    "either": lambda: Element.objects.filter(Q(owner_id=3) | Q(owner__email="x") | Q(minutes=None)),
    "either, and its row": lambda: Element.objects.filter(Q(owner=3) | Q(slug="a")).select_related("owner"),
    "not": lambda: Element.objects.exclude(owner_id=3).exclude(slug="a", minutes=None).filter(~Q(~Q(kind="x"))),
    "what many point to": lambda: Element.objects.filter(activities=3).exclude(activities__pk=4),
    "parts of a moment": lambda: Element.objects.filter(created_at__year=2026, created_at__date__gte=MOMENT.date()),
    "another's column": lambda: Element.objects.filter(owner_id=F("pk"), minutes__gt=F("minutes") + 1),
    "a name that was given": lambda: Group.objects.annotate(low=Lower("name")).filter(low="a", name="b"),
    "inside of another": lambda: Element.objects.filter(
        Exists(Enrolment.objects.filter(element=OuterRef("pk"), person_id=3, mentor=None))
    ),
    "parts of texts": lambda: Person.objects.filter(name__icontains="a%_", email__iexact="X", language__startswith="n"),
    "large numbers": lambda: Element.objects.filter(pk=2**63 - 1, owner_id=2**40),
    "from one to another": lambda: Element.objects.filter(minutes__range=(1, 2)).filter(minutes__lt=3.5),
}  # fmt: skip
REFUSED: dict[str, Callable[[], QuerySet]] = {
    "no such name": lambda: Element.objects.filter(nonsense=3),
    "no such comparison": lambda: Element.objects.filter(slug__nonsense=3),
    "a row of another kind": lambda: Element.objects.filter(owner=Group(pk=3)),
    "a number that no row has": lambda: Question.objects.filter(newest=2**31),
    "no number": lambda: Element.objects.filter(pk="x"),
    "nothing where something must be": lambda: Element.objects.filter(minutes__gt=None),
    "more than a row is": lambda: Element.objects.filter(slug__owner=3),
}


@contextmanager
def as_django_writes(monkeypatch):
    """None of ours."""
    with monkeypatch.context() as patch:
        patch.setattr(DatabaseOperations, "compiler_module", operations.DatabaseOperations.compiler_module)
        patch.setattr(connection.ops, "_cache", None)
        patch.delattr(DatabaseOperations, "prepare_join_on_clause")
        patch.delattr(Col, "resolve_expression")
        patch.setattr(BaseExpression, "copy", copy.copy)
        patch.setattr(Query, "build_filter", django_build_filter)
        yield


def written(queryset: QuerySet) -> tuple[str, tuple]:
    sql, params = queryset.query.clone().get_compiler(using="default").as_sql()
    return sql, tuple(getattr(one, "adapted", one) for one in params)  # JSON is in a wrapper of its own


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
def test_conditions_are_written_the_same(env, monkeypatch):
    for make in CONDITIONS.values():
        compared(monkeypatch, make)


@pytest.mark.scoped
@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
def test_what_django_refuses_is_refused(env, monkeypatch, make):
    with pytest.raises(Exception) as ours:  # noqa: PT011 -- the very one
        written(make())
    with as_django_writes(monkeypatch), pytest.raises(type(ours.value), match=f"^{re.escape(str(ours.value))}$"):
        written(make())


@pytest.mark.scoped
def test_every_model_is_asked_by_each_of_its_columns_the_same(env, monkeypatch):
    """Empty, filled, and what a key points to beside the key."""
    for model in apps.get_models():
        one, fields = model._default_manager, model._meta.concrete_fields
        for told in (
            {field.attname: None for field in fields} | {f"{field.name}__isnull": False for field in fields},
            {f"{field.name}__pk": None for field in fields if field.is_relation},
        ):
            compared(monkeypatch, lambda one=one, told=told: one.filter(**told))


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


@pytest.mark.scoped
def test_new_rows_are_written_the_same(env, monkeypatch):
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            person = Person.objects.create(pk=900, email="ada@example.org", name="Ada", places=2)
            Membership.objects.create(environment=env, person=person, roles=["author", "learner"])
            Group.objects.bulk_create([Group(environment=env, name="one")])
            Group.objects.bulk_create([Group(environment=env, name="one")], ignore_conflicts=True)
            Group(environment=env, name=Lower(Value("TWO"))).save(force_insert=True)
            Group.objects.get_or_create(name="three", defaults={"environment": env})
            transaction.set_rollback(True)
        return [CHANGING.sub("?", query["sql"]) for query in queries if "SAVEPOINT" not in query["sql"]]

    ours = asked()
    assert len([one for one in ours if one.startswith("INSERT")]) >= 6
    with as_django_writes(monkeypatch):
        assert asked() == ours


def test_a_row_becomes_the_same_object():
    """Of every model, with some of its fields and with all."""
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        names = [field.attname for field in fields]
        for count in {len(names), len(names) - 1}:
            zones = [isinstance(field, TimeZoneField) for field in fields[:count]]
            values = ["UTC" if zone else f"value {place}" for place, zone in enumerate(zones)]
            ours = model.from_db("default", names[:count], values)
            theirs = django_from_db.__get__(None, model)("default", names[:count], values)
            assert type(ours) is type(theirs) is model
            states = [row.__dict__.pop("_state") for row in (ours, theirs)]
            assert [(state.adding, state.db, state.fields_cache) for state in states] == [(False, "default", {})] * 2
            assert ours.__dict__ == theirs.__dict__


@pytest.mark.parametrize("signal", [pre_init, post_init])
def test_whoever_waits_for_objects_is_told(signal):
    told = []

    def hear(sender, **facts):
        told.append(sender)

    signal.connect(hear, sender=Group)
    try:
        Group.from_db("default", [], [None] * len(Group._meta.concrete_fields))
    finally:
        signal.disconnect(hear, sender=Group)
    assert told == [Group]


@pytest.mark.scoped
def test_what_was_fetched_with_a_row_stays_whole(env, member):
    """Its conditions are put into a copy, where those of a model's own manager need none."""
    member("learner"), member("author")
    everybody = Membership.objects.filter(ended_at=None)
    assert everybody.filter(roles__contains=["author"]).count() == 1
    assert everybody.count() == 2
    (person,) = Person.objects.filter(memberships__roles__contains=["author"]).prefetch_related("memberships")
    assert not person.memberships.filter(pk=-1).exists()
    assert [row.person for row in person.memberships.all()] == [person]


def test_a_copy_is_a_copy():
    for one in (F("a") + 1, Lower("a"), Value(3), Count("a", filter=Q(b=1)), Case(When(a=1, then=2), default=F("c"))):
        ours, theirs = copy_of_expression(one), copy.copy(one)
        assert type(ours) is type(theirs)
        assert ours.__dict__ == theirs.__dict__
        assert ours.__dict__ is not one.__dict__
    whole = CombinedExpression(F("a"), "+", Value(1))
    assert whole.copy() == whole
