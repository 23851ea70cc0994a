"""The people of an environment and what they are there."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.models import Membership, Role
from ecosystem.people_access import may_give_roles, people_span
from ecosystem.rules import is_manager, may_read_people
from ecosystem.services.admissions import MOST, Admitted, Newcomer, members_add
from ecosystem.services.memberships import member_sign_out, member_take_back, member_update, members_end
from ecosystem.services.people import member_roles_set


class MemberSerializer(serializers.ModelSerializer[Membership]):
    name = serializers.CharField(source="person.name", read_only=True)
    email = serializers.EmailField(source="person.email", read_only=True)
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), read_only=True)

    class Meta:
        model = Membership
        fields = ["id", "name", "email", "roles", "job_title", "joined_at", "ended_at"]
        read_only_fields = fields


class NewMemberSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    name = serializers.CharField(max_length=120)
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), allow_empty=False, max_length=10, default=[Role.LEARNER]
    )
    job_title = serializers.CharField(max_length=120, allow_blank=True, default="")


class MemberChangeSerializer(serializers.Serializer[Any]):
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), allow_empty=False, max_length=10, required=False
    )
    job_title = serializers.CharField(max_length=120, allow_blank=True, required=False)


class ItemSerializer(serializers.Serializer[Any]):
    """As a new member; what is wrong with one item is said in the report."""

    email = serializers.CharField(max_length=254)
    name = serializers.CharField(max_length=120, allow_blank=True)
    roles = serializers.ListField(child=serializers.CharField(max_length=20), max_length=10, default=[Role.LEARNER])
    job_title = serializers.CharField(max_length=120, allow_blank=True, default="")


class ManyMembersSerializer(serializers.Serializer[Any]):
    items = ItemSerializer(many=True, allow_empty=False, max_length=MOST)
    all_or_nothing = serializers.BooleanField(default=False, help_text="One bad item refuses them all.")


class AdmittedSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=["invited", "restored", "already", "refused"])
    email = serializers.CharField()
    id = serializers.IntegerField(source="membership.pk", allow_null=True, default=None)
    detail = serializers.CharField(source="why", allow_blank=True)


class MembersReportSerializer(serializers.Serializer[Any]):
    results = AdmittedSerializer(many=True)


class MemberFilter(django_filters.FilterSet):
    role = django_filters.ChoiceFilter(choices=Role.choices, method="with_role", label="Has this role.")
    email = django_filters.CharFilter(field_name="person__email", lookup_expr="iexact", label="E-mail address.")
    active = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull", label="Has not left.")

    class Meta:
        model = Membership
        fields: list[str] = []

    def with_role(self, rows: QuerySet[Membership], _name: str, value: str) -> QuerySet[Membership]:
        return rows.filter(roles__contains=[value])


class MemberViewSet(viewsets.ReadOnlyModelViewSet[Membership]):
    """Who is here, as what. Managers read, administrators change; who has single groups or courses reads the people in them."""

    rule = staticmethod(may_read_people)
    write_rule = staticmethod(is_manager)
    rules = {"create": may_give_roles, "bulk": may_give_roles}
    area = "members"
    serializer_class = MemberSerializer
    queryset = Membership.objects.select_related("person")
    filterset_class = MemberFilter
    lookup_value_converter = "int"
    orderings = ("joined_at",)

    def get_queryset(self) -> QuerySet[Membership]:
        return super().get_queryset().filter(people_span(self.request._request.membership).of_people())

    @extend_schema(request=NewMemberSerializer, responses={201: MemberSerializer, 202: AdmittedSerializer})
    def create(self, request: Request) -> Response:
        """Invite one person; one who had left is here again. Refused when they are here or invited already."""
        wish = NewMemberSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        (admitted,) = members_add(newcomers=[newcomer(wish.validated_data)], by=request._request.membership)
        if admitted.outcome in {"already", "refused"}:
            why = admitted.why or "This person is here, or invited already."
            raise serializers.ValidationError({"email": [why]})
        if admitted.membership is None:
            return Response(AdmittedSerializer(admitted).data, status=status.HTTP_202_ACCEPTED)
        return Response(MemberSerializer(admitted.membership).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ManyMembersSerializer, responses=MembersReportSerializer)
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def bulk(self, request: Request) -> Response:
        """Invite up to 1 000 people. The report has a line for each item, in their order."""
        wish = ManyMembersSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        newcomers = [newcomer(item) for item in wish.validated_data["items"]]
        report = members_add(newcomers=newcomers, by=request._request.membership)
        if wish.validated_data["all_or_nothing"]:
            refuse_all(report)
        return Response(MembersReportSerializer({"results": report}).data)

    @extend_schema(request=MemberChangeSerializer, responses=MemberSerializer)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Give somebody exactly these roles (administrators), or another job title."""
        membership, by = self.get_object(), request._request.membership
        wish = MemberChangeSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        if "roles" in wish.validated_data:
            member_roles_set(membership=membership, by=by, roles=wish.validated_data["roles"])
        if "job_title" in wish.validated_data:
            member_update(membership=membership, by=by, job_title=wish.validated_data["job_title"])
        return Response(MemberSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=MemberSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: int) -> Response:
        """They are no longer here; what they did stays. Again changes nothing."""
        members_end(memberships=[self.get_object()], by=request._request.membership)
        return Response(MemberSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=MemberSerializer)
    @action(detail=True, methods=["post"], url_path="sign-out")
    def sign_out(self, request: Request, pk: int) -> Response:
        """End their sign-ins on every device here. They may come in again; keys go on working."""
        member_sign_out(membership=self.get_object(), by=request._request.membership)
        return Response(MemberSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=MemberSerializer)
    @action(detail=True, methods=["post"])
    def back(self, request: Request, pk: int) -> Response:
        """Let somebody in again who had left, with the roles they had."""
        member_take_back(membership=self.get_object(), by=request._request.membership)
        return Response(MemberSerializer(self.get_object()).data)


def newcomer(item: dict[str, Any]) -> Newcomer:
    return Newcomer(item["email"], item["name"], tuple(item["roles"]), item["job_title"])


def refuse_all(report: list[Admitted]) -> None:
    """Raises when one line was refused, with the place of each that was."""
    bad = {str(index): {"email": [line.why]} for index, line in enumerate(report) if line.outcome == "refused"}
    if bad:
        raise serializers.ValidationError({"items": bad})
