"""Assessments for other software: which there are, and beginning one."""

from typing import Any

from django.db.models import Count, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.attempts import AttemptSerializer
from assessments.models import Assessment
from assessments.services import attempt_start
from ecosystem.gates import closed_to
from ecosystem.rules import is_member
from ecosystem.slugs import row_of_slug
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
        return Response(
            AttemptSerializer(attempt, context={"reader": request.user.pk, "withheld": frozenset()}).data,
            status=status.HTTP_201_CREATED,
        )
