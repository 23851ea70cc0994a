"""Elements and how they are connected, for other software."""

from typing import Any

import django_filters
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, IntegerField, Prefetch, QuerySet, Value
from django.db.models.functions import Cast
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.environment_tree import Destination, destinations
from ecosystem.models import Connection, ConnectionKind, Credit, Element, Environment, Lifecycle, Person, Visibility
from ecosystem.registry import element_kinds
from ecosystem.rules import is_gardener, is_member, may_set
from ecosystem.scope import current_scope
from ecosystem.search import hits
from ecosystem.selectors import member_of_email
from ecosystem.services.elements import (
    connection_update,
    element_create,
    element_update,
    elements_connect,
    elements_disconnect,
)
from ecosystem.services.lending import element_lend, element_take_back
from ecosystem.services.moving import element_move, move_preview
from ecosystem.slugs import own_first, row_of_slug
from ecosystem.visibility import elements_for


class MakerSerializer(serializers.ModelSerializer[Credit]):
    class Meta:
        model = Credit
        fields = ["name", "role"]
        read_only_fields = fields


class ElementSerializer(serializers.ModelSerializer[Element]):
    makers = MakerSerializer(source="credits", many=True, read_only=True)
    url = serializers.CharField(read_only=True, help_text="Where it is, outside the platform; empty when inside.")

    class Meta:
        model = Element
        fields = [
            "uid", "slug", "kind", "title", "summary", "language", "tags", "minutes", "url", "lifecycle", "makers",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class ElementChangeSerializer(serializers.Serializer[Any]):
    """Facts of an element; what is left out stays as it is."""

    title = serializers.CharField(max_length=200, required=False)
    slug = serializers.SlugField(max_length=100, required=False)
    summary = serializers.CharField(allow_blank=True, required=False)
    language = serializers.CharField(max_length=8, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=60), max_length=50, required=False)
    minutes = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    url = serializers.URLField(max_length=200, allow_blank=True, required=False)
    lifecycle = serializers.ChoiceField(choices=Lifecycle.choices, required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    why = serializers.CharField(allow_blank=True, required=False)
    review_on = serializers.DateField(allow_null=True, required=False)
    owner = serializers.EmailField(allow_null=True, required=False, help_text="E-mail address of a member.")

    def validate_owner(self, value: str | None) -> Person | None:
        return member_or_error(value) if value else None


class ElementNewSerializer(ElementChangeSerializer):
    """A tool or place outside the platform. Other kinds are made by their own routes and pages."""

    title = serializers.CharField(max_length=200)
    slug = serializers.SlugField(max_length=100)
    url = serializers.URLField(max_length=200)

    def validate_slug(self, value: str) -> str:
        if Element.objects.filter(environment_id=current_scope().environment_id, slug=value).exists():
            raise serializers.ValidationError("There is already an element with this address.")
        return value


class OfferDownSerializer(serializers.Serializer[Any]):
    to = serializers.SlugField(help_text="Slug of an environment below this one.")


class OfferedSerializer(serializers.Serializer[Any]):
    available = serializers.IntegerField(help_text="How many elements became available there, or are no more.")


class MoveSerializer(OfferDownSerializer):
    to = serializers.SlugField(help_text="Slug of an environment of the same root.")
    preview = serializers.BooleanField(default=False, help_text="Only say what would change.")


class MovedSerializer(serializers.Serializer[Any]):
    elements = serializers.ListField(child=serializers.CharField(), help_text="Slugs of what goes.")
    parts = serializers.DictField(child=serializers.IntegerField(), help_text="Rows that are part of it.")
    stays = serializers.DictField(child=serializers.IntegerField(), help_text="Rows here that go on using it.")
    refusals = serializers.ListField(child=serializers.CharField())


NOBODY = "Nobody here has this address."


def member_or_error(email: str) -> Person:
    person = member_of_email(email=email)
    if person is None:
        raise serializers.ValidationError(NOBODY)
    return person


class ElementFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=lambda: [(kind.key, kind.label) for kind in element_kinds])
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
    write_rule = staticmethod(is_gardener)
    rules = {"offer": may_set, "take_back": may_set, "move": may_set}
    filterset_class = ElementFilter
    lookup_field = "slug"
    lookup_value_converter = "slug"
    orderings = ("title", "slug", "created_at", "updated_at")

    def get_ordering(self) -> tuple[str, ...]:
        return ("place",) if self.request.query_params.get("q", "").strip() else ("slug", "id")

    def get_queryset(self) -> QuerySet[Element]:
        makers = Prefetch("credits", queryset=Credit.objects.order_by("position", "id"))
        return elements_for(self.request._request.membership).prefetch_related(makers)

    def get_object(self) -> Element:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"])

    @extend_schema(request=ElementNewSerializer, responses={201: ElementSerializer})
    def create(self, request: Request) -> Response:
        """Bring in something outside the platform, credited to you."""
        wish = ElementNewSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        made = element_create(kind="external", creators=[request.user], **wish.validated_data)
        return Response(ElementSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ElementChangeSerializer, responses=ElementSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change facts of an own element. Send ``If-Match`` to be sure that nobody else did in the meantime."""
        element = self.get_object()
        wish = ElementChangeSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response(ElementSerializer(element_update(element=element, **wish.validated_data)).data)

    @extend_schema(request=OfferDownSerializer, responses=OfferedSerializer)
    @action(detail=True, methods=["post"])
    def offer(self, request: Request, slug: str) -> Response:
        """Let an environment below use it, with everything it uses. Again changes nothing."""
        return self._shared(request, element_lend)

    @extend_schema(request=OfferDownSerializer, responses=OfferedSerializer)
    @action(detail=True, methods=["post"])
    def take_back(self, request: Request, slug: str) -> Response:
        """Withdraw it there, with what was lent only for it. Refused while it is in use there."""
        return self._shared(request, element_take_back)

    @extend_schema(request=MoveSerializer, responses=MovedSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, slug: str) -> Response:
        """Move it, with what it uses, to another environment of the same root of which you are administrator.

        With ``preview`` nothing is moved. ``refusals`` are the reasons why it cannot be; without them it can.
        """
        element, by = self.get_object(), request._request.membership
        wish = MoveSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        to = _place(destinations(element=element, by=by), wish.validated_data["to"])
        plan = move_preview(element=element, to=to, by=by)
        if not wish.validated_data["preview"]:
            element_move(element=element, to=to, by=by)
        said = {"elements": [row.slug for row in plan.elements], "parts": plan.parts, "stays": plan.stays}
        return Response({**said, "refusals": plan.refusals})

    def _shared(self, request: Request, act: Any) -> Response:
        element, by = self.get_object(), request._request.membership
        wish = OfferDownSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        places = [one for one in destinations(element=element, by=by) if one.is_below]
        return Response({"available": act(element=element, to=_place(places, wish.validated_data["to"]), by=by)})


def _place(places: list[Destination], slug: str) -> Environment:
    found = next((one.environment for one in places if one.slug == slug), None)
    if found is None:
        raise serializers.ValidationError({"to": ["There is no such environment that you look after."]})
    return found


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


class ConnectionChangeSerializer(serializers.Serializer[Any]):
    hypothesis = serializers.CharField(allow_blank=True, help_text="The effect that somebody expects.")


class ConnectionNewSerializer(ConnectionChangeSerializer):
    source = serializers.SlugField(help_text="Slug of the element it starts from.")
    target = serializers.SlugField(help_text="Slug of the element it leads to.")
    kind = serializers.ChoiceField(choices=ConnectionKind.choices)
    hypothesis = serializers.CharField(allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for end in ("source", "target"):
            found = Element.objects.filter(slug=attrs[end]).order_by(own_first(), "pk").first()
            if found is None:
                raise serializers.ValidationError({end: ["There is no such element."]})
            attrs[end] = found
        if attrs["source"] == attrs["target"]:
            raise serializers.ValidationError({"target": ["An element cannot be connected to itself."]})
        return attrs


class ConnectionFilter(django_filters.FilterSet):
    source = django_filters.CharFilter(field_name="source__slug", label="Slug of the element it starts from.")
    target = django_filters.CharFilter(field_name="target__slug", label="Slug of the element it leads to.")

    class Meta:
        model = Connection
        fields = ["kind"]


class ConnectionViewSet(ListModelMixin, RetrieveModelMixin, viewsets.GenericViewSet[Connection]):
    """Which element prepares for, practises, applies … which other. For gardeners."""

    rule = staticmethod(is_gardener)
    area = "elements"
    serializer_class = ConnectionSerializer
    queryset = Connection.objects.select_related("source", "target")
    filterset_class = ConnectionFilter
    lookup_value_converter = "int"

    @extend_schema(request=ConnectionNewSerializer, responses={201: ConnectionSerializer})
    def create(self, request: Request) -> Response:
        """Connect two elements; the same connection twice is one."""
        wish = ConnectionNewSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        made = elements_connect(owner=request.user, **wish.validated_data)
        return Response(ConnectionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ConnectionChangeSerializer, responses=ConnectionSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Reword what is expected of it."""
        connection = self.get_object()
        wish = ConnectionChangeSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        connection_update(connection=connection, owner=connection.owner, **wish.validated_data)
        return Response(ConnectionSerializer(connection).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Take a connection away; the elements stay."""
        elements_disconnect(connection=self.get_object())
        return Response(status=status.HTTP_204_NO_CONTENT)
