"""Learning records for other software; reading only."""

import django_filters
from django.db.models import Q, QuerySet
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin

from ecosystem.models import Person
from ecosystem.rules import is_member
from ecosystem.spans import RESULTS, span_of
from records.models import Statement


class ActorSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["name", "email"]
        read_only_fields = fields


class StatementSerializer(serializers.ModelSerializer[Statement]):
    actor = ActorSerializer(source="person", read_only=True, allow_null=True)
    element = serializers.SlugField(source="element.slug", read_only=True, allow_null=True, default=None)
    kind = serializers.CharField(source="element.kind", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Statement
        fields = ["id", "actor", "verb", "element", "kind", "result", "context", "occurred_at", "stored_at"]
        read_only_fields = fields


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
    """What happened, newest first: one's own, and that of the people, courses and groups whose results one may see."""

    rule = staticmethod(is_member)
    area = "records"
    serializer_class = StatementSerializer
    queryset = Statement.objects.select_related("person", "element")
    filterset_class = StatementFilter
    ordering = ("-stored_at", "-id")

    def get_queryset(self) -> QuerySet[Statement]:
        statements, membership = super().get_queryset(), self.request._request.membership
        return statements.filter(Q(person_id=membership.person_id) | span_of(membership, *RESULTS).of_work())
