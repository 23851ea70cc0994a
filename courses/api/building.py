"""Building courses by software: the draft, its edits, what differs, whom it touches, publishing."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.access import buildable, may_build_some, sees_learners
from courses.models import Activity, CourseRun, CourseVersion, VersionState
from courses.moving.impact import impact_of
from courses.plans.difference_of import difference_of
from courses.selectors.outline import Outline, outline_of
from courses.services import course_create, draft_discard, draft_of, draft_seen
from courses.services.acts import ACTS, draft_edit
from courses.services.publishing import draft_publish, plan_problems
from courses.services.version_moves import CHOICES
from ecosystem.models import Element, Membership
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import elements_for


class PlanActivitySerializer(serializers.ModelSerializer[Activity]):
    element = serializers.UUIDField(source="target.uid", read_only=True)
    condition = serializers.JSONField(read_only=True, help_text="When it opens; null is from the start.")

    class Meta:
        model = Activity
        fields = ["uid", "element", "type", "title", "minutes", "weight", "optional", "condition"]
        read_only_fields = fields


class PlanBlockSerializer(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    title = serializers.CharField(source="block.title")
    activities = PlanActivitySerializer(source="only_activities", many=True)


class DraftSerializer(serializers.Serializer[Outline]):
    course = serializers.SlugField(source="version.element.slug")
    edit = serializers.IntegerField(
        source="version.edit_count", help_text="Number of the last edit; send it as `seen` with the next one."
    )
    draft = serializers.IntegerField(
        source="version.pk",
        help_text="Tells this draft from a later one of the same course; send it along with `seen`.",
    )
    undo = serializers.CharField(help_text="What an undo takes back; empty when there is nothing.")
    redo = serializers.CharField(help_text="What a redo does again; empty when there is nothing.")
    blocks = PlanBlockSerializer(many=True)


class DraftRowSerializer(serializers.ModelSerializer[CourseVersion]):
    course = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    edit = serializers.IntegerField(source="edit_count", read_only=True)
    draft = serializers.IntegerField(source="pk", read_only=True)

    class Meta:
        model = CourseVersion
        fields = ["course", "title", "edit", "draft"]
        read_only_fields = fields


class NewDraftSerializer(serializers.Serializer[Any]):
    course = serializers.SlugField(required=False, help_text="A course that is there; without it a new one is made.")
    title = serializers.CharField(max_length=200, required=False, help_text="Of a new course.")
    summary = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if bool(attrs.get("course")) == bool(attrs.get("title")):
            raise serializers.ValidationError("Give either the course or the title of a new one.")
        return attrs


class SeenSerializer(serializers.Serializer[Any]):
    """Which draft, and which edit of it, somebody looked at."""

    seen = serializers.IntegerField(min_value=0, help_text="`edit` of the draft you looked at.")
    draft = serializers.IntegerField(
        required=False, min_value=1, help_text="`draft` of what you looked at: refused when it is another one now."
    )


class EditSerializer(SeenSerializer):
    act = serializers.ChoiceField(choices=sorted(ACTS))
    uid = serializers.UUIDField(required=False, help_text="Of the block or activity.")
    block = serializers.UUIDField(required=False, help_text="Where an activity is added or moved to.")
    element = serializers.UUIDField(required=False, help_text="What is added as an activity.")
    title = serializers.CharField(required=False, max_length=200)
    position = serializers.IntegerField(
        required=False, min_value=0, max_value=5000, help_text="From 0; without it, at the end."
    )
    minutes = serializers.IntegerField(required=False, min_value=0)
    weight = serializers.IntegerField(required=False, min_value=0)
    optional = serializers.BooleanField(required=False)


class DifferenceSerializer(serializers.Serializer[Any]):
    sort = serializers.ChoiceField(choices=["added", "removed", "moved", "changed"])
    text = serializers.CharField()


class DifferencesSerializer(serializers.Serializer[Any]):
    problems = serializers.ListField(child=serializers.CharField(), help_text="Why it cannot be published.")
    differences = DifferenceSerializer(many=True)


class LearnerMoveSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField(source="enrolment.person.email", allow_null=True)
    before = serializers.IntegerField(help_text="Progress in percent.")
    after = serializers.IntegerField(help_text="Progress in percent.")
    completes = serializers.BooleanField()
    gains = serializers.ListField(child=serializers.CharField())
    loses = serializers.ListField(child=serializers.CharField())
    unlocked = serializers.ListField(child=serializers.CharField())
    locked = serializers.ListField(child=serializers.CharField())


class ImpactSerializer(serializers.Serializer[Any]):
    learners = serializers.IntegerField(help_text="How many would go along.")
    untouched = serializers.IntegerField(
        allow_null=True, help_text="This and what follows: null for who may not see learners."
    )
    losing = serializers.IntegerField(allow_null=True)
    locking = serializers.IntegerField(allow_null=True)
    completing = serializers.IntegerField(allow_null=True)
    moves = LearnerMoveSerializer(many=True, help_text="Empty for who may not see the learners.")


class RunChoiceSerializer(serializers.Serializer[Any]):
    run = serializers.UUIDField()
    how = serializers.ChoiceField(choices=list(CHOICES))


class PublishSerializer(SeenSerializer):
    runs = RunChoiceSerializer(many=True, required=False, help_text="Runs that are not named stay.")


class PublishedSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="number")


def impact_data(run: CourseRun, version: CourseVersion, by: Membership) -> dict[str, Any]:
    found = impact_of(run=run, version=version)
    sees = sees_learners(by, run.element_id)
    # Counts tell of a few people what their results are, whose groups and roles a condition may ask for.
    counts = {name: getattr(found, name) if sees else None for name in ("untouched", "losing", "locking", "completing")}
    moves = found.moves if sees else []
    return ImpactSerializer({"learners": len(found.moves), "moves": moves, **counts}).data


class DraftViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CourseVersion]):
    """Drafts of the courses that you may build."""

    rule = staticmethod(may_build_some)
    area = "courses"
    serializer_class = DraftRowSerializer
    queryset = CourseVersion.objects.filter(state=VersionState.DRAFT).select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[CourseVersion]:
        return super().get_queryset().filter(element__in=Element.objects.filter(buildable(self.by)))

    @property
    def by(self) -> Membership:
        found: Membership = self.request._request.membership  # type: ignore[attr-defined]
        return found

    def get_object(self) -> CourseVersion:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"], element="element__")

    def _shown(self, draft: CourseVersion, code: int = status.HTTP_200_OK) -> Response:
        return Response(DraftSerializer(outline_of(element=draft.element)).data, status=code)

    @extend_schema(responses=DraftSerializer)
    def retrieve(self, request: Request, slug: str) -> Response:
        return self._shown(self.get_object())

    @extend_schema(request=NewDraftSerializer, responses={201: DraftSerializer})
    def create(self, request: Request) -> Response:
        """The draft of a course, made from what is published when there is none; or a new course with an empty draft."""
        wish = NewDraftSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        facts = wish.validated_data
        if slug := facts.get("course"):
            course = row_of_slug(Element.objects.filter(buildable(self.by)), slug)
        else:
            course = course_create(title=facts["title"], summary=facts["summary"], by=self.by)
        return self._shown(draft_of(element=course, by=self.by), status.HTTP_201_CREATED)

    @extend_schema(parameters=[SeenSerializer], responses={204: None})
    def destroy(self, request: Request, slug: str) -> Response:
        """Throw the draft away; what is published stays. Refused when somebody changed it after `seen`."""
        element = self.get_object().element
        wish = SeenSerializer(data=request.query_params)
        wish.is_valid(raise_exception=True)
        draft = draft_seen(element=element, pk=wish.validated_data.get("draft"))
        draft_discard(draft=draft, by=self.by, seen=wish.validated_data["seen"])
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=EditSerializer, responses=DraftSerializer)
    @action(detail=True, methods=["post"])
    def edits(self, request: Request, slug: str) -> Response:
        """One edit, undo and redo among them. Refused when somebody else changed the same thing after `seen`."""
        found = self.get_object()
        wish = EditSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        facts = dict(wish.validated_data)
        facts |= {name: str(facts[name]) for name in ("uid", "block") if name in facts}
        if element := facts.pop("element", None):
            facts["target"] = elements_for(self.by).filter(uid=element).first()
        draft = draft_seen(element=found.element, pk=facts.pop("draft", None))
        draft_edit(draft=draft, act=facts.pop("act"), by=self.by, seen=facts.pop("seen"), facts=facts)
        return self._shown(draft)

    @extend_schema(responses=DifferencesSerializer)
    @action(detail=True, methods=["get"])
    def difference(self, request: Request, slug: str) -> Response:
        """What it changes of the last published version, in sentences, and why it cannot be published."""
        draft = self.get_object()
        found = difference_of(draft.element, draft)
        return Response(DifferencesSerializer({"problems": plan_problems(version=draft), "differences": found}).data)

    @extend_schema(responses=ImpactSerializer)
    @action(detail=True, methods=["get"], url_path="impact/<uuid:uid>")
    def impact(self, request: Request, slug: str, uid: UUID) -> Response:
        """Learner by learner, what it would mean for a run (its ``uid``). Nothing happens."""
        draft = self.get_object()
        run = CourseRun.objects.filter(element=draft.element, uid=uid).first()
        if run is None:
            raise Http404
        return Response(impact_data(run, draft, self.by))

    @extend_schema(request=PublishSerializer, responses=PublishedSerializer)
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, slug: str) -> Response:
        """Make it the next version, and say of each run whether it stays, is for new learners only, or migrates."""
        found = self.get_object()
        wish = PublishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        draft = draft_seen(element=found.element, pk=wish.validated_data.get("draft"))
        wanted = {one["run"]: one["how"] for one in wish.validated_data.get("runs", [])}
        runs = {run: wanted[run.uid] for run in CourseRun.objects.filter(element=draft.element, uid__in=wanted)}
        if len(runs) != len(wanted):
            raise serializers.ValidationError({"runs": ["There is no such run."]})
        version = draft_publish(draft=draft, by=self.by, seen=wish.validated_data["seen"], runs=runs)
        return Response(PublishedSerializer(version).data)
