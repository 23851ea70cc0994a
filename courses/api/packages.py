"""Courses as packages for other software: taken out, looked at, brought in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from courses.access import buildable
from courses.services.packages_in import package_import, package_preview
from courses.services.packages_out import course_export
from ecosystem.models import Element, Membership
from ecosystem.rules import is_author
from ecosystem.slugs import row_of_slug


class PackageInSerializer(serializers.Serializer[Any]):
    package = serializers.FileField(help_text="The ZIP, at most 190 MB.")
    preview = serializers.BooleanField(default=False, help_text="Only say what would come in.")
    again = serializers.BooleanField(default=False, help_text="Make another course of a package that is here already.")


class WhichSerializer(serializers.Serializer[Any]):
    draft = serializers.BooleanField(default=False, help_text="The draft instead of what is published.")


class SaidSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    why = serializers.CharField()


class PackagePreviewSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    steps = serializers.IntegerField(help_text="How many activities the course will have.")
    elements = serializers.ListField(child=serializers.CharField(), help_text="Titles of what comes along.")
    makers = serializers.ListField(child=serializers.CharField())
    left_out = SaidSerializer(many=True, help_text="What does not come in, or differs, and why.")
    problems = SaidSerializer(many=True, help_text="With one of these nothing comes in.")
    here_already = serializers.SlugField(allow_null=True, help_text="The course that was made of this package before.")


class BroughtInSerializer(serializers.Serializer[Element]):
    course = serializers.SlugField(source="slug")
    title = serializers.CharField()


class CoursePackageViewSet(viewsets.GenericViewSet[Element]):
    """Packages of courses that you may build (docs/course-package.md)."""

    rule = staticmethod(is_author)
    area = "courses"
    serializer_class = BroughtInSerializer
    queryset = Element.objects.filter(kind="course")
    asks: ClassVar = {"retrieve": ("draft",)}
    lookup_field = "slug"
    lookup_value_converter = "slug"
    parser_classes = [MultiPartParser]

    @property
    def by(self) -> Membership:
        found: Membership = self.request._request.membership  # type: ignore[attr-defined]
        return found

    @extend_schema(
        parameters=[WhichSerializer],
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def retrieve(self, request: Request, slug: str) -> FileResponse:
        """The course in one file: its plan, everything in it, and the credit of every maker. It holds right answers."""
        course = row_of_slug(self.get_queryset().filter(buildable(self.by)), slug)
        wish = WhichSerializer(data=request.query_params)
        wish.is_valid(raise_exception=True)
        written = course_export(course=course, by=self.by, draft=wish.validated_data["draft"])
        return FileResponse(written.file, as_attachment=True, filename=f"{slug}.zip", content_type="application/zip")

    @extend_schema(
        request={"multipart/form-data": PackageInSerializer},
        responses={200: PackagePreviewSerializer, 201: BroughtInSerializer},
    )
    def create(self, request: Request) -> Response:
        """Bring in a course as a draft, all of it or nothing. With `preview` nothing happens."""
        wish = PackageInSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        upload = wish.validated_data["package"]
        file = {"file": upload.file, "size": upload.size, "by": self.by}
        if not wish.validated_data["preview"]:
            course = package_import(**file, again=wish.validated_data["again"])
            return Response(BroughtInSerializer(course).data, status=status.HTTP_201_CREATED)
        found = package_preview(**file)
        said = {
            "title": found.title,
            "steps": found.steps,
            "elements": [title for _icon, _kind, title in found.elements],
            "makers": found.makers,
            "left_out": [{"what": what, "why": why} for what, why in found.notes],
            "problems": [{"what": what, "why": why} for what, why in found.problems],
            "here_already": found.same.element.slug if found.same else None,
        }
        return Response(PackagePreviewSerializer(said).data)
