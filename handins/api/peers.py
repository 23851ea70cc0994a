"""Peer reviews for other software: those one gives, gets or looks after."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.gates import closed_to
from ecosystem.rest import Asked, valid
from ecosystem.rules import is_here
from handins.access import may_review
from handins.anonymity import day_of
from handins.models import PeerReview
from handins.selectors.peers import (
    files_of,
    reviews_by,
    reviews_marked,
    reviews_of,
    title_of,
    work_is_shown,
)
from handins.selectors.peers_missed import missed_of
from handins.selectors.peers_training import unready_elements
from handins.services.peers_reviewing import (
    peer_review_exclude,
    peer_review_flag,
    peer_review_helpful,
    peer_review_save,
    peer_review_send,
)


class PeerFileSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    size = serializers.IntegerField()
    href = serializers.CharField()


class PeerReviewSerializer(serializers.ModelSerializer[PeerReview]):
    """What the caller may know: names only where they are not hidden. Of work that is marked without names, who marks it reads
    neither whose it is nor who reviews it, and of moments the day."""

    assignment = serializers.SlugField(source="element.slug", read_only=True)
    role = serializers.SerializerMethodField(help_text="reviewer, author or marker: what the caller is to it.")
    work = serializers.SerializerMethodField(help_text="Whose work it is, or a number.")
    reviewer = serializers.SerializerMethodField(
        help_text="Null where names are hidden; a number for who marks without names."
    )
    percent = serializers.IntegerField(read_only=True, allow_null=True)
    text = serializers.SerializerMethodField(help_text="The work, for its reviewer and while it is reviewed.")
    link = serializers.SerializerMethodField()
    flag = serializers.SerializerMethodField()
    excluded = serializers.SerializerMethodField()

    class Meta:
        model = PeerReview
        fields = [
            "uid", "assignment", "role", "work", "reviewer", "state", "levels", "comments", "strengths", "advice", "percent",
            "text", "link", "saved_at", "sent_at", "helpful", "flag", "excluded",
        ]  # fmt: skip
        read_only_fields = fields

    def _person_id(self) -> int:
        return int(self.context["by"].person_id)

    def get_role(self, row: PeerReview) -> str:
        if row.person_id == self._person_id():
            return "reviewer"
        return "marker" if row.pk in self.context["marked"] else "author"

    def get_work(self, row: PeerReview) -> str:
        return row.round.called if self.get_role(row) == "marker" else title_of(row)

    def get_reviewer(self, row: PeerReview) -> str | None:
        role = self.get_role(row)
        if role == "marker":
            return row.reviewer_called
        return None if row.phase.plan.is_anonymous and role == "author" else str(row.person.name)

    def to_representation(self, instance: PeerReview) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(instance)
        if said["role"] == "marker" and instance.round.hides_names:
            # Records say to the minute who gave a review.
            for name in ("saved_at", "sent_at"):
                said[name] = day_of(getattr(instance, name))
        return said

    def _shows_work(self, row: PeerReview) -> bool:
        is_ready = row.element_id not in self.context["unready"]
        return self.get_role(row) == "reviewer" and is_ready and work_is_shown(row) and not self._is_closed(row)

    def _is_closed(self, row: PeerReview) -> bool:
        """Asked once for each assignment."""
        known = self.context["closed"]
        if row.element_id not in known:
            known[row.element_id] = closed_to(self.context["by"], row.element) is not None
        return bool(known[row.element_id])

    def get_text(self, row: PeerReview) -> str:
        return str(row.round.text) if self._shows_work(row) else ""

    def get_link(self, row: PeerReview) -> str:
        return str(row.round.link) if self._shows_work(row) else ""

    def get_flag(self, row: PeerReview) -> str:
        return "" if self.get_role(row) == "reviewer" else str(row.flag)

    def get_excluded(self, row: PeerReview) -> str:
        return str(row.excluded) if self.get_role(row) == "marker" else ""


class PeerMissedSerializer(serializers.Serializer[Any]):
    """One criterion: your level and words, the teacher's, and the words of other peers."""

    title = serializers.CharField()
    mine = serializers.CharField()
    mine_said = serializers.CharField()
    theirs = serializers.CharField()
    theirs_said = serializers.CharField()
    others = serializers.ListField(child=serializers.CharField())
    is_missed = serializers.BooleanField()


class PeerReviewFactsSerializer(serializers.Serializer[Any]):
    levels = serializers.DictField(child=serializers.IntegerField(min_value=0), required=False)
    comments = serializers.DictField(child=serializers.CharField(max_length=5000, allow_blank=True), required=False)
    strengths = serializers.CharField(max_length=5000, allow_blank=True, required=False)
    advice = serializers.CharField(max_length=5000, allow_blank=True, required=False)


class PeerHelpfulSerializer(serializers.Serializer[Any]):
    is_helpful = serializers.BooleanField()


class PeerFlagSerializer(serializers.Serializer[Any]):
    because = serializers.CharField(max_length=500)


class PeerExcludeSerializer(serializers.Serializer[Any]):
    because = serializers.CharField(max_length=300, allow_blank=True, help_text="Empty: it counts again.")


