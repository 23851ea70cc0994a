"""The figures of the sponsor's page for other software: the same functions, the same numbers."""

from datetime import datetime
from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem import clock
from ecosystem.models import Power
from ecosystem.registry import Measure
from ecosystem.rules import may_report
from ecosystem.spans import Span, span_of
from reporting.selectors import figure_of, measures_for, too_few


class PointSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()
    value = serializers.FloatField(allow_null=True)


class MeasureSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()
    unit = serializers.CharField()
    definition = serializers.CharField()
    at = serializers.DateTimeField(help_text="The moment the figure is about.")
    value = serializers.FloatField(allow_null=True, help_text="Null when there is nothing to measure yet.")
    of = serializers.IntegerField(allow_null=True, help_text="The whole, when the value is a part of something.")
    target = serializers.FloatField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    series = PointSerializer(many=True)
    details = serializers.DictField()


class MeasuresSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = MeasureSerializer(many=True)


class WhenSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField(required=False)

    def validate_at(self, value: datetime) -> datetime:
        if not 1970 <= value.year <= 9000:  # no time zone of today was known then
            raise serializers.ValidationError("This lies too far away.")
        return value


AT = OpenApiParameter("at", datetime, description="The moment the figures are about; now, when left out.")


class MeasureViewSet(viewsets.ViewSet):
    """What the ecosystem brings, in numbers: of everything, or of the courses and groups that one may report on."""

    rule = staticmethod(may_report)
    area = "reports"
    asks: ClassVar = {"list": ("at",), "retrieve": ("at",)}
    lookup_url_kwarg = "key"
    lookup_value_converter = "slug"

    @extend_schema(
        parameters=[AT], responses=forced_singular_serializer(MeasuresSerializer), operation_id="measures_list"
    )
    def list(self, request: Request) -> Response:
        at, span = moment_of(request), span_for(request)
        few = too_few(span, at)
        figures = [computed(measure, at, span, few=few) for measure in measures_for(span)]
        return Response({"next": None, "previous": None, "results": MeasureSerializer(figures, many=True).data})

    @extend_schema(parameters=[AT, OpenApiParameter("key", str, "path")], responses=MeasureSerializer)
    def retrieve(self, request: Request, key: str) -> Response:
        at, span = moment_of(request), span_for(request)
        measure = next((one for one in measures_for(span) if one.key == key), None)
        if measure is None:
            raise Http404
        return Response(MeasureSerializer(computed(measure, at, span, few=too_few(span, at))).data)


def span_for(request: Request) -> Span:
    return span_of(request._request.membership, Power.RUN_REPORTS)


def moment_of(request: Request) -> datetime:
    """``?at=``, or now."""
    wish = WhenSerializer(data=request.query_params)
    wish.is_valid(raise_exception=True)
    return wish.validated_data.get("at") or clock.now()


def computed(measure: Measure, at: datetime, span: Span, *, few: bool) -> dict[str, Any]:
    figure = figure_of(measure, at=at, span=span, few=few)
    return {
        "key": measure.key,
        "label": measure.label,
        "unit": measure.unit,
        "definition": measure.definition,
        "at": at,
        "value": figure.value,
        "of": figure.of,
        "target": figure.target,
        "note": figure.note,
        "series": [{"label": label, "value": value} for label, value in figure.series],
        "details": figure.details,
    }
