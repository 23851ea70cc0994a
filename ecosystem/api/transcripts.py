"""What the person has achieved here, for other software."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ecosystem.registry import transcript_sections
from ecosystem.rules import is_member


class AchievementSerializer(serializers.Serializer[Any]):
    section = serializers.CharField(help_text="Such as `certificates`, `courses` or `assessments`.")
    title = serializers.CharField()
    at = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True, help_text="How long it is valid; null is without end.")
    score = serializers.FloatField(allow_null=True, min_value=0, max_value=1)
    note = serializers.CharField(allow_blank=True, help_text="What else is to be said, such as *expired*.")


class TranscriptSerializer(serializers.Serializer[Any]):
    results = AchievementSerializer(many=True)


class Transcript(APIView):
    """What you have completed in this environment, newest first in each section.

    The page shows all your environments together. A key is of one environment, and so is what it reads.
    """

    rule = staticmethod(is_member)
    area = "records"

    @extend_schema(responses=TranscriptSerializer, operation_id="me_transcript_retrieve")
    def get(self, request: Request) -> Response:
        membership = request._request.membership
        rows = [
            {
                "section": key,
                "title": one.title,
                "at": one.at,
                "until": one.until,
                "score": one.score,
                "note": str(one.note),
            }
            for key, section in transcript_sections.items()
            for one in section.achievements(membership)
        ]
        return Response(TranscriptSerializer({"results": rows}).data)
