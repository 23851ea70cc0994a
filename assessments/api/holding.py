"""How assessments are held, for other software: settings, questions, exceptions, rounds of feedback. For authors."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.banks import QuestionsChangedSerializer
from assessments.api.contents import ContentsMixin
from assessments.models import Angle, Assessment, FeedbackRound, Mode, Override
from assessments.selectors.feedback import rounds_of
from assessments.services.assessing import (
    SETTINGS,
    assessment_set,
    override_remove,
    override_save,
    question_take_out,
)
from assessments.services.feedback import feedback_close, feedback_open
from assessments.services.making import quiz_make
from assessments.services.moving import questions_put
from ecosystem.models import Element, Group, Membership, Person
from ecosystem.rest import valid
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug

SHARE = {"min_value": 0, "max_value": 1}
SMALL = {"min_value": 0, "max_value": 32_767}


class QuizSerializer(serializers.ModelSerializer[Assessment]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    password = serializers.SerializerMethodField(help_text="Whether one is asked for.")

    class Meta:
        model = Assessment
        fields = ["slug", "title", *SETTINGS, "password"]
        read_only_fields = fields

    def get_password(self, assessment: Assessment) -> bool:
        return bool(assessment.password_hash)


class QuizSettingsSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    pass_mark = serializers.FloatField(required=False, **SHARE)
    attempts_allowed = serializers.IntegerField(required=False, **SMALL)
    wait_minutes = serializers.IntegerField(required=False, min_value=0, max_value=525_600)
    minutes_allowed = serializers.IntegerField(required=False, **SMALL)
    grace_seconds = serializers.IntegerField(required=False, **SMALL)
    opens_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)
    shuffle_questions = serializers.BooleanField(required=False)
    shuffle_choices = serializers.BooleanField(required=False)
    even_exposure = serializers.BooleanField(required=False)
    forward_only = serializers.BooleanField(required=False)
    people_mark = serializers.BooleanField(required=False)
    second_marker = serializers.BooleanField(required=False)
    anonymous_marking = serializers.BooleanField(required=False)
    minimum_group = serializers.IntegerField(required=False, min_value=3, max_value=32_767)
    target_error = serializers.FloatField(required=False, min_value=0.01, max_value=100)
    least_questions = serializers.IntegerField(required=False, min_value=1, max_value=500)
    most_questions = serializers.IntegerField(required=False, min_value=1, max_value=500)
    review = serializers.DictField(
        required=False,
        child=serializers.ListField(child=serializers.CharField(max_length=40)),
        help_text="{moment: [things]}",
    )
    password = serializers.CharField(required=False, allow_blank=True, max_length=100, help_text="Empty takes it away.")


class QuizNewSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    bank = serializers.SlugField(max_length=100)
    mode = serializers.ChoiceField(choices=Mode.choices, default=Mode.QUIZ)
    count = serializers.IntegerField(
        min_value=1, max_value=500, allow_null=True, default=None, help_text="Drawn for each attempt; null asks all."
    )


class QuestionsPutSerializer(serializers.Serializer[Any]):
    questions = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=500, help_text="Ids.")
    remove = serializers.BooleanField(default=False)


class ExceptionSerializer(serializers.ModelSerializer[Override]):
    person = serializers.EmailField(source="person.email", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Override
        fields = ["id", "person", "group", "extra_minutes", "attempts_allowed", "opens_at", "closes_at", "because"]
        read_only_fields = fields


class ExceptionsSerializer(serializers.Serializer[Any]):
    results = ExceptionSerializer(many=True)


class ExceptionNewSerializer(serializers.Serializer[Any]):
    """For one person or one group; what is left out is as for everybody."""

    person = serializers.EmailField(required=False, help_text="E-mail address of a member.")
    group = serializers.IntegerField(required=False, min_value=1, help_text="Id of a group.")
    extra_minutes = serializers.IntegerField(default=0, min_value=0, max_value=1440)
    attempts_allowed = serializers.IntegerField(default=None, allow_null=True, **SMALL)
    opens_at = serializers.DateTimeField(default=None, allow_null=True)
    closes_at = serializers.DateTimeField(default=None, allow_null=True)
    because = serializers.CharField(default="", allow_blank=True, max_length=200)


class ExceptionEndSerializer(serializers.Serializer[Any]):
    exception = serializers.IntegerField(min_value=1)


class RoundSerializer(serializers.ModelSerializer[FeedbackRound]):
    about = serializers.EmailField(source="person.email", read_only=True)
    asked = serializers.IntegerField(read_only=True)
    answered = serializers.IntegerField(source="done", read_only=True)

    class Meta:
        model = FeedbackRound
        fields = ["uid", "about", "opened_at", "closes_at", "closed_at", "asked", "answered"]
        read_only_fields = fields


class RoundsSerializer(serializers.Serializer[Any]):
    results = RoundSerializer(many=True)


class AddressesField(serializers.ListField):
    def __init__(self) -> None:
        super().__init__(child=serializers.EmailField(), default=list, max_length=100)


class RoundNewSerializer(serializers.Serializer[Any]):
    """People by the e-mail addresses of members."""

    about = serializers.EmailField()
    closes_at = serializers.DateTimeField()
    manager = AddressesField()
    peer = AddressesField()
    report = AddressesField()
    other = AddressesField()


class RoundCloseSerializer(serializers.Serializer[Any]):
    round = serializers.UUIDField()


def member_or_error(email: str, field: str) -> Person:
    rows = Membership.objects.filter(environment_id=current_scope().environment_id, ended_at=None)
    row = rows.filter(person__email__iexact=email).select_related("person").first()
    if row is None:
        raise serializers.ValidationError({field: ["Nobody here has this address."]})
    return row.person


class QuizViewSet(ContentsMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Assessment]):
    """Assessments of this environment as they are held. For authors."""

    rule = staticmethod(is_author)
    area = "assessments"
    serializer_class = QuizSerializer
    queryset = Assessment.objects.select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[Assessment]:
        return super().get_queryset().filter(environment_id=current_scope().environment_id)

    def get_object(self) -> Assessment:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"], element="element__")

    @extend_schema(responses=QuizSerializer)
    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(QuizSerializer(self.get_object()).data)

    @extend_schema(request=QuizNewSerializer, responses={201: QuizSerializer})
    def create(self, request: Request) -> Response:
        """A quiz, survey, adaptive test or 360-degree feedback from the questions of a bank."""
        wish = valid(QuizNewSerializer, request)
        banks = Element.objects.filter(kind="question_bank", environment_id=current_scope().environment_id)
        bank = row_of_slug(banks, wish.pop("bank"))
        return Response(
            QuizSerializer(quiz_make(bank=bank, by=request.user, **wish)).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(request=QuizSettingsSerializer, responses=QuizSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change how it is held."""
        wish = valid(QuizSettingsSerializer, request)
        return Response(QuizSerializer(assessment_set(assessment=self.get_object(), by=request.user, **wish)).data)

    @extend_schema(request=QuestionsPutSerializer, responses=QuestionsChangedSerializer)
    @action(detail=True, methods=["post"])
    def questions(self, request: Request, slug: str) -> Response:
        """Ask more questions of banks, or take some out."""
        assessment, wish = self.get_object(), valid(QuestionsPutSerializer, request)
        if wish["remove"]:
            rows = list(assessment.questions.filter(question_id__in=wish["questions"]).select_related("question"))
            for row in rows:
                question_take_out(row=row, by=request.user)
            return Response({"changed": len(rows)})
        put = questions_put(assessment=assessment, question_ids=wish["questions"], by=request.user)
        return Response({"changed": put.changed})

    @extend_schema(request=ExceptionNewSerializer, responses={200: ExceptionsSerializer, 201: ExceptionSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def exceptions(self, request: Request, slug: str) -> Response:
        """Who has other terms; or other terms for somebody."""
        assessment = self.get_object()
        if request.method == "GET":
            rows = Override.objects.filter(assessment=assessment).select_related("person").order_by("pk")
            return Response(ExceptionsSerializer({"results": rows}).data)
        wish = valid(ExceptionNewSerializer, request)
        email, number = wish.pop("person", None), wish.pop("group", None)
        group = Group.objects.filter(pk=number, environment_id=assessment.environment_id).first() if number else None
        if number and group is None:
            raise serializers.ValidationError({"group": ["There is no such group."]})
        person = member_or_error(email, "person") if email else None
        made = override_save(assessment=assessment, by=request.user, person=person, group=group, **wish)
        return Response(ExceptionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ExceptionEndSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def end_exception(self, request: Request, slug: str) -> Response:
        """The terms of everybody count again."""
        wish = valid(ExceptionEndSerializer, request)
        row = Override.objects.filter(assessment=self.get_object(), pk=wish["exception"]).first()
        if row is None:
            raise Http404
        override_remove(override=row, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=RoundNewSerializer, responses={200: RoundsSerializer, 201: RoundSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def rounds(self, request: Request, slug: str) -> Response:
        """Rounds of 360-degree feedback, never what was said; or ask people about somebody."""
        assessment = self.get_object()
        if request.method == "GET":
            return Response(RoundsSerializer({"results": rounds_of(assessment_id=assessment.pk)}).data)
        wish = valid(RoundNewSerializer, request)
        asked = {
            angle: [member_or_error(email, angle) for email in wish[angle]] for angle in Angle.values if angle in wish
        }
        round_ = feedback_open(
            assessment=assessment,
            about=member_or_error(wish["about"], "about"),
            asked=asked,
            closes_at=wish["closes_at"],
            by=request.user,
        )
        shown = rounds_of(assessment_id=assessment.pk).get(pk=round_.pk)
        return Response(RoundSerializer(shown).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RoundCloseSerializer, responses=RoundSerializer)
    @action(detail=True, methods=["post"])
    def close_round(self, request: Request, slug: str) -> Response:
        """No more answers; the person may read what there is."""
        assessment, wish = self.get_object(), valid(RoundCloseSerializer, request)
        row = FeedbackRound.objects.filter(assessment=assessment, uid=wish["round"]).first()
        if row is None:
            raise Http404
        feedback_close(round_=row, by=request.user)
        return Response(RoundSerializer(rounds_of(assessment_id=assessment.pk).get(pk=row.pk)).data)
