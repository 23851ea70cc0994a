"""One's own calendar for other software: the sessions, and the secret address."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ecosystem.rules import is_member
from events.api.event_words import SessionSerializer
from events.models import CalendarFeed, Session
from events.selectors import own_sessions
from events.services import feed_end, feed_make


class OwnSessionSerializer(SessionSerializer):
    event = serializers.SlugField(source="event.element.slug", read_only=True)
    title = serializers.CharField(source="event.element.title", read_only=True)

    class Meta(SessionSerializer.Meta):
        model = Session
        fields = ["event", "title", *SessionSerializer.Meta.fields]
        read_only_fields = fields


class CalendarSerializer(serializers.Serializer[Any]):
    made_at = serializers.DateTimeField(
        allow_null=True, help_text="When the secret address was made; null without one."
    )
    read_at = serializers.DateTimeField(allow_null=True, help_text="When a calendar program last read it.")
    sessions = OwnSessionSerializer(many=True, help_text="Of the last three months and to come.")


class CalendarAddressSerializer(serializers.Serializer[Any]):
    address = serializers.URLField(help_text="Said this once.")


class Calendar(APIView):
    """Your sessions here, and the secret address at which calendar programs read them."""

    rule = staticmethod(is_member)
    area = "events"

    @extend_schema(responses=CalendarSerializer, operation_id="calendar_retrieve")
    def get(self, request: Request) -> Response:
        by = request._request.membership
        feed = CalendarFeed.objects.filter(person_id=by.person_id, event=None).first()
        facts = {
            "made_at": feed.made_at if feed else None,
            "read_at": feed.read_at if feed else None,
            "sessions": own_sessions(by),
        }
        return Response(CalendarSerializer(facts).data)

    @extend_schema(request=None, responses={201: CalendarAddressSerializer}, operation_id="calendar_address")
    def post(self, request: Request) -> Response:
        """A new address. An earlier one stops working."""
        _feed, secret = feed_make(by=request._request.membership)
        address = request.build_absolute_uri(f"/calendar/{secret}.ics")
        return Response(CalendarAddressSerializer({"address": address}).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None}, operation_id="calendar_address_end")
    def delete(self, request: Request) -> Response:
        """The address stops working; without one, nothing changes."""
        feed_end(by=request._request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)
