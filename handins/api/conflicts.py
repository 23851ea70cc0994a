"""Conflicts of interest in marking, for other software."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rest import Asked, valid
from ecosystem.rules import Either, is_manager
from ecosystem.selectors import member_of_email
from handins.access import may_review
from handins.models import Conflict
from handins.selectors.conflicts import conflicts_for
from handins.selectors.queue import markers_here
from handins.services.conflicts import conflict_end, conflict_record


class ConflictSerializer(serializers.ModelSerializer[Conflict]):
    marker = serializers.EmailField(source="marker.email", read_only=True)
    person = serializers.SerializerMethodField(help_text="Nothing where the name is hidden from you.")

    class Meta:
        model = Conflict
        fields = ["uid", "marker", "person", "because", "at"]
        read_only_fields = fields

    def get_person(self, row: Conflict) -> str | None:
        return None if getattr(row, "is_hidden", False) else str(row.person.email)


class NewConflictSerializer(serializers.Serializer[Any]):
    marker = serializers.EmailField(help_text="Who marks work here.")
    person = serializers.EmailField(help_text="Whose work they do not mark.")
    because = serializers.CharField(max_length=300, required=False, allow_blank=True)


class ConflictViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Conflict]):
    """Who does not mark whom: your own, or all of them if you look after people here."""

    rule = staticmethod(Either(may_review, is_manager))
    area = "handins"
    serializer_class = ConflictSerializer
    queryset = Conflict.objects.all()
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Conflict]:
        return conflicts_for(self.by).order_by()

    def _only_managers(self) -> None:
        if not is_manager(self.by):
            raise PermissionDenied("Only who looks after people here can do that.")

    @extend_schema(request=NewConflictSerializer, responses={201: ConflictSerializer})
    def create(self, request: Request) -> Response:
        """Record one. The same again is the one there is."""
        said = valid(NewConflictSerializer, request)
        self._only_managers()
        marker = next((one for one in markers_here() if one.person.email == said["marker"].lower()), None)
        if marker is None:
            raise serializers.ValidationError({"marker": ["Nobody with this e-mail address marks work here."]})
        if (person := member_of_email(email=said.pop("person"))) is None:
            raise serializers.ValidationError({"person": ["Nobody here has this e-mail address."]})
        made = conflict_record(**{**said, "marker": marker}, person=person, by=self.by)
        return Response(ConflictSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uid: UUID) -> Response:
        """End it: they may mark this work again."""
        self._only_managers()
        conflict_end(conflict=self.get_object(), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)
