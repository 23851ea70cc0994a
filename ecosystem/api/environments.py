"""The environments below this one, for other software."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.environment_tree import Branch, branches
from ecosystem.models import Environment, EnvironmentExport, ExportState
from ecosystem.models.environments import HOST_NAME
from ecosystem.proof import refuse_unproven
from ecosystem.rules import may_set
from ecosystem.scope import current_scope
from ecosystem.services.environment_exports import environment_export_ask
from ecosystem.services.subenvironments import environment_archive, environment_restore, subenvironment_create

OWN_LIMIT = "0 is no limit of its own; those of environments above hold too."


class TreeEnvironmentSerializer(serializers.ModelSerializer[Environment]):
    parent = serializers.SlugField(source="parent.slug", read_only=True, allow_null=True, default=None)
    host = serializers.SerializerMethodField()
    members = serializers.SerializerMethodField()
    people = serializers.SerializerMethodField(
        help_text="Members here and below, each person once, without archived environments."
    )
    people_limit = serializers.SerializerMethodField(help_text=f"How many `people` at most. {OWN_LIMIT}")
    storage_bytes = serializers.SerializerMethodField()
    storage_with_below_bytes = serializers.SerializerMethodField(help_text="Here and below.")
    storage_limit_bytes = serializers.SerializerMethodField(help_text=f"Of `storage_with_below_bytes`. {OWN_LIMIT}")
    remove_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="When everything in it goes for good."
    )

    class Meta:
        model = Environment
        fields = [
            "slug", "name", "parent", "host", "members", "people", "people_limit", "storage_bytes",
            "storage_with_below_bytes", "storage_limit_bytes", "archived_at", "remove_at",
        ]  # fmt: skip
        read_only_fields = fields

    def _branch(self, row: Environment) -> Branch:
        found: Branch = self.context["branches"][row.pk]
        return found

    def get_host(self, row: Environment) -> str:
        return self._branch(row).host

    def get_members(self, row: Environment) -> int:
        return self._branch(row).members

    def get_people(self, row: Environment) -> int:
        return self._branch(row).people

    def get_people_limit(self, row: Environment) -> int:
        return self._branch(row).people_limit

    def get_storage_bytes(self, row: Environment) -> int:
        return self._branch(row).used

    def get_storage_with_below_bytes(self, row: Environment) -> int:
        return self._branch(row).stored

    def get_storage_limit_bytes(self, row: Environment) -> int:
        return self._branch(row).storage_limit


class NewEnvironmentSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)
    host = serializers.CharField(
        max_length=253, validators=[HOST_NAME], help_text="A host name of its own, below a host of this tree."
    )
    parent = serializers.SlugField(required=False, help_text="Slug of the environment above it; usually this one.")


class CopySerializer(serializers.ModelSerializer[EnvironmentExport]):
    state = serializers.ChoiceField(choices=ExportState.choices, read_only=True)

    class Meta:
        model = EnvironmentExport
        fields = ["uid", "state", "done", "total", "asked_at", "expires_at"]
        read_only_fields = fields


class EnvironmentViewSet(viewsets.ReadOnlyModelViewSet[Environment]):
    """This environment and those below it, with what they use. For administrators."""

    rule = staticmethod(may_set)
    area = "environments"
    serializer_class = TreeEnvironmentSerializer
    queryset = Environment.objects.select_related("parent")
    lookup_field = "slug"
    lookup_value_converter = "slug"
    orderings = ("name", "slug")

    def get_queryset(self) -> QuerySet[Environment]:
        return super().get_queryset().filter(ancestor_links__ancestor_id=current_scope().environment_id)

    def get_serializer_context(self) -> dict[str, Any]:
        known = {} if getattr(self, "swagger_fake_view", False) else {one.environment.pk: one for one in branches()}
        return {**super().get_serializer_context(), "branches": known}

    def shown(self, row: Environment, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.get_queryset().get(pk=row.pk)
        return Response(TreeEnvironmentSerializer(fresh, context=self.get_serializer_context()).data, status=code)

    @extend_schema(request=NewEnvironmentSerializer, responses={201: TreeEnvironmentSerializer})
    def create(self, request: Request) -> Response:
        """A new environment below this one, or below one of those. It begins with the look of the one above it."""
        wish = NewEnvironmentSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        slug = wish.validated_data.pop("parent", request._request.environment.slug)
        parent = self.get_queryset().filter(slug=slug).first()
        if parent is None:
            raise serializers.ValidationError({"parent": ["There is no such environment here or below."]})
        made = subenvironment_create(parent=parent, by=request._request.membership, **wish.validated_data)
        return self.shown(made, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=TreeEnvironmentSerializer)
    @action(detail=True, methods=["post"])
    def archive(self, request: Request, slug: str) -> Response:
        """Nobody can sign in any more; nothing is lost. Again changes nothing."""
        return self.shown(environment_archive(environment=self.get_object(), by=request._request.membership))

    @extend_schema(request=None, responses=TreeEnvironmentSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, slug: str) -> Response:
        """As it was before it was archived. Again changes nothing."""
        return self.shown(environment_restore(environment=self.get_object(), by=request._request.membership))

    @extend_schema(request=None, responses=CopySerializer)
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, slug: str) -> Response:
        """Ask for a copy of everything in it. Again says how far it is; it is downloaded in a browser."""
        refuse_unproven(request)
        made = environment_export_ask(environment=self.get_object(), by=request._request.membership)
        return Response(CopySerializer(made).data)
