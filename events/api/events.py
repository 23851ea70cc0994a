"""Events for other software: planned, dated, and who has a seat."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.gates import closed_to
from ecosystem.rules import is_here
from ecosystem.slugs import row_of_slug
from events.api.asking import Ours
from events.api.calendar import CalendarAddressSerializer
from events.api.event_words import (
    ChangedEventSerializer,
    EndQuestionSerializer,
    EvaluationSerializer,
    EventCancelSerializer,
    EventQuestionSerializer,
    EventSerializer,
    NewEventSerializer,
    NewQuestionSerializer,
    RepeatedSerializer,
    RepeatSerializer,
    SessionFactsSerializer,
    SessionSerializer,
    VerdictSerializer,
)
from events.demand import verdicts_on
from events.models import Event
from events.selectors import events_for
from events.services import (
    evaluation_give,
    event_make,
    feed_end,
    feed_make,
    question_add,
    question_end,
    series_cancel,
    series_make,
    series_set,
    session_add,
)
from events.services.repeating import Reach


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
        return (
            events_for(self.by)
            .select_related("priority_group")
            .prefetch_related("sessions__trainer", "draws", "questions")
        )

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

    @extend_schema(request=ChangedEventSerializer, responses=EventSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what is given. More places go to who waits."""
        found = self.get_object()
        wish = ChangedEventSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        series_set(event=found, by=self.by, **{"reach": Reach.ONE, **wish.validated_data})
        return Response(EventSerializer(self.get_object()).data)

    @extend_schema(request=EventCancelSerializer, responses=EventSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, slug: str) -> Response:
        """It does not take place; every seat ends, and everybody is told why."""
        found = self.get_object()
        wish = EventCancelSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        series_cancel(event=found, by=self.by, **wish.validated_data)
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

    @extend_schema(request=RepeatSerializer, responses={201: RepeatedSerializer})
    @action(detail=True, methods=["post"])
    def repeat(self, request: Request, slug: str) -> Response:
        """Make a series of it. Days on which its trainer or room is taken are left out."""
        found = self.get_object()
        wish = RepeatSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        made, left_out = series_make(event=found, by=self.by, **wish.validated_data)
        slugs = made.events.order_by("pk").values_list("element__slug", flat=True)
        return Response(
            RepeatedSerializer({"events": slugs, "left_out": left_out}).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(request=NewQuestionSerializer, responses={201: EventQuestionSerializer})
    @action(detail=True, methods=["post"])
    def questions(self, request: Request, slug: str) -> Response:
        """One more question to who books."""
        found = self.get_object()
        wish = NewQuestionSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        made = question_add(event=found, by=self.by, **wish.validated_data)
        return Response(EventQuestionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=EndQuestionSerializer, responses={204: None})
    @action(detail=True, methods=["post"], url_path="end-question")
    def end_question(self, request: Request, slug: str) -> Response:
        """Nobody is asked it any more; answers stay."""
        found = self.get_object()
        wish = EndQuestionSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        question_end(question=get_object_or_404(found.questions, pk=wish.validated_data["question"]), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=EvaluationSerializer, responses=EvaluationSerializer)
    @action(detail=True, methods=["post"])
    def evaluate(self, request: Request, slug: str) -> Response:
        """What you think of it, once it is over and you were there. Again takes the place of the first."""
        found = self.get_object()
        wish = EvaluationSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        made = evaluation_give(event=found, by=self.by, **wish.validated_data)
        return Response(EvaluationSerializer(made).data)

    @extend_schema(request=None, responses={201: CalendarAddressSerializer})
    @action(detail=True, methods=["post"], url_path="calendar-address")
    def calendar_address(self, request: Request, slug: str) -> Response:
        """Your secret address of this event, for calendar programs. An earlier one stops working."""
        found = self.get_object()
        if not self.by.is_current or closed_to(self.by, found.element):
            raise Http404
        _feed, secret = feed_make(event=found, by=self.by)
        address = request.build_absolute_uri(f"/calendar/{secret}.ics")
        return Response(CalendarAddressSerializer({"address": address}).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="end-calendar-address")
    def end_calendar_address(self, request: Request, slug: str) -> Response:
        """The address stops working; without one, nothing changes."""
        feed_end(event=self.get_object(), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=VerdictSerializer)
    @action(detail=True, methods=["get"])
    def verdict(self, request: Request, slug: str) -> Response:
        """What people thought of it, without names, of three at least. For who organises, and for its trainers."""
        found = self.get_object()
        if not found.sessions.filter(trainer_id=self.by.person_id).exists():
            self.only_organisers()
        said = verdicts_on([found.pk]).get(found.pk)
        return Response(VerdictSerializer(said or {"count": 0, "mean": None, "words": []}).data)
