"""Everything that happened, in one order that never changes: for whoever keeps a copy."""

import base64
import binascii
import json
from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from ecosystem.models import AuditEntry
from ecosystem.rules import is_admin, is_member, may
from ecosystem.spans import RESULTS
from records.api.statements import StatementSerializer, withheld_from
from records.exceptions import FeedError
from records.selectors import AUDIT, RECORD, Change, Place, changes_after

MOST = 1000
may_see_all = may(*RESULTS)


class Gone(APIException):
    status_code = 410
    default_detail = "This cursor leads nowhere any more. Begin again without one."
    default_code = "gone"


class AuditSerializer(serializers.ModelSerializer[AuditEntry]):
    actor = serializers.CharField(source="actor_name", read_only=True)
    before = serializers.DictField(read_only=True)
    after = serializers.DictField(read_only=True)

    class Meta:
        model = AuditEntry
        fields = ["id", "at", "actor", "act", "model", "object_id", "object_name", "before", "after"]
        read_only_fields = fields


class ChangeSerializer(serializers.Serializer[Any]):
    """One of the two is there; the other is null."""

    record = StatementSerializer(allow_null=True)
    audit = AuditSerializer(allow_null=True)


class ChangesSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(help_text="Ask here for what comes after; also when there was nothing now.")
    cursor = serializers.CharField(help_text="The same place as in `next`; keep it.")
    results = ChangeSerializer(many=True)


class QuestionSerializer(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, max_length=200, help_text="From the answer before.")
    limit = serializers.IntegerField(required=False, min_value=1, max_value=MOST, default=200)


def written(place: Place) -> str:
    text = json.dumps([place.tx, place.kind, place.key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str) -> Place:
    """Raises a validation error for what no server of ours has written."""
    try:
        tx, kind, key = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_"))
        well_formed = type(tx) is int and -1 <= tx < 2**63 and kind in (RECORD, AUDIT) and isinstance(key, str)
        known = well_formed and (not key or (UUID(key) if kind == RECORD else 0 <= int(key) < 2**63))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        known = False
    if not known:
        raise serializers.ValidationError({"cursor": ["Take the cursor of an answer as it is."]})
    return Place(tx, kind, key)


class Changes(APIView):
    """Learning records, and for administrators audit entries, in the order in which they were stored for good.

    Yours; everybody's for whoever may see everybody's results. Nothing is skipped and nothing comes twice.
    """

    rule = staticmethod(is_member)
    area = "records"
    asks: ClassVar = {None: ("cursor", "limit")}

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", str, description="From the answer before; from the beginning without."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 200}),
        ],
        responses=ChangesSerializer,
        operation_id="changes_list",
    )
    def get(self, request: Request) -> Response:
        wish = QuestionSerializer(data=request.query_params)
        wish.is_valid(raise_exception=True)
        membership = request._request.membership
        place = read(wish.validated_data["cursor"]) if "cursor" in wish.validated_data else Place()
        try:
            found = changes_after(
                place=place,
                person_id=None if may_see_all(membership) else membership.person_id,
                with_audit=is_admin(membership),
                limit=wish.validated_data["limit"],
            )
        except FeedError as gone:
            raise Gone from gone
        cursor = written(found[-1].place if found else place)
        link = replace_query_param(request.build_absolute_uri(), "cursor", cursor)
        records = [change.row for change in found if change.place.kind == RECORD]
        context = {"request": request, "withheld": withheld_from(membership.person_id, records)}
        rows = [shown(change, context) for change in found]
        return Response({"next": link, "cursor": cursor, "results": rows})


def shown(change: Change, context: dict[str, Any]) -> dict[str, Any]:
    if change.place.kind == RECORD:
        return {"record": StatementSerializer(change.row, context=context).data, "audit": None}
    return {"record": None, "audit": AuditSerializer(change.row).data}
