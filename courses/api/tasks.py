"""Tasks on the job for other software: said to be done, confirmed or sent back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.models import TaskReport
from courses.selectors.guiding import reports_for
from courses.services.tasks_on_the_job import LONGEST, TASK, task_answer, task_report
from ecosystem.gates import closed_to
from ecosystem.models import Membership
from ecosystem.rules import is_here
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import elements_for


class TaskReportSerializer(serializers.ModelSerializer[TaskReport]):
    task = serializers.SlugField(source="element.slug", read_only=True)
    person = serializers.EmailField(source="person.email", read_only=True)
    answered_by = serializers.EmailField(source="answered_by.email", read_only=True, allow_null=True)

    class Meta:
        model = TaskReport
        fields = ["uid", "task", "person", "number", "state", "note", "said_at", "answer", "answered_by", "answered_at"]
        read_only_fields = fields


class NewReportSerializer(serializers.Serializer[Any]):
    task = serializers.SlugField()
    note = serializers.CharField(max_length=LONGEST, help_text="What you did and how it went.")


class AnswerSerializer(serializers.Serializer[Any]):
    confirm = serializers.BooleanField(help_text="False sends it back.")
    words = serializers.CharField(
        max_length=LONGEST, allow_blank=True, default="", help_text="What went well, or what is missing."
    )


class TaskReportViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[TaskReport]
):  # fmt: skip
    """What you say you have done on the job, and what the people say whom you guide."""

    rule = staticmethod(is_here)
    area = "courses"
    serializer_class = TaskReportSerializer
    queryset = TaskReport.objects.select_related("element", "person", "answered_by")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-said_at", "-id")

    @property
    def by(self) -> Membership:
        found: Membership = self.request._request.membership  # type: ignore[attr-defined]
        return found

    def get_queryset(self) -> QuerySet[TaskReport]:
        return (
            super().get_queryset().filter(Q(person_id=self.by.person_id) | Q(pk__in=reports_for(self.by).values("pk")))
        )

    @extend_schema(request=NewReportSerializer, responses={201: TaskReportSerializer})
    def create(self, request: Request) -> Response:
        """Say that you have done a task of a course of yours."""
        wish = NewReportSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        if not self.by.is_current:
            raise Http404
        task = row_of_slug(elements_for(self.by).filter(kind=TASK), wish.validated_data["task"])
        if closed := closed_to(self.by, task):
            raise serializers.ValidationError({"task": [closed.because]})
        made = task_report(task=task, note=wish.validated_data["note"], by=self.by)
        return Response(TaskReportSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AnswerSerializer, responses=TaskReportSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, uid: UUID) -> Response:
        """Confirm it, which completes the step, or send it back. For who guides the person."""
        found = self.get_object()
        wish = AnswerSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        report = task_answer(report=found, by=self.by, **wish.validated_data)
        return Response(TaskReportSerializer(report).data)
