"""Remarks about places of the work, for other software."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import Asked, valid
from ecosystem.rules import is_here
from handins.access import may_review, rounds_of
from handins.models import HandinFile, Remark, RoundState
from handins.selectors.double import not_sealed
from handins.selectors.queue import rounds_for
from handins.services.remarks import HALF_A_PLACE, LAST_PAGE, LONGEST, LONGEST_QUOTE, remark_add, remark_remove


class RemarkSerializer(serializers.ModelSerializer[Remark]):
    handin = serializers.UUIDField(source="round.uid", read_only=True)
    file = serializers.UUIDField(source="file.uid", read_only=True, allow_null=True)
    by = serializers.CharField(source="by.name", read_only=True, allow_null=True)

    class Meta:
        model = Remark
        fields = ["uid", "handin", "quote", "start", "file", "page", "x", "y", "words", "by", "at"]
        read_only_fields = fields


class NewRemarkSerializer(serializers.Serializer[Any]):
    handin = serializers.UUIDField(help_text="A round that you mark.")
    words = serializers.CharField(max_length=LONGEST)
    quote = serializers.CharField(max_length=LONGEST_QUOTE, required=False, allow_blank=True)
    start = serializers.IntegerField(
        min_value=0, max_value=10**6, required=False, allow_null=True, help_text="Where the quote begins in the text."
    )
    file = serializers.UUIDField(required=False, allow_null=True, help_text="A PDF of the round, instead of a quote.")
    page = serializers.IntegerField(min_value=1, max_value=LAST_PAGE, required=False, allow_null=True)
    x = serializers.FloatField(
        min_value=0,
        max_value=1,
        required=False,
        allow_null=True,
        help_text="A place on the page: from the left, 0 to 1.",
    )
    y = serializers.FloatField(
        min_value=0, max_value=1, required=False, allow_null=True, help_text="From the top of the page, 0 to 1."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name, other in (("x", "y"), ("y", "x")):
            if attrs.get(name) is not None and attrs.get(other) is None:
                raise serializers.ValidationError({other: [HALF_A_PLACE]})
        return attrs


class RemarkViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Remark]):
    """Remarks about your work, once they are released; and those about work that you mark."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = RemarkSerializer
    queryset = Remark.objects.select_related("round", "file", "by")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Remark]:
        mine = Q(round__in=rounds_of(self.by.person_id), round__state=RoundState.RETURNED)
        if may_review(self.by):
            mine |= Q(round__in=rounds_for(self.by).values("pk")) & not_sealed(self.by)
        rows: QuerySet[Remark] = super().get_queryset()
        return rows.filter(mine)

    @extend_schema(request=NewRemarkSerializer, responses={201: RemarkSerializer})
    def create(self, request: Request) -> Response:
        """About words of the text or a page of a PDF. The review has begun with it."""
        said = valid(NewRemarkSerializer, request)
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")
        round = rounds_for(self.by).filter(uid=said.pop("handin")).first()
        if round is None:
            raise serializers.ValidationError({"handin": ["There is no such round."]})
        if (uid := said.pop("file", None)) is not None:
            said["file"] = HandinFile.objects.filter(round=round, uid=uid).first()
            if said["file"] is None:
                raise serializers.ValidationError({"file": ["There is no such file in this round."]})
        return Response(RemarkSerializer(remark_add(round=round, by=self.by, **said)).data, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uid: UUID) -> Response:
        """Take one of your own back, before it is released."""
        found = self.get_object()
        if found.by_id != self.by.person_id:
            raise PermissionDenied("Only who has said it can do that.")
        remark_remove(remark=found, by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)
