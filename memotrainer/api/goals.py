"""MemoTrainer goals, and how courses are trained, for other software."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Objective
from ecosystem.models import Element
from ecosystem.rest import Asked, valid
from ecosystem.rules import is_author, is_here, may_somewhere
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import elements_for
from memotrainer.enums import Mode
from memotrainer.models import Goal, GoalPart, Training
from memotrainer.services import goal_change, goal_end, goal_make, goal_resume, training_save
from memotrainer.services.goals import MOST_PARTS
from memotrainer.training import LOOK, courses_seen, may_train


class GoalSerializer(serializers.ModelSerializer[Goal]):
    """``recall`` and ``coverage`` in percent; ``days`` without practice."""

    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    summary = serializers.CharField(source="element.summary", read_only=True)
    quizzes = serializers.SerializerMethodField()
    objectives = serializers.SerializerMethodField()

    class Meta:
        model = Goal
        fields = ["slug", "title", "summary", "quizzes", "objectives", "recall", "coverage", "days", "ended_at"]
        read_only_fields = fields

    def get_quizzes(self, goal: Goal) -> list[str]:
        return [part.of.slug for part in goal.parts_shown if part.objective_id is None]  # type: ignore[attr-defined]

    def get_objectives(self, goal: Goal) -> list[int]:
        return [part.objective_id for part in goal.parts_shown if part.objective_id]  # type: ignore[attr-defined]


class GoalFactsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    summary = serializers.CharField(max_length=500, required=False, allow_blank=True)
    quizzes = serializers.ListField(child=serializers.SlugField(), max_length=MOST_PARTS, required=False)
    objectives = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        max_length=MOST_PARTS,
        required=False,
        help_text="Ids of learning objectives of banks.",
    )
    recall = serializers.IntegerField(min_value=1, max_value=99, required=False)
    coverage = serializers.IntegerField(min_value=1, max_value=100, required=False)
    days = serializers.IntegerField(min_value=0, max_value=365, required=False)


class NewGoalSerializer(GoalFactsSerializer):
    title = serializers.CharField(max_length=200)


class GoalViewSet(Asked, mixins.ListModelMixin, viewsets.GenericViewSet[Goal]):
    """MemoTrainer goals you may see. Who makes content makes, changes and ends them."""

    rule = staticmethod(is_here)
    area = "cards"
    serializer_class = GoalSerializer
    queryset = Goal.objects.select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet[Goal]:
        parts = GoalPart.objects.select_related("of").order_by("pk")
        rows = super().get_queryset().prefetch_related(Prefetch("parts", queryset=parts, to_attr="parts_shown"))
        return rows if is_author(self.by) else rows.filter(element__in=elements_for(self.by))

    def get_object(self) -> Goal:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"], element="element__")

    def only_authors(self) -> None:
        if not is_author(self.by):
            raise PermissionDenied("Only who makes content can do that.")

    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(GoalSerializer(self.get_object()).data)

    @extend_schema(request=NewGoalSerializer, responses={201: GoalSerializer})
    def create(self, request: Request) -> Response:
        """A new goal; it becomes a step of a course in the course's draft."""
        said = self._named(valid(NewGoalSerializer, request))
        self.only_authors()
        made = goal_make(by=self.by, **{"quizzes": [], **said})
        return Response(GoalSerializer(self.get_queryset().get(pk=made.pk)).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=GoalFactsSerializer, responses=GoalSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Ask for something else; what you leave out stays. Who has reached it keeps that."""
        found = self.get_object()
        said = self._named(valid(GoalFactsSerializer, request))
        self.only_authors()
        goal_change(goal=found, by=self.by, **said)
        return Response(GoalSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=GoalSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, slug: str) -> Response:
        """Nobody reaches it any more; who has, keeps it. Refused while a course needs it."""
        found = self.get_object()
        self.only_authors()
        goal_end(goal=found, by=self.by)
        return Response(GoalSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=GoalSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, slug: str) -> Response:
        """It counts again, also what was answered in the meantime."""
        found = self.get_object()
        self.only_authors()
        goal_resume(goal=found, by=self.by)
        return Response(GoalSerializer(self.get_object()).data)

    def _named(self, said: dict[str, Any]) -> dict[str, Any]:
        """Rows in the place of slugs and ids. What is not here is told at its place in the list."""
        if "quizzes" in said:
            here = {row.slug: row for row in Element.objects.filter(kind="assessment", slug__in=said["quizzes"])}
            said["quizzes"] = _each("quizzes", said["quizzes"], here)
        if "objectives" in said:
            known = Objective.objects.in_bulk(said["objectives"])
            said["objectives"] = _each("objectives", said["objectives"], known)
        return said


def _each(name: str, wanted: list[Any], known: dict[Any, Any]) -> list[Any]:
    missing = {index: ["There is no such row here."] for index, one in enumerate(wanted) if one not in known}
    if missing:
        raise serializers.ValidationError({name: missing})
    return [known[one] for one in wanted]


class TrainingSerializer(serializers.Serializer[Any]):
    """How the questions of a course come back. Without wishes of its own: knowledge is kept at a recall of 0.9."""

    course = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    mode = serializers.ChoiceField(choices=Mode.choices, required=False)
    desired_retention = serializers.FloatField(min_value=0.7, max_value=0.97, required=False)
    streak_level = serializers.IntegerField(
        min_value=1, max_value=6, required=False, help_text="Right answers in a row."
    )
    test_on = serializers.DateField(allow_null=True, required=False, help_text="Day of the test, to prepare for one.")
    minutes_a_day = serializers.IntegerField(min_value=1, max_value=120, required=False, help_text="Before a test.")
    from_day_one = serializers.BooleanField(required=False)
    with_extras = serializers.BooleanField(required=False)


class TrainingViewSet(Asked, viewsets.GenericViewSet[Element]):
    """How courses are trained, of those whose results you may see. Whoever marks the work of a course may change it."""

    rule = staticmethod(may_somewhere(*LOOK))
    area = "cards"
    serializer_class = TrainingSerializer
    queryset = Element.objects.filter(kind="course")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("slug", "id")

    def get_queryset(self) -> QuerySet[Element]:
        return courses_seen(self.by)

    def get_object(self) -> Element:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"])

    def list(self, request: Request) -> Response:
        courses = self.paginate_queryset(self.get_queryset()) or []
        known = {row.element_id: row for row in Training.objects.filter(element__in=courses).select_related("element")}
        rows = [known.get(course.pk) or Training(element=course) for course in courses]
        return self.get_paginated_response(TrainingSerializer(rows, many=True).data)

    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(TrainingSerializer(_training_of(self.get_object())).data)

    @extend_schema(request=TrainingSerializer, responses=TrainingSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Another way; what you leave out stays. The cards get their new days in a moment, answers stay as they are."""
        course = self.get_object()
        said = valid(TrainingSerializer, request)
        if not may_train(self.by, course):
            raise PermissionDenied("Only who marks the work of this course can do that.")
        if "test_on" not in said:
            said["test_on"] = _training_of(course).test_on
        if "mode" not in said:
            said["mode"] = _training_of(course).mode
        training_save(course=course, by=self.by, **said)
        return Response(TrainingSerializer(_training_of(course)).data)


def _training_of(course: Element) -> Training:
    return Training.objects.filter(element=course).select_related("element").first() or Training(element=course)
