"""Assessments and attempts for other software; reading only."""

from django.db.models import Count, QuerySet
from rest_framework import serializers, viewsets

from assessments.models import Assessment, Attempt
from ecosystem.rules import is_instructor, is_member
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
            "id", "slug", "title", "summary", "language", "minutes", "questions", "pass_mark", "attempts_allowed",
            "shuffle_questions", "shuffle_choices",
        ]  # fmt: skip
        read_only_fields = fields


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    assessment = serializers.SlugField(source="element.slug", read_only=True)
    person = serializers.EmailField(source="person.email", read_only=True)

    class Meta:
        model = Attempt
        fields = ["uid", "assessment", "person", "number", "started_at", "finished_at", "score", "passed"]
        read_only_fields = fields


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


class AttemptViewSet(viewsets.ReadOnlyModelViewSet[Attempt]):
    """One's own attempts; instructors and administrators see everybody's."""

    rule = staticmethod(is_member)
    area = "assessments"
    serializer_class = AttemptSerializer
    queryset = Attempt.objects.select_related("element", "person")
    lookup_field = "uid"
    filterset_fields = {"passed": ["exact"], "finished_at": ["isnull", "gte", "lt"]}

    def get_queryset(self) -> QuerySet[Attempt]:
        attempts = super().get_queryset()
        membership = self.request._request.membership
        return attempts if is_instructor(membership) else attempts.filter(person_id=membership.person_id)
