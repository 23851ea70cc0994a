"""Packages for other software: bringing one in, and working through one in a player of one's own."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from content.api.things import READ, ThingSerializer, ThingViewSet, new_facts
from content.models import Package, PackageUnit, Standard
from content.selectors import units_shown
from content.services import package_create, package_save, unit_open, unit_report
from ecosystem.rest import valid
from ecosystem.rest_facts import FactsSerializer


class PackageSerializer(ThingSerializer):
    class Meta:
        model = Package
        fields = [*READ, "standard", "name", "size", "revision"]
        read_only_fields = fields


class PackageNewSerializer(FactsSerializer):
    title = serializers.CharField(max_length=200)
    upload = serializers.FileField(help_text="SCORM 1.2, SCORM 2004 or cmi5, a ZIP of at most 190 MB.")


class PackageChangeSerializer(FactsSerializer):
    upload = serializers.FileField(required=False)


class UnitSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField(source="unit.position")
    title = serializers.CharField(source="unit.title")
    status = serializers.CharField(source="state.status", default="", help_text="Empty: not opened yet.")
    score = serializers.FloatField(source="state.score", default=None, allow_null=True)


class UnitsSerializer(serializers.Serializer[Any]):
    results = UnitSerializer(many=True)


class UnitOpenSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField(min_value=1, max_value=32_000)


class UnitReportSerializer(UnitOpenSerializer):
    cmi = serializers.DictField(help_text="The run-time data, as SCORM names it.")
    sequence = serializers.IntegerField(
        min_value=0, max_value=2**53 - 1, help_text="Grows; an older one changes nothing."
    )


class UnitStateSerializer(serializers.Serializer[Any]):
    status = serializers.CharField()
    score = serializers.FloatField(allow_null=True)
    cmi = serializers.DictField()


class PackageViewSet(ThingViewSet):
    """Packages (SCORM, cmi5) that you may open; authors bring them in."""

    serializer_class = PackageSerializer
    queryset = Package.objects.select_related("element")
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": PackageNewSerializer}, responses={201: PackageSerializer})
    def create(self, request: Request) -> Response:
        """Bring in a package. All of it or, with the reason, nothing."""
        return self.made(package_create(**new_facts(request, valid(PackageNewSerializer, request), "package")))

    @extend_schema(request={"multipart/form-data": PackageChangeSerializer}, responses=PackageSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what is said about an own package, or put a newer one in its place."""
        row, wish = self.own(), valid(PackageChangeSerializer, request)
        return Response(PackageSerializer(package_save(package=row, by=request.user, **wish)).data)

    @extend_schema(responses=UnitsSerializer)
    @action(detail=True)
    def units(self, request: Request, slug: str) -> Response:
        """The parts, and where you are in them."""
        rows = units_shown(package=self.get_object(), person_id=request.user.pk)
        return Response({"results": UnitSerializer(rows, many=True).data})

    @extend_schema(request=UnitOpenSerializer, responses=UnitStateSerializer)
    @action(detail=True, methods=["post"], parser_classes=api_settings.DEFAULT_PARSER_CLASSES)
    def open(self, request: Request, slug: str) -> Response:
        """Begin or go on with a part."""
        package, unit = self._unit(valid(UnitOpenSerializer, request)["position"])
        return Response(UnitStateSerializer(unit_open(package=package, unit=unit)).data)

    @extend_schema(request=UnitReportSerializer, responses=UnitStateSerializer)
    @action(detail=True, methods=["post"], parser_classes=api_settings.DEFAULT_PARSER_CLASSES)
    def report(self, request: Request, slug: str) -> Response:
        """What your player of SCORM has heard. It is noted as reported by a package."""
        wish = valid(UnitReportSerializer, request)
        package, unit = self._unit(wish["position"])
        if package.standard == Standard.CMI5:
            raise Http404
        row = unit_report(package=package, unit=unit, cmi=wish["cmi"], sequence=wish["sequence"])
        return Response(UnitStateSerializer(row).data)

    def _unit(self, position: int) -> tuple[Package, PackageUnit]:
        package = self.get_object()
        unit = package.units.filter(position=position).first()
        if unit is None:
            raise Http404
        return package, unit
