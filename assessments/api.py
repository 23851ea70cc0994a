"""Assessments and attempts for other software; banks are in ``api_banks``."""

import re
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Answer, Assessment, Attempt
from assessments.selectors import question_shown
from assessments.services import Sent, answer_save, attempt_finish, attempt_start
from ecosystem.gates import closed_to
from ecosystem.rules import is_here, is_member
from ecosystem.slugs import row_of_slug
from ecosystem.spans import RESULTS, span_of
from ecosystem.visibility import openable


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    summary = serializers.CharField(source="element.summary", read_only=True)
    language = serializers.CharField(source="element.language", read_only=True)
    minutes = serializers.IntegerField(source="element.minutes", read_only=True)
    questions = serializers.IntegerField(source="question_count", read_only=True)

    class Meta:
        model = Assessment
        fields = [
            "id", "slug", "title", "summary", "language", "minutes", "questions", "mode", "pass_mark", "attempts_allowed",
            "wait_minutes", "minutes_allowed", "opens_at", "closes_at", "forward_only", "shuffle_questions", "shuffle_choices",
        ]  # fmt: skip
        read_only_fields = fields


class StartSerializer(serializers.Serializer[Any]):
    password = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=100, trim_whitespace=False
    )


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    assessment = serializers.SlugField(source="element.slug", read_only=True)
    person = serializers.EmailField(source="person.email", read_only=True)

    class Meta:
        model = Attempt
        fields = [
            "uid", "assessment", "person", "number", "started_at", "deadline_at", "finished_at", "waiting", "score", "passed",
        ]  # fmt: skip
        read_only_fields = fields


class QuestionSerializer(serializers.Serializer[Any]):
    """A question of an attempt as it is asked; never what is right."""

    position = serializers.IntegerField()
    widget = serializers.CharField(
        help_text="radios, checkboxes, selects, order, gaps, cloze, hotspot, scale, files, number, line or long."
    )
    stem = serializers.CharField(allow_blank=True, help_text="Safe HTML.")
    choices = serializers.ListField(child=serializers.DictField())
    items = serializers.ListField(child=serializers.DictField())
    segments = serializers.ListField(child=serializers.DictField())
    words = serializers.ListField(child=serializers.DictField())
    areas = serializers.ListField(child=serializers.DictField())
    hints = serializers.ListField(child=serializers.CharField())
    answered = serializers.BooleanField()
    flagged = serializers.BooleanField()


class QuestionsSerializer(serializers.Serializer[Any]):
    results = QuestionSerializer(many=True)


FIELD = re.compile(r"answer(?:-[0-9]{1,3})?\Z")


class AnswerItemSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField(min_value=1, max_value=9999)
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField(allow_blank=True, trim_whitespace=False)),
        help_text='What a form would send, such as {"answer": ["2"]}.',
    )
    flagged = serializers.BooleanField(allow_null=True, default=None)
    client = serializers.RegexField(
        r"^[0-9a-zA-Z-]{0,36}\Z", default="", help_text="Who counts in seq, such as a UUID per page."
    )
    seq = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, default=0, help_text="A saving that this client sent before changes nothing."
    )
    seconds = serializers.IntegerField(
        min_value=0, max_value=3600, default=0, help_text="Looked at since the last saving."
    )


class AnswersSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.DictField(), allow_empty=False, max_length=500)


class SavedSerializer(serializers.Serializer[Any]):
    saved = serializers.IntegerField()


class AssessmentViewSet(viewsets.ReadOnlyModelViewSet[Assessment]):
    """The assessments available here that one may open."""

    rule = staticmethod(is_member)
    area = "assessments"
    serializer_class = AssessmentSerializer
    queryset = Assessment.objects.select_related("element").annotate(question_count=Count("questions"))
    lookup_field = "element__slug"
    lookup_url_kwarg = "slug"

    def get_queryset(self) -> QuerySet[Assessment]:
        return super().get_queryset().filter(openable(self.request._request.membership, element="element__"))

    def get_object(self) -> Assessment:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"], element="element__")

    @extend_schema(request=StartSerializer, responses={201: AttemptSerializer})
    @action(detail=True, methods=["post"])
    def attempts(self, request: Request, slug: str) -> Response:
        """Your open attempt, or a new one. Refused when all are used, when it is not open, or when a course keeps it closed."""
        assessment = self.get_object()
        if closed := closed_to(request._request.membership, assessment.element):
            raise PermissionDenied(closed.because)
        wish = StartSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        attempt = attempt_start(assessment=assessment, person_id=request.user.pk, **wish.validated_data)
        return Response(AttemptSerializer(attempt).data, status=status.HTTP_201_CREATED)


class AttemptViewSet(viewsets.ReadOnlyModelViewSet[Attempt]):
    """One's own attempts, and those that one's powers reach: of everybody, or in single courses and groups."""

    rule = staticmethod(is_here)
    area = "assessments"
    serializer_class = AttemptSerializer
    queryset = Attempt.objects.select_related("element", "person")
    lookup_field = "uid"
    filterset_fields = {"passed": ["exact"], "finished_at": ["isnull", "gte", "lt"]}

    def get_queryset(self) -> QuerySet[Attempt]:
        attempts = super().get_queryset()
        membership = self.request._request.membership
        mine = Q(person_id=membership.person_id)
        return attempts.filter(span_of(membership, *RESULTS).of_work() | mine)

    def own(self) -> Attempt:
        attempt = self.get_object()
        if attempt.person_id != self.request.user.pk:
            raise Http404
        return attempt

    @extend_schema(responses=QuestionsSerializer)
    @action(detail=True, pagination_class=None, filterset_fields={})
    def questions(self, request: Request, uid: str) -> Response:
        """What is asked in your own open attempt."""
        rows = Answer.objects.filter(attempt=self.own(), attempt__finished_at=None).select_related("version")
        found = [
            {
                **question_shown(row),
                "position": row.position,
                "answered": row.response is not None,
                "flagged": row.flagged,
            }
            for row in rows.order_by("position")
        ]
        return Response(QuestionsSerializer({"results": found}).data)

    @extend_schema(request=AnswersSerializer, responses=SavedSerializer)
    @action(detail=True, methods=["post"], filterset_fields={})
    def answers(self, request: Request, uid: str) -> Response:
        """Keep answers of your own open attempt: all of them or none. Sending them again is harmless."""
        attempt = self.own()
        wish = AnswersSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        items = AnswerItemSerializer(data=wish.validated_data["items"], many=True)
        items.is_valid(raise_exception=True)
        for item in items.validated_data:
            fields = {name: values for name, values in item["fields"].items() if FIELD.match(name)}
            try:
                answer_save(
                    attempt_uid=attempt.uid,
                    person_id=attempt.person_id,
                    position=item["position"],
                    response=fields,
                    flagged=item["flagged"],
                    sent=Sent(client=item["client"], seq=item["seq"], seconds=item["seconds"]),
                )
            except Answer.DoesNotExist:
                raise Http404 from None
        return Response({"saved": len(items.validated_data)})

    @extend_schema(request=None, responses=AttemptSerializer)
    @action(detail=True, methods=["post"], filterset_fields={})
    def finish(self, request: Request, uid: str) -> Response:
        """Mark your attempt. Finishing again gives the same result."""
        attempt = attempt_finish(attempt_uid=self.own().uid, person_id=request.user.pk)
        return Response(AttemptSerializer(attempt).data)
