"""Hand-ins for other software, round by round: written, handed in, judged, released."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.gates import closed_to
from ecosystem.models import Membership
from ecosystem.rest import Asked, valid
from ecosystem.rules import is_here
from ecosystem.slugs import row_of_slug
from handins.access import may_review, not_of, rounds_of, work_of
from handins.anonymity import with_hidden
from handins.api.double import DoubleMarking
from handins.api.marks import HandinMarkSerializer, NewHandinMarkSerializer
from handins.api.moderating import Moderating
from handins.api.round_serializers import (
    FileNamedSerializer,
    HandinConflictSerializer,
    HandinFileSerializer,
    HandinReopenSerializer,
    HandinsAllocateSerializer,
    HandinSavedSerializer,
    HandinSerializer,
    HandinsMovedSerializer,
    HandinsReleasedSerializer,
    HandinsReleaseSerializer,
    HandinsStageSerializer,
    HandinSubmitSerializer,
    HandinUploadSerializer,
    NewHandinSerializer,
)
from handins.api.similarity import SimilarWork
from handins.api.teams import AdjustmentSerializer, NewAdjustmentSerializer, person_of_email
from handins.exceptions import ClashError
from handins.models import HandinFile, Mark, Round, Share
from handins.selectors import assignments_for
from handins.selectors.double import sealed_rounds
from handins.selectors.queue import rounds_for
from handins.services import (
    handin_file_add,
    handin_file_remove,
    mark_give,
    marking_reopen,
    review_begin,
    round_save,
    round_start,
    round_submit,
    round_withdraw,
    rounds_allocate,
    rounds_release,
    rounds_stage,
    submission_reopen,
)
from handins.services.conflicts import conflict_declare
from handins.services.naming import name_reveal
from handins.services.results import adjustment_give


class Clash(APIException):
    """Other words were saved since what was seen."""

    status_code = 409
    default_detail = "Other words were saved since."
    default_code = "clash"


class RoundViewSet(
    Moderating,
    DoubleMarking,
    SimilarWork,
    Asked,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Round],
):
    """Your hand-ins, round by round; those of others, once handed in, for whoever marks their work."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = HandinSerializer
    queryset = Round.objects.select_related(
        "element", "person", "marker", "second", "submission__team", "submission__assignment"
    )
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    def get_ordering(self) -> tuple[str, ...]:
        """For whoever marks in no order that says when something was begun: that would tell whose it is."""
        return ("uid",) if may_review(self.by) else ("-id",)

    def get_queryset(self) -> QuerySet[Round]:
        rows: QuerySet[Round] = super().get_queryset()
        mine = Q(pk__in=rounds_of(self.by.person_id))
        if may_review(self.by):
            mine |= Q(pk__in=rounds_for(self.by).values("pk"))
        marks = Prefetch("marks", Mark.objects.select_related("rubric", "by"))
        sealed = Exists(sealed_rounds().filter(pk=OuterRef("pk")))
        shares = Prefetch("shares", Share.objects.select_related("person").order_by("pk"))
        return (
            with_hidden(rows.filter(mine), self.by.person_id)
            .annotate(is_sealed=sealed)
            .prefetch_related("files", marks, shares)
        )

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "by": self.by}

    def _answer(self, uid: UUID, code: int = status.HTTP_200_OK) -> Response:
        row = self.get_queryset().filter(uid=uid).first()
        if row is None:
            raise Http404
        return Response(HandinSerializer(row, context={"by": self.by}).data, status=code)

    def _open_to(self, row: Round) -> None:
        """A step of a course that is locked stays so."""
        if closed := closed_to(self.by, row.element):
            raise serializers.ValidationError({"assignment": [closed.because]})

    def _reviewed(self) -> Round:
        found = self.get_object()
        if not Round.objects.filter(work_of(self.by), pk=found.pk).filter(not_of(self.by.person_id)).exists():
            raise PermissionDenied("Only who marks the work of this person can do that.")
        return found

    @extend_schema(request=NewHandinSerializer, responses={201: HandinSerializer})
    def create(self, request: Request) -> Response:
        """Your draft of an assignment: the one there is, or a new round, with what is said written into it."""
        said = valid(NewHandinSerializer, request)
        if not self.by.is_current:
            raise Http404
        assignment = row_of_slug(assignments_for(self.by), said.pop("assignment"), element="element__")
        if closed := closed_to(self.by, assignment.element):
            raise serializers.ValidationError({"assignment": [closed.because]})
        draft = round_start(assignment=assignment, by=self.by)
        round_save(round=draft, by=self.by, **said)
        return self._answer(draft.uid, status.HTTP_201_CREATED)

    @extend_schema(request=HandinSavedSerializer, responses=HandinSerializer)
    def partial_update(self, request: Request, uid: UUID) -> Response:
        """Save the draft. The same again changes nothing; 409 where other words were saved since what was ``seen``."""
        found = self.get_object()
        said = valid(HandinSavedSerializer, request)
        self._open_to(found)
        try:
            round_save(round=found, by=self.by, **said)
        except ClashError as clash:
            raise Clash(str(clash)) from None
        return self._answer(uid)

    @extend_schema(request={"multipart/form-data": HandinUploadSerializer}, responses={201: HandinFileSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def files(self, request: Request, uid: UUID) -> Response:
        """Put a file into the draft."""
        found = self.get_object()
        said = valid(HandinUploadSerializer, request)
        self._open_to(found)
        made = handin_file_add(round=found, upload=said["upload"], by=self.by)
        return Response(HandinFileSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=FileNamedSerializer, responses=HandinSerializer)
    @action(detail=True, methods=["post"])
    def remove_file(self, request: Request, uid: UUID) -> Response:
        """Take a file out of the draft."""
        found = self.get_object()
        said = valid(FileNamedSerializer, request)
        file = HandinFile.objects.filter(round=found, uid=said["file"]).first()
        if file is None:
            raise serializers.ValidationError({"file": ["There is no such file in this round."]})
        handin_file_remove(file=file, by=self.by)
        return self._answer(uid)

    @extend_schema(request=HandinSubmitSerializer, responses=HandinSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, uid: UUID) -> Response:
        """Hand in the draft. Twice is once."""
        found = self.get_object()
        said = valid(HandinSubmitSerializer, request)
        self._open_to(found)
        round_submit(round=found, by=self.by, **said)
        return self._answer(uid)

    @extend_schema(request=None, responses=HandinSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, uid: UUID) -> Response:
        """Take it back, as long as nobody has begun to look at it."""
        round_withdraw(round=self.get_object(), by=self.by)
        return self._answer(uid)

    @extend_schema(request=None, responses=HandinSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, uid: UUID) -> Response:
        """Begin the review: it cannot be taken back any more."""
        review_begin(round=self._reviewed(), by=self.by)
        return self._answer(uid)

    @extend_schema(request=NewHandinMarkSerializer, responses={201: HandinMarkSerializer})
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, uid: UUID) -> Response:
        """Add a mark, unseen until it is released; once released, a correction that says why."""
        found = self._reviewed()
        said = valid(NewHandinMarkSerializer, request)
        made = mark_give(round=found, by=self.by, **said)
        return Response(HandinMarkSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=NewAdjustmentSerializer, responses={201: AdjustmentSerializer})
    @action(detail=True, methods=["post"])
    def adjust(self, request: Request, uid: UUID) -> Response:
        """More or less than the mark for one person of the team, who reads why."""
        found = self._reviewed()
        said = valid(NewAdjustmentSerializer, request)
        person_id = person_of_email(said.pop("person"))
        made = adjustment_give(round=found, person_id=person_id, by=self.by, **said)
        return Response(AdjustmentSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=HandinConflictSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def conflict(self, request: Request, uid: UUID) -> Response:
        """Say that you know whoever made this: somebody else marks it, and you do not find it any more."""
        found = self._reviewed()
        conflict_declare(round=found, by=self.by, **valid(HandinConflictSerializer, request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=HandinReopenSerializer, responses=HandinSerializer)
    @action(detail=True, methods=["post"])
    def reveal(self, request: Request, uid: UUID) -> Response:
        """Show you, an administrator, the name behind the pseudonym. The log keeps why."""
        found = self._reviewed()
        name_reveal(round=found, by=self.by, **valid(HandinReopenSerializer, request))
        return self._answer(uid)

    @extend_schema(request=HandinReopenSerializer, responses=HandinSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, uid: UUID) -> Response:
        """One more round for the learner, who is told why."""
        found = self._reviewed()
        said = valid(HandinReopenSerializer, request)
        submission_reopen(round=found, by=self.by, **said)
        return self._answer(uid)

    @extend_schema(request=HandinsReleaseSerializer, responses=HandinsReleasedSerializer)
    @action(detail=False, methods=["post"])
    def release(self, request: Request) -> Response:
        """Show the learners their marks. All or none."""
        said = valid(HandinsReleaseSerializer, request)
        rows = self._chosen(said["rounds"])
        return Response({"released": rounds_release(rounds=rows, by=self.by)})

    @extend_schema(request=HandinReopenSerializer, responses=HandinSerializer)
    @action(detail=True, methods=["post"])
    def unmark(self, request: Request, uid: UUID) -> Response:
        """Back to marking, before the learner has seen the mark."""
        found = self._reviewed()
        said = valid(HandinReopenSerializer, request)
        marking_reopen(round=found, by=self.by, **said)
        return self._answer(uid)

    @extend_schema(request=HandinsStageSerializer, responses=HandinsMovedSerializer)
    @action(detail=False, methods=["post"])
    def stage(self, request: Request) -> Response:
        """Say how far marks are on their way to release. All or none."""
        said = valid(HandinsStageSerializer, request)
        rows = self._chosen(said["rounds"])
        return Response({"moved": rounds_stage(rounds=rows, to=said["to"], by=self.by)})

    @extend_schema(request=HandinsAllocateSerializer, responses=HandinsMovedSerializer)
    @action(detail=False, methods=["post"])
    def allocate(self, request: Request) -> Response:
        """Give these to one marker, or to nobody in particular. All or none."""
        said = valid(HandinsAllocateSerializer, request)
        rows, marker = self._chosen(said["rounds"]), None
        if email := said.get("marker"):
            members = Membership.objects.select_related("person", "environment")
            marker = members.filter(person__email=email.lower(), ended_at=None).first()
            if marker is None:
                raise serializers.ValidationError({"marker": ["Nobody here has this e-mail address."]})
        return Response({"moved": rounds_allocate(rounds=rows, marker=marker, is_second=said["second"], by=self.by)})

    def _chosen(self, uids: list[UUID]) -> list[Round]:
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")
        rows = list(rounds_for(self.by).filter(uid__in=uids))
        if len(rows) != len(set(uids)):
            raise serializers.ValidationError({"rounds": ["There is no such round."]})
        return rows
