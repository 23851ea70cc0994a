"""Pages for other software: reading, writing, earlier versions, and saying that one is done."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from content.api.done import DoneSerializer
from content.enums import PAGE_KINDS
from content.models import Page, PageVersion
from content.selectors import ticked_by, versions_of
from content.services import (
    help_judge,
    image_add,
    page_create,
    page_embeddable,
    page_finish,
    page_open,
    page_restore,
    page_save,
    ticks_save,
)
from content.ticks import parts_of
from content.words import MOST_CHARACTERS
from ecosystem.gates import closed_to
from ecosystem.pictures import LARGEST
from ecosystem.rest import valid
from ecosystem.rest_facts import FactsSerializer
from ecosystem.rules import is_author, is_member
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug, slug_free
from ecosystem.visibility import openable


class PageSerializer(serializers.ModelSerializer[Page]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    kind = serializers.CharField(source="element.kind", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    html = serializers.CharField(read_only=True, help_text="Safe HTML.")

    class Meta:
        model = Page
        fields = ["slug", "kind", "title", "markdown", "html", "revision"]
        read_only_fields = fields


class PageNewSerializer(FactsSerializer):
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=PAGE_KINDS, default="page")
    markdown = serializers.CharField(max_length=MOST_CHARACTERS, trim_whitespace=False)


class PageChangeSerializer(FactsSerializer):
    markdown = serializers.CharField(max_length=MOST_CHARACTERS, trim_whitespace=False, required=False)
    base = serializers.IntegerField(min_value=1, help_text="`revision` of the page that you changed.")


class PageVersionSerializer(serializers.ModelSerializer[PageVersion]):
    person = serializers.CharField(source="person.name", default=None, allow_null=True, read_only=True)

    class Meta:
        model = PageVersion
        fields = ["number", "title", "summary", "markdown", "person", "restored", "saved_at"]
        read_only_fields = fields


class PageVersionsSerializer(serializers.Serializer[Any]):
    results = PageVersionSerializer(many=True)


class RestoreSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    base = serializers.IntegerField(min_value=1, help_text="`revision` of the page as it is now.")


class ImageSerializer(serializers.Serializer[Any]):
    image = serializers.FileField(help_text="JPEG, PNG or WebP, at most 5 MB.")
    says = serializers.CharField(max_length=300, help_text="What it shows, for people who cannot see it.")

    def validate_image(self, value: Any) -> Any:
        if value.size > LARGEST:
            raise serializers.ValidationError("The picture is larger than 5 MB.")
        return value


class ImageAddedSerializer(serializers.Serializer[Any]):
    markdown = serializers.CharField(help_text="What shows the picture, to be put into the text.")


class TicksSerializer(serializers.Serializer[Any]):
    items = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=500, help_text="Keys of the lines that are ticked off."
    )


class LineSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    html = serializers.CharField(help_text="Safe HTML.")
    ticked = serializers.BooleanField()


class TickedSerializer(serializers.Serializer[Any]):
    items = LineSerializer(many=True)


class HelpedSerializer(serializers.Serializer[Any]):
    helped = serializers.BooleanField()


class EmbeddableSerializer(serializers.Serializer[Any]):
    embeddable = serializers.BooleanField()


class PageViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Page]):
    """Pages, job aids and checklists that you may open; authors write them."""

    rule = staticmethod(is_member)
    write_rule = staticmethod(is_author)
    rules = {"done": is_member, "ticks": is_member, "helped": is_member, "versions": is_author}
    area = "courses"
    serializer_class = PageSerializer
    queryset = Page.objects.select_related("element")
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def get_object(self) -> Page:
        membership = self.request._request.membership
        rows = self.get_queryset().filter(openable(membership, element="element__"))
        page = row_of_slug(rows, self.kwargs["slug"], element="element__")
        if closed := closed_to(membership, page.element):
            raise PermissionDenied(closed.because)
        return page

    def _own(self) -> Page:
        page = self.get_object()
        if page.environment_id != current_scope().environment_id:
            raise Http404
        return page

    @extend_schema(request=PageNewSerializer, responses={201: PageSerializer})
    def create(self, request: Request) -> Response:
        """Write a new page, job aid or checklist, credited to you; seen by its makers only unless you say otherwise."""
        wish = valid(PageNewSerializer, request)
        made = page_create(
            creators=[request.user], by=request.user, slug=slug_free(title=wish["title"], kind=wish["kind"]),
            **{"visibility": "private", **wish},
        )  # fmt: skip
        return Response(PageSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PageChangeSerializer, responses=PageSerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change an own page. Refused when `base` is not what is there now; every text that was saved is kept."""
        page, wish = self._own(), valid(PageChangeSerializer, request)
        saved = page_save(page=page, by=request.user, **{"markdown": page.markdown, **wish})
        return Response(PageSerializer(saved).data)

    @extend_schema(responses=PageVersionsSerializer)
    @action(detail=True)
    def versions(self, request: Request, slug: str) -> Response:
        """The newest hundred texts that an own page has had."""
        rows = versions_of(page=self._own())[:100]
        return Response({"results": PageVersionSerializer(rows, many=True).data})

    @extend_schema(request=RestoreSerializer, responses=PageSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, slug: str) -> Response:
        """Make an earlier text the newest version."""
        page, wish = self._own(), valid(RestoreSerializer, request)
        return Response(PageSerializer(page_restore(page=page, by=request.user, **wish)).data)

    @extend_schema(request={"multipart/form-data": ImageSerializer}, responses={201: ImageAddedSerializer})
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def images(self, request: Request, slug: str) -> Response:
        """Add a picture to an own page. It is drawn anew: nothing else that was in the file is kept."""
        page, wish = self._own(), valid(ImageSerializer, request)
        file = wish["image"]
        words = image_add(page=page, name=file.name or "", data=file.read(), says=wish["says"])
        return Response({"markdown": words}, status=status.HTTP_201_CREATED)

    @extend_schema(methods=["GET"], responses=TickedSerializer)
    @extend_schema(methods=["POST"], request=TicksSerializer, responses=TickedSerializer)
    @action(detail=True, methods=["get", "post"])
    def ticks(self, request: Request, slug: str) -> Response:
        """The lines to tick off, with your own ticks; POST says which are ticked from now on."""
        page = self.get_object()
        if request.method == "POST":
            ticks_save(page=page, items=valid(TicksSerializer, request)["items"])
        ticked = ticked_by(page=page, person_id=request.user.pk)
        items = [item for part in parts_of(page.markdown) for item in part.items]
        rows = [{"key": item.key, "html": item.html, "ticked": item.key in ticked} for item in items]
        return Response({"items": rows})

    @extend_schema(request=HelpedSerializer, responses=DoneSerializer)
    @action(detail=True, methods=["post"])
    def helped(self, request: Request, slug: str) -> Response:
        """Say whether it helped; the same within a day is heard once."""
        return Response({"done": help_judge(page=self.get_object(), **valid(HelpedSerializer, request))})

    @extend_schema(request=EmbeddableSerializer, responses=EmbeddableSerializer)
    @action(detail=True, methods=["post"])
    def embeddable(self, request: Request, slug: str) -> Response:
        """Whether everybody may read an own page inside sites that the environment allows."""
        page = page_embeddable(page=self._own(), by=request.user, **valid(EmbeddableSerializer, request))
        return Response({"embeddable": page.embeddable})

    @extend_schema(request=None, responses=DoneSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, slug: str) -> Response:
        """Say that you are done with it; twice is once."""
        element = self.get_object().element
        page_open(element=element)
        page_finish(element=element)
        return Response({"done": True})