class PeerReviewViewSet(Asked, mixins.ListModelMixin, viewsets.GenericViewSet[PeerReview]):
    """Reviews that you give, those of your own work once you may read them, and those of work that you mark."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = PeerReviewSerializer
    queryset = PeerReview.objects.select_related(
        "phase__plan",
        "element",
        "round__submission__team",
        "round__submission__assignment",
        "person",
        "author",
        "rubric",
    )
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("uid",)  # says nothing about who reviews what

    def get_queryset(self) -> QuerySet[PeerReview]:
        rows: QuerySet[PeerReview] = super().get_queryset()
        mine = reviews_by(self.by).order_by().values("pk")
        got = reviews_of(self.by).order_by().values("pk")
        seen = Q(pk__in=mine) | Q(pk__in=got)
        if may_review(self.by):
            seen |= Q(pk__in=reviews_marked(self.by).order_by().values("pk"))
        return rows.filter(seen)

    def get_serializer_context(self) -> dict[str, Any]:
        marked: frozenset[int] = frozenset()
        if may_review(self.by):
            marked = frozenset(reviews_marked(self.by).order_by().values_list("pk", flat=True)[:5000])
        return {
            **super().get_serializer_context(), "by": self.by, "marked": marked, "unready": unready_elements(self.by),
            "closed": {},
        }  # fmt: skip

    def _answer(self, uid: UUID) -> Response:
        row = self.get_queryset().get(uid=uid)
        return Response(PeerReviewSerializer(row, context=self.get_serializer_context()).data)

    @extend_schema(responses=PeerReviewSerializer)
    def retrieve(self, request: Request, uid: UUID) -> Response:
        return self._answer(self.get_object().uid)

    @extend_schema(responses=PeerFileSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def files(self, request: Request, uid: UUID) -> Response:
        """The files of the work that you review, while it is reviewed."""
        found = self._read_by_reviewer()
        rows = [
            {"name": one.name, "size": one.file.size, "href": f"/handins/peers/{found.uid}/{one.number}/"}
            for one in files_of(found)
            if found.element_id not in unready_elements(self.by)
        ]
        return Response(rows)

    @extend_schema(responses=PeerMissedSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def missed(self, request: Request, uid: UUID) -> Response:
        """What others noted about the work that you reviewed, once its mark is released."""
        return Response(PeerMissedSerializer(missed_of(self._read_by_reviewer()), many=True).data)

    def _read_by_reviewer(self) -> PeerReview:
        found = self.get_object()
        if found.person_id != self.by.person_id:
            raise NotFound
        self._open(found)
        return found

    def _open(self, found: PeerReview) -> None:
        """A step of a course that is locked stays so."""
        if closed := closed_to(self.by, found.element):
            raise serializers.ValidationError({"detail": [closed.because]})

    def _own(self) -> PeerReview:
        found = self.get_object()
        if found.person_id != self.by.person_id:
            raise PermissionDenied("Only who reviews it can do that.")
        self._open(found)
        return found

    def _received(self) -> PeerReview:
        found = self.get_object()
        if not reviews_of(self.by).filter(pk=found.pk).exists():
            raise PermissionDenied("Only whose work it is can say that.")
        return found

    @extend_schema(request=PeerReviewFactsSerializer, responses=PeerReviewSerializer)
    def partial_update(self, request: Request, uid: UUID) -> Response:
        """Keep what was chosen and written so far."""
        found = self._own()
        peer_review_save(review=found, by=self.by, **valid(PeerReviewFactsSerializer, request))
        return self._answer(uid)

    @extend_schema(request=PeerReviewFactsSerializer, responses=PeerReviewSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, uid: UUID) -> Response:
        """Give the review, with what is sent along."""
        found = self._own()
        peer_review_send(review=found, by=self.by, **valid(PeerReviewFactsSerializer, request))
        return self._answer(uid)

    @extend_schema(request=PeerHelpfulSerializer, responses=PeerReviewSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, uid: UUID) -> Response:
        """Say whether a review of your work helped."""
        found = self._received()
        peer_review_helpful(review=found, by=self.by, **valid(PeerHelpfulSerializer, request))
        return self._answer(uid)

    @extend_schema(request=PeerFlagSerializer, responses=PeerReviewSerializer)
    @action(detail=True, methods=["post"])
    def flag(self, request: Request, uid: UUID) -> Response:
        """Report a review of your work to whoever marks it."""
        found = self._received()
        peer_review_flag(review=found, by=self.by, **valid(PeerFlagSerializer, request))
        return self._answer(uid)

    @extend_schema(request=PeerExcludeSerializer, responses=PeerReviewSerializer)
    @action(detail=True, methods=["post"])
    def exclude(self, request: Request, uid: UUID) -> Response:
        """Leave a review out with a reason, or take it back in with none. For who marks the work."""
        found = self.get_object()
        said = valid(PeerExcludeSerializer, request)
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")
        peer_review_exclude(review=found, by=self.by, **said)
        return self._answer(uid)
