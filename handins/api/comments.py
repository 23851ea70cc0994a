"""Saved comments for other software."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import Asked, valid
from handins.access import may_review
from handins.models import SavedComment
from handins.selectors.comments import comments_for, comments_found
from handins.selectors.queue import assignments_reviewed
from handins.services.comments import LONGEST, comment_drop, comment_keep, comment_set


class SavedCommentSerializer(serializers.ModelSerializer[SavedComment]):
    assignment = serializers.CharField(source="element.slug", read_only=True, allow_null=True, default=None)
    by = serializers.CharField(source="person.name", read_only=True)

    class Meta:
        model = SavedComment
        fields = ["uid", "words", "assignment", "is_shared", "by", "saved_at"]
        read_only_fields = fields


class SavedCommentChangeSerializer(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=LONGEST, required=False)
    is_shared = serializers.BooleanField(required=False, help_text="With everybody who marks here.")


class NewSavedCommentSerializer(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=LONGEST)
    is_shared = serializers.BooleanField(default=False, help_text="With everybody who marks here.")
    assignment = serializers.SlugField(required=False, allow_null=True, help_text="Nothing: for every assignment.")


class SavedCommentViewSet(
    Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[SavedComment]
):
    """Your saved comments and those that are shared. For who marks work."""

    rule = staticmethod(may_review)
    asks = {"list": ("words",)}
    area = "handins"
    serializer_class = SavedCommentSerializer
    queryset = SavedComment.objects.all()
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[SavedComment]:
        rows = comments_found(comments_for(self.by), self.request.query_params.get("words", "")[:200])
        return rows.order_by()

    @extend_schema(parameters=[OpenApiParameter("words", str, description="Words that stand in the comment.")])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewSavedCommentSerializer, responses={201: SavedCommentSerializer})
    def create(self, request: Request) -> Response:
        """Keep a comment. The same again is the one there is."""
        said = valid(NewSavedCommentSerializer, request)
        element = None
        if slug := said.pop("assignment", None):
            found = assignments_reviewed(self.by).filter(element__slug=slug).first()
            if found is None:
                raise serializers.ValidationError({"assignment": ["There is no such assignment."]})
            element = found.element
        made = comment_keep(element=element, by=self.by, **said)
        return Response(SavedCommentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SavedCommentChangeSerializer, responses=SavedCommentSerializer)
    def partial_update(self, request: Request, uid: UUID) -> Response:
        """Change your own."""
        found = self.get_object()
        said = {"words": found.words, "is_shared": found.is_shared, **valid(SavedCommentChangeSerializer, request)}
        return Response(SavedCommentSerializer(comment_set(comment=found, by=self.by, **said)).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uid: UUID) -> Response:
        """Delete your own, or a shared one if you administer."""
        comment_drop(comment=self.get_object(), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)
