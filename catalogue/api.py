"""Courses that one can find and get into, for other software."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from catalogue.models import Offer
from catalogue.selectors import elements_shown, offer_of
from catalogue.services import offer_take
from courses.models import Activity, CourseRun, Enrolment
from ecosystem.models import Credit, Element
from ecosystem.rules import is_member
from ecosystem.slugs import row_of_slug


class RunSerializer(serializers.ModelSerializer[CourseRun]):
    class Meta:
        model = CourseRun
        fields = ["uid", "title", "starts_on", "ends_on"]
        read_only_fields = fields


class OfferSerializer(serializers.ModelSerializer[Offer]):
    run = RunSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Offer
        fields = ["access", "opens_at", "closes_at", "run"]
        read_only_fields = fields


class OwnEnrolmentSerializer(serializers.ModelSerializer[Enrolment]):
    class Meta:
        model = Enrolment
        fields = ["id", "state", "progress", "enrolled_at", "completed_at"]
        read_only_fields = fields


class CourseMakerSerializer(serializers.ModelSerializer[Credit]):
    class Meta:
        model = Credit
        fields = ["name", "role"]
        read_only_fields = fields


class CourseSerializer(serializers.ModelSerializer[Element]):
    makers = CourseMakerSerializer(source="credits", many=True, read_only=True)
    offer = serializers.SerializerMethodField(help_text="The way in; null when the catalogue has none.")
    enrolment = serializers.SerializerMethodField(help_text="Your own, the latest; null when you are not enrolled.")

    class Meta:
        model = Element
        fields = ["uid", "slug", "title", "summary", "language", "tags", "minutes", "makers", "offer", "enrolment"]
        read_only_fields = fields

    @extend_schema_field(OfferSerializer(allow_null=True))
    def get_offer(self, course: Element) -> dict[str, Any] | None:
        return next((OfferSerializer(offer).data for offer in course.offers_here), None)

    @extend_schema_field(OwnEnrolmentSerializer(allow_null=True))
    def get_enrolment(self, course: Element) -> dict[str, Any] | None:
        mine = [enrolment for run in course.runs_mine for enrolment in run.enrolments_mine]
        latest = max(mine, key=lambda enrolment: enrolment.enrolled_at, default=None)
        return OwnEnrolmentSerializer(latest).data if latest else None


class PlannedSerializer(serializers.ModelSerializer[Activity]):
    block = serializers.CharField(source="block.title", read_only=True)

    class Meta:
        model = Activity
        fields = ["uid", "block", "title", "type", "minutes", "optional"]
        read_only_fields = fields


class CourseDetailSerializer(CourseSerializer):
    plan = serializers.SerializerMethodField(help_text="The activities of the run on offer, in order.")

    class Meta(CourseSerializer.Meta):
        fields = [*CourseSerializer.Meta.fields, "plan"]
        read_only_fields = fields

    @extend_schema_field(PlannedSerializer(many=True))
    def get_plan(self, course: Element) -> list[dict[str, Any]]:
        versions = [offer.run.version_id for offer in course.offers_here if offer.run]
        rows = Activity.objects.filter(version_id__in=versions).select_related("block")
        return PlannedSerializer(rows.order_by("block__position", "position"), many=True).data


class CourseFilter(django_filters.FilterSet):
    language = django_filters.CharFilter()
    tag = django_filters.CharFilter(method="with_tag", label="Carries this tag.")

    class Meta:
        model = Element
        fields: list[str] = []

    def with_tag(self, rows: QuerySet[Element], _name: str, value: str) -> QuerySet[Element]:
        return rows.filter(tags__contains=[value])


class CourseViewSet(viewsets.ReadOnlyModelViewSet[Element]):
    """The courses of the catalogue and those one is in; authors, gardeners and administrators see all of them."""

    rule = staticmethod(is_member)
    area = "courses"
    serializer_class = CourseSerializer
    queryset = Element.objects.all()
    filterset_class = CourseFilter
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("slug", "id")

    def get_serializer_class(self) -> type[CourseSerializer]:
        return CourseDetailSerializer if self.action == "retrieve" else CourseSerializer

    def get_queryset(self) -> QuerySet[Element]:
        membership = self.request._request.membership
        mine = Enrolment.objects.filter(person_id=membership.person_id)
        my_runs = CourseRun.objects.filter(pk__in=mine.values("run_id")).prefetch_related(
            Prefetch("enrolments", queryset=mine, to_attr="enrolments_mine")
        )
        courses = elements_shown(membership=membership).filter(kind="course")
        return courses.prefetch_related(
            Prefetch("credits", queryset=Credit.objects.order_by("position", "id")),
            Prefetch("offers", queryset=Offer.objects.select_related("run"), to_attr="offers_here"),
            Prefetch("runs", queryset=my_runs, to_attr="runs_mine"),
        )

    def get_object(self) -> Element:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"])

    @extend_schema(request=None, responses=OwnEnrolmentSerializer)
    @action(detail=True, methods=["post"])
    def enrol(self, request: Request, slug: str) -> Response:
        """Get into the course on offer. Again changes nothing and gives the same enrolment."""
        offer = offer_of(element=self.get_object())
        if offer is None:
            raise Http404
        enrolment = offer_take(offer=offer, person=request.user)
        return Response(OwnEnrolmentSerializer(enrolment).data)
