"""Runs, enrolments and where people are in them, for other software."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.api.runs import SEEING, may_enrol, runs_seen
from courses.models import ActivityState, CourseRun, Enrolment
from courses.services import Enrolled, activity_hold, activity_release, enrolment_withdraw, enrolments_create
from courses.services.many import MOST
from ecosystem.models import Membership, Person
from ecosystem.registry import scores_withheld
from ecosystem.rules import is_here
from ecosystem.spans import span_of


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
            "completed_at", "starts_on", "ends_on",
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

    def to_representation(self, instance: Enrolment) -> dict[str, Any]:
        """To the learner themselves no score that they may not see yet."""
        found: dict[str, Any] = super().to_representation(instance)
        if instance.person_id == self.context["request"].user.pk:
            targets = {state.target.slug: state.target_id for state in instance.states.all()}
            hidden = scores_withheld(person_id=instance.person_id, element_ids=list(targets.values()))
            for row in found["activities"]:
                if targets.get(row["element"]) in hidden:
                    row["score"] = None
        return found

    class Meta(EnrolmentSerializer.Meta):
        fields = [*EnrolmentSerializer.Meta.fields, "activities"]
        read_only_fields = fields


class NewEnrolmentSerializer(serializers.Serializer[Any]):
    run = serializers.UUIDField(help_text="From the list of runs.")
    person = serializers.EmailField(help_text="E-mail address of a member.")


class ManyEnrolmentsSerializer(serializers.Serializer[Any]):
    run = serializers.UUIDField(help_text="From the list of runs.")
    people = serializers.ListField(
        child=serializers.CharField(max_length=254), allow_empty=False, max_length=MOST, help_text="E-mail addresses."
    )
    all_or_nothing = serializers.BooleanField(default=False, help_text="One bad address refuses them all.")


class ReleaseSerializer(serializers.Serializer[Any]):
    activity = serializers.UUIDField(help_text="From the activities of the enrolment.")


class EnrolledSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=["enrolled", "already", "refused"])
    email = serializers.CharField()
    id = serializers.IntegerField(source="enrolment.pk", allow_null=True, default=None)
    detail = serializers.CharField(source="why", allow_blank=True)


class EnrolledReportSerializer(serializers.Serializer[Any]):
    results = EnrolledSerializer(many=True)


DETAILED = ("retrieve", "release", "hold")


class EnrolmentFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="element__slug", label="Slug of the course.")
    person = django_filters.CharFilter(field_name="person__email", lookup_expr="iexact", label="E-mail address.")
    active_since = django_filters.IsoDateTimeFilter(field_name="last_active_at", lookup_expr="gte")

    class Meta:
        model = Enrolment
        fields = ["state"]


class EnrolmentViewSet(viewsets.ReadOnlyModelViewSet[Enrolment]):
    """One's own enrolments, and those that one's powers reach: of everybody, or of single courses and groups."""

    rule = staticmethod(is_here)
    rules = {"create": may_enrol, "bulk": may_enrol}
    area = "enrolments"
    orderings = ("enrolled_at",)
    serializer_class = EnrolmentSerializer
    # Runs are few, and PostgreSQL would begin with them: joined, 50 000 enrolments were sorted for a page of 50.
    queryset = Enrolment.objects.select_related("element", "person").prefetch_related("run")
    filterset_class = EnrolmentFilter
    lookup_value_converter = "int"

    def get_serializer_class(self) -> type[EnrolmentSerializer]:
        return EnrolmentDetailSerializer if self.action in DETAILED else EnrolmentSerializer

    def get_queryset(self) -> QuerySet[Enrolment]:
        enrolments, membership = super().get_queryset(), self.request._request.membership
        mine = Q(person_id=membership.person_id)
        enrolments = enrolments.filter(span_of(membership, *SEEING).of_courses() | mine)
        if self.action not in DETAILED:
            return enrolments
        states = ActivityState.objects.select_related("activity__block", "target")
        in_order = states.order_by("activity__block__position", "activity__position")
        return enrolments.prefetch_related(Prefetch("states", queryset=in_order))

    @extend_schema(request=NewEnrolmentSerializer, responses={201: EnrolmentSerializer})
    def create(self, request: Request) -> Response:
        """Enrol somebody. Again changes nothing; who had withdrawn is taken back where they were."""
        wish = NewEnrolmentSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        run = run_or_error(wish.validated_data["run"], membership=request._request.membership)
        (line,) = enrolments_create(run=run, emails=[wish.validated_data["person"]], by=request._request.membership)
        if line.enrolment is None:
            raise serializers.ValidationError({"person": [line.why]})
        made = Enrolment.objects.select_related("element", "run", "person").get(pk=line.enrolment.pk)
        return Response(EnrolmentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ManyEnrolmentsSerializer, responses=EnrolledReportSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request: Request) -> Response:
        """Enrol up to 1 000 people in a run. The report has a line for each address, in their order."""
        wish = ManyEnrolmentsSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        run = run_or_error(wish.validated_data["run"], membership=request._request.membership)
        report = enrolments_create(run=run, emails=wish.validated_data["people"], by=request._request.membership)
        if wish.validated_data["all_or_nothing"]:
            refuse_all(report)
        return Response(EnrolledReportSerializer({"results": report}).data)

    @extend_schema(request=ReleaseSerializer, responses=EnrolmentDetailSerializer)
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: int) -> Response:
        """Open an activity for the learner whose condition asks for that. For whoever marks their work."""
        return self._released(request, activity_release)

    @extend_schema(request=ReleaseSerializer, responses=EnrolmentDetailSerializer)
    @action(detail=True, methods=["post"])
    def hold(self, request: Request, pk: int) -> Response:
        """Take that back, as long as the learner has not begun."""
        return self._released(request, activity_hold)

    def _released(self, request: Request, act: Callable[..., ActivityState]) -> Response:
        enrolment = self.get_object()
        wish = ReleaseSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        state = ActivityState.objects.filter(enrolment=enrolment, activity__uid=wish.validated_data["activity"]).first()
        if state is None:
            raise serializers.ValidationError({"activity": ["There is no such activity."]})
        act(state=state, by=request._request.membership)
        return Response(EnrolmentDetailSerializer(self.get_object(), context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses=EnrolmentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: int) -> Response:
        """Out of the course, with everything kept for a way back: yourself, or for managers anybody."""
        enrolment = self.get_object()
        enrolment_withdraw(enrolment=enrolment, by=request._request.membership)
        return Response(EnrolmentSerializer(self.get_object()).data)


def run_or_error(uid: Any, *, membership: Membership) -> CourseRun:
    """One of those that the list of runs shows; of any other nobody hears that it exists."""
    run = runs_seen(CourseRun.objects.filter(uid=uid), membership=membership).first()
    if run is None:
        raise serializers.ValidationError({"run": ["There is no such run."]})
    return run


def refuse_all(report: list[Enrolled]) -> None:
    """Raises when one address was refused, with the place of each that was."""
    bad = {str(index): [line.why] for index, line in enumerate(report) if line.outcome == "refused"}
    if bad:
        raise serializers.ValidationError({"people": bad})
