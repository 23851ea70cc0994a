"""Events for other software: planned, dated, and who has a seat."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem import clock
from ecosystem.conditions import condition_problems
from ecosystem.models import Group
from ecosystem.rules import is_here
from ecosystem.selectors import member_of_email
from ecosystem.slugs import row_of_slug
from events.api.asking import Ours
from events.models import Approval, Attendance, Draw, Event, Fairness, Presence, Session
from events.selectors import events_for
from events.services import (
    attendance_mark,
    check_in,
    check_in_code,
    event_cancel,
    event_make,
    event_set,
    session_add,
    session_change,
    session_remove,
)


class SessionSerializer(serializers.ModelSerializer[Session]):
    trainer = serializers.EmailField(source="trainer.email", read_only=True, allow_null=True)

    class Meta:
        model = Session
        fields = ["id", "starts_at", "ends_at", "place", "room", "trainer"]
        read_only_fields = fields


class DrawSerializer(serializers.ModelSerializer[Draw]):
    """The seed is null until lots were drawn. SHA-256 of the seed is the promise; the order is that of SHA-256 of
    ``seed:number``, smallest first."""

    seed = serializers.SerializerMethodField()

    class Meta:
        model = Draw
        fields = ["promise", "drawn_at", "seed", "order"]
        read_only_fields = fields

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_seed(self, lots: Draw) -> str | None:
        return lots.seed if lots.drawn_at else None


class EventSerializer(serializers.ModelSerializer[Event]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    summary = serializers.CharField(source="element.summary", read_only=True)
    sessions = SessionSerializer(many=True, read_only=True)
    priority_group = serializers.CharField(source="priority_group.name", read_only=True, allow_null=True)
    draw = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = [
            "slug", "title", "summary", "zone", "capacity", "minimum", "taken", "has_waiting_list", "offer_hours",
            "cancel_hours", "opens_at", "closes_at", "cancelled_at", "cancelled_because", "approval", "approve_hours", "copies_managers",
            "allows_substitutes", "needs_reason", "register_if", "attend_if", "fairness", "priority_group", "settle_at", "draw",
            "sessions",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(DrawSerializer(allow_null=True))
    def get_draw(self, event: Event) -> dict[str, Any] | None:
        lots = next(iter(event.draws.all()), None)
        return None if lots is None else dict(DrawSerializer(lots).data)


class EventFactsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    summary = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    zone = serializers.CharField(max_length=64, required=False, help_text="Such as Europe/Amsterdam.")
    capacity = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True)
    minimum = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    has_waiting_list = serializers.BooleanField(required=False)
    offer_hours = serializers.IntegerField(min_value=1, max_value=720, required=False)
    cancel_hours = serializers.IntegerField(min_value=0, max_value=2160, required=False)
    opens_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)
    approval = serializers.ChoiceField(choices=Approval.choices, required=False)
    approve_hours = serializers.IntegerField(min_value=1, max_value=2160, required=False)
    copies_managers = serializers.BooleanField(required=False)
    allows_substitutes = serializers.BooleanField(required=False)
    needs_reason = serializers.BooleanField(required=False)
    register_if = serializers.JSONField(required=False, allow_null=True, help_text="A condition: who may book.")
    attend_if = serializers.JSONField(required=False, allow_null=True, help_text="A condition: who may take part.")
    fairness = serializers.ChoiceField(choices=Fairness.choices, required=False)
    priority_group = serializers.CharField(required=False, allow_null=True, help_text="The name of a group.")
    settle_at = serializers.DateTimeField(required=False, allow_null=True)

    def validate_register_if(self, value: Any) -> Any:
        return _condition(value)

    def validate_attend_if(self, value: Any) -> Any:
        return _condition(value)

    def validate_priority_group(self, value: str | None) -> Any:
        if not value:
            return None
        if (found := Group.objects.filter(name=value).first()) is None:
            raise serializers.ValidationError("There is no such group.")
        return found

    def validate_zone(self, value: str) -> str:
        if value not in available_timezones():
            raise serializers.ValidationError("There is no such time zone.")
        return value


def _condition(value: Any) -> Any:
    if problems := condition_problems(value):
        raise serializers.ValidationError(problems)
    return value


class NewEventSerializer(EventFactsSerializer):
    title = serializers.CharField(max_length=200)
    zone = serializers.CharField(max_length=64, default="UTC", help_text="Such as Europe/Amsterdam.")


class SessionFactsSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    room = serializers.CharField(max_length=100, required=False, allow_blank=True)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    trainer = serializers.EmailField(required=False, allow_null=True, help_text="The e-mail address of a member.")

    def validate_trainer(self, value: str | None) -> Any:
        if not value:
            return None
        if (person := member_of_email(email=value)) is None:
            raise serializers.ValidationError("Nobody here has this e-mail address.")
        return person


class EventCancelSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class MarkSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField()
    presence = serializers.ChoiceField(choices=Presence.choices)


class MarksSerializer(serializers.Serializer[Any]):
    marks = MarkSerializer(many=True, max_length=500)


class EventViewSet(Ours, mixins.ListModelMixin, viewsets.GenericViewSet[Event]):
    """Events you may see. Who organises events makes and changes them."""

    rule = staticmethod(is_here)
    area = "events"
    serializer_class = EventSerializer
    queryset = Event.objects.select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet[Event]:
        return events_for(self.by).select_related("priority_group").prefetch_related("sessions__trainer", "draws")

    def get_object(self) -> Event:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"], element="element__")

    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(EventSerializer(self.get_object()).data)

    @extend_schema(request=NewEventSerializer, responses={201: EventSerializer})
    def create(self, request: Request) -> Response:
        """A new event, without a date yet."""
        wish = NewEventSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        made = event_make(by=self.by, **wish.validated_data)
        return Response(EventSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=EventFactsSerializer, responses=EventSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what is given. More places go to who waits."""
        found = self.get_object()
        wish = EventFactsSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        event_set(event=found, by=self.by, **wish.validated_data)
        return Response(EventSerializer(self.get_object()).data)

    @extend_schema(request=EventCancelSerializer, responses=EventSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, slug: str) -> Response:
        """It does not take place; every seat ends, and everybody is told why."""
        found = self.get_object()
        wish = EventCancelSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        event_cancel(event=found, by=self.by, **wish.validated_data)
        return Response(EventSerializer(self.get_object()).data)

    @extend_schema(request=SessionFactsSerializer, responses={201: SessionSerializer})
    @action(detail=True, methods=["post"])
    def sessions(self, request: Request, slug: str) -> Response:
        """Another meeting. The first gives the event its date and books who waited for one."""
        found = self.get_object()
        wish = SessionFactsSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        made = session_add(event=found, by=self.by, **wish.validated_data)
        return Response(SessionSerializer(made).data, status=status.HTTP_201_CREATED)


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

    @extend_schema(request=SessionFactsSerializer(partial=True), responses=SessionSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Another time, place or trainer. Everybody with a seat is told."""
        found = self.get_object()
        wish = SessionFactsSerializer(data=request.data, partial=True)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        return Response(SessionSerializer(session_change(session=found, by=self.by, **wish.validated_data)).data)

    def destroy(self, request: Request, pk: int) -> Response:
        """Refused for the last one while people have a seat, and once attendance was marked."""
        found = self.get_object()
        self.only_organisers()
        session_remove(session=found, by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=CodeSerializer)
    @action(detail=True, methods=["get"])
    def code(self, request: Request, pk: int) -> Response:
        """What the room shows now, so that people check in. For who organises, and for the trainer."""
        found = self.get_object()
        if found.trainer_id != self.by.person_id:
            self.only_organisers()
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
        if found.trainer_id != self.by.person_id:
            self.only_organisers()
        marks: dict[int, str] = {}
        for mark in wish.validated_data["marks"]:
            if (person := member_of_email(email=mark["person"])) is None:
                raise serializers.ValidationError({"marks": ["Nobody here has one of these e-mail addresses."]})
            marks[person.pk] = mark["presence"]
        attendance_mark(session=found, marks=marks, by=self.by)
        return Response(wish.data)
