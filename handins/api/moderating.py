"""Moderation of marks, for other software: part of the doors of hand-ins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import valid
from handins.access import may_review
from handins.models import Round, Verdict
from handins.selectors.moderation import verdicts_of
from handins.selectors.queue_pages import MODERATE, Part, queue_page
from handins.services.moderating import verdict_give


class MarkVerdictSerializer(serializers.ModelSerializer[Verdict]):
    reason = serializers.CharField(source="moderation.reason", read_only=True)
    upheld = serializers.BooleanField(source="is_upheld", read_only=True)
    by = serializers.CharField(source="by.name", read_only=True)

    class Meta:
        model = Verdict
        fields = ["reason", "upheld", "words", "by", "at"]
        read_only_fields = fields


class NewMarkVerdictSerializer(serializers.Serializer[Any]):
    upheld = serializers.BooleanField()
    words = serializers.CharField(
        max_length=5000, required=False, allow_blank=True, help_text="Needed where it is not upheld."
    )


class ToModerateSerializer(serializers.Serializer[Any]):
    rounds = serializers.ListField(child=serializers.UUIDField(), help_text="The longest waiting first, fifty at most.")


class Moderating:
    """Doors of a mark that somebody else looks at."""

    by: Any

    def _reviewed(self) -> Round:
        raise NotImplementedError

    @extend_schema(methods=["GET"], request=None, responses=MarkVerdictSerializer(many=True))
    @extend_schema(methods=["POST"], request=NewMarkVerdictSerializer, responses={201: MarkVerdictSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def verdict(self, request: Request, uid: UUID) -> Response:
        """Uphold a mark that waits for a moderator, or not and say why; or read what was found."""
        found = self._reviewed()
        if request.method == "GET":
            return Response(MarkVerdictSerializer(verdicts_of(found), many=True).data)
        said = valid(NewMarkVerdictSerializer, request)
        made = verdict_give(round=found, is_upheld=said["upheld"], words=said.get("words", ""), by=self.by)
        return Response(MarkVerdictSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=ToModerateSerializer)
    @action(detail=False, methods=["get"], pagination_class=None)
    def to_moderate(self, request: Request) -> Response:
        """Whose marks wait for you as a moderator."""
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")
        page = queue_page(Part(self.by, MODERATE))
        return Response({"rounds": [row.uid for row in page.rows]})
