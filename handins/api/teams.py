"""Teams of assignments for other software: formed, joined, left; and what one of a team gets apart from the mark."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.models import Group
from ecosystem.rest import Asked, valid
from ecosystem.rules import is_here
from ecosystem.selectors import member_of_email
from handins.access import may_review
from handins.models import Adjustment, Assignment, Team, TeamMember
from handins.selectors.queue import assignments_reviewed, groups_marked
from handins.selectors.teams import teams_marked
from handins.services.teams import (
    LONGEST,
    MOST_PEOPLE,
    team_join,
    team_leave,
    team_make,
    team_remove,
    teams_draw,
    teams_from_groups,
)

NOBODY = "Nobody here has this e-mail address."


def person_of_email(email: str) -> int:
    if (found := member_of_email(email=email)) is None:
        raise serializers.ValidationError({"person": [NOBODY]})
    return int(found.pk)


def _people_of(emails: list[str]) -> list[int]:
    found = [member_of_email(email=email) for email in emails]
    if wrong := {str(place): [NOBODY] for place, one in enumerate(found) if one is None}:
        raise serializers.ValidationError({"people": wrong})
    return [int(one.pk) for one in found if one is not None]


class AdjustmentSerializer(serializers.ModelSerializer[Adjustment]):
    person = serializers.EmailField(source="person.email", read_only=True)

    class Meta:
        model = Adjustment
        fields = ["person", "points", "passed", "because", "at"]
        read_only_fields = fields


class NewAdjustmentSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField(help_text="Of somebody who had part in the round.")
    points = serializers.IntegerField(min_value=-100, max_value=100, default=0, help_text="Percentage points.")
    passed = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Only where the assignment has no pass mark."
    )
    because = serializers.CharField(max_length=300)


class TeamSerializer(serializers.ModelSerializer[Team]):
    assignment = serializers.SlugField(source="element.slug", read_only=True)
    group = serializers.CharField(source="group.name", read_only=True, default=None, allow_null=True)
    people = serializers.SerializerMethodField()

    class Meta:
        model = Team
        fields = ["uid", "assignment", "name", "group", "people"]
        read_only_fields = fields

    def get_people(self, row: Team) -> list[str]:
        return [one.person.email for one in row.members.all()]


class NewTeamSerializer(serializers.Serializer[Any]):
    assignment = serializers.SlugField()
    name = serializers.CharField(max_length=LONGEST)
    people = serializers.ListField(child=serializers.EmailField(), min_length=1, max_length=MOST_PEOPLE)


class TeamsFormedSerializer(serializers.Serializer[Any]):
    assignment = serializers.SlugField()
    groups = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=200)
    size = serializers.IntegerField(
        min_value=2,
        max_value=MOST_PEOPLE,
        required=False,
        help_text="Teams of about so many, drawn by lot from one group. Without it each group is a team.",
    )


class TeamsMadeSerializer(serializers.Serializer[Any]):
    made = serializers.IntegerField()


class TeamPersonSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField()


class TeamViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Team]):
    """Teams of assignments: one's own, and those with somebody whose work one marks. Members see who else is in it."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = TeamSerializer
    queryset = Team.objects.select_related("element", "group")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Team]:
        rows: QuerySet[Team] = super().get_queryset()
        seen = Q(pk__in=TeamMember.objects.filter(person_id=self.by.person_id).values("team_id"))
        if may_review(self.by):
            seen |= Q(pk__in=teams_marked(self.by).values("pk"))
        return self._with_people(rows.filter(seen))

    def _with_people(self, rows: QuerySet[Team]) -> QuerySet[Team]:
        people = TeamMember.objects.select_related("person").order_by("pk")
        return rows.prefetch_related(Prefetch("members", people))

    def only_markers(self) -> None:
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")

    def _assignment(self, slug: str) -> Assignment:
        found: Assignment | None = assignments_reviewed(self.by).filter(element__slug=slug).order_by("pk").first()
        if found is None:
            raise serializers.ValidationError({"assignment": ["There is no such assignment."]})
        return found

    def _answer(self, uid: UUID, code: int = status.HTTP_200_OK) -> Response:
        return Response(TeamSerializer(self._with_people(super().get_queryset()).get(uid=uid)).data, status=code)

    @extend_schema(request=NewTeamSerializer, responses={201: TeamSerializer})
    def create(self, request: Request) -> Response:
        """A team of these people."""
        said = valid(NewTeamSerializer, request)
        self.only_markers()
        people = _people_of(said["people"])
        assignment = self._assignment(said["assignment"])
        made = team_make(assignment=assignment, name=said["name"], person_ids=set(people), by=self.by)
        return self._answer(made.uid, status.HTTP_201_CREATED)

    @extend_schema(request=TeamsFormedSerializer, responses=TeamsMadeSerializer)
    @action(detail=False, methods=["post"])
    def form(self, request: Request) -> Response:
        """Teams of groups, or of the people of one group by lot."""
        said = valid(TeamsFormedSerializer, request)
        self.only_markers()
        assignment = self._assignment(said["assignment"])
        groups: list[Group] = list(groups_marked(self.by).filter(pk__in=said["groups"]))
        if len(groups) != len(set(said["groups"])):
            raise serializers.ValidationError({"groups": ["There is no such group."]})
        if said.get("size") and len(groups) != 1:
            raise serializers.ValidationError({"groups": ["Draw teams from one group."]})
        if size := said.get("size"):
            return Response({"made": teams_draw(assignment=assignment, group=groups[0], size=size, by=self.by)})
        return Response({"made": teams_from_groups(assignment=assignment, groups=groups, by=self.by)})

    def destroy(self, request: Request, uid: UUID) -> Response:
        """Take a team away that has not begun."""
        found = self.get_object()
        self.only_markers()
        team_remove(team=found, by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=TeamPersonSerializer, responses=TeamSerializer)
    @action(detail=True, methods=["post"])
    def join(self, request: Request, uid: UUID) -> Response:
        """Put somebody into the team. Twice is once."""
        found = self.get_object()
        said = valid(TeamPersonSerializer, request)
        self.only_markers()
        team_join(team=found, person_id=person_of_email(said["person"]), by=self.by)
        return self._answer(uid)

    @extend_schema(request=TeamPersonSerializer, responses=TeamSerializer)
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, uid: UUID) -> Response:
        """Take somebody out of the team. Twice is once."""
        found = self.get_object()
        said = valid(TeamPersonSerializer, request)
        self.only_markers()
        team_leave(team=found, person_id=person_of_email(said["person"]), by=self.by)
        return self._answer(uid)
