"""Conditions of drafts, for other software: when an activity opens, in data and in words, and whether it ever can."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from courses.conditions.wording import condition_sentence
from courses.learning.facts import names_for
from courses.models import Activity, VersionState
from courses.services.checking import version_findings
from courses.services.condition_editing import condition_set
from ecosystem.models import Power
from ecosystem.rules import may_somewhere
from ecosystem.spans import span_of


class ConditionSerializer(serializers.ModelSerializer[Activity]):
    course = serializers.SlugField(source="element.slug", read_only=True)
    element = serializers.SlugField(source="target.slug", read_only=True)
    condition = serializers.DictField(
        allow_null=True, help_text="all, any or not, over predicates; null is open from the start."
    )

    class Meta:
        model = Activity
        fields = ["uid", "course", "element", "title", "condition"]
        read_only_fields = ["uid", "course", "element", "title"]


class ConditionDetailSerializer(ConditionSerializer):
    sentence = serializers.SerializerMethodField(help_text="What the learner reads.")
    findings = serializers.SerializerMethodField(help_text="Why nobody can ever open it; empty when somebody can.")

    class Meta(ConditionSerializer.Meta):
        fields = [*ConditionSerializer.Meta.fields, "sentence", "findings"]

    def get_sentence(self, activity: Activity) -> str:
        rows = Activity.objects.filter(version_id=activity.version_id).values_list("target_id", "title")
        return condition_sentence(
            activity.condition, names=names_for(trees=[activity.condition], titles=dict(rows))
        )  # fmt: skip

    def get_findings(self, activity: Activity) -> list[str]:
        found = version_findings(version=activity.version)
        return [finding.words for finding in found if activity.uid in finding.keys]


class ConditionViewSet(viewsets.ReadOnlyModelViewSet[Activity]):
    """When the activities of drafts open. For authors, of the courses that they may change."""

    rule = staticmethod(may_somewhere(Power.MANAGE_CONTENT))
    area = "courses"
    serializer_class = ConditionSerializer
    queryset = Activity.objects.filter(version__state=VersionState.DRAFT).select_related("element", "target", "version")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("element_id", "block__position", "position", "id")

    def get_serializer_class(self) -> type[ConditionSerializer]:
        return ConditionSerializer if self.action == "list" else ConditionDetailSerializer

    def get_queryset(self) -> QuerySet[Activity]:
        membership = self.request._request.membership
        span, rows = span_of(membership, Power.MANAGE_CONTENT), super().get_queryset()
        own = rows.filter(element__environment_id=membership.environment_id)
        return own if span.everything else own.filter(element_id__in=span.courses)

    @extend_schema(request=ConditionSerializer, responses=ConditionDetailSerializer)
    def update(self, request: Request, uid: Any) -> Response:
        """Change when it opens, in the draft; learners meet it once that is published."""
        found = self.get_object()
        wish = ConditionSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        condition_set(activity=found, condition=wish.validated_data["condition"], by=request._request.membership)
        return Response(ConditionDetailSerializer(self.get_object()).data)
