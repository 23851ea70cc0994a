"""Codes that open events or change what a seat costs, for other software."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.models import Group
from ecosystem.rest import Asked, valid
from events.access import may_organise
from events.models import EventCode
from events.selectors import event_called
from events.services import code_add, code_end


class EventCodeSerializer(serializers.ModelSerializer[EventCode]):
    event = serializers.SlugField(source="event.element.slug", read_only=True, allow_null=True, default=None)
    series = serializers.IntegerField(source="series_id", read_only=True, allow_null=True)
    group = serializers.CharField(source="group.name", read_only=True, allow_null=True, default=None)

    class Meta:
        model = EventCode
        fields = ["id", "code", "event", "series", "price", "most", "used", "group", "opens_at", "closes_at"]
        read_only_fields = fields


class NewEventCodeSerializer(serializers.Serializer[Any]):
    event = serializers.SlugField()
    for_series = serializers.BooleanField(default=False, help_text="It works for every event of the series.")
    code = serializers.CharField(
        max_length=40, required=False, help_text="Without one, one is made that nobody guesses."
    )
    price = serializers.DecimalField(
        max_digits=8, decimal_places=2, min_value=Decimal(0), required=False, allow_null=True,
        help_text="Of a seat with it. Null: as without.",
    )  # fmt: skip
    most = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True)
    group = serializers.CharField(required=False, allow_null=True, help_text="The name of a group.")
    opens_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate_group(self, value: str | None) -> Any:
        if not value:
            return None
        if (found := Group.objects.filter(name=value).first()) is None:
            raise serializers.ValidationError("There is no such group.")
        return found


class EventCodeViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[EventCode]):
    """Codes of events and of series. For who organises events."""

    rule = staticmethod(may_organise)
    area = "events"
    serializer_class = EventCodeSerializer
    queryset = EventCode.objects.select_related("event__element", "group")
    lookup_value_converter = "int"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[EventCode]:
        rows: QuerySet[EventCode] = super().get_queryset()
        return rows.filter(ended_at=None)

    @extend_schema(request=NewEventCodeSerializer, responses={201: EventCodeSerializer})
    def create(self, request: Request) -> Response:
        """For one event, or with `for_series` for all of its series: how often it is used counts for them together."""
        said = valid(NewEventCodeSerializer, request)
        event = event_called(said.pop("event"), self.by)
        made = code_add(event=event, by=self.by, **said)
        return Response(EventCodeSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Nobody books with it any more; who did keeps the seat."""
        code_end(code=self.get_object(), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)
