"""Posts for other software: read, written, changed, withdrawn; hidden and marked by who guides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.gates import closed_to
from ecosystem.models import Element
from ecosystem.rest import valid
from ecosystem.rules import is_here
from social.api.closing import Gated
from social.models import Post
from social.models.posts import LONGEST_REASON, LONGEST_TEXT, LONGEST_TITLE
from social.selectors.rooms import post_shown, posts_for, threads_for
from social.services import post_edit, post_hide, post_mark_helpful, post_show, post_withdraw, reply_write


class PostSerializer(serializers.Serializer[Any]):
    """As you may read it: what is gone has no words any more."""

    uid = serializers.UUIDField()
    thread = serializers.UUIDField()
    is_opening = serializers.BooleanField()
    author = serializers.CharField()
    is_mine = serializers.BooleanField()
    title = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    gone = serializers.CharField(allow_blank=True, help_text="Why there are no words, if there are none.")
    hidden_why = serializers.CharField(allow_blank=True)
    is_helpful = serializers.BooleanField()
    posted_at = serializers.DateTimeField()
    edited_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, row: Any) -> dict[str, Any]:
        shown = post_shown(row, by=self.context["by"], is_guide=row.is_guided)
        facts = {
            "uid": row.uid, "thread": row.thread.uid, "is_opening": row.is_opening, "author": shown.name,
            "is_mine": shown.is_mine, "title": shown.title, "text": shown.text, "gone": shown.gone,
            "hidden_why": shown.hidden_why, "is_helpful": row.helpful_at is not None,
            "posted_at": row.posted_at, "edited_at": row.edited_at,
        }  # fmt: skip
        said: dict[str, Any] = super().to_representation(facts)
        return said


class NewReplySerializer(serializers.Serializer[Any]):
    thread = serializers.UUIDField()
    text = serializers.CharField(max_length=LONGEST_TEXT)


class PostWordsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=LONGEST_TITLE, required=False, help_text="Of a post that opens a thread.")
    text = serializers.CharField(max_length=LONGEST_TEXT)


class PostHideSerializer(serializers.Serializer[Any]):
    why = serializers.CharField(max_length=LONGEST_REASON, help_text="Its author reads this.")


class PostHelpfulSerializer(serializers.Serializer[Any]):
    is_helpful = serializers.BooleanField()


class PostFilter(django_filters.FilterSet):
    thread = django_filters.UUIDFilter(field_name="thread__uid", label="One thread only.")

    class Meta:
        model = Post
        fields: list[str] = []


class PostViewSet(Gated, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Post]):
    """Posts in the threads you may read, the oldest first."""

    rule = staticmethod(is_here)
    area = "discussions"
    serializer_class = PostSerializer
    queryset = Post.objects.all()
    filterset_class = PostFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("posted_at", "pk")

    def get_queryset(self) -> QuerySet[Post]:
        return posts_for(self.by)

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "by": self.by}

    def _answer(self, uid: UUID, code: int = status.HTTP_200_OK) -> Response:
        row = self.get_queryset().get(uid=uid)
        return Response(PostSerializer(row, context={"by": self.by}).data, status=code)

    def _open_to(self, element: Element) -> None:
        """A step of a course that is locked stays so."""
        if closed := closed_to(self.by, element):
            raise serializers.ValidationError({"thread": [closed.because]})

    @extend_schema(request=NewReplySerializer, responses={201: PostSerializer})
    def create(self, request: Request) -> Response:
        """Reply in a thread."""
        said = valid(NewReplySerializer, request)
        thread = threads_for(self.by).filter(uid=said["thread"]).first()
        if thread is None:
            raise serializers.ValidationError({"thread": ["There is no such thread in your circles."]})
        self._open_to(thread.element)
        made = reply_write(thread=thread, text=said["text"], by=self.by)
        return self._answer(made.uid, status.HTTP_201_CREATED)

    @extend_schema(request=PostWordsSerializer, responses=PostSerializer)
    def partial_update(self, request: Request, uid: UUID) -> Response:
        """Other words for a post of yours, for half an hour."""
        found = self.get_object()
        said = valid(PostWordsSerializer, request)
        self._open_to(found.thread.element)
        post_edit(post=found, by=self.by, **said)
        return self._answer(uid)

    @extend_schema(request=None, responses=PostSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def withdraw(self, request: Request, uid: UUID) -> Response:
        """Take your words away for good, also where you take part no more."""
        rows = Post.objects.select_related("thread__room", "thread__element", "person")
        mine = rows.filter(uid=uid, person_id=self.by.person_id).first()
        gone: Any = post_withdraw(post=mine or self.get_object(), by=self.by)
        gone.is_guided = False  # of no meaning for a post of one's own
        return Response(PostSerializer(gone, context={"by": self.by}).data)

    @extend_schema(request=PostHideSerializer, responses=PostSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def hide(self, request: Request, uid: UUID) -> Response:
        """Hide it from the learners and say why. For who guides the circle."""
        found = self.get_object()
        post_hide(post=found, by=self.by, **valid(PostHideSerializer, request))
        return self._answer(uid)

    @extend_schema(request=None, responses=PostSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def show(self, request: Request, uid: UUID) -> Response:
        """Show it again. For who guides the circle."""
        post_show(post=self.get_object(), by=self.by)
        return self._answer(uid)

    @extend_schema(request=PostHelpfulSerializer, responses=PostSerializer)
    @action(detail=True, methods=["post"], filterset_class=None)
    def helpful(self, request: Request, uid: UUID) -> Response:
        """Mark a reply as a good answer, or no longer. For who guides the circle."""
        found = self.get_object()
        post_mark_helpful(post=found, by=self.by, **valid(PostHelpfulSerializer, request))
        return self._answer(uid)
