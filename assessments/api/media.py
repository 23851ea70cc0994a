"""Pictures, sounds and films of a bank, for other software."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.importers.pictures import picture_size
from assessments.services.pictures import media_add
from ecosystem.markup import ATTACHMENT_SCHEME
from ecosystem.rest import valid


class MediaSerializer(serializers.Serializer[Any]):
    media = serializers.FileField(
        help_text="PNG, JPEG or GIF up to 5 MB; MP3, M4A, OGG, WAV, MP4 or WebM up to 20 MB.", max_length=250
    )


class MediaAddedSerializer(serializers.Serializer[Any]):
    address = serializers.CharField(
        help_text="Put it into a text as the src of img (with alt), audio or video; `picture` of a hotspot."
    )
    media_type = serializers.CharField()
    width = serializers.IntegerField(help_text="Pixels of a picture, else 0.")
    height = serializers.IntegerField()


class MediaMixin:
    """What a bank takes beside questions."""

    get_object: Any

    @extend_schema(request={"multipart/form-data": MediaSerializer}, responses={201: MediaAddedSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def media(self, request: Request, slug: str) -> Response:
        """A picture, sound or film for questions of your own bank; the same file again is kept once."""
        bank = self.get_object()
        kept = media_add(bank=bank, upload=valid(MediaSerializer, request)["media"])
        width, height = picture_size(kept.content) if kept.media_type.startswith("image/") else (0, 0)
        facts = {"address": f"{ATTACHMENT_SCHEME}:{kept.sha256}", "media_type": kept.media_type}
        return Response({**facts, "width": width, "height": height}, status=status.HTTP_201_CREATED)
