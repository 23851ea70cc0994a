"""Answers that wait for a person to mark them, for other software."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.attempts import AnswerFileSerializer
from assessments.models import Answer, Mark
from assessments.selectors.files import files_shown
from assessments.selectors.marking import answer_for_marker, answers_to_mark, answers_with_all, may_mark, name_shown
from assessments.services import answer_mark


class ToMarkSerializer(serializers.ModelSerializer[Answer]):
    """``who`` is a number where markers see no names."""

    assessment = serializers.SlugField(source="attempt.element.slug", read_only=True)
    who = serializers.SerializerMethodField()
    type = serializers.CharField(source="version.type", read_only=True)
    stem = serializers.CharField(source="version.stem", read_only=True, help_text="Safe HTML.")
    points = serializers.IntegerField(source="version.points", read_only=True)
    files = serializers.SerializerMethodField()

    class Meta:
        model = Answer
        fields = ["id", "assessment", "who", "type", "stem", "response", "files", "points"]
        read_only_fields = fields

    def get_who(self, answer: Answer) -> str:
        return name_shown(answer.attempt)

    @extend_schema_field(AnswerFileSerializer(many=True))
    def get_files(self, answer: Answer) -> list[dict[str, Any]]:
        return files_shown(answer, nameless=answer.attempt.assessment.anonymous_marking)


class AnswerMarkNewSerializer(serializers.Serializer[Any]):
    share = serializers.DecimalField(
        max_digits=6,
        decimal_places=5,
        min_value=0,
        max_value=1,
        required=False,
        help_text="Of the points; or a rubric.",
    )
    rubric = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=100),
        required=False,
        help_text="{criterion: level}, from 0.",
    )
    comment = serializers.CharField(default="", allow_blank=True, max_length=20_000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("share" in attrs) == ("rubric" in attrs):
            raise serializers.ValidationError({"share": ["Give a share, or the levels of a rubric."]})
        return attrs


class AnswerMarkSerializer(serializers.ModelSerializer[Mark]):
    class Meta:
        model = Mark
        fields = ["id", "step", "fraction", "comment", "at"]
        read_only_fields = fields


class MarkingViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Answer]):
    """Answers in finished attempts that wait for you. For whoever marks work: of their courses and groups."""

    rule = staticmethod(may_mark)
    area = "assessments"
    serializer_class = ToMarkSerializer
    queryset = Answer.objects.all()
    lookup_value_converter = "int"
    ordering = ("id",)

    def get_queryset(self) -> QuerySet[Answer]:
        return answers_with_all(answers_to_mark(self.request._request.membership)).prefetch_related("files")

    @extend_schema(request=AnswerMarkNewSerializer, responses={201: AnswerMarkSerializer})
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, pk: int) -> Response:
        """Add a mark. It counts at once, or with two markers once both agree."""
        by = request._request.membership
        try:
            answer = answer_for_marker(membership=by, pk=pk)
        except Answer.DoesNotExist:
            raise Http404 from None
        wish = AnswerMarkNewSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        facts = wish.validated_data
        mark = answer_mark(
            answer=answer, fraction=facts.get("share", 0), by=by, comment=facts["comment"], rubric=facts.get("rubric")
        )
        return Response(AnswerMarkSerializer(mark).data, status=status.HTTP_201_CREATED)
