"""How markers compare, for other software: part of the doors of assignments."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rules import is_manager
from ecosystem.slugs import row_of_slug
from handins.selectors.calibration import COLUMNS, assignments_compared, calibrations_of


class CalibrationSerializer(serializers.Serializer[Any]):
    """Percent and points; nothing where there are too few marks to say. Margins are half of a 95 % interval."""

    marker = serializers.CharField()
    marks = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    spread = serializers.FloatField(allow_null=True, help_text="Standard deviation.")
    passed_share = serializers.FloatField()
    leniency = serializers.FloatField(allow_null=True, help_text="Against the mean of the others, about other work.")
    leniency_margin = serializers.FloatField(allow_null=True)
    double_marks = serializers.IntegerField()
    same_work_difference = serializers.FloatField(allow_null=True, help_text="Against the other of two.")
    same_work_margin = serializers.FloatField(allow_null=True)
    agreement_icc = serializers.FloatField(allow_null=True, help_text="ICC(1,1), Shrout and Fleiss 1979.")
    moderated = serializers.IntegerField()
    not_upheld = serializers.IntegerField()
    median_hours = serializers.FloatField(help_text="From handing in to the mark.")


class CalibrationsSerializer(serializers.Serializer[Any]):
    pairs = serializers.IntegerField(help_text="Work that two marked.")
    agreement_icc = serializers.FloatField(allow_null=True)
    markers = CalibrationSerializer(many=True)


class Calibrating:
    """The door of an assignment to how its markers compare."""

    by: Any

    @extend_schema(request=None, responses=CalibrationsSerializer)
    @action(detail=True, methods=["get"], pagination_class=None)
    def calibration(self, request: Request, slug: str) -> Response:
        """Who marks how, and how far they agree. For who looks after people here."""
        if not is_manager(self.by):
            raise PermissionDenied("Only who looks after people here can do that.")
        found = calibrations_of(row_of_slug(assignments_compared(self.by), slug, element="element__"))
        rows = [dict(zip(COLUMNS, row.cells(), strict=True)) for row in found.rows]
        return Response({"pairs": found.pairs, "agreement_icc": found.agreement, "markers": rows})
