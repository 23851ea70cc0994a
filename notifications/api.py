"""Your notices for other software."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.rules import is_member
from notifications.models import DigestRhythm, Notice, Preference
from notifications.selectors import choices_by_group, preference_of
from notifications.services import choices_save, notice_seen, notices_seen, preference_save

RHYTHM = ("quiet_from", "quiet_until", "quiet_weekends", "time_zone", "digest")


class NoticeSerializer(serializers.ModelSerializer[Notice]):
    class Meta:
        model = Notice
        fields = ["id", "kind", "title", "body", "href", "created_at", "seen_at"]
        read_only_fields = fields


class SeenSerializer(serializers.Serializer[Any]):
    seen = serializers.IntegerField(help_text="How many were new.")


@extend_schema_field({"type": ["string", "null"], "pattern": r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$"})
class ClockField(serializers.TimeField):
    """A time on the wall, without a zone."""


class RhythmSerializer(serializers.ModelSerializer[Preference]):
    quiet_from = ClockField(allow_null=True, required=False)
    quiet_until = ClockField(allow_null=True, required=False)
    quiet_weekends = serializers.BooleanField(required=False)
    time_zone = serializers.CharField(max_length=60, allow_blank=True, required=False)
    digest = serializers.ChoiceField(choices=DigestRhythm.choices, required=False)
    kinds = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=20), max_length=5),
        required=False,
        help_text="Kind of notice: the channels by which you want it.",
    )

    class Meta:
        model = Preference
        fields = ["quiet_from", "quiet_until", "quiet_weekends", "time_zone", "digest", "kinds"]


def wishes_of(person_id: int) -> dict[str, Any]:
    preference = preference_of(person_id=person_id)
    lines = [line for _group, found in choices_by_group(person_id=person_id) for line in found]
    kinds = {line.kind.key: sorted(line.wanted) for line in lines}
    return {name: getattr(preference, name) for name in RHYTHM} | {"kinds": kinds}


class NoticeViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Notice]):
    """What you were told, newest first."""

    rule = staticmethod(is_member)
    area = "notices"
    serializer_class = NoticeSerializer
    queryset = Notice.objects.all()
    filterset_fields = {"kind": ["exact"], "seen_at": ["isnull"]}
    ordering = ("-created_at", "-pk")
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Notice]:
        return super().get_queryset().filter(person_id=self.request._request.membership.person_id)

    @extend_schema(request=None, responses=SeenSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filterset_fields={})
    def seen(self, request: Request) -> Response:
        """Mark them all as read."""
        return Response({"seen": notices_seen(person_id=request._request.membership.person_id)})

    @extend_schema(request=None, responses=SeenSerializer, operation_id="notices_seen_one")
    @action(detail=True, methods=["post"], url_path="seen", filterset_fields={})
    def seen_one(self, request: Request, pk: int) -> Response:
        """Mark one as read."""
        notice = self.get_object()
        notice_seen(person_id=notice.person_id, notice_id=notice.pk)
        return Response({"seen": int(notice.seen_at is None)})

    @extend_schema(methods=["get"], responses=RhythmSerializer)
    @extend_schema(methods=["patch"], request=RhythmSerializer, responses=RhythmSerializer)
    @action(detail=False, methods=["get", "patch"], pagination_class=None, filterset_fields={})
    def preferences(self, request: Request) -> Response:
        """How you want to be told, and when."""
        person_id = request._request.membership.person_id
        if request.method == "PATCH":
            wish = RhythmSerializer(data=request.data)
            wish.is_valid(raise_exception=True)
            wanted = dict(wish.validated_data)
            choices_save(person_id=person_id, wanted={kind: set(c) for kind, c in wanted.pop("kinds", {}).items()})
            now = {name: value for name, value in wishes_of(person_id).items() if name in RHYTHM}
            preference_save(person_id=person_id, **{**now, **wanted})
        return Response(RhythmSerializer(wishes_of(person_id)).data)
