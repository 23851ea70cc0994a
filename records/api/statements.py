"""Learning records for other software; reading only."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin

from ecosystem.models import Person
from ecosystem.registry import scores_withheld
from ecosystem.rules import is_member
from ecosystem.spans import RESULTS, span_of
from records.models import Statement


class ActorSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["name", "email"]
        read_only_fields = fields


def withheld_from(reader: int, statements: Iterable[Statement]) -> frozenset[int]:
    """The elements whose scores the reader may not see now in statements about themselves."""
    own = {one.element_id for one in statements if one.person_id == reader and one.scaled is not None}
    return scores_withheld(person_id=reader, element_ids=own - {None})


class StatementsSerializer(serializers.ListSerializer[Statement]):
    """Asks once for all of them which scores are withheld."""

    def to_representation(self, data: Any) -> list[Any]:
        rows = list(data)
        self.context["withheld"] = withheld_from(self.context["request"].user.pk, rows)
        found: list[Any] = super().to_representation(rows)
        return found


class StatementSerializer(serializers.ModelSerializer[Statement]):
    actor = ActorSerializer(source="person", read_only=True, allow_null=True)
    element = serializers.SlugField(source="element.slug", read_only=True, allow_null=True, default=None)
    kind = serializers.CharField(source="element.kind", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Statement
        list_serializer_class = StatementsSerializer
        fields = ["id", "actor", "verb", "element", "kind", "result", "context", "occurred_at", "stored_at"]
        read_only_fields = fields

    def to_representation(self, instance: Statement) -> dict[str, Any]:
        found: dict[str, Any] = super().to_representation(instance)
        hidden = instance.element_id in self.context["withheld"]
        if hidden and instance.person_id == self.context["request"].user.pk:
            found["result"] = {key: value for key, value in found["result"].items() if key != "scaled"}
        return found


class StatementFilter(django_filters.FilterSet):
    verb = django_filters.CharFilter()
    element = django_filters.CharFilter(field_name="element__slug", label="Slug of the element it is about.")
    person = django_filters.CharFilter(field_name="person__email", lookup_expr="iexact", label="E-mail address.")
    since = django_filters.IsoDateTimeFilter(field_name="stored_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="stored_at", lookup_expr="lt")

    class Meta:
        model = Statement
        fields: list[str] = []


class StatementViewSet(ListModelMixin, viewsets.GenericViewSet[Statement]):
    """What happened, newest first: one's own, and that of the people, courses and groups whose results one may see.

    A score that the person themselves may not see yet is not in ``result``.
    """

    rule = staticmethod(is_member)
    area = "records"
    serializer_class = StatementSerializer
    queryset = Statement.objects.select_related("person", "element")
    filterset_class = StatementFilter
    ordering = ("-stored_at", "-id")

    def get_queryset(self) -> QuerySet[Statement]:
        statements, membership = super().get_queryset(), self.request._request.membership
        return statements.filter(Q(person_id=membership.person_id) | span_of(membership, *RESULTS).of_work())
