"""Assignments for other software: made, changed, given more time."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import Asked, valid
from ecosystem.rules import is_author, is_here
from ecosystem.selectors import member_of_email
from ecosystem.slugs import row_of_slug
from handins.access import may_review
from handins.api.allocating import Allocating
from handins.api.calibrating import Calibrating
from handins.files.types import ENDINGS, MOST_MB
from handins.models import Assignment, CompletedBy, Extension, Moderated
from handins.selectors import assignments_for
from handins.selectors.queue import assignments_reviewed
from handins.services import assignment_make, assignment_set, extension_give, handin_rubric_save


class LevelSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    points = serializers.IntegerField(min_value=0, max_value=1000)


class CriterionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    weight = serializers.IntegerField(min_value=1, max_value=100, default=1)
    levels = LevelSerializer(many=True, max_length=8)


class HandinRubricSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="number", read_only=True)
    criteria = CriterionSerializer(many=True, max_length=12)


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    summary = serializers.CharField(source="element.summary", read_only=True)
    rubric = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = [
            "slug", "title", "summary", "markdown", "html", "takes_text", "takes_files", "takes_link", "takes_audio", "takes_video", "endings",
            "most_files", "most_mb", "most_words", "due_at", "closes_at", "honour", "most_rounds", "pass_mark",
            "completed_by", "is_group", "all_agree", "is_anonymous", "is_double", "tolerance", "moderation",
            "moderation_share", "moderation_active", "borderline", "is_compared", "is_on_the_job", "late_points", "rubric",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema(responses=HandinRubricSerializer)
    def get_rubric(self, row: Assignment) -> dict[str, Any] | None:
        versions = sorted(row.rubrics.all(), key=lambda one: one.number)
        return HandinRubricSerializer(versions[-1]).data if versions and versions[-1].criteria else None


class AssignmentFactsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    summary = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    markdown = serializers.CharField(max_length=100_000, required=False)
    takes_text = serializers.BooleanField(required=False)
    takes_files = serializers.BooleanField(required=False)
    takes_link = serializers.BooleanField(required=False)
    takes_audio = serializers.BooleanField(required=False)
    takes_video = serializers.BooleanField(required=False)
    endings = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(ENDINGS)), required=False, max_length=len(ENDINGS)
    )
    most_files = serializers.IntegerField(min_value=1, max_value=20, required=False)
    most_mb = serializers.IntegerField(min_value=1, max_value=MOST_MB, required=False)
    most_words = serializers.IntegerField(min_value=1, max_value=100_000, required=False, allow_null=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)
    honour = serializers.CharField(max_length=500, required=False, allow_blank=True)
    most_rounds = serializers.IntegerField(min_value=1, max_value=20, required=False)
    pass_mark = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)
    completed_by = serializers.ChoiceField(choices=CompletedBy.choices, required=False)
    late_points = serializers.IntegerField(
        min_value=0, max_value=100, required=False, help_text="Percentage points that a mark loses for each day late."
    )
    is_group = serializers.BooleanField(required=False, help_text="Teams hand it in.")
    all_agree = serializers.BooleanField(required=False, help_text="Everybody in the team agrees first.")
    is_anonymous = serializers.BooleanField(
        required=False, help_text="Whoever marks sees no names until the marks are released."
    )
    moderation = serializers.ChoiceField(
        choices=Moderated.choices, required=False, help_text="Which marks a moderator looks at."
    )
    moderation_share = serializers.IntegerField(
        min_value=1, max_value=100, required=False, help_text="Percent, for a random share."
    )
    moderation_active = serializers.BooleanField(required=False, help_text="The release waits for the moderator.")
    borderline = serializers.IntegerField(
        min_value=0, max_value=100, required=False, help_text="Points from the pass mark that are near it."
    )
    is_double = serializers.BooleanField(required=False, help_text="Two people mark it, each on their own.")
    tolerance = serializers.IntegerField(
        min_value=0,
        max_value=100,
        required=False,
        help_text="Points that two marks may be apart for the average to do.",
    )
    is_compared = serializers.BooleanField(required=False, help_text="Compared with the other hand-ins here.")
    is_on_the_job = serializers.BooleanField(
        required=False, help_text="A supervisor confirms that it was done before it is marked."
    )


class NewAssignmentSerializer(AssignmentFactsSerializer):
    title = serializers.CharField(max_length=200)
    markdown = serializers.CharField(max_length=100_000)


class ExtensionSerializer(serializers.ModelSerializer[Extension]):
    person = serializers.EmailField(source="person.email", read_only=True)

    class Meta:
        model = Extension
        fields = ["person", "until", "reason", "given_at"]
        read_only_fields = fields


class NewExtensionSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField(help_text="The e-mail address of a member.")
    until = serializers.DateTimeField()
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


class AssignmentViewSet(Calibrating, Allocating, Asked, mixins.ListModelMixin, viewsets.GenericViewSet[Assignment]):
    """Assignments you may see. Who makes content makes and changes them."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = AssignmentSerializer
    queryset = Assignment.objects.select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet[Assignment]:
        return assignments_for(self.by).prefetch_related("rubrics")

    def get_object(self) -> Assignment:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"], element="element__")

    def only_authors(self) -> None:
        if not is_author(self.by):
            raise PermissionDenied("Only who makes content can do that.")

    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(AssignmentSerializer(self.get_object()).data)

    @extend_schema(request=NewAssignmentSerializer, responses={201: AssignmentSerializer})
    def create(self, request: Request) -> Response:
        """A new assignment, without a rubric yet."""
        said = valid(NewAssignmentSerializer, request)
        self.only_authors()
        made = assignment_make(by=self.by, **said)
        return Response(AssignmentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AssignmentFactsSerializer, responses=AssignmentSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what is given. What was handed in stays as it is."""
        found = self.get_object()
        said = valid(AssignmentFactsSerializer, request)
        self.only_authors()
        assignment_set(assignment=found, by=self.by, **said)
        return Response(AssignmentSerializer(self.get_object()).data)

    @extend_schema(request=HandinRubricSerializer, responses=AssignmentSerializer)
    @action(detail=True, methods=["post"])
    def rubric(self, request: Request, slug: str) -> Response:
        """Another version of the rubric, for marks from now on. No criteria take it away."""
        found = self.get_object()
        said = valid(HandinRubricSerializer, request)
        self.only_authors()
        criteria = [{**one, "levels": [dict(level) for level in one["levels"]]} for one in map(dict, said["criteria"])]
        handin_rubric_save(assignment=found, criteria=criteria, by=self.by)
        return Response(AssignmentSerializer(self.get_object()).data)

    @extend_schema(request=NewExtensionSerializer, responses={201: ExtensionSerializer})
    @action(detail=True, methods=["post"])
    def extensions(self, request: Request, slug: str) -> Response:
        """More time for one person. For who marks their work."""
        rows = assignments_reviewed(self.by) if may_review(self.by) else self.get_queryset()
        found = row_of_slug(rows, slug, element="element__")
        said = valid(NewExtensionSerializer, request)
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")
        if (person := member_of_email(email=said.pop("person"))) is None:
            raise serializers.ValidationError({"person": ["Nobody here has this e-mail address."]})
        given = extension_give(assignment=found, person=person, by=self.by, **said)
        return Response(ExtensionSerializer(given).data, status=status.HTTP_201_CREATED)
