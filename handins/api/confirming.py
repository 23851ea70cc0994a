"""Work on the job for other software: what waits to be confirmed, and the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import Asked, valid
from ecosystem.rules import is_here
from handins.models import Confirmation
from handins.selectors.confirming import confirmations_seen
from handins.services.confirming import LONGEST, confirmation_answer


class ConfirmationSerializer(serializers.ModelSerializer[Confirmation]):
    assignment = serializers.SlugField(source="element.slug", read_only=True)
    handin = serializers.UUIDField(source="round.uid", read_only=True)
    person = serializers.EmailField(source="person.email", read_only=True)
    by = serializers.EmailField(source="by.email", read_only=True, allow_null=True)

    class Meta:
        model = Confirmation
        fields = [
            "uid",
            "assignment",
            "handin",
            "person",
            "state",
            "asked_at",
            "was_late",
            "words",
            "by",
            "answered_at",
        ]
        read_only_fields = fields


class ConfirmationAnswerSerializer(serializers.Serializer[Any]):
    confirm = serializers.BooleanField(help_text="False: not yet. The learner goes on with it.")
    words = serializers.CharField(
        max_length=LONGEST, allow_blank=True, default="", help_text="What you saw, or what is missing."
    )


class ConfirmationViewSet(
    Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Confirmation]
):  # fmt: skip
    """What supervisors are asked to confirm of work on the job: what you are asked, what you mark, and your own work."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = ConfirmationSerializer
    queryset = Confirmation.objects.all()
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-asked_at", "-id")

    def get_queryset(self) -> QuerySet[Confirmation]:
        return confirmations_seen(self.by).order_by()

    @extend_schema(request=ConfirmationAnswerSerializer, responses=ConfirmationSerializer)
    @action(detail=True, methods=["post"], pagination_class=None)
    def answer(self, request: Request, uid: UUID) -> Response:
        """Confirm that it was done, or say what is missing: then the learner goes on with it and hands it in again."""
        found = self.get_object()
        answered = confirmation_answer(confirmation=found, by=self.by, **valid(ConfirmationAnswerSerializer, request))
        return Response(ConfirmationSerializer(answered).data)
