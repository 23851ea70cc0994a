"""Discussions for other software: read, made, changed."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.circles import circles_of
from ecosystem.rest import valid
from ecosystem.rules import is_author, is_here
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import may_open
from social.api.closing import Gated
from social.models import Discussion
from social.models.discussions import MOST_ASKED
from social.selectors import discussions_for
from social.selectors.counting import done_when
from social.services import discussion_make, discussion_set
from social.services.making import LONGEST


class DiscussionSerializer(serializers.ModelSerializer[Discussion]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    summary = serializers.CharField(source="element.summary", read_only=True)

    class Meta:
        model = Discussion
        fields = ["slug", "title", "summary", "markdown", "html", "threads_asked", "replies_asked", "posts_first"]
        read_only_fields = fields


class CircleSerializer(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    title = serializers.CharField()
    where = serializers.CharField()
    is_learner = serializers.BooleanField(help_text="You learn with the others.")
    is_guide = serializers.BooleanField(help_text="You guide the others.")


class DiscussionOpenSerializer(DiscussionSerializer):
    circles = CircleSerializer(many=True, read_only=True)
    completed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta(DiscussionSerializer.Meta):
        fields = [*DiscussionSerializer.Meta.fields, "circles", "completed_at"]
        read_only_fields = fields


class DiscussionFactsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    summary = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    markdown = serializers.CharField(max_length=LONGEST, required=False)
    threads_asked = serializers.IntegerField(min_value=0, max_value=MOST_ASKED, required=False)
    replies_asked = serializers.IntegerField(min_value=0, max_value=MOST_ASKED, required=False)
    posts_first = serializers.BooleanField(
        required=False, help_text="Learners see the others once they have posted themselves."
    )


class NewDiscussionSerializer(DiscussionFactsSerializer):
    title = serializers.CharField(max_length=200)
    markdown = serializers.CharField(max_length=LONGEST)


class DiscussionViewSet(Gated, mixins.ListModelMixin, viewsets.GenericViewSet[Discussion]):
    """Discussions you may see. Who makes content makes and changes them."""

    rule = staticmethod(is_here)
    area = "discussions"
    serializer_class = DiscussionSerializer
    queryset = Discussion.objects.select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("-pk",)

    def get_queryset(self) -> QuerySet[Discussion]:
        return discussions_for(self.by)

    def only_authors(self) -> None:
        if not is_author(self.by):
            raise PermissionDenied("Only who makes content can do that.")

    @extend_schema(responses=DiscussionOpenSerializer)
    def retrieve(self, request: Request, slug: str) -> Response:  # type: ignore[override]
        """One, with the circles (runs) of yours that talk about it, and when you had done what it asks."""
        found: Any = row_of_slug(Discussion.objects.select_related("element"), slug, element="element__")
        found.circles = circles_of(self.by, element_id=found.element_id)
        if not found.circles and not may_open(self.by, found.element):
            raise Http404
        self.refuse_closed(found.element)
        found.completed_at = done_when(person_id=self.by.person_id, element_id=found.element_id)
        return Response(DiscussionOpenSerializer(found).data)

    @extend_schema(request=NewDiscussionSerializer, responses={201: DiscussionSerializer})
    def create(self, request: Request) -> Response:
        """A new discussion."""
        said = valid(NewDiscussionSerializer, request)
        self.only_authors()
        made = discussion_make(by=self.by, **said)
        return Response(DiscussionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DiscussionFactsSerializer, responses=DiscussionSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what is asked. What was done before stays done."""
        found = row_of_slug(self.get_queryset(), slug, element="element__")
        said = valid(DiscussionFactsSerializer, request)
        self.only_authors()
        return Response(DiscussionSerializer(discussion_set(discussion=found, by=self.by, **said)).data)
