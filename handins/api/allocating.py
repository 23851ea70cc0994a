"""Work shared among markers, for other software: part of the doors of assignments."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.models import Membership
from ecosystem.rest import valid
from ecosystem.slugs import row_of_slug
from handins.access import may_review
from handins.selectors.queue import assignments_reviewed, groups_marked, markers_here
from handins.services import rounds_allocate_balanced, rounds_allocate_group

MOST_MARKERS = 50


class AllocationSerializer(serializers.Serializer[Any]):
    markers = serializers.ListField(
        child=serializers.EmailField(), min_length=1, max_length=MOST_MARKERS, help_text="Who mark work here."
    )
    group = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1,
        help_text="Only what waits of this group, all for one marker. Nothing: shared evenly.",
    )  # fmt: skip


class AllocatedSerializer(serializers.Serializer[Any]):
    moved = serializers.IntegerField()


class Allocating:
    """Doors of an assignment whose work is shared among markers."""

    by: Any

    @extend_schema(request=AllocationSerializer, responses=AllocatedSerializer)
    @action(detail=True, methods=["post"])
    def allocate(self, request: Request, slug: str) -> Response:
        """Share what waits and is for nobody yet among markers evenly; or give that of a group to one."""
        if not may_review(self.by):
            raise PermissionDenied("Only who marks work can do that.")
        found = row_of_slug(assignments_reviewed(self.by), slug, element="element__")
        said = valid(AllocationSerializer, request)
        markers = self._markers(said["markers"])
        if (group_id := said.get("group")) is None:
            moved = rounds_allocate_balanced(element_id=found.element_id, markers=markers, by=self.by)
        else:
            if not groups_marked(self.by).filter(pk=group_id).exists():
                raise serializers.ValidationError({"group": ["There is no such group."]})
            if len(markers) > 1:
                raise serializers.ValidationError({"markers": ["With a group, name one marker."]})
            moved = rounds_allocate_group(group_id=group_id, element_id=found.element_id, marker=markers[0], by=self.by)
        return Response({"moved": moved})

    def _markers(self, emails: list[str]) -> list[Membership]:
        wanted = {email.lower() for email in emails}
        found = [one for one in markers_here() if one.person.email in wanted]
        if len(found) != len(wanted):
            raise serializers.ValidationError({"markers": ["Somebody named here does not mark all work here."]})
        return found
