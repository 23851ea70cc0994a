"""What events and sessions say and take over the API."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ecosystem.conditions import condition_problems
from ecosystem.models import Group
from ecosystem.selectors import member_of_email
from ecosystem.time_zones import known_zones
from events.api.equipment import MOST_KINDS, SessionEquipmentSerializer
from events.models import (
    MOST_EVENTS,
    Approval,
    Draw,
    Event,
    EventQuestion,
    Fairness,
    Frequency,
    Presence,
    QuestionKind,
    Session,
)
from events.services.repeating import Reach

REACHES = [(reach.value, reach.value) for reach in Reach]


class SessionSerializer(serializers.ModelSerializer[Session]):
    trainer = serializers.EmailField(source="trainer.email", read_only=True, allow_null=True)

    class Meta:
        model = Session
        fields = ["id", "starts_at", "ends_at", "place", "room", "zone", "trainer"]
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


class EventQuestionSerializer(serializers.ModelSerializer[EventQuestion]):
    class Meta:
        model = EventQuestion
        fields = ["id", "kind", "text", "choices", "required"]
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer[Event]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    summary = serializers.CharField(source="element.summary", read_only=True)
    sessions = SessionSerializer(many=True, read_only=True)
    priority_group = serializers.CharField(source="priority_group.name", read_only=True, allow_null=True)
    register_if = serializers.JSONField(read_only=True, help_text="A condition: who may book. Null: everybody.")
    attend_if = serializers.JSONField(read_only=True, help_text="A condition: who may take part. Null: everybody.")
    draw = serializers.SerializerMethodField()
    questions = serializers.SerializerMethodField()
    series = serializers.IntegerField(source="series_id", read_only=True, allow_null=True)

    class Meta:
        model = Event
        fields = [
            "slug", "title", "summary", "zone", "capacity", "minimum", "taken", "has_waiting_list", "offer_hours",
            "cancel_hours", "opens_at", "closes_at", "cancelled_at", "cancelled_because", "approval", "approve_hours", "copies_managers",
            "allows_substitutes", "needs_reason", "register_if", "attend_if", "fairness", "priority_group", "settle_at", "draw",
            "questions", "series", "price", "currency", "needs_code",
            "sessions",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(DrawSerializer(allow_null=True))
    def get_draw(self, event: Event) -> dict[str, Any] | None:
        lots = next(iter(event.draws.all()), None)
        return None if lots is None else dict(DrawSerializer(lots).data)

    @extend_schema_field(EventQuestionSerializer(many=True))
    def get_questions(self, event: Event) -> Any:
        return EventQuestionSerializer([one for one in event.questions.all() if one.ended_at is None], many=True).data


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
    price = serializers.DecimalField(
        max_digits=9, decimal_places=2, min_value=Decimal(0), required=False, allow_null=True,
        help_text="It is invoiced: nothing is paid here.",
    )  # fmt: skip
    currency = serializers.RegexField(r"\A[A-Z]{3}\Z", required=False, help_text="Such as EUR.")
    needs_code = serializers.BooleanField(required=False)

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
        return _zone(value)


def _zone(value: str) -> str:
    if value not in known_zones():
        raise serializers.ValidationError("There is no such time zone.")
    return value


def _condition(value: Any) -> Any:
    if problems := condition_problems(value):
        raise serializers.ValidationError(problems)
    return value


class ChangedEventSerializer(EventFactsSerializer):
    which = serializers.ChoiceField(
        source="reach", choices=REACHES, required=False, help_text="Which events of a series."
    )


class NewEventSerializer(EventFactsSerializer):
    title = serializers.CharField(max_length=200)
    zone = serializers.CharField(max_length=64, default="UTC", help_text="Such as Europe/Amsterdam.")


class SessionFactsSerializer(serializers.Serializer[Any]):
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.CharField(max_length=200, required=False, allow_blank=True)
    room = serializers.CharField(max_length=100, required=False, allow_blank=True)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True)
    zone = serializers.CharField(
        max_length=64, required=False, allow_blank=True, help_text="Of the place. Empty: that of the event."
    )
    trainer = serializers.EmailField(required=False, allow_null=True, help_text="The e-mail address of a member.")
    equipment = SessionEquipmentSerializer(
        many=True, required=False, max_length=MOST_KINDS, help_text="All that it needs. Without: it keeps what it has."
    )

    def validate_equipment(self, value: list[dict[str, int]]) -> dict[int, int]:
        """As the services take it."""
        if any(one.keys() != {"equipment", "pieces"} for one in value):  # a PATCH lets parts be left out
            raise serializers.ValidationError("Say equipment and pieces of each.")
        wanted = {one["equipment"]: one["pieces"] for one in value}
        if len(wanted) < len(value):
            raise serializers.ValidationError("Name each equipment once.")
        return wanted

    def validate_zone(self, value: str) -> str:
        return _zone(value) if value else ""

    def validate_trainer(self, value: str | None) -> Any:
        if not value:
            return None
        if (person := member_of_email(email=value)) is None:
            raise serializers.ValidationError("Nobody here has this e-mail address.")
        return person


class ChangedSessionSerializer(SessionFactsSerializer):
    which = serializers.ChoiceField(
        source="reach", choices=REACHES, required=False, help_text="Of which events of a series."
    )


class EventCancelSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)
    which = serializers.ChoiceField(
        source="reach", choices=REACHES, default=Reach.ONE, help_text="Which events of a series."
    )


class MarkSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField()
    presence = serializers.ChoiceField(choices=Presence.choices)


class MarksSerializer(serializers.Serializer[Any]):
    marks = MarkSerializer(many=True, max_length=500)


class RepeatSerializer(serializers.Serializer[Any]):
    frequency = serializers.ChoiceField(choices=Frequency.choices)
    days = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6), required=False, max_length=7,
        help_text="Days of the week, 0 is Monday; for weekly ones.",
    )  # fmt: skip
    count = serializers.IntegerField(min_value=2, max_value=MOST_EVENTS)


class RepeatedSerializer(serializers.Serializer[Any]):
    events = serializers.ListField(child=serializers.SlugField())
    left_out = serializers.ListField(child=serializers.DateField())


class NewQuestionSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=QuestionKind.choices)
    text = serializers.CharField(max_length=200)
    choices = serializers.ListField(child=serializers.CharField(max_length=100), required=False, max_length=20)
    required = serializers.BooleanField(default=False)


class EndQuestionSerializer(serializers.Serializer[Any]):
    question = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class EvaluationSerializer(serializers.Serializer[Any]):
    score = serializers.IntegerField(min_value=1, max_value=5)
    words = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class VerdictSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    words = serializers.ListField(child=serializers.CharField())
