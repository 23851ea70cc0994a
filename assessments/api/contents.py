"""What a quiz asks, and in which order: sections, fixed questions and draws, for other software. For authors."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.api.bulk_edits import QuestionsChangedSerializer
from assessments.models import Assessment, AssessmentQuestion, Draw, Objective, Section
from assessments.services.arranging import into_section, question_step
from assessments.services.assessing import draw_add, draw_remove, section_add, section_change, section_remove
from ecosystem.models import Element
from ecosystem.rest import valid
from ecosystem.slugs import row_of_slug

NUMBER = {"min_value": 1, "max_value": 2**63 - 1}
LONGEST = 100_000  # characters


class QuizSectionSerializer(serializers.ModelSerializer[Section]):
    class Meta:
        model = Section
        fields = ["id", "title", "text"]
        read_only_fields = fields


class FixedSerializer(serializers.ModelSerializer[AssessmentQuestion]):
    class Meta:
        model = AssessmentQuestion
        fields = ["question", "section", "position"]
        read_only_fields = fields


class QuizDrawSerializer(serializers.ModelSerializer[Draw]):
    bank = serializers.SlugField(source="bank.slug", read_only=True)
    objective = serializers.CharField(source="objective.slug", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Draw
        fields = ["id", "section", "count", "bank", "category", "objective", "tag", "easiest", "hardest"]
        read_only_fields = fields


class QuizContentsSerializer(serializers.Serializer[Any]):
    """In the order in which they are asked: without a section first, then section by section, fixed questions before draws."""

    sections = QuizSectionSerializer(many=True)
    questions = FixedSerializer(many=True)
    draws = QuizDrawSerializer(many=True)


class QuizSectionWriteSerializer(serializers.Serializer[Any]):
    """A new section at the end; with `id` another heading or text of one, or, with `remove`, one less."""

    id = serializers.IntegerField(required=False, **NUMBER)
    title = serializers.CharField(max_length=200, required=False)
    text = serializers.CharField(max_length=LONGEST, allow_blank=True, required=False, help_text="HTML.")
    remove = serializers.BooleanField(default=False, help_text="What is asked in it stays, in no section.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "id" not in attrs and attrs["remove"]:
            raise serializers.ValidationError({"id": "Say which."})
        if "id" not in attrs and "title" not in attrs:
            raise serializers.ValidationError({"title": "A new section needs a title."})
        return attrs


class QuizDrawWriteSerializer(serializers.Serializer[Any]):
    """A draw at the end; or, with `id` and `remove`, one less."""

    id = serializers.IntegerField(required=False, **NUMBER)
    remove = serializers.BooleanField(default=False)
    bank = serializers.SlugField(max_length=100, required=False)
    count = serializers.IntegerField(min_value=1, max_value=500, default=1)
    section = serializers.IntegerField(required=False, allow_null=True, **NUMBER)
    category = serializers.CharField(max_length=250, allow_blank=True, default="")
    objective = serializers.SlugField(max_length=100, required=False, allow_null=True)
    tag = serializers.CharField(max_length=60, allow_blank=True, default="")
    easiest = serializers.IntegerField(min_value=1, max_value=5, allow_null=True, default=None)
    hardest = serializers.IntegerField(min_value=1, max_value=5, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["remove"] != ("id" in attrs):
            raise serializers.ValidationError({"id": "A draw is added, or named to be removed."})
        if not attrs["remove"] and "bank" not in attrs:
            raise serializers.ValidationError({"bank": "Say from which bank."})
        return attrs


class QuizArrangeSerializer(serializers.Serializer[Any]):
    """Put questions and draws into a section (null: before all sections); or move one question a step within its own."""

    questions = serializers.ListField(child=serializers.IntegerField(**NUMBER), max_length=500, default=list)
    draws = serializers.ListField(child=serializers.IntegerField(**NUMBER), max_length=500, default=list)
    section = serializers.IntegerField(required=False, allow_null=True, **NUMBER)
    step = serializers.ChoiceField(choices=["up", "down"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "step" in attrs and ("section" in attrs or attrs["draws"] or len(attrs["questions"]) != 1):
            raise serializers.ValidationError({"step": "A step is for one question and nothing else."})
        if "step" not in attrs and "section" not in attrs:
            raise serializers.ValidationError({"section": "Say into which section, or null for none."})
        return attrs


class ContentsMixin:
    """The actions of a quiz about what it asks."""

    get_object: Any

    @extend_schema(responses=QuizContentsSerializer)
    @action(detail=True, pagination_class=None)
    def contents(self, request: Request, slug: str) -> Response:
        """Its sections, fixed questions and draws."""
        return Response(_contents(self.get_object()))

    @extend_schema(request=QuizSectionWriteSerializer, responses=QuizContentsSerializer)
    @action(detail=True, methods=["post"])
    def sections(self, request: Request, slug: str) -> Response:
        """Add, change or remove a section."""
        assessment, wish = self.get_object(), valid(QuizSectionWriteSerializer, request)
        if "id" not in wish:
            section_add(assessment=assessment, title=wish["title"], text=wish.get("text", ""), by=request.user)
            return Response(_contents(assessment))
        section = _row(Section, assessment, wish["id"], "id")
        if wish["remove"]:
            section_remove(section=section, by=request.user)
        else:
            facts = {"title": wish.get("title", section.title), "text": wish.get("text", section.text)}
            section_change(section=section, by=request.user, **facts)
        return Response(_contents(assessment))

    @extend_schema(request=QuizDrawWriteSerializer, responses=QuizContentsSerializer)
    @action(detail=True, methods=["post"])
    def draws(self, request: Request, slug: str) -> Response:
        """Draw more questions at random, or take a draw out."""
        assessment, wish = self.get_object(), valid(QuizDrawWriteSerializer, request)
        if wish.pop("remove"):
            draw_remove(draw=_row(Draw, assessment, wish["id"], "id"), by=request.user)
            return Response(_contents(assessment))
        banks = Element.objects.filter(kind="question_bank", environment_id=assessment.environment_id)
        bank = row_of_slug(banks, wish.pop("bank"))
        section, objective = wish.pop("section", None), wish.pop("objective", None)
        draw_add(
            assessment=assessment,
            bank=bank,
            section=_row(Section, assessment, section, "section") if section else None,
            objective=_objective(bank, objective) if objective else None,
            by=request.user,
            **wish,
        )
        return Response(_contents(assessment))

    @extend_schema(request=QuizArrangeSerializer, responses=QuestionsChangedSerializer)
    @action(detail=True, methods=["post"])
    def arrange(self, request: Request, slug: str) -> Response:
        """Put questions and draws into another section, or one question before or after its neighbour."""
        assessment, wish = self.get_object(), valid(QuizArrangeSerializer, request)
        rows = list(assessment.questions.filter(question_id__in=wish["questions"]).select_related("question"))
        if "step" in wish:
            if not rows:
                raise serializers.ValidationError({"questions": ["This quiz does not ask this question."]})
            for row in rows:
                question_step(row=row, up=wish["step"] == "up", by=request.user)
            return Response({"changed": len(rows)})
        section = _row(Section, assessment, wish["section"], "section") if wish["section"] else None
        moved = into_section(
            assessment=assessment, section=section, rows=[row.pk for row in rows], draws=wish["draws"], by=request.user
        )
        return Response({"changed": moved})


def _contents(assessment: Assessment) -> dict[str, Any]:
    fixed = assessment.questions.filter(question__retired_at=None).select_related("section")
    draws = assessment.draws.select_related("section", "bank", "objective")
    found = {
        "sections": assessment.sections.order_by("position"),
        "questions": sorted(fixed, key=_place),
        "draws": sorted(draws, key=_place),
    }
    return dict(QuizContentsSerializer(found).data)


def _place(row: AssessmentQuestion | Draw) -> tuple[int, int]:
    return row.section.position if row.section else 0, row.position


def _row(model: Any, assessment: Assessment, pk: int, field: str) -> Any:
    found = model.objects.filter(assessment=assessment, pk=pk).first()
    if found is None:
        raise serializers.ValidationError({field: ["This quiz has none with this id."]})
    return found


def _objective(bank: Element, slug: str) -> Objective:
    found = Objective.objects.filter(element=bank, slug=slug).first()
    if found is None:
        raise serializers.ValidationError({"objective": ["This bank has no such learning objective."]})
    return found
