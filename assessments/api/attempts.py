"""Attempts for other software: what is asked, answers in, the result."""

import re
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Answer, Attempt
from assessments.selectors import attempts_withheld, parts_named, question_shown
from assessments.selectors.files import files_shown
from assessments.services import Sent, answer_save, attempt_finish
from assessments.services.answer_files import answer_file_add
from ecosystem.rest import valid
from ecosystem.rules import is_here
from ecosystem.spans import RESULTS, span_of


class AttemptSerializer(serializers.ModelSerializer[Attempt]):
    assessment = serializers.SlugField(source="element.slug", read_only=True)
    person = serializers.EmailField(source="person.email", read_only=True)
    score = serializers.SerializerMethodField(help_text="Null while the person may not see it.")

    class Meta:
        model = Attempt
        fields = [
            "uid", "assessment", "person", "number", "started_at", "deadline_at", "finished_at", "waiting", "score", "passed",
        ]  # fmt: skip
        read_only_fields = fields

    def get_score(self, attempt: Attempt) -> float | None:
        """To the person only what the review matrix shows; to others whose powers reach it, always."""
        is_own = attempt.person_id == self.context["reader"]
        return None if is_own and attempt.pk in self.context["withheld"] else attempt.score


class AnswerFileSerializer(serializers.Serializer[Any]):
    uid = serializers.UUIDField(read_only=True, help_text="What `answer` names.")
    name = serializers.CharField(read_only=True)
    media_type = serializers.CharField(read_only=True)
    size = serializers.IntegerField(read_only=True, help_text="Bytes.")
    path = serializers.CharField(read_only=True, help_text="Where it is to be had.")
    may_name = serializers.BooleanField(
        read_only=True, help_text="Marked without names, but what this kind of file says about its maker stays in it."
    )


class AnswerUploadSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField(min_value=1, max_value=9999)
    upload = serializers.FileField(max_length=250, help_text="Up to 50 MB, of the kinds that the question takes.")


class QuestionSerializer(serializers.Serializer[Any]):
    """A question of an attempt as it is asked; never what is right."""

    position = serializers.IntegerField()
    section = serializers.CharField(allow_blank=True, help_text="The heading it stands under.")
    widget = serializers.CharField(
        help_text="radios, checkboxes, selects, order, gaps, cloze, hotspot, scale, files, number, line or long."
    )
    stem = serializers.CharField(allow_blank=True, help_text="Safe HTML.")
    choices = serializers.ListField(child=serializers.DictField())
    items = serializers.ListField(child=serializers.DictField())
    segments = serializers.ListField(child=serializers.DictField())
    words = serializers.ListField(child=serializers.DictField())
    areas = serializers.ListField(child=serializers.DictField())
    hints = serializers.ListField(child=serializers.CharField())
    files = AnswerFileSerializer(many=True, help_text="Handed in so far, where it asks for files.")
    most_files = serializers.IntegerField(help_text="0 where it asks for none.")
    endings = serializers.ListField(child=serializers.CharField(), help_text="Kinds of files; none: any that is taken.")
    answered = serializers.BooleanField()
    flagged = serializers.BooleanField()


class PartSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    text = serializers.CharField(allow_blank=True, help_text="Safe HTML, about all questions under this heading.")


class QuestionsSerializer(serializers.Serializer[Any]):
    sections = PartSerializer(many=True)
    results = QuestionSerializer(many=True)


FIELD = re.compile(r"answer(?:-[0-9]{1,3})?\Z")


class AnswerItemSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField(min_value=1, max_value=9999)
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField(allow_blank=True, trim_whitespace=False)),
        help_text='What a form would send, such as {"answer": ["2"]}.',
    )
    flagged = serializers.BooleanField(allow_null=True, default=None)
    client = serializers.RegexField(
        r"^[0-9a-zA-Z-]{0,36}\Z", default="", help_text="Who counts in seq, such as a UUID per page."
    )
    seq = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, default=0, help_text="A saving that this client sent before changes nothing."
    )
    seconds = serializers.IntegerField(
        min_value=0, max_value=3600, default=0, help_text="Looked at since the last saving."
    )


class AnswersSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.DictField(), allow_empty=False, max_length=500)


