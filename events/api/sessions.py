"""The single meetings of events, for other software."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem import clock
from ecosystem.rules import is_here
from ecosystem.selectors import member_of_email
from events.access import may_organise
from events.api.asking import Ours
from events.api.equipment import SessionEquipmentSerializer, equipment_of
from events.api.event_words import ChangedSessionSerializer, MarksSerializer, SessionSerializer
from events.models import Attendance, Session
from events.selectors import events_for
from events.services import (
    attendance_mark,
    check_in,
    check_in_code,
    series_session_change,
    session_remove,
)
from events.services.repeating import Reach


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Good for about three minutes; another is shown every minute.")
    address = serializers.URLField(read_only=True, help_text="The page behind the QR code.")


class CheckInSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40)


class CheckedInSerializer(serializers.ModelSerializer[Attendance]):
    class Meta:
        model = Attendance
        fields = ["presence", "marked_at"]
        read_only_fields = fields


class SessionViewSet(Ours, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Session]):
    """The single meetings of events."""

    rule = staticmethod(is_here)
    area = "events"
    serializer_class = SessionSerializer
    queryset = Session.objects.select_related("trainer", "event__element")
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Session]:
        return super().get_queryset().filter(event__in=events_for(self.by).values("pk"))

    def _only_who_leads(self, found: Session) -> None:
        if found.trainer_id != self.by.person_id and not may_organise(self.by):
            raise PermissionDenied("Only who organises events, or trains here, can do that.")

    @extend_schema(request=ChangedSessionSerializer(partial=True), responses=SessionSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Another time, place or trainer. Everybody with a seat is told."""
        found = self.get_object()
        wish = ChangedSessionSerializer(data=request.data, partial=True)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        series_session_change(session=found, by=self.by, **{"reach": Reach.ONE, **wish.validated_data})
        return Response(SessionSerializer(self.get_object()).data)

    def destroy(self, request: Request, pk: int) -> Response:
        """Refused for the last one while people have a seat, and once attendance was marked."""
        found = self.get_object()
        self.only_organisers()
        session_remove(session=found, by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=SessionEquipmentSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def equipment(self, request: Request, pk: int) -> Response:
        """What it has. It is changed with the session. For who organises events."""
        found = self.get_object()
        self.only_organisers()
        return Response(equipment_of(found))

    @extend_schema(responses=CodeSerializer)
    @action(detail=True, methods=["get"])
    def code(self, request: Request, pk: int) -> Response:
        """What the room shows now, so that people check in. For who organises, and for the trainer."""
        found = self.get_object()
        self._only_who_leads(found)
        code = check_in_code(session=found, at=clock.now())
        address = request.build_absolute_uri(f"/events/here/{found.pk}/{code}/")
        return Response(CodeSerializer({"code": code, "address": address}).data)

    @extend_schema(request=CheckInSerializer, responses=CheckedInSerializer)
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request: Request, pk: int) -> Response:
        """You are there. What somebody else has marked stays. Twice is once."""
        found = self.get_object()
        wish = CheckInSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response(CheckedInSerializer(check_in(session=found, by=self.by, **wish.validated_data)).data)

    @extend_schema(request=MarksSerializer, responses={200: MarksSerializer})
    @action(detail=True, methods=["post"])
    def attendance(self, request: Request, pk: int) -> Response:
        """Who was there. Whoever was present at every session has completed the event."""
        found = self.get_object()
        wish = MarksSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self._only_who_leads(found)
        marks: dict[int, str] = {}
        for mark in wish.validated_data["marks"]:
            if (person := member_of_email(email=mark["person"])) is None:
                raise serializers.ValidationError({"marks": ["Nobody here has one of these e-mail addresses."]})
            marks[person.pk] = mark["presence"]
        attendance_mark(session=found, marks=marks, by=self.by)
        return Response(wish.data)
