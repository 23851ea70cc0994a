"""Daily cards for other software: what is due, answering, and when they come."""

from typing import Any

from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rules import is_member
from memotrainer.device import MOST_ITEMS, answers_in, session_payload
from memotrainer.models import Trainer
from memotrainer.selectors import session_of
from memotrainer.services import answers_take, trainer_settings_save


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
        ]


class CardViewSet(viewsets.ViewSet):
    """Your cards of today."""

    rule = staticmethod(is_member)
    area = "cards"

    @extend_schema(responses=forced_singular_serializer(CardsSerializer), operation_id="cards_list")
    def list(self, request: Request) -> Response:
        """What is due now, in the order to practise it."""
        payload = session_payload(session_of(membership=request._request.membership))
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
