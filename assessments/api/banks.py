"""Question banks for other software: banks, questions, files in and out."""

import base64
import binascii
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.bulk_edits import BulkSerializer, QuestionsChangedSerializer, QuestionsUndoSerializer, change_of
from assessments.api.media import MediaMixin
from assessments.importers.detecting import LARGEST_FILE
from assessments.models import BulkEdit, Objective, Question, QuestionVersion
from assessments.selectors.bulk_edits import Change, change_foreseen
from assessments.services import bank_create, bank_import, import_preview
from assessments.services.banks import MOST_POINTS
from assessments.services.bulk_edits import change_undo, questions_change
from assessments.services.exports import FORMATS, bank_export
from assessments.services.moving import move_check, questions_move
from assessments.services.questions import objective_remove, objective_write, question_write
from ecosystem.models import Element
from ecosystem.rest import valid
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug, slug_free


class BankFileSerializer(serializers.Serializer[Any]):
    filename = serializers.CharField(max_length=250, default="questions")
    content = serializers.CharField(
        trim_whitespace=False,
        max_length=LARGEST_FILE,
        help_text="Moodle XML, QTI, GIFT, Aiken or CSV as text; or base64.",
    )
    encoding = serializers.ChoiceField(choices=["text", "base64"], default="text", help_text="base64 for archives.")
    preview = serializers.BooleanField(default=False, help_text="Only say what would happen.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["encoding"] == "text":
            return {**attrs, "data": attrs["content"].encode("utf-8", "replace")}
        try:
            return {**attrs, "data": base64.b64decode(attrs["content"], validate=True)}
        except (binascii.Error, ValueError):
            raise serializers.ValidationError({"content": "This is no base64."}) from None


class ImportProblemSerializer(serializers.Serializer[Any]):
    file = serializers.CharField()
    line = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)
    level = serializers.CharField(help_text="error: left out; notice: look at it.")
    reason = serializers.CharField()


class BankReportSerializer(serializers.Serializer[Any]):
    created = serializers.ListField(child=serializers.CharField())
    updated = serializers.ListField(child=serializers.CharField())
    unchanged = serializers.ListField(child=serializers.CharField())
    problems = serializers.ListField(child=serializers.CharField(), help_text="Line and reason.")
    details = ImportProblemSerializer(many=True)


class BankSerializer(serializers.ModelSerializer[Element]):
    class Meta:
        model = Element
        fields = ["uid", "slug", "title", "summary", "language"]
        read_only_fields = fields


class BankNewSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=500, allow_blank=True, required=False)


class ExportSerializer(serializers.Serializer[Any]):
    format = serializers.ChoiceField(choices=sorted(FORMATS))


class ExportedSerializer(serializers.Serializer[Any]):
    filename = serializers.CharField()
    content = serializers.CharField(help_text="base64")
    written = serializers.IntegerField()
    left_out = serializers.ListField(child=serializers.CharField(), help_text="Identifier and reason.")
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="Identifier, and what of it is not in the file."
    )


