"""Enrolments and where people are in them, for other software; reading only."""

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers, viewsets

from courses.models import ActivityState, Enrolment
from ecosystem.models import Membership, Person
from ecosystem.rules import is_instructor, is_manager, is_member


class LearnerSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ["name", "email"]
        read_only_fields = fields


class EnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    course = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    run = serializers.UUIDField(source="run.uid", read_only=True)
    person = LearnerSerializer(read_only=True)

    class Meta:
        model = Enrolment
        fields = [
            "id", "course", "title", "run", "person", "state", "progress", "enrolled_at", "last_active_at",
            "completed_at",
        ]  # fmt: skip
        read_only_fields = fields


class ActivityStateSerializer(serializers.ModelSerializer[ActivityState]):
    activity = serializers.UUIDField(source="activity.uid", read_only=True)
    block = serializers.CharField(source="activity.block.title", read_only=True)
    title = serializers.CharField(source="activity.title", read_only=True)
    type = serializers.CharField(source="activity.type", read_only=True)
    optional = serializers.BooleanField(source="activity.optional", read_only=True)
    element = serializers.SlugField(source="target.slug", read_only=True)

    class Meta:
        model = ActivityState
        fields = [
            "activity", "block", "title", "type", "optional", "element", "state", "passed", "score", "opened_at",
            "started_at", "completed_at",
        ]  # fmt: skip
        read_only_fields = fields


class EnrolmentDetailSerializer(EnrolmentSerializer):
    activities = ActivityStateSerializer(source="states", many=True, read_only=True)

    class Meta(EnrolmentSerializer.Meta):
        fields = [*EnrolmentSerializer.Meta.fields, "activities"]
        read_only_fields = fields


class EnrolmentFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="element__slug", label="Slug of the course.")
    person = django_filters.CharFilter(field_name="person__email", lookup_expr="iexact", label="E-mail address.")
    active_since = django_filters.IsoDateTimeFilter(field_name="last_active_at", lookup_expr="gte")

    class Meta:
        model = Enrolment
        fields = ["state"]


def sees_everybody(membership: Membership) -> bool:
    return is_instructor(membership) or is_manager(membership)


class EnrolmentViewSet(viewsets.ReadOnlyModelViewSet[Enrolment]):
    """One's own enrolments; instructors, managers and administrators see everybody's."""

    rule = staticmethod(is_member)
    area = "enrolments"
    serializer_class = EnrolmentSerializer
    queryset = Enrolment.objects.select_related("element", "run", "person")
    filterset_class = EnrolmentFilter
    lookup_value_converter = "int"

    def get_serializer_class(self) -> type[EnrolmentSerializer]:
        return EnrolmentDetailSerializer if self.action == "retrieve" else EnrolmentSerializer

    def get_queryset(self) -> QuerySet[Enrolment]:
        enrolments, membership = super().get_queryset(), self.request._request.membership
        if not sees_everybody(membership):
            enrolments = enrolments.filter(person_id=membership.person_id)
        if self.action != "retrieve":
            return enrolments
        states = ActivityState.objects.select_related("activity__block", "target")
        in_order = states.order_by("activity__block__position", "activity__position")
        return enrolments.prefetch_related(Prefetch("states", queryset=in_order))
