"""Threads for other software: those of your circles, begun, kept at the top."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.gates import closed_to
from ecosystem.rest import valid
from ecosystem.rules import is_here
from social.access import circle_in
from social.api.closing import Gated
from social.api.posts import PostSerializer
from social.models import Discussion, Post, Thread
from social.models.posts import LONGEST_TEXT, LONGEST_TITLE
from social.selectors.rooms import threads_for
from social.services import thread_begin, thread_pin


class ThreadSerializer(serializers.ModelSerializer[Thread]):
    discussion = serializers.SlugField(source="element.slug", read_only=True)
    circle = serializers.UUIDField(source="room.circle", read_only=True)
    is_pinned = serializers.SerializerMethodField()
    opening = serializers.SerializerMethodField()

    class Meta:
        model = Thread
        fields = ["uid", "discussion", "circle", "last_at", "replies", "is_pinned", "opening"]
        read_only_fields = fields

    def get_is_pinned(self, row: Thread) -> bool:
        return row.pinned_at is not None

    @extend_schema(responses=PostSerializer)
    def get_opening(self, row: Any) -> dict[str, Any]:
        post = row.openings[0]
        post.is_guided = row.is_guided
        return PostSerializer(post, context=self.context).data


class NewThreadSerializer(serializers.Serializer[Any]):
    discussion = serializers.SlugField(max_length=100)
    circle = serializers.UUIDField(help_text="One of the `circles` of the discussion.")
    title = serializers.CharField(max_length=LONGEST_TITLE)
    text = serializers.CharField(max_length=LONGEST_TEXT)


class ThreadPinSerializer(serializers.Serializer[Any]):
    is_pinned = serializers.BooleanField()


class ThreadFilter(django_filters.FilterSet):
    discussion = django_filters.CharFilter(field_name="element__slug", label="Slug of the discussion.")
    circle = django_filters.UUIDFilter(field_name="room__circle", label="One circle only.")

    class Meta:
        model = Thread
        fields: list[str] = []


class ThreadViewSet(Gated, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Thread]):
    """Threads of the circles you are in, the one that was last written in first."""

    rule = staticmethod(is_here)
    area = "discussions"
    serializer_class = ThreadSerializer
    queryset = Thread.objects.all()
    filterset_class = ThreadFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-last_at", "-pk")

    def get_queryset(self) -> QuerySet[Thread]:
        opening = Post.objects.filter(is_opening=True).select_related("person", "thread__room")
        return threads_for(self.by).prefetch_related(Prefetch("posts", opening, to_attr="openings"))

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "by": self.by}

    def _answer(self, uid: UUID, code: int = status.HTTP_200_OK) -> Response:
        row = self.get_queryset().get(uid=uid)
        return Response(ThreadSerializer(row, context={"by": self.by}).data, status=code)

    @extend_schema(request=NewThreadSerializer, responses={201: ThreadSerializer})
    def create(self, request: Request) -> Response:
        """Begin a thread in a circle of yours."""
        said = valid(NewThreadSerializer, request)
        rows = Discussion.objects.select_related("element").filter(element__slug=said.pop("discussion"))
        inside = (row for row in rows if circle_in(self.by, element_id=row.element_id, uid=said["circle"]))
        found = next(inside, None)
        if found is None:
            raise serializers.ValidationError({"circle": ["You are in no such circle of this discussion."]})
        if closed := closed_to(self.by, found.element):
            raise serializers.ValidationError({"discussion": [closed.because]})
        made = thread_begin(discussion=found, by=self.by, **said)
        return self._answer(made.thread.uid, status.HTTP_201_CREATED)

    @extend_schema(request=ThreadPinSerializer, responses=ThreadSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def pin(self, request: Request, uid: UUID) -> Response:
        """Keep it at the top, or take it down. For who guides the circle."""
        found = self.get_object()
        thread_pin(thread=found, by=self.by, **valid(ThreadPinSerializer, request))
        return self._answer(uid)