class SavedSerializer(serializers.Serializer[Any]):
    saved = serializers.IntegerField()


class AttemptViewSet(viewsets.ReadOnlyModelViewSet[Attempt]):
    """One's own attempts, and those that one's powers reach: of everybody, or in single courses and groups."""

    rule = staticmethod(is_here)
    area = "assessments"
    serializer_class = AttemptSerializer
    queryset = Attempt.objects.select_related("element", "person", "assessment")
    lookup_field = "uid"
    filterset_fields = {"passed": ["exact"], "finished_at": ["isnull", "gte", "lt"]}

    def get_queryset(self) -> QuerySet[Attempt]:
        attempts = super().get_queryset()
        membership = self.request._request.membership
        mine = Q(person_id=membership.person_id)
        return attempts.filter(span_of(membership, *RESULTS).of_work() | mine)

    def get_serializer_context(self) -> dict[str, Any]:
        reader = self.request.user.pk
        return {**super().get_serializer_context(), "reader": reader, "withheld": attempts_withheld(person_id=reader)}

    def own(self) -> Attempt:
        attempt = self.get_object()
        if attempt.person_id != self.request.user.pk:
            raise Http404
        return attempt

    @extend_schema(responses=QuestionsSerializer)
    @action(detail=True, pagination_class=None, filterset_fields={})
    def questions(self, request: Request, uid: str) -> Response:
        """What is asked in your own open attempt."""
        attempt = self.own()
        rows = Answer.objects.filter(attempt=attempt, attempt__finished_at=None).select_related("version")
        asked = list(rows.order_by("position"))
        parts = parts_named(assessment_id=attempt.assessment_id, titles=[row.section for row in asked])
        found = [
            {
                **question_shown(row),
                "position": row.position,
                "section": parts[row.section].title if row.section else "",
                "answered": row.response is not None,
                "flagged": row.flagged,
            }
            for row in asked
        ]
        sections = [part._asdict() for part in dict.fromkeys(parts.values())]
        return Response(QuestionsSerializer({"sections": sections, "results": found}).data)

    @extend_schema(request=AnswersSerializer, responses=SavedSerializer)
    @action(detail=True, methods=["post"], filterset_fields={})
    def answers(self, request: Request, uid: str) -> Response:
        """Keep answers of your own open attempt: all of them or none. Sending them again is harmless."""
        attempt = self.own()
        wish = AnswersSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        items = AnswerItemSerializer(data=wish.validated_data["items"], many=True)
        items.is_valid(raise_exception=True)
        for item in items.validated_data:
            fields = {name: values for name, values in item["fields"].items() if FIELD.match(name)}
            try:
                answer_save(
                    attempt_uid=attempt.uid,
                    person_id=attempt.person_id,
                    position=item["position"],
                    response=fields,
                    flagged=item["flagged"],
                    sent=Sent(client=item["client"], seq=item["seq"], seconds=item["seconds"]),
                )
            except Answer.DoesNotExist:
                raise Http404 from None
        return Response({"saved": len(items.validated_data)})

    @extend_schema(request={"multipart/form-data": AnswerUploadSerializer}, responses={201: AnswerFileSerializer})
    @action(detail=True, methods=["post"], filterset_fields={}, parser_classes=[MultiPartParser])
    def files(self, request: Request, uid: str) -> Response:
        """Hand in a file with an answer of your own open attempt; what `answers` no longer names is taken back."""
        attempt = self.own()
        said = valid(AnswerUploadSerializer, request)
        facts = {"attempt_uid": attempt.uid, "person_id": attempt.person_id, "position": said["position"]}
        try:
            kept = answer_file_add(**facts, upload=said["upload"])
        except Answer.DoesNotExist:
            raise Http404 from None
        shown = next(one for one in files_shown(kept.answer) if one["uid"] == str(kept.uid))
        return Response(AnswerFileSerializer(shown).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=AttemptSerializer)
    @action(detail=True, methods=["post"], filterset_fields={})
    def finish(self, request: Request, uid: str) -> Response:
        """Mark your attempt. Finishing again gives the same result."""
        attempt = attempt_finish(attempt_uid=self.own().uid, person_id=request.user.pk)
        return Response(AttemptSerializer(attempt, context=self.get_serializer_context()).data)
