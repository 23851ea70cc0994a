"""Activities in external tools for other software: read, made, changed, and what the tools said of people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.models import Visibility
from ecosystem.rest import Asked, valid
from ecosystem.rest_facts import FactsSerializer
from ecosystem.rules import is_author, is_here, may_see_results
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug
from lti.claims import is_final
from lti.exceptions import LtiError
from lti.models import DoneWhen, Launch, OpensIn, Tool, ToolLink, percent_of, share_of
from lti.selectors import links_for, people_of, tools_here
from lti.services import link_make, link_set
from lti.services.linking import LONGEST_CUSTOM, MOST_CUSTOM, NAME, SET

FOR_MAKERS = ("target_url", "custom", "wanted")


class ToolActivitySerializer(serializers.ModelSerializer[ToolLink]):
    slug = serializers.SlugField(source="element.slug", read_only=True)
    title = serializers.CharField(source="element.title", read_only=True)
    summary = serializers.CharField(source="element.summary", read_only=True)
    language = serializers.CharField(source="element.language", read_only=True)
    minutes = serializers.IntegerField(source="element.minutes", read_only=True)
    tool = serializers.IntegerField(
        source="tool.pk", default=None, allow_null=True, read_only=True, help_text="Null: it opens nothing here."
    )
    tool_name = serializers.CharField(source="tool.name", default="", read_only=True)
    target_url = serializers.CharField(
        allow_null=True, read_only=True, help_text="This, `custom` and `wanted`: null unless you may change it."
    )
    custom = serializers.DictField(child=serializers.CharField(allow_blank=True), allow_null=True, read_only=True)
    wanted = serializers.CharField(
        allow_null=True, read_only=True, help_text="The tool it had where its course package was made."
    )

    class Meta:
        model = ToolLink
        fields = [
            "slug", "title", "summary", "language", "minutes", "tool", "tool_name", "opens_in", "done_when", "pass_mark",
            "points", *FOR_MAKERS,
        ]  # fmt: skip
        read_only_fields = fields

    def to_representation(self, row: ToolLink) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(row)
        ours = row.environment_id == current_scope().environment_id
        return said if ours and is_author(self.context["by"]) else {**said, **dict.fromkeys(FOR_MAKERS)}


class ToolActivityFactsSerializer(FactsSerializer):
    """What is left out stays as it is."""

    tool = serializers.IntegerField(required=False, help_text="One of `tools/`.")
    target_url = serializers.URLField(
        max_length=500, allow_blank=True, required=False, help_text="A place in the tool. Empty: where it begins."
    )
    custom = serializers.DictField(
        child=serializers.CharField(max_length=LONGEST_CUSTOM, allow_blank=True),
        required=False,
        help_text=f"Parameters that the tool asks for, {MOST_CUSTOM} at most.",
    )
    opens_in = serializers.ChoiceField(choices=OpensIn.choices, required=False)
    done_when = serializers.ChoiceField(choices=DoneWhen.choices, required=False)
    pass_mark = serializers.IntegerField(
        min_value=0, max_value=100, allow_null=True, required=False, help_text="In percent. Null: any score means done."
    )
    points = serializers.IntegerField(min_value=1, max_value=10_000, required=False)

    def validate_custom(self, value: dict[str, str]) -> dict[str, str]:
        if len(value) > MOST_CUSTOM:
            raise serializers.ValidationError(f"At most {MOST_CUSTOM}.")
        if strange := next((name for name in value if not NAME.match(name)), None):
            raise serializers.ValidationError(f"“{strange[:60]}” cannot be the name of a parameter.")
        return value


class NewToolActivitySerializer(ToolActivityFactsSerializer):
    title = serializers.CharField(max_length=200)
    tool = serializers.IntegerField(help_text="One of `tools/`.")


class ToolResultSerializer(serializers.ModelSerializer[Launch]):
    person = serializers.EmailField(source="person.email", read_only=True)
    name = serializers.CharField(source="person.name", read_only=True)
    came_at = serializers.DateTimeField(
        allow_null=True, read_only=True, help_text="When the tool opened. Null: it did not answer."
    )
    said_at = serializers.DateTimeField(
        allow_null=True, read_only=True, help_text="When the tool last said something of the person."
    )
    percent = serializers.SerializerMethodField()
    passed = serializers.SerializerMethodField(help_text="Null without a final score, or without a pass mark.")

    class Meta:
        model = Launch
        fields = ["person", "name", "began_at", "came_at", "said_at", "percent", "passed"]
        read_only_fields = fields

    def get_percent(self, row: Any) -> int | None:
        return percent_of(share_of(row.given, row.maximum))

    def get_passed(self, row: Any) -> bool | None:
        share = share_of(row.given, row.maximum)
        link: ToolLink = self.context["link"]
        return link.is_passed(share) if is_final(row.progress, row.grading) and share is not None else None


class ToolActivityViewSet(Asked, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[ToolLink]):
    """Activities in external tools that you may open, the newest first. Who makes content makes and changes them."""

    rule = staticmethod(is_here)
    write_rule = staticmethod(is_author)
    rules = {"people": may_see_results}
    asks = {"people": ("cursor", "limit")}
    area = "courses"
    serializer_class = ToolActivitySerializer
    queryset = ToolLink.objects.all()
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def get_ordering(self) -> tuple[str, ...]:
        return ("-began_at", "-pk") if self.action == "people" else ("-pk",)

    def get_queryset(self) -> QuerySet[ToolLink]:
        return links_for(self.by)

    def get_object(self) -> ToolLink:
        return row_of_slug(self.get_queryset(), self.kwargs["slug"], element="element__")

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "by": self.by}

    def _shown(self, row: ToolLink, code: int = status.HTTP_200_OK) -> Response:
        """As the next GET says it."""
        return Response(self.get_serializer(self.get_queryset().get(pk=row.pk)).data, status=code)

    @extend_schema(request=NewToolActivitySerializer, responses={201: ToolActivitySerializer})
    def create(self, request: Request) -> Response:
        """Make an activity, credited to you; seen by its makers only unless you say otherwise."""
        said = valid(NewToolActivitySerializer, request)
        first = {"language": self.by.environment.language, "minutes": 15, "visibility": Visibility.PRIVATE}
        with _refused_at_the_address():
            made = link_make(by=self.by, **{**first, **said, "tool": _tool(said["tool"])})
        return self._shown(made, status.HTTP_201_CREATED)

    @extend_schema(request=ToolActivityFactsSerializer, responses=ToolActivitySerializer)
    def partial_update(self, request: Request, slug: str) -> Response:
        """Change an own activity. What people did stays."""
        found = self.get_object()
        if found.environment_id != current_scope().environment_id:
            raise Http404
        said = valid(ToolActivityFactsSerializer, request)
        own = {name: said.pop(name) for name in SET if name in said}
        if "tool" in own:
            own["tool"] = _tool(own["tool"], kept=found.tool)
        with _refused_at_the_address():
            changed = link_set(link=found, by=self.by, element=said, **own)
        return self._shown(changed)

    @extend_schema(responses=ToolResultSerializer(many=True))
    @action(detail=True, methods=["get"])
    def people(self, request: Request, slug: str) -> Response:
        """When each person last opened the tool, and what it said of them last; of those whose results you may see."""
        found = self.get_object()
        page = self.paginate_queryset(people_of(link=found, membership=self.by))
        rows = ToolResultSerializer(page, many=True, context={"link": found})
        return self.get_paginated_response(rows.data)


def _tool(number: int, *, kept: Tool | None = None) -> Tool:
    """One that may be chosen, or the one it has, which may have been switched off since."""
    if kept is not None and kept.pk == number:
        return kept
    found = tools_here(only_on=True).filter(pk=number).first()
    if found is None:
        raise serializers.ValidationError({"tool": ["There is no such tool here."]})
    return found


@contextmanager
def _refused_at_the_address() -> Iterator[None]:
    """Of what the services refuse, only whether the address is on a site of the tool is not looked at before."""
    try:
        yield
    except LtiError as refusal:
        raise serializers.ValidationError({"target_url": [str(refusal)]}) from refusal
