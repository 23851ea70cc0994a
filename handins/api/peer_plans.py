"""How an assignment is reviewed by peers, for other software."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import Asked, valid
from ecosystem.rules import is_author, is_here
from ecosystem.slugs import row_of_slug
from handins.access import may_review
from handins.api.teams import person_of_email
from handins.models import PeerPhase, PeerPlan
from handins.selectors.assignments import assignments_for
from handins.selectors.peers import peer_phase_of, reviews_marked
from handins.selectors.peers_weighed import proposals_of
from handins.selectors.queue import assignments_reviewed
from handins.services.peers import SET, peer_drop, peer_plan_set, peers_open


class PeerPlanSerializer(serializers.ModelSerializer[PeerPlan]):
    assignment = serializers.SlugField(source="element.slug", read_only=True)

    class Meta:
        model = PeerPlan
        fields = ["assignment", *SET]
        read_only_fields = fields


class PeerPlanFactsSerializer(serializers.Serializer[Any]):
    is_on = serializers.BooleanField(required=False)
    each = serializers.IntegerField(
        min_value=1, max_value=10, required=False, help_text="Reviews that each person gives."
    )
    opens_at = serializers.DateTimeField(required=False, allow_null=True)
    closes_at = serializers.DateTimeField(required=False, allow_null=True)
    is_anonymous = serializers.BooleanField(required=False, help_text="They do not see each other's names.")
    at_once = serializers.BooleanField(required=False, help_text="A review is read as soon as it is given.")
    share = serializers.IntegerField(
        min_value=0, max_value=100, required=False, help_text="Of the mark from peers, in percent."
    )
    quality = serializers.IntegerField(
        min_value=0, max_value=50, required=False, help_text="Of the mark for giving good reviews, in percent."
    )
    near = serializers.IntegerField(
        min_value=0, max_value=100, required=False, help_text="Points that a practice review may be from the teacher's."
    )


class PeerProposalSerializer(serializers.Serializer[Any]):
    handin = serializers.UUIDField(help_text="A round.")
    percent = serializers.IntegerField(help_text="What peers propose; nothing of it is a mark.")


class PeerWeightSerializer(serializers.Serializer[Any]):
    person = serializers.CharField(help_text="The reviewer's address, or a number where work is marked without names.")
    weight = serializers.FloatField(help_text="How often a word of theirs counts: 1 is the average.")
    reviews = serializers.IntegerField()
    apart = serializers.FloatField(allow_null=True, help_text="Points from the others.")
    apart_samples = serializers.FloatField(allow_null=True, help_text="Points from the teacher on samples.")


class PeerProposalsSerializer(serializers.Serializer[Any]):
    proposals = PeerProposalSerializer(many=True)
    weights = PeerWeightSerializer(many=True)


class PeerPersonSerializer(serializers.Serializer[Any]):
    review = serializers.UUIDField(required=False, help_text="Any review that is theirs to give.")
    person = serializers.EmailField(
        required=False,
        help_text="Or their address. Not where work is marked without names: it would say whose number it is.",
    )
    because = serializers.CharField(max_length=300)


class PeersSharedSerializer(serializers.Serializer[Any]):
    reviews = serializers.IntegerField()


class PeerPlanViewSet(Asked, mixins.ListModelMixin, viewsets.GenericViewSet[PeerPlan]):
    """How peers review assignments that you may see. Who makes content sets it; who marks opens it by hand."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = PeerPlanSerializer
    queryset = PeerPlan.objects.select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[PeerPlan]:
        rows: QuerySet[PeerPlan] = super().get_queryset()
        seen = Q(element__in=assignments_for(self.by).values("element_id"))
        if may_review(self.by):
            seen |= Q(element__in=assignments_reviewed(self.by).values("element_id"))
        return rows.filter(seen)

    def get_object(self) -> PeerPlan:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"], element="element__")

    def _phase(self) -> PeerPhase:
        found = peer_phase_of(self.get_object().element_id)
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")
        if found is None:
            raise serializers.ValidationError({"detail": ["Nobody has handed in yet."]})
        return found

    def retrieve(self, request: Request, slug: str) -> Response:
        return Response(PeerPlanSerializer(self.get_object()).data)

    @extend_schema(request=PeerPlanFactsSerializer, responses=PeerPlanSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what is given; of an assignment without a plan it makes one."""
        assignment = row_of_slug(assignments_for(self.by), slug, element="element__")
        said = valid(PeerPlanFactsSerializer, request)
        if not is_author(self.by):
            raise PermissionDenied("Only who makes content can do that.")
        return Response(PeerPlanSerializer(peer_plan_set(assignment=assignment, by=self.by, **said)).data)

    @extend_schema(responses=PeerProposalsSerializer)
    @action(detail=True, methods=["get"], pagination_class=None)
    def proposals(self, request: Request, slug: str) -> Response:
        """What peers propose for the work that you mark, and how much each reviewer of it counts."""
        rows, every = proposals_of(self._phase(), self.by)
        return Response(PeerProposalsSerializer({"proposals": rows, "weights": every}).data)

    @extend_schema(request=None, responses=PeersSharedSerializer)
    @action(detail=True, methods=["post"])
    def open(self, request: Request, slug: str) -> Response:
        """Open the reviewing now, or share out what is missing since."""
        return Response({"reviews": peers_open(phase=self._phase(), by=self.by)})

    @extend_schema(request=PeerPersonSerializer, responses=PeersSharedSerializer)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, slug: str) -> Response:
        """Somebody reviews no more: what they have not given goes to others."""
        phase = self._phase()
        said = valid(PeerPersonSerializer, request)
        person_id = self._reviewer(phase, said)
        gone = peer_drop(phase=phase, person_id=person_id, because=said["because"], by=self.by)
        return Response({"reviews": gone})

    def _reviewer(self, phase: PeerPhase, said: dict[str, Any]) -> int:
        """As on the page: by one of their reviews, since their number would say who they are."""
        if (uid := said.get("review")) is not None:
            theirs = reviews_marked(self.by, element_id=phase.element_id).filter(uid=uid).first()
            if theirs is None:
                raise serializers.ValidationError({"review": ["There is no such review."]})
            return int(theirs.person_id)
        if phase.plan.assignment.is_anonymous:
            raise serializers.ValidationError({"review": ["Work is marked without names: say a review of theirs."]})
        if "person" not in said:
            raise serializers.ValidationError({"person": ["Say whose reviews go to others."]})
        return person_of_email(said["person"])
