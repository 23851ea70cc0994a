"""Which hand-ins are alike, for other software; and the door for reports of services outside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import valid
from handins.models import OutsideReport, Round
from handins.selectors.similarity import hints_of
from handins.services.similarity import outside_report_keep


class OutsideReportSerializer(serializers.ModelSerializer[OutsideReport]):
    link = serializers.CharField(read_only=True, help_text="An address, or nothing.")

    class Meta:
        model = OutsideReport
        fields = ["uid", "service", "percent", "link", "at"]
        read_only_fields = fields


class NewOutsideReportSerializer(serializers.Serializer[Any]):
    service = serializers.CharField(max_length=80, help_text="Its name. Another report of the same replaces the last.")
    percent = serializers.IntegerField(min_value=0, max_value=100)
    link = serializers.URLField(max_length=500, required=False, allow_blank=True, help_text="Of its report (https).")


class SimilarSerializer(serializers.Serializer[Any]):
    percent = serializers.IntegerField(help_text="So much of it is also in the other.")
    handin = serializers.UUIDField(
        source="other.uid", default=None, allow_null=True, help_text="Nothing: work that you do not mark."
    )


class SimilaritySerializer(serializers.Serializer[Any]):
    own = SimilarSerializer(many=True)
    outside = OutsideReportSerializer(many=True)


class SimilarWork:
    """Doors of a round that may be like others."""

    by: Any

    def _reviewed(self) -> Round:
        raise NotImplementedError

    @extend_schema(methods=["GET"], request=None, responses=SimilaritySerializer)
    @extend_schema(methods=["POST"], request=NewOutsideReportSerializer, responses={201: OutsideReportSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def similarity(self, request: Request, uid: UUID) -> Response:
        """Hints, never verdicts: other hand-ins that it is like, and reports of services outside; or bring such a report."""
        found = self._reviewed()
        if request.method == "GET":
            return Response(SimilaritySerializer(hints_of(found, self.by)).data)
        made = outside_report_keep(round=found, by=self.by, **valid(NewOutsideReportSerializer, request))
        return Response(OutsideReportSerializer(made).data, status=status.HTTP_201_CREATED)
