"""Files, links and videos for other software."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from content.api.done import DoneSerializer
from content.models import Document, Link, Video, Watching
from content.services import (
    document_create,
    document_save,
    link_check_soon,
    link_create,
    link_save,
    page_finish,
    page_open,
    video_create,
    video_open,
    video_save,
    video_watched,
)
from content.services.videos import MOST_SPANS
from ecosystem.gates import closed_to
from ecosystem.rest import valid
from ecosystem.rest_facts import FactsSerializer
from ecosystem.rules import is_author, is_member
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug, slug_free
from ecosystem.visibility import openable

READ = ["slug", "title", "summary", "language", "minutes"]


class ThingSerializer(serializers.ModelSerializer[Any]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    summary = serializers.CharField(source="element.summary", read_only=True)
    language = serializers.CharField(source="element.language", read_only=True)
    minutes = serializers.IntegerField(source="element.minutes", read_only=True)


class DocumentSerializer(ThingSerializer):
    class Meta:
        model = Document
        fields = [*READ, "name", "media_type", "size"]
        read_only_fields = fields


class LinkSerializer(ThingSerializer):
    url = serializers.CharField(source="element.url", read_only=True)

    class Meta:
        model = Link
        fields = [*READ, "url", "state", "status", "checked_at"]
        read_only_fields = fields


class VideoSerializer(ThingSerializer):
    captions = serializers.SerializerMethodField()

    class Meta:
        model = Video
        fields = [*READ, "name", "size", "seconds", "captions", "no_captions_because"]
        read_only_fields = fields

    def get_captions(self, row: Video) -> bool:
        return bool(row.captions)


class DocumentChangeSerializer(FactsSerializer):
    upload = serializers.FileField(required=False)


class DocumentNewSerializer(FactsSerializer):
    title = serializers.CharField(max_length=200)
    upload = serializers.FileField(help_text="PDF, office documents, pictures, sound or text, at most 50 MB.")


class LinkChangeSerializer(FactsSerializer):
    url = serializers.URLField(max_length=200, required=False)


class LinkNewSerializer(FactsSerializer):
    title = serializers.CharField(max_length=200)
    url = serializers.URLField(max_length=200)


class _CaptionsSerializer(FactsSerializer):
    captions = serializers.FileField(required=False, help_text="WebVTT.")
    no_captions_because = serializers.CharField(max_length=300, required=False)

    def validate_captions(self, value: Any) -> bytes:
        return bytes(value.read(2 * 1024 * 1024))


class VideoChangeSerializer(_CaptionsSerializer):
    upload = serializers.FileField(required=False)


class VideoNewSerializer(_CaptionsSerializer):
    title = serializers.CharField(max_length=200)
    upload = serializers.FileField(help_text="MP4, at most 190 MB.")


class WatchedSerializer(serializers.Serializer[Any]):
    position = serializers.FloatField(min_value=0)
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(min_value=0), min_length=2, max_length=2),
        max_length=MOST_SPANS,
        help_text="[from, to] in seconds: what the player has shown since it was last heard of.",
    )


class WatchingSerializer(serializers.Serializer[Any]):
    position = serializers.FloatField()
    share = serializers.FloatField(help_text="0 to 1.")
    completed = serializers.BooleanField()


def _watching(row: Watching) -> Response:
    return Response({"position": row.position, "share": row.share, "completed": row.completed_at is not None})


class ThingViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """What all of them do: found by slug when one may open it, written by authors at home."""

    rule = staticmethod(is_member)
    write_rule = staticmethod(is_author)
    rules = {"done": is_member, "open": is_member, "watched": is_member, "units": is_member, "report": is_member}
    area = "courses"
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def get_object(self) -> Any:
        membership = self.request._request.membership
        rows = self.get_queryset().filter(openable(membership, element="element__"))
        row = row_of_slug(rows, self.kwargs["slug"], element="element__")
        if closed := closed_to(membership, row.element):
            raise PermissionDenied(closed.because)
        return row

    def own(self) -> Any:
        row = self.get_object()
        if row.environment_id != current_scope().environment_id:
            raise Http404
        return row

    def made(self, row: Any) -> Response:
        return Response(self.serializer_class(row).data, status=status.HTTP_201_CREATED)  # type: ignore[misc]

    def done_with(self) -> Response:
        element = self.get_object().element
        page_open(element=element)
        page_finish(element=element)
        return Response({"done": True})


def new_facts(request: Request, wish: dict[str, Any], kind: str) -> dict[str, Any]:
    slug = slug_free(title=wish["title"], kind=kind)
    return {"creators": [request.user], "slug": slug, "visibility": "private", **wish}


class DocumentViewSet(ThingViewSet):
    """Files that you may open; authors bring them in."""

    serializer_class = DocumentSerializer
    queryset = Document.objects.select_related("element")
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": DocumentNewSerializer}, responses={201: DocumentSerializer})
    def create(self, request: Request) -> Response:
        """Bring in a file, credited to you; seen by its makers only unless you say otherwise."""
        return self.made(document_create(**new_facts(request, valid(DocumentNewSerializer, request), "file")))

    @extend_schema(request={"multipart/form-data": DocumentChangeSerializer}, responses=DocumentSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what is said about an own file, or put a newer one in its place."""
        row, wish = self.own(), valid(DocumentChangeSerializer, request)
        return Response(DocumentSerializer(document_save(document=row, by=request.user, **wish)).data)

    @extend_schema(request=None, responses=DoneSerializer)
    @action(detail=True, methods=["post"], parser_classes=api_settings.DEFAULT_PARSER_CLASSES)
    def done(self, request: Request, slug: str) -> Response:
        """Say that you are done with it; twice is once."""
        return self.done_with()


