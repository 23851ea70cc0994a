"""The tools that an activity may open: which there are, and nothing of what is between them and us."""

from __future__ import annotations

from django.db.models import QuerySet
from rest_framework import mixins, serializers, viewsets

from ecosystem.rules import is_author
from lti.models import Tool
from lti.selectors import tools_here


class ToolSerializer(serializers.ModelSerializer[Tool]):
    class Meta:
        model = Tool
        fields = ["id", "name"]
        read_only_fields = fields


class ToolViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Tool]):
    """External tools that an activity may open. An administrator registers them, on a page."""

    rule = staticmethod(is_author)
    area = "courses"
    serializer_class = ToolSerializer
    queryset = Tool.objects.all()
    ordering = ("name", "pk")

    def get_queryset(self) -> QuerySet[Tool]:
        return tools_here(only_on=True)
