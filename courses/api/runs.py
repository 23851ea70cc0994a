"""Runs by software: started, changed, copied, and the people in them."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from courses.api.building import ImpactSerializer, impact_data
from courses.models import CourseRun, Pace, RunRole
from courses.plans.versions import newest_published
from courses.selectors.runs import courses_run
from courses.services import bulk, runs
from courses.services.many import MOST
from courses.services.version_moves import CHOICES, run_move
from ecosystem.models import Group, Membership, Person, Power
from ecosystem.rules import may_somewhere
from ecosystem.selectors import member_of_email
from ecosystem.slugs import row_of_slug
from ecosystem.spans import span_of
from ecosystem.visibility import elements_for

SEEING = (Power.SEE_RESULTS, Power.MARK, Power.MANAGE_PEOPLE, Power.ENROL)
sees_others = may_somewhere(*SEEING)
may_enrol = may_somewhere(Power.ENROL)


class CourseRunSerializer(serializers.ModelSerializer[CourseRun]):
    course = serializers.SlugField(source="element.slug", read_only=True)
    version = serializers.IntegerField(source="version.number", read_only=True)

    class Meta:
        model = CourseRun
        fields = ["uid", "course", "version", "title", "starts_on", "ends_on", "pace", "lasts_days", "complete_at"]
        read_only_fields = fields


class CourseRunFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="element__slug", label="Slug of the course.")

    class Meta:
        model = CourseRun
        fields: list[str] = []


class RunFactsSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    pace = serializers.ChoiceField(choices=Pace.choices, required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    lasts_days = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=3650, help_text="For the pace `own`."
    )
    complete_at = serializers.IntegerField(
        required=False, min_value=1, max_value=100, help_text="Percent by weight; 100 is everything that must be done."
    )


class NewRunSerializer(RunFactsSerializer):
    course = serializers.SlugField()


class RunCopySerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    starts_on = serializers.DateField(required=False, help_text="The last day moves along.")


class PeopleActSerializer(serializers.Serializer[Any]):
    act = serializers.ChoiceField(choices=["withdraw", "pause", "resume", "extend", *RunRole.values])
    enrolments = serializers.ListField(
        child=serializers.IntegerField(min_value=1), allow_empty=False, max_length=MOST, help_text="Ids of enrolments."
    )
    ends_on = serializers.DateField(required=False, help_text="For `extend`.")
    person = serializers.EmailField(
        required=False,
        allow_null=True,
        help_text="For `instructor` and `mentor`: somebody who guides the run, or null.",
    )


class ChangedSerializer(serializers.Serializer[Any]):
    changed = serializers.IntegerField(help_text="For how many something changed.")


class GuideSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField(help_text="E-mail address of a member.")
    role = serializers.ChoiceField(choices=RunRole.choices)
    remove = serializers.BooleanField(default=False)


class RunGroupSerializer(serializers.Serializer[Any]):
    group = serializers.IntegerField(min_value=1, help_text="Id of a group.")
    remove = serializers.BooleanField(default=False)


class RunVersionSerializer(serializers.Serializer[Any]):
    how = serializers.ChoiceField(choices=list(CHOICES))


def runs_seen(runs: QuerySet[CourseRun], *, membership: Membership) -> QuerySet[CourseRun]:
    span = span_of(membership, *SEEING)
    if span.everything:
        return runs
    # People of a group may be in any course that one may open oneself.
    open_to = elements_for(membership).values("pk") if span.groups else []
    return runs.filter(Q(element_id__in=span.courses) | Q(element_id__in=open_to))


class RunViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[CourseRun]):
    """Courses as they take place here. For whoever enrols people or sees results: of their courses and groups."""

    rule = staticmethod(sees_others)
    rules = dict.fromkeys(("create", "partial_update", "copy", "people", "guides", "groups", "version"), may_enrol)  # fmt: skip
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    area = "courses"
    serializer_class = CourseRunSerializer
    queryset = CourseRun.objects.select_related("element", "version")
    filterset_class = CourseRunFilter

    def get_queryset(self) -> QuerySet[CourseRun]:
        return runs_seen(super().get_queryset(), membership=self.by)

    @property
    def by(self) -> Membership:
        found: Membership = self.request._request.membership
        return found

    @extend_schema(responses=CourseRunSerializer)
    def retrieve(self, request: Request, uid: str) -> Response:
        return self._shown(self.get_object())

    def _shown(self, run: CourseRun, code: int = status.HTTP_200_OK) -> Response:
        fresh = CourseRun.objects.select_related("element", "version").get(pk=run.pk)
        return Response(CourseRunSerializer(fresh).data, status=code)

    @extend_schema(request=NewRunSerializer, responses={201: CourseRunSerializer})
    def create(self, request: Request) -> Response:
        """Start a run of the last published version."""
        wish = NewRunSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        facts = dict(wish.validated_data)
        course = row_of_slug(courses_run(self.by), facts.pop("course"))
        return self._shown(runs.run_create(element=course, by=self.by, **facts), status.HTTP_201_CREATED)

    @extend_schema(request=RunFactsSerializer, responses=CourseRunSerializer)
    def partial_update(self, request: Request, uid: str) -> Response:
        """Change title, dates or completion."""
        found = self.get_object()
        wish = RunFactsSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return self._shown(runs.run_update(run=found, by=self.by, **wish.validated_data))

    @extend_schema(request=RunCopySerializer, responses={201: CourseRunSerializer})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, uid: str) -> Response:
        """A new run with the same settings, guides and groups, and nobody in it; its dates are shifted."""
        found = self.get_object()
        wish = RunCopySerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        return self._shown(runs.run_copy(run=found, by=self.by, **wish.validated_data), status.HTTP_201_CREATED)

    @extend_schema(request=PeopleActSerializer, responses=ChangedSerializer)
    @action(detail=True, methods=["post"])
    def people(self, request: Request, uid: str) -> Response:
        """Withdraw, pause, resume or extend many enrolments, or give them a guide: all or none."""
        found = self.get_object()
        wish = PeopleActSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        facts = wish.validated_data
        common: dict[str, Any] = {"run": found, "ids": facts["enrolments"], "by": self.by}
        if facts["act"] in RunRole.values:
            person = person_or_error(facts["person"]) if facts.get("person") else None
            count = bulk.enrolments_guide(role=facts["act"], person_id=person.pk if person else None, **common)
        elif facts["act"] == "extend":
            if "ends_on" not in facts:
                raise serializers.ValidationError({"ends_on": ["Choose a day."]})
            count = bulk.enrolments_extend(ends_on=facts["ends_on"], **common)
        else:
            acts = {
                "withdraw": bulk.enrolments_withdraw, "pause": bulk.enrolments_pause, "resume": bulk.enrolments_resume,
            }  # fmt: skip
            count = acts[facts["act"]](**common)
        return Response(ChangedSerializer({"changed": count}).data)

    @extend_schema(request=GuideSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def guides(self, request: Request, uid: str) -> Response:
        """Add or remove an instructor or mentor of the run."""
        found = self.get_object()
        wish = GuideSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        facts, run = wish.validated_data, found
        person = person_or_error(facts["person"])
        if not facts["remove"]:
            runs.run_guide_add(run=run, person=person, role=facts["role"], by=self.by)
        elif guide := run.guides.filter(person=person, role=facts["role"]).first():
            runs.run_guide_remove(guide=guide, by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=RunGroupSerializer, responses=ChangedSerializer)
    @action(detail=True, methods=["post"])
    def groups(self, request: Request, uid: str) -> Response:
        """Enrol everybody in a group, now and when they join; or no longer."""
        run = self.get_object()
        wish = RunGroupSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        group = Group.objects.filter(pk=wish.validated_data["group"]).first()
        if group is None:
            raise serializers.ValidationError({"group": ["There is no such group."]})
        if wish.validated_data["remove"]:
            runs.run_group_remove(run=run, group=group, by=self.by)
            return Response(ChangedSerializer({"changed": 0}).data)
        return Response(ChangedSerializer({"changed": runs.run_group_add(run=run, group=group, by=self.by)}).data)

    @extend_schema(responses=ImpactSerializer)
    @action(detail=True, methods=["get"])
    def impact(self, request: Request, uid: str) -> Response:
        """Learner by learner, what the newest version would mean for the run. Nothing happens."""
        run = self.get_object()
        newest = newest_published(run.element_id) or run.version
        return Response(impact_data(run, newest, self.by))

    @extend_schema(request=RunVersionSerializer, responses=CourseRunSerializer)
    @action(detail=True, methods=["post"])
    def version(self, request: Request, uid: str) -> Response:
        """The newest version for the run: for new learners only, or for everybody in it."""
        run = self.get_object()
        wish = RunVersionSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        newest = newest_published(run.element_id) or run.version
        run_move(run=run, version=newest, how=wish.validated_data["how"], by=self.by)
        return self._shown(run)


def person_or_error(email: str) -> Person:
    person = member_of_email(email=email)
    if person is None:
        raise serializers.ValidationError({"person": [_("Nobody here has this address.")]})
    return person
