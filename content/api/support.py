"""Help at the moment of need, for other software: what nobody could find."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from content.models import MissedSearch
from content.services import search_handle
from ecosystem.rules import is_author


class MissedSearchSerializer(serializers.ModelSerializer[MissedSearch]):
    class Meta:
        model = MissedSearch
        fields = ["id", "words", "times", "first_at", "last_at", "handled_at"]
        read_only_fields = fields


class MissedSearchViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[MissedSearch]):
    """Words for which nothing was found, and how often; nobody is named."""

    rule = staticmethod(is_author)
    area = "courses"
    serializer_class = MissedSearchSerializer
    queryset = MissedSearch.objects.all()
    orderings = ("id",)
    lookup_value_converter = "int"
    lookup_field = "pk"

    @extend_schema(request=None, responses=MissedSearchSerializer)
    @action(detail=True, methods=["post"])
    def handled(self, request: Request, pk: int) -> Response:
        """Say that it was seen to; it comes back when it is missed again."""
        found = self.get_object()
        search_handle(missed=found, by=request.user)
        found.refresh_from_db()
        return Response(MissedSearchSerializer(found).data)
