"""Seats for other software: taken, asked for, approved, passed on, moved and given back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.gates import closed_to
from ecosystem.rules import is_here
from ecosystem.selectors import member_of_email
from events.access import may_organise
from events.api.asking import Ours
from events.exceptions import TooManyTriesError
from events.models import Seat
from events.selectors import answerable, elsewhere, event_called, requests_for
from events.services import (
    request_decide,
    seat_answer,
    seat_cancel,
    seat_change,
    seat_give,
    seat_move,
    seat_pass,
    seat_take,
)


class SeatSerializer(serializers.ModelSerializer[Seat]):
    event = serializers.SlugField(source="event.element.slug", read_only=True)
    person = serializers.EmailField(source="person.email", read_only=True)

    class Meta:
        model = Seat
        fields = [
            "uid", "event", "person", "state", "asked_at", "offer_until", "approved_at", "ended_at", "reason",
            "completed_at",
        ]  # fmt: skip
        read_only_fields = fields


class SeatMadeSerializer(SeatSerializer):
    """With what a page warns of: nobody is kept from two places at once, and the answer says so."""

    elsewhere = serializers.SerializerMethodField(help_text="Other events that the person is at, at that time.")

    class Meta(SeatSerializer.Meta):
        fields = [*SeatSerializer.Meta.fields, "elsewhere"]
        read_only_fields = fields

    def get_elsewhere(self, row: Seat) -> list[str]:
        found = elsewhere(row.event, person_id=row.person_id)
        return list(dict.fromkeys(one.event.element.slug for one in found))


class SeatReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class EventAnswerSerializer(serializers.Serializer[Any]):
    question = serializers.IntegerField(min_value=1)
    text = serializers.CharField(max_length=500)


class NewSeatSerializer(serializers.Serializer[Any]):
    event = serializers.SlugField()
    answers = EventAnswerSerializer(
        many=True, required=False, max_length=20, help_text="To the questions of the event."
    )
    code = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    cost_centre = serializers.CharField(
        max_length=60, required=False, default="", allow_blank=True, help_text="Who pays, where the event has a price."
    )
    town = serializers.CharField(
        max_length=80,
        required=False,
        default="",
        allow_blank=True,
        help_text="Where you would come, if you have to wait.",
    )
    person = serializers.EmailField(
        required=False, help_text="Somebody else, who is booked whoever waits. For who organises events."
    )
    reason = serializers.CharField(
        max_length=300, required=False, default="", allow_blank=True, help_text="Needed for a seat beyond the places."
    )
    beyond = serializers.BooleanField(default=False, help_text="Even when all places are taken. With `person` only.")


class AcceptSerializer(serializers.Serializer[Any]):
    accept = serializers.BooleanField(help_text="False lets the place go to the next.")


class DecisionSerializer(serializers.Serializer[Any]):
    approve = serializers.BooleanField()
    reason = serializers.CharField(
        max_length=300, required=False, default="", allow_blank=True, help_text="Needed for a no; the person reads it."
    )


class SubstituteSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField(help_text="The e-mail address of a member.")


class SeatMoveSerializer(serializers.Serializer[Any]):
    event = serializers.SlugField()
    reason = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class SeatViewSet(Ours, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Seat]):
    """Your seats; those of everybody for who organises events."""

    rule = staticmethod(is_here)
    area = "events"
    serializer_class = SeatSerializer
    queryset = Seat.objects.select_related("event__element", "person")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Seat]:
        rows: QuerySet[Seat] = super().get_queryset()
        return rows if may_organise(self.by) else rows.filter(Q(person_id=self.by.person_id))

    @extend_schema(request=NewSeatSerializer, responses={201: SeatMadeSerializer})
    def create(self, request: Request) -> Response:
        """A seat for yourself: booked, or waiting when there is none. Twice is once."""
        wish = NewSeatSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        if not self.by.is_current:
            raise Http404
        said = wish.validated_data
        event = event_called(said["event"], self.by)
        if closed := closed_to(self.by, event.element):
            raise serializers.ValidationError({"event": [closed.because]})
        if "person" in said:
            self.only_organisers()
            if (person := member_of_email(email=said["person"])) is None:
                raise serializers.ValidationError({"person": ["Nobody here has this e-mail address."]})
            made = seat_give(event=event, person=person, beyond=said["beyond"], reason=said["reason"], by=self.by)
        else:
            answers = {one["question"]: one["text"] for one in said.get("answers", [])}
            terms = {name: said[name] for name in ("code", "cost_centre", "town")}
            try:
                made = seat_take(event=event, answers=answers, **terms, by=self.by)
            except TooManyTriesError as refusal:
                raise Throttled(wait=refusal.wait, detail=str(refusal)) from None
        return Response(SeatMadeSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AcceptSerializer, responses=SeatSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, uid: UUID) -> Response:
        """Take the place that was offered to you, or let it go."""
        found = self.get_object()
        wish = AcceptSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response(SeatSerializer(seat_answer(seat=found, by=self.by, **wish.validated_data)).data)

    @extend_schema(request=SeatReasonSerializer, responses=SeatSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, uid: UUID) -> Response:
        """Give the seat back, or leave the queue."""
        found = self.get_object()
        wish = SeatReasonSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response(SeatSerializer(seat_cancel(seat=found, by=self.by, **wish.validated_data)).data)

    @extend_schema(responses=SeatSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"])
    def requests(self, request: Request) -> Response:
        """Requests that wait for your yes or no, the oldest first."""
        page = self.paginate_queryset(requests_for(self.by))
        return self.get_paginated_response(SeatSerializer(page, many=True).data)

    @extend_schema(request=DecisionSerializer, responses=SeatSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, uid: UUID) -> Response:
        """Say yes to a request, or no with a reason. For who organises events, or manages the person; never one's own."""
        found = get_object_or_404(answerable(self.by), uid=uid)
        wish = DecisionSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return Response(SeatSerializer(request_decide(seat=found, by=self.by, **wish.validated_data)).data)

    @extend_schema(request=SubstituteSerializer, responses={201: SeatSerializer})
    @action(detail=True, methods=["post"], url_path="pass")
    def pass_on(self, request: Request, uid: UUID) -> Response:
        """Somebody else comes instead of you. Where else they are at that time is not told: you are a colleague."""
        found = self.get_object()
        wish = SubstituteSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        made = seat_pass(seat=found, person=member_of_email(email=wish.validated_data["person"]), by=self.by)
        return Response(SeatSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SeatMoveSerializer, responses={201: SeatMadeSerializer})
    @action(detail=True, methods=["post"])
    def change(self, request: Request, uid: UUID) -> Response:
        """Your own seat on another date of the same event, or nothing changes when no place is free there."""
        found = self.get_object()
        wish = SeatMoveSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        to = event_called(wish.validated_data["event"], self.by)
        if closed := closed_to(self.by, to.element):
            raise serializers.ValidationError({"event": [closed.because]})
        made = seat_change(seat=found, to=to, reason=wish.validated_data["reason"], by=self.by)
        return Response(SeatMadeSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SeatMoveSerializer, responses={201: SeatMadeSerializer})
    @action(detail=True, methods=["post"])
    def move(self, request: Request, uid: UUID) -> Response:
        """To another event, or nothing changes when no place is free there. For who organises events."""
        found = self.get_object()
        wish = SeatMoveSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        self.only_organisers()
        to = event_called(wish.validated_data["event"], self.by)
        made = seat_move(seat=found, to=to, reason=wish.validated_data["reason"], by=self.by)
        return Response(SeatMadeSerializer(made).data, status=status.HTTP_201_CREATED)
