"""Examples of good work, for other software."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import Asked, valid
from ecosystem.rules import is_here
from handins.access import may_review
from handins.models import Exemplar
from handins.selectors.exemplars import exemplars_for
from handins.selectors.queue import round_for
from handins.services.exemplars import exemplar_answer, exemplar_ask


class ExemplarSerializer(serializers.ModelSerializer[Exemplar]):
    assignment = serializers.SlugField(source="element.slug", read_only=True)
    text = serializers.CharField(source="round.text", read_only=True)

    class Meta:
        model = Exemplar
        fields = ["uid", "assignment", "state", "credit", "text", "asked_at", "answered_at"]
        read_only_fields = fields


class NewExemplarSerializer(serializers.Serializer[Any]):
    handin = serializers.UUIDField(help_text="A released round that has passed, of somebody whose work you mark.")


class ExemplarAnswerSerializer(serializers.Serializer[Any]):
    agrees = serializers.BooleanField()
    with_name = serializers.BooleanField(default=True)


class ExemplarViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Exemplar]):
    """Examples that are shown to you, and what you were asked about your own work."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = ExemplarSerializer
    queryset = Exemplar.objects.select_related("element", "round")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Exemplar]:
        rows: QuerySet[Exemplar] = super().get_queryset()
        shown = exemplars_for(self.by).order_by().values("pk")
        return rows.filter(Q(person_id=self.by.person_id) | Q(pk__in=shown))

    @extend_schema(request=NewExemplarSerializer, responses={201: ExemplarSerializer})
    def create(self, request: Request) -> Response:
        """Ask the learner of a round whether it may be an example."""
        said = valid(NewExemplarSerializer, request)
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")
        round = round_for(self.by, said["handin"])
        if round is None:
            raise serializers.ValidationError({"handin": ["There is no such round."]})
        return Response(ExemplarSerializer(exemplar_ask(round=round, by=self.by)).data, status=201)

    @extend_schema(request=ExemplarAnswerSerializer, responses=ExemplarSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, uid: UUID) -> Response:
        """Agree or not, about your own work; at any time."""
        found = self.get_object()
        said = valid(ExemplarAnswerSerializer, request)
        if found.person_id != self.by.person_id:
            raise PermissionDenied("Only who made it can say that.")
        return Response(ExemplarSerializer(exemplar_answer(exemplar=found, by=self.by, **said)).data)
