"""Equipment that sessions can have, for other software."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import Asked, valid
from events.access import may_organise
from events.clashing import equipment_here, lent_to
from events.models import MOST_PIECES, Equipment, Session
from events.services import equipment_add, equipment_end, equipment_set

MOST_KINDS = 50  # of equipment in one session


class EquipmentSerializer(serializers.ModelSerializer[Equipment]):
    class Meta:
        model = Equipment
        fields = ["id", "name", "pieces"]
        read_only_fields = fields


class LentSerializer(serializers.Serializer[Any]):
    session = serializers.IntegerField()
    event = serializers.SlugField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    pieces = serializers.IntegerField()


class LentEquipmentSerializer(EquipmentSerializer):
    lent = LentSerializer(many=True, help_text="Sessions that are not over and have it.")

    class Meta(EquipmentSerializer.Meta):
        fields = [*EquipmentSerializer.Meta.fields, "lent"]
        read_only_fields = fields


class EquipmentFactsSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100)
    pieces = serializers.IntegerField(min_value=1, max_value=MOST_PIECES, default=1)


class EquipmentChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=100, required=False)
    pieces = serializers.IntegerField(min_value=1, max_value=MOST_PIECES, required=False)


class SessionEquipmentSerializer(serializers.Serializer[Any]):
    equipment = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="Its id.")
    pieces = serializers.IntegerField(min_value=0, max_value=MOST_PIECES)


def equipment_of(session: Session) -> list[dict[str, int]]:
    """What the session has, as it is said and taken."""
    had = Counter(session.uses.order_by("equipment").values_list("equipment_id", flat=True))
    return [{"equipment": pk, "pieces": count} for pk, count in had.items()]


class EquipmentViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Equipment]):
    """What sessions can have and there are few of. For who organises events."""

    rule = staticmethod(may_organise)
    area = "events"
    serializer_class = EquipmentSerializer
    queryset = Equipment.objects.all()
    lookup_value_converter = "int"
    ordering = ("name", "id")

    def get_queryset(self) -> QuerySet[Equipment]:
        return equipment_here()

    @extend_schema(responses=LentEquipmentSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """With the sessions that have it."""
        found = self.get_object()
        found.lent = [
            {
                "session": session.pk, "event": session.event.element.slug, "starts_at": session.starts_at,
                "ends_at": session.ends_at, "pieces": pieces,
            }
            for session, pieces in lent_to(found)
        ]  # fmt: skip
        return Response(LentEquipmentSerializer(found).data)

    @extend_schema(request=EquipmentFactsSerializer, responses={201: EquipmentSerializer})
    def create(self, request: Request) -> Response:
        """Sessions can have it from now on."""
        made = equipment_add(by=self.by, **valid(EquipmentFactsSerializer, request))
        return Response(EquipmentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=EquipmentChangeSerializer, responses=EquipmentSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Refused for fewer pieces than are lent at the same time."""
        found = self.get_object()
        said = valid(EquipmentChangeSerializer, request)
        return Response(EquipmentSerializer(equipment_set(equipment=found, by=self.by, **said)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """It is lent no more. Refused while a session to come has it."""
        equipment_end(equipment=self.get_object(), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)