class LinkViewSet(ThingViewSet):
    """Links that you may open, with whether they work; authors make them."""

    serializer_class = LinkSerializer
    queryset = Link.objects.select_related("element")

    @extend_schema(request=LinkNewSerializer, responses={201: LinkSerializer})
    def create(self, request: Request) -> Response:
        """Make a link, credited to you; seen by its makers only unless you say otherwise."""
        return self.made(link_create(**new_facts(request, valid(LinkNewSerializer, request), "link")))

    @extend_schema(request=LinkChangeSerializer, responses=LinkSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change an own link. Another address is looked at anew."""
        row, wish = self.own(), valid(LinkChangeSerializer, request)
        return Response(LinkSerializer(link_save(link=row, by=request.user, **wish)).data)

    @extend_schema(request=None, responses=LinkSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, slug: str) -> Response:
        """Have an own link looked at now; ask again in a moment for what was found."""
        row = self.own()
        link_check_soon(link=row)
        return Response(LinkSerializer(row).data)

    @extend_schema(request=None, responses=DoneSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, slug: str) -> Response:
        """Say that you are done with it; twice is once."""
        return self.done_with()


class VideoViewSet(ThingViewSet):
    """Videos that you may open; authors bring them in."""

    serializer_class = VideoSerializer
    queryset = Video.objects.select_related("element")
    parser_classes = [MultiPartParser]

    @extend_schema(request={"multipart/form-data": VideoNewSerializer}, responses={201: VideoSerializer})
    def create(self, request: Request) -> Response:
        """Bring in a video with captions, or with the reason why it needs none."""
        return self.made(video_create(**new_facts(request, valid(VideoNewSerializer, request), "video")))

    @extend_schema(request={"multipart/form-data": VideoChangeSerializer}, responses=VideoSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change what is said about an own video, its captions, or the video itself."""
        row, wish = self.own(), valid(VideoChangeSerializer, request)
        return Response(VideoSerializer(video_save(video=row, by=request.user, **wish)).data)

    @extend_schema(request=None, responses=WatchingSerializer)
    @action(detail=True, methods=["post"], parser_classes=api_settings.DEFAULT_PARSER_CLASSES)
    def open(self, request: Request, slug: str) -> Response:
        """Begin or go on watching; from now on seconds count."""
        return _watching(video_open(video=self.get_object()))

    @extend_schema(request=WatchedSerializer, responses=WatchingSerializer)
    @action(detail=True, methods=["post"], parser_classes=api_settings.DEFAULT_PARSER_CLASSES)
    def watched(self, request: Request, slug: str) -> Response:
        """What your player has shown. Seconds that cannot have been shown since it was last heard of do not count."""
        video, wish = self.get_object(), valid(WatchedSerializer, request)
        return _watching(video_watched(video=video, **wish))
