"""Daily cards for other software: what is due, answering, and when they come."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rules import is_member
from memotrainer.device import MOST_ITEMS, answers_in, session_payload
from memotrainer.exceptions import UnknownCardError
from memotrainer.models import MOST_HOLIDAYS, Trainer
from memotrainer.selectors import session_of
from memotrainer.services import (
    answer_withdraw,
    answers_take,
    holidays_save,
    question_report,
    trainer_pause,
    trainer_settings_save,
)


class CardSerializer(serializers.Serializer[Any]):
    """A card with everything to ask, mark and explain it without network."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    type = serializers.CharField()
    stem = serializers.CharField(allow_blank=True, help_text="Safe HTML.")
    public = serializers.DictField()
    key = serializers.JSONField()
    right = serializers.JSONField()
    why = serializers.CharField(allow_blank=True, help_text="Safe HTML.")


class CardsSerializer(serializers.Serializer[Any]):
    minutes = serializers.IntegerField()
    results = CardSerializer(many=True)


class CardAnswerSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Made by you; the same again is the same answer.")
    card = serializers.IntegerField()
    version = serializers.IntegerField()
    answer = serializers.DictField(child=serializers.ListField(child=serializers.CharField(allow_blank=True)))
    at = serializers.DateTimeField(required=False)


class CardAnswersSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.DictField(), allow_empty=False, max_length=MOST_ITEMS)


class TakenSerializer(serializers.Serializer[Any]):
    accepted = serializers.ListField(child=serializers.UUIDField())
    refused = serializers.DictField(child=serializers.CharField(), help_text="Id of an answer: why.")


class WishesSerializer(serializers.ModelSerializer[Trainer]):
    reminder_hour = serializers.IntegerField(min_value=0, max_value=23, required=False)
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7), max_length=7, required=False
    )
    session_size = serializers.IntegerField(min_value=3, max_value=50, required=False)
    reminders_off = serializers.BooleanField(required=False)
    easy_days = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=7),
        max_length=7,
        required=False,
        help_text="Days with less, where it makes no difference to memory.",
    )
    desired_retention = serializers.FloatField(min_value=0.7, max_value=0.97, required=False)
    streak_level = serializers.IntegerField(
        min_value=1,
        max_value=6,
        allow_null=True,
        required=False,
        help_text="Right answers in a row; null: as the course says.",
    )
    test_minutes = serializers.IntegerField(
        min_value=1,
        max_value=120,
        allow_null=True,
        required=False,
        help_text="A day, before a test; null: as each course says.",
    )

    class Meta:
        model = Trainer
        fields = [
            "reminder_hour",
            "weekdays",
            "session_size",
            "reminders_off",
            "easy_days",
            "desired_retention",
            "streak_level",
            "test_minutes",
        ]


class UndoSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the answer that you gave last.")


class UndoneSerializer(serializers.Serializer[Any]):
    card = serializers.IntegerField(allow_null=True, help_text="Due again; null: it was the only answer to this card.")


class PauseSerializer(serializers.Serializer[Any]):
    until = serializers.DateField(
        allow_null=True, help_text="No cards and no reminders before this day; null: go on at once."
    )
    holidays = serializers.ListField(
        child=serializers.ListField(child=serializers.DateField(), min_length=2, max_length=2),
        max_length=MOST_HOLIDAYS,
        required=False,
        help_text="First and last day of each that is planned; what you send takes the place of all.",
    )


class ReportSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500, allow_blank=True, required=False, default="")


@contextmanager
def of_oneself() -> Iterator[None]:
    """What is another's is not there."""
    try:
        yield
    except UnknownCardError as stranger:
        raise NotFound from stranger


class CardViewSet(viewsets.ViewSet):
    """Your cards of today."""

    rule = staticmethod(is_member)
    area = "cards"
    lookup_value_converter = "int"

    @extend_schema(responses=forced_singular_serializer(CardsSerializer), operation_id="cards_list")
    def list(self, request: Request) -> Response:
        """What is due now in this environment, in the order to practise it. A key opens one environment, so each has its own."""
        payload = session_payload(session_of(membership=request._request.membership, alone=True))
        return Response(CardsSerializer({"minutes": payload["minutes"], "results": payload["cards"]}).data)

    @extend_schema(request=CardAnswersSerializer, responses=TakenSerializer)
    @action(detail=False, methods=["post"])
    def answers(self, request: Request) -> Response:
        """Keep answers, each by itself. One that was sent before is accepted again and counts once."""
        wish = CardAnswersSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        items, broken = answers_in(wish.validated_data)
        taken = answers_take(person_id=request.user.pk, items=items)
        refused = {str(uid): why for uid, why in taken.refused.items()} | dict.fromkeys(broken, "This cannot be read.")
        return Response(TakenSerializer({"accepted": taken.accepted, "refused": refused}).data)

    @extend_schema(request=UndoSerializer, responses=UndoneSerializer)
    @action(detail=False, methods=["post"])
    def undo(self, request: Request) -> Response:
        """Take your last answer back, within a quarter of an hour. Twice is once."""
        wish = UndoSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        with of_oneself():
            card = answer_withdraw(person_id=request.user.pk, uid=wish.validated_data["id"])
        return Response(UndoneSerializer({"card": card.pk if card else None}).data)

    @extend_schema(methods=["get"], responses=PauseSerializer)
    @extend_schema(methods=["put"], request=PauseSerializer, responses=PauseSerializer)
    @action(detail=False, methods=["get", "put"])
    def pause(self, request: Request) -> Response:
        """Breaks: until when there are no cards, and holidays that are planned."""
        if request.method == "PUT":
            wish = PauseSerializer(data=request.data)
            wish.is_valid(raise_exception=True)
            trainer_pause(person_id=request.user.pk, until=wish.validated_data["until"])
            if "holidays" in wish.validated_data:
                holidays_save(person_id=request.user.pk, holidays=wish.validated_data["holidays"])
        trainer = Trainer.objects.filter(person_id=request.user.pk).first() or Trainer()
        return Response(PauseSerializer({"until": trainer.paused_until, "holidays": trainer.holidays}).data)

    @extend_schema(request=ReportSerializer, responses={204: None})
    @action(detail=True, methods=["post"], url_path="report")
    def report(self, request: Request, pk: int) -> Response:
        """Say that the question of your card is wrong or unclear."""
        wish = ReportSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        with of_oneself():
            question_report(person_id=request.user.pk, card_id=pk, text=wish.validated_data["text"])
        return Response(status=204)

    @extend_schema(methods=["get"], responses=WishesSerializer)
    @extend_schema(methods=["patch"], request=WishesSerializer, responses=WishesSerializer)
    @action(detail=False, methods=["get", "patch"], url_path="settings")
    def wishes(self, request: Request) -> Response:
        """When the cards come, and how many."""
        trainer = Trainer.objects.filter(person_id=request.user.pk).first() or Trainer()
        if request.method == "PATCH":
            wish = WishesSerializer(data=request.data)
            wish.is_valid(raise_exception=True)
            wanted = {**WishesSerializer(trainer).data, **wish.validated_data}
            trainer = trainer_settings_save(person_id=request.user.pk, **wanted)
        return Response(WishesSerializer(trainer).data)
