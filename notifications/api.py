"""Your notices for other software."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rules import is_member
from notifications.models import Notice
from notifications.services import notices_seen


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    class Meta:
        model = Notice
        fields = ["id", "kind", "title", "body", "href", "created_at", "seen_at"]
        read_only_fields = fields


class SeenSerializer(serializers.Serializer[Any]):
    seen = serializers.IntegerField(help_text="How many were new.")


class NoticeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Notice]):
    """What you were told, newest first."""

    rule = staticmethod(is_member)
    area = "notices"
    serializer_class = NoticeSerializer
    queryset = Notice.objects.all()
    filterset_fields = {"kind": ["exact"], "seen_at": ["isnull"]}
    ordering = ("-created_at", "-pk")

    def get_queryset(self) -> QuerySet[Notice]:
        return super().get_queryset().filter(person_id=self.request._request.membership.person_id)

    @extend_schema(request=None, responses=SeenSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filterset_fields={})
    def seen(self, request: Request) -> Response:
        """Mark them all as read."""
        return Response({"seen": notices_seen(person_id=request._request.membership.person_id)})
