"""Samples for practising peer review, for other software: made by who marks, tried by who learns."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.gates import closed_to
from ecosystem.rest import Asked, valid
from ecosystem.rules import is_here
from ecosystem.slugs import row_of_slug
from handins.access import may_review
from handins.models import Assignment, PeerSample, PeerTry
from handins.selectors.exemplars import exemplars_for
from handins.selectors.peers_training import samples_for
from handins.selectors.queue import assignments_reviewed, elements_marked
from handins.services.peers_training import peer_sample_add, peer_sample_remove, peer_sample_try


class PeerSampleSerializer(serializers.ModelSerializer[PeerSample]):
    """What the teacher finds is shown to who marks, and to who has tried it."""

    assignment = serializers.SlugField(source="element.slug", read_only=True)
    text = serializers.SerializerMethodField()
    exemplar = serializers.UUIDField(source="exemplar.uid", read_only=True, default=None, allow_null=True)
    levels = serializers.SerializerMethodField()
    comments = serializers.SerializerMethodField()
    comment = serializers.SerializerMethodField()
    tried = serializers.SerializerMethodField(help_text="Your own levels, once you have tried it.")

    class Meta:
        model = PeerSample
        fields = ["uid", "assignment", "title", "text", "exemplar", "levels", "comments", "comment", "tried"]
        read_only_fields = fields

    def _shows(self, row: PeerSample) -> bool:
        is_marked = row.element_id in self.context["marked"] or row.by_id == self.context["by"].person_id
        return is_marked or row.pk in self.context["tries"]

    def get_text(self, row: PeerSample) -> str:
        return str(row.exemplar.round.text if row.exemplar is not None else row.text)

    def get_levels(self, row: PeerSample) -> dict[str, int]:
        return dict(row.levels) if self._shows(row) else {}

    def get_comments(self, row: PeerSample) -> dict[str, str]:
        return dict(row.comments) if self._shows(row) else {}

    def get_comment(self, row: PeerSample) -> str:
        return str(row.comment) if self._shows(row) else ""

    def get_tried(self, row: PeerSample) -> dict[str, int]:
        return dict(self.context["tries"].get(row.pk, {}))


class NewPeerSampleSerializer(serializers.Serializer[Any]):
    assignment = serializers.SlugField()
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=20_000, required=False, allow_blank=True)
    exemplar = serializers.UUIDField(required=False, help_text="In place of a text: an example that is shown.")
    levels = serializers.DictField(child=serializers.IntegerField(min_value=0))
    comments = serializers.DictField(child=serializers.CharField(max_length=5000, allow_blank=True), required=False)
    comment = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class PeerTrySerializer(serializers.Serializer[Any]):
    levels = serializers.DictField(child=serializers.IntegerField(min_value=0))
    words = serializers.CharField(max_length=5000, required=False, allow_blank=True)


class PeerSampleViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[PeerSample]):
    """Samples of assignments that you may see."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = PeerSampleSerializer
    queryset = PeerSample.objects.select_related("element", "exemplar__round")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[PeerSample]:
        rows: QuerySet[PeerSample] = super().get_queryset()
        seen = Q(pk__in=samples_for(self.by).order_by().values("pk"))
        if may_review(self.by):
            seen |= Q(element__in=assignments_reviewed(self.by).values("element_id"))
        return rows.filter(seen)

    def get_serializer_context(self) -> dict[str, Any]:
        tries = PeerTry.objects.filter(person_id=self.by.person_id).order_by("pk").values_list("sample_id", "levels")
        marked = set(elements_marked(self.by).values_list("element_id", flat=True)) if may_review(self.by) else set()
        return {**super().get_serializer_context(), "by": self.by, "marked": marked, "tries": dict(tries)}

    def _answer(self, uid: UUID, code: int = status.HTTP_200_OK) -> Response:
        row = self.get_queryset().get(uid=uid)
        return Response(PeerSampleSerializer(row, context=self.get_serializer_context()).data, status=code)

    def only_markers(self) -> None:
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")

    @extend_schema(request=NewPeerSampleSerializer, responses={201: PeerSampleSerializer})
    def create(self, request: Request) -> Response:
        """A sample, with what you find of it."""
        said = valid(NewPeerSampleSerializer, request)
        self.only_markers()
        assignment: Assignment = row_of_slug(assignments_reviewed(self.by), said.pop("assignment"), element="element__")
        if wanted := said.pop("exemplar", None):
            said["exemplar"] = exemplars_for(self.by).filter(uid=wanted).first()
            if said["exemplar"] is None:
                raise serializers.ValidationError({"exemplar": ["There is no such example."]})
        made = peer_sample_add(assignment=assignment, by=self.by, **said)
        return self._answer(made.uid, status.HTTP_201_CREATED)

    def destroy(self, request: Request, uid: UUID) -> Response:
        """Take it away, with what people made of it."""
        found = self.get_object()
        self.only_markers()
        peer_sample_remove(sample=found, by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=PeerTrySerializer, responses=PeerSampleSerializer)
    @action(detail=True, methods=["post"])
    def attempt(self, request: Request, uid: UUID) -> Response:
        """Say what you find, then see what the teacher does. The first time stays."""
        found = self.get_object()
        if closed := closed_to(self.by, found.element):
            raise serializers.ValidationError({"detail": [closed.because]})
        said = valid(PeerTrySerializer, request)
        peer_sample_try(sample=found, by=self.by, **said)
        return self._answer(uid)