class QuestionRowSerializer(serializers.ModelSerializer[Question]):
    bank = serializers.SlugField(source="element.slug", read_only=True)
    objective = serializers.CharField(source="objective.slug", default=None, allow_null=True, read_only=True)
    type = serializers.CharField(read_only=True)
    version = serializers.IntegerField(source="newest", read_only=True)
    retired = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = [
            "id", "bank", "identifier", "type", "text", "name", "category", "objective", "tags", "difficulty", "review_on",
            "retired", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_retired(self, question: Question) -> bool:
        return question.retired_at is not None


class QuestionWholeSerializer(QuestionRowSerializer):
    """With its newest version, answers and all: for authors."""

    stem = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField()
    feedback = serializers.SerializerMethodField()
    hints = serializers.SerializerMethodField()
    points = serializers.SerializerMethodField()

    class Meta(QuestionRowSerializer.Meta):
        fields = [*QuestionRowSerializer.Meta.fields, "stem", "body", "feedback", "hints", "points"]
        read_only_fields = fields

    def get_stem(self, question: Question) -> str:
        stem: str = self.context["version"].stem
        return stem

    def get_body(self, question: Question) -> dict[str, Any]:
        body: dict[str, Any] = self.context["version"].body
        return body

    def get_feedback(self, question: Question) -> str:
        feedback: str = self.context["version"].feedback
        return feedback

    def get_hints(self, question: Question) -> list[str]:
        hints: list[str] = self.context["version"].hints
        return hints

    def get_points(self, question: Question) -> int:
        points: int = self.context["version"].points
        return points


def _whole(question: Question) -> dict[str, Any]:
    version = QuestionVersion.objects.get(question=question, number=question.newest)
    return QuestionWholeSerializer(question, context={"version": version}).data


class QuestionChangeSerializer(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    stem = serializers.CharField(max_length=100_000, required=False, help_text="HTML.")
    body = serializers.DictField(required=False, help_text="What the type needs: docs/question-formats.md.")
    feedback = serializers.CharField(max_length=100_000, allow_blank=True, required=False, help_text="HTML.")
    hints = serializers.ListField(child=serializers.CharField(max_length=100_000), max_length=20, required=False)
    points = serializers.IntegerField(min_value=1, max_value=MOST_POINTS, required=False)
    name = serializers.CharField(max_length=250, allow_blank=True, required=False)
    category = serializers.CharField(max_length=500, allow_blank=True, required=False)
    objective = serializers.SlugField(max_length=100, allow_null=True, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=100), max_length=30, required=False)
    difficulty = serializers.IntegerField(min_value=1, max_value=5, allow_null=True, required=False)
    review_on = serializers.DateField(allow_null=True, required=False)
    retired = serializers.BooleanField(required=False)


class QuestionNewSerializer(QuestionChangeSerializer):
    bank = serializers.SlugField(max_length=100)
    type = serializers.CharField(max_length=20, help_text="single, multiple, ...: docs/question-formats.md.")
    identifier = serializers.CharField(max_length=270, required=False)
    stem = serializers.CharField(max_length=100_000, help_text="HTML.")
    body = serializers.DictField(help_text="What the type needs: docs/question-formats.md.")


class ObjectiveSerializer(serializers.ModelSerializer[Objective]):
    class Meta:
        model = Objective
        fields = ["slug", "text"]
        read_only_fields = fields


class ObjectivesSerializer(serializers.Serializer[Any]):
    results = ObjectiveSerializer(many=True)


class ObjectiveWriteSerializer(serializers.Serializer[Any]):
    slug = serializers.SlugField(max_length=100, required=False, help_text="Of one that is there.")
    text = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    remove = serializers.BooleanField(default=False)


class QuestionFilter(django_filters.FilterSet):
    bank = django_filters.CharFilter(field_name="element__slug")
    tag = django_filters.CharFilter(method="with_tag")
    retired = django_filters.BooleanFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Question
        fields = {
            "identifier": ["exact"],
            "type": ["exact"],
            "difficulty": ["exact", "gte", "lte"],
            "review_on": ["lte"],
            "objective__slug": ["exact"],
        }

    def with_tag(self, rows: QuerySet[Question], _name: str, value: str) -> QuerySet[Question]:
        return rows.filter(tags__contains=[value])


def _own_bank(slug: str) -> Element:
    rows = Element.objects.filter(kind="question_bank", environment_id=current_scope().environment_id)
    return row_of_slug(rows, slug)


def _objective(bank: Element, slug: str) -> Objective:
    found = Objective.objects.filter(element=bank, slug=slug).first()
    if found is None:
        raise serializers.ValidationError({"objective": "This bank has no such learning objective."})
    return found


class BankViewSet(MediaMixin, mixins.ListModelMixin, viewsets.GenericViewSet[Element]):
    """Question banks. For authors."""

    rule = staticmethod(is_author)
    area = "assessments"
    serializer_class = BankSerializer
    queryset = Element.objects.filter(kind="question_bank")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("slug", "id")

    def get_object(self) -> Element:
        return _own_bank(self.kwargs["slug"])

    @extend_schema(request=BankNewSerializer, responses={201: BankSerializer})
    def create(self, request: Request) -> Response:
        """A new, empty bank."""
        wish = valid(BankNewSerializer, request)
        bank = bank_create(slug=slug_free(title=wish["title"], kind="question_bank"), creators=[request.user], **wish)
        return Response(BankSerializer(bank).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=BankFileSerializer, responses=BankReportSerializer)
    @action(detail=True, methods=["post"], url_path="import")
    def bring_in(self, request: Request, slug: str) -> Response:
        """Questions from a file into a bank of your own: new ones, changed ones, and what could not be read."""
        bank = self.get_object()
        wish = valid(BankFileSerializer, request)
        if wish["preview"]:
            report = import_preview(bank=bank, filename=wish["filename"], data=wish["data"])
        else:
            report = bank_import(bank=bank, filename=wish["filename"], data=wish["data"], by=request.user)
        facts = {
            "created": report.created,
            "updated": report.updated,
            "unchanged": report.unchanged,
            "problems": [f"{problem.line}: {problem.reason}" for problem in report.problems],
            "details": report.problems,
        }
        return Response(BankReportSerializer(facts).data)

    @extend_schema(request=ExportSerializer, responses=ExportedSerializer)
    @action(detail=True, methods=["post"])
    def export(self, request: Request, slug: str) -> Response:
        """The questions in use of a bank as a file, and what the format cannot carry."""
        bank = self.get_object()
        done = bank_export(bank=bank, format=valid(ExportSerializer, request)["format"])
        facts = {
            "filename": done.filename,
            "content": base64.b64encode(done.content).decode(),
            "written": done.written,
            "left_out": [f"{one.identifier}: {one.reason}" for one in done.left_out],
            "notes": [f"{one.identifier}: {one.reason}" for one in done.notes],
        }
        return Response(ExportedSerializer(facts).data)

    @extend_schema(request=BulkSerializer, responses=QuestionsChangedSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, slug: str) -> Response:
        """Change many questions of your own bank at once, or move them to another."""
        bank, wish = self.get_object(), valid(BulkSerializer, request)
        ids = wish["questions"]
        if wish.get("to"):
            to = _own_bank(wish["to"])
            if wish["preview"]:
                return Response({"changed": move_check(bank=bank, question_ids=ids, to=to), "already": 0})
            edit = questions_move(bank=bank, question_ids=ids, to=to, by=request.user)
            return Response({"changed": edit.changed, "edit": edit.pk})
        objective = _objective(bank, wish["objective"]) if wish.get("objective") else None
        change = change_of(wish, objective=objective)
        if wish["preview"]:
            foreseen = change_foreseen(bank=bank, question_ids=ids, change=change)
            return Response({"changed": foreseen.changes, "already": foreseen.already})
        edit = questions_change(bank=bank, question_ids=ids, change=change, by=request.user)
        return Response({"changed": edit.changed, "edit": edit.pk})

    @extend_schema(request=QuestionsUndoSerializer, responses=QuestionsChangedSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, slug: str) -> Response:
        """Take a change of many questions back, for a day; what was changed again since then stays."""
        bank, wish = self.get_object(), valid(QuestionsUndoSerializer, request)
        edit = BulkEdit.objects.select_related("element").filter(element=bank, pk=wish["edit"]).first()
        if edit is None:
            raise serializers.ValidationError({"edit": "This bank has no such change."})
        return Response({"changed": change_undo(edit=edit, by=request.user)})

    @extend_schema(request=ObjectiveWriteSerializer, responses={200: ObjectivesSerializer, 201: ObjectiveSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def objectives(self, request: Request, slug: str) -> Response:
        """The learning objectives of your own bank; or a new one, another wording, one less."""
        bank = self.get_object()
        if request.method == "GET":
            return Response(
                ObjectivesSerializer({"results": Objective.objects.filter(element=bank).order_by("pk")}).data
            )
        wish = valid(ObjectiveWriteSerializer, request)
        row = _objective(bank, wish["slug"]) if wish.get("slug") else None
        if wish["remove"]:
            if row is None:
                raise serializers.ValidationError({"slug": ["Say which."]})
            objective_remove(objective=row, by=request.user)
            return Response(status=status.HTTP_204_NO_CONTENT)
        made = objective_write(bank=bank, text=wish["text"], by=request.user, objective=row)
        return Response(ObjectiveSerializer(made).data, status=status.HTTP_201_CREATED)


class QuestionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Question]):
    """Questions of banks, with what is right. For authors. Changing one makes its next version."""

    rule = staticmethod(is_author)
    area = "assessments"
    serializer_class = QuestionRowSerializer
    queryset = Question.objects.filter(newest__gt=0).select_related("element", "objective")
    filterset_class = QuestionFilter
    lookup_value_converter = "int"
    ordering = ("id",)

    @extend_schema(responses=QuestionWholeSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        """One question with its newest version."""
        return Response(_whole(self.get_object()))

    @extend_schema(request=QuestionNewSerializer, responses={201: QuestionWholeSerializer})
    def create(self, request: Request) -> Response:
        """A new question in a bank of your own."""
        wish = valid(QuestionNewSerializer, request)
        bank = _own_bank(wish.pop("bank"))
        wish.pop("retired", None)
        version = question_write(bank=bank, by=request.user, **self._with_objective(bank, wish))
        return Response(_whole(version.question), status=status.HTTP_201_CREATED)

    @extend_schema(request=QuestionChangeSerializer, responses=QuestionWholeSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a question of your own. Answers that were given stay with the version that was asked."""
        question = self.get_object()
        if question.environment_id != current_scope().environment_id:
            raise Http404
        wish = self._with_objective(question.element, valid(QuestionChangeSerializer, request))
        retired = wish.pop("retired", None)
        newest = QuestionVersion.objects.get(question=question, number=question.newest)
        asked = {name: getattr(newest, name) for name in ("type", "stem", "body", "feedback", "hints", "points")}
        kept = ("name", "category", "objective", "difficulty", "review_on", "source")
        facts = {name: getattr(question, name) for name in kept}
        was_retired = question.retired_at is not None
        question_write(bank=question.element, by=request.user, question=question, **{**asked, **facts, **wish})
        if retired if retired is not None else was_retired:
            change = Change(retired=True)
            questions_change(bank=question.element, question_ids=[question.pk], change=change, by=request.user)
        return Response(_whole(self.get_object()))

    def _with_objective(self, bank: Element, wish: dict[str, Any]) -> dict[str, Any]:
        if not wish.get("objective"):
            return wish
        return {**wish, "objective": _objective(bank, wish["objective"])}
