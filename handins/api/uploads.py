"""Large files for other software: begun, sent in parts, gone on with after a cut, put together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any
from uuid import UUID

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from ecosystem.gates import closed_to
from ecosystem.rest import Asked, valid
from ecosystem.rules import is_here
from handins.access import may_review
from handins.exceptions import WrongOffsetError
from handins.models import Round, Upload
from handins.selectors.queue import rounds_for
from handins.services.uploading import LARGEST_PART, upload_begin, upload_drop, upload_finish, upload_take

OFFSET = "Upload-Offset"
MOST_DIGITS = 15
PIECE = 64 * 1024


class PartTooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The part is too large."
    default_code = "too_large"


class WrongOffset(exceptions.APIException):
    """Something else is expected next; the header says from which byte on."""

    status_code = 409
    default_detail = "Go on from another byte."
    default_code = "wrong_offset"

    def __init__(self, error: WrongOffsetError) -> None:
        super().__init__(str(error))
        self.offset = error.offset


class PartParser(BaseParser):
    """The bytes as they come, into a file of a moment: not in memory, and no more of them than a part has."""

    media_type = "application/octet-stream"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> TemporaryUploadedFile:
        content = TemporaryUploadedFile("part", "", 0, None)
        while piece := stream.read(PIECE):
            content.size += len(piece)
            if content.size > LARGEST_PART:
                content.close()
                raise PartTooLarge
            content.write(piece)
        content.seek(0)
        return content


class UploadSerializer(serializers.ModelSerializer[Upload]):
    handin = serializers.UUIDField(source="round.uid", read_only=True)
    file = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = ["uid", "handin", "is_feedback", "name", "size", "received", "file"]
        read_only_fields = fields

    @extend_schema(responses={"type": "string", "format": "uuid", "nullable": True})
    def get_file(self, row: Upload) -> str | None:
        """What became of it."""
        made = row.file or row.feedback
        return str(made.uid) if made else None


class UploadedSerializer(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    path = serializers.CharField(source="get_absolute_url")


class NewUploadSerializer(serializers.Serializer[Any]):
    handin = serializers.UUIDField(help_text="Your draft; or with `is_feedback` the round that you mark.")
    is_feedback = serializers.BooleanField(default=False)
    name = serializers.CharField(max_length=200)
    size = serializers.IntegerField(
        min_value=1, max_value=10**MOST_DIGITS, help_text="In bytes.",
        error_messages={"min_value": _("There is nothing in this file.")},
    )  # fmt: skip


class UploadSumSerializer(serializers.Serializer[Any]):
    sha256 = serializers.RegexField(r"^[0-9a-fA-F]{64}$", help_text="Of the whole file, in hexadecimal digits.")


class UploadViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Upload]):
    """Your files on their way. What was received is never sent again: `received` says where to go on."""

    rule = staticmethod(is_here)
    area = "handins"
    serializer_class = UploadSerializer
    queryset = Upload.objects.select_related("round", "file", "feedback")
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-id",)

    def get_queryset(self) -> QuerySet[Upload]:
        rows: QuerySet[Upload] = super().get_queryset()
        return rows.filter(person_id=self.by.person_id)

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, WrongOffsetError):
            error = WrongOffset(error)
        response = super().handle_exception(error)
        if isinstance(error, WrongOffset):
            response[OFFSET] = str(error.offset)
        return response

    def _answer(self, upload: Upload, code: int = status.HTTP_200_OK) -> Response:
        return Response(UploadSerializer(upload).data, status=code, headers={OFFSET: str(upload.received)})

    def _open(self, round: Round) -> None:
        """A step of a course that is locked stays so."""
        if closed := closed_to(self.by, round.element):
            raise serializers.ValidationError({"handin": [closed.because]})

    @extend_schema(request=NewUploadSerializer, responses={201: UploadSerializer})
    def create(self, request: Request) -> Response:
        """Room for a file of your draft; the same file again goes on where it was."""
        said = valid(NewUploadSerializer, request)
        mine = Round.objects.select_related("element").filter(person_id=self.by.person_id)
        rows = rounds_for(self.by) if said["is_feedback"] and may_review(self.by) else mine
        found = rows.filter(uid=said.pop("handin")).first()
        if found is None:
            raise serializers.ValidationError({"handin": ["There is no such round of yours."]})
        if not said["is_feedback"]:
            self._open(found)
        return self._answer(upload_begin(round=found, by=self.by, **said), status.HTTP_201_CREATED)

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[
            OpenApiParameter(OFFSET, int, OpenApiParameter.HEADER, required=True, description="Where the part begins.")
        ],
        responses={200: UploadSerializer, 409: OpenApiResponse(description="`Upload-Offset` says where to go on.")},
    )
    def partial_update(self, request: Request, uid: UUID) -> Response:
        """The next part, of at most 4 MB, and at least 64 KB unless it is the last. The same twice is once."""
        found = self.get_object()
        said = request.headers.get(OFFSET, "")
        if not said.isascii() or not said.isdigit() or len(said) > MOST_DIGITS:
            raise exceptions.ParseError(f"Say in {OFFSET} at which byte the part begins.")
        content = request.data
        if not isinstance(content, TemporaryUploadedFile):
            raise exceptions.ParseError("There is nothing in this part.")
        with content:
            return self._answer(upload_take(upload=found, start=int(said), content=content, by=self.by))

    def get_parsers(self) -> list[BaseParser]:
        if self.request is not None and self.request.method == "PATCH":
            return [PartParser()]
        return [parser() for parser in api_settings.DEFAULT_PARSER_CLASSES]

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uid: UUID) -> Response:
        """Give it up. A file that is there already stays."""
        upload_drop(upload=self.get_object(), by=self.by)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=UploadSumSerializer, responses={201: UploadedSerializer})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, uid: UUID) -> Response:
        """All is sent: it is checked, put together, and is a file of the draft. Twice is once."""
        found = self.get_object()
        said = valid(UploadSumSerializer, request)
        made = upload_finish(upload=found, sha256=said["sha256"], by=self.by)
        return Response(UploadedSerializer(made).data, status=status.HTTP_201_CREATED)
