"""Elements and how they are connected, for other software; reading only."""

import django_filters
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, IntegerField, Prefetch, QuerySet, Value
from django.db.models.functions import Cast
from rest_framework import serializers, viewsets
from rest_framework.mixins import ListModelMixin

from ecosystem.models import Connection, Credit, Element
from ecosystem.rules import is_gardener, is_member
from ecosystem.search import hits
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import elements_for


class MakerSerializer(serializers.ModelSerializer[Credit]):
    class Meta:
        model = Credit
        fields = ["name", "role"]
        read_only_fields = fields


class ElementSerializer(serializers.ModelSerializer[Element]):
    makers = MakerSerializer(source="credits", many=True, read_only=True)

    class Meta:
        model = Element
        fields = [
            "uid", "slug", "kind", "title", "summary", "language", "tags", "minutes", "url", "lifecycle", "makers",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class ElementFilter(django_filters.FilterSet):
    kind = django_filters.CharFilter()
    language = django_filters.CharFilter()
    tag = django_filters.CharFilter(method="with_tag", label="Carries this tag.")
    q = django_filters.CharFilter(method="found", label="Words to search for; the best match comes first.")

    class Meta:
        model = Element
        fields = ["lifecycle"]

    def with_tag(self, rows: QuerySet[Element], _name: str, value: str) -> QuerySet[Element]:
        return rows.filter(tags__contains=[value])

    def found(self, rows: QuerySet[Element], _name: str, value: str) -> QuerySet[Element]:
        """Those that the search finds, each with its ``place`` among the hits."""
        ids = hits(text=value)
        # The cast tells PostgreSQL what is in an empty list.
        known = Cast(Value(ids), ArrayField(BigIntegerField()))
        place = Func(known, F("pk"), function="array_position", output_field=IntegerField())
        return rows.filter(pk__in=ids).annotate(place=place)


class ElementViewSet(viewsets.ReadOnlyModelViewSet[Element]):
    """Everything in this environment: its own elements, and those offered from above."""

    rule = staticmethod(is_member)
    area = "elements"
    serializer_class = ElementSerializer
    queryset = Element.objects.all()
    filterset_class = ElementFilter
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def get_ordering(self) -> tuple[str, ...]:
        return ("place",) if self.request.query_params.get("q", "").strip() else ("slug", "id")

    def get_queryset(self) -> QuerySet[Element]:
        makers = Prefetch("credits", queryset=Credit.objects.order_by("position", "id"))
        return elements_for(self.request._request.membership).prefetch_related(makers)

    def get_object(self) -> Element:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"])


class EndSerializer(serializers.ModelSerializer[Element]):
    class Meta:
        model = Element
        fields = ["slug", "kind", "title"]
        read_only_fields = fields


class ConnectionSerializer(serializers.ModelSerializer[Connection]):
    source = EndSerializer(read_only=True)
    target = EndSerializer(read_only=True)

    class Meta:
        model = Connection
        fields = ["id", "source", "kind", "target", "hypothesis", "created_at"]
        read_only_fields = fields


class ConnectionFilter(django_filters.FilterSet):
    source = django_filters.CharFilter(field_name="source__slug", label="Slug of the element it starts from.")
    target = django_filters.CharFilter(field_name="target__slug", label="Slug of the element it leads to.")

    class Meta:
        model = Connection
        fields = ["kind"]


class ConnectionViewSet(ListModelMixin, viewsets.GenericViewSet[Connection]):
    """Which element prepares for, practises, applies … which other. For gardeners."""

    rule = staticmethod(is_gardener)
    area = "elements"
    serializer_class = ConnectionSerializer
    queryset = Connection.objects.select_related("source", "target")
    filterset_class = ConnectionFilter
