"""Pages for other software: reading one, and saying that it is done."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from content.models import Page
from content.services import page_finish, page_open
from ecosystem.gates import closed_to
from ecosystem.rules import is_member
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import openable


class PageSerializer(serializers.ModelSerializer[Page]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    html = serializers.CharField(read_only=True, help_text="Safe HTML.")

    class Meta:
        model = Page
        fields = ["slug", "title", "markdown", "html"]
        read_only_fields = fields


class DoneSerializer(serializers.Serializer[Any]):
    done = serializers.BooleanField()


class PageViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Page]):
    """Pages and job aids that you may open."""

    rule = staticmethod(is_member)
    area = "courses"
    serializer_class = PageSerializer
    queryset = Page.objects.select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def get_object(self) -> Page:
        membership = self.request._request.membership
        rows = self.get_queryset().filter(openable(membership, element="element__"))
        page = row_of_slug(rows, self.kwargs["slug"], element="element__")
        if closed := closed_to(membership, page.element):
            raise PermissionDenied(closed.because)
        return page

    @extend_schema(request=None, responses=DoneSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, slug: str) -> Response:
        """Say that you are done with it; twice is once."""
        element = self.get_object().element
        page_open(element=element)
        page_finish(element=element)
        return Response({"done": True})
