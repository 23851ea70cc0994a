"""Marking by two, for other software: part of the doors of hand-ins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import valid
from handins.api.marks import HandinMarkSerializer, NewHandinMarkSerializer
from handins.models import IndependentMark, Round
from handins.selectors.double import independent_marks_for
from handins.services.double import independent_mark_give, marks_agree, marks_average


class IndependentMarkSerializer(serializers.ModelSerializer[IndependentMark]):
    by = serializers.CharField(source="by.name", read_only=True)
    levels = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    comments = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = IndependentMark
        fields = ["place", "levels", "comments", "comment", "score", "passed", "by", "at"]
        read_only_fields = fields


class MarksAgreeSerializer(NewHandinMarkSerializer):
    average = serializers.BooleanField(default=False, help_text="Take the average; nothing else is read then.")


class DoubleMarking:
    """Doors of a round that two people mark."""

    by: Any

    def _reviewed(self) -> Round:
        raise NotImplementedError

    @extend_schema(methods=["GET"], request=None, responses=IndependentMarkSerializer(many=True))
    @extend_schema(methods=["POST"], request=NewHandinMarkSerializer, responses={201: IndependentMarkSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def independent(self, request: Request, uid: UUID) -> Response:
        """Give one of the two marks; or read them: your own, and the other's once both are in."""
        found = self._reviewed()
        if request.method == "GET":
            return Response(IndependentMarkSerializer(independent_marks_for(self.by, found), many=True).data)
        said = valid(NewHandinMarkSerializer, request)
        made = independent_mark_give(round=found, by=self.by, **said)
        return Response(IndependentMarkSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=MarksAgreeSerializer, responses={201: HandinMarkSerializer})
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, uid: UUID) -> Response:
        """The mark that both stand for, once both are in: their average where they are near, or what was agreed."""
        found = self._reviewed()
        said = valid(MarksAgreeSerializer, request)
        if said.pop("average"):
            made = marks_average(round=found, by=self.by)
        else:
            made = marks_agree(round=found, by=self.by, **said)
        return Response(HandinMarkSerializer(made).data, status=status.HTTP_201_CREATED)
