"""Invitations and groups for other software."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.member_selectors import group_members
from ecosystem.models import Group, GroupMember, Invitation, Membership, Role
from ecosystem.people_access import may_see_people
from ecosystem.selectors import member_of_email
from ecosystem.services.groups import group_delete, group_member_remove, group_members_add, group_save
from ecosystem.services.invitations import Invited, invitation_create, invitations_resend, invitations_withdraw


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices), read_only=True)
    group = serializers.IntegerField(source="group_id", read_only=True, allow_null=True)

    class Meta:
        model = Invitation
        fields = [
            "uid", "email", "name", "job_title", "roles", "group", "state", "created_at", "expires_at", "mailed_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewInvitationSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=Role.choices), allow_empty=False, max_length=10, default=[Role.LEARNER]
    )
    name = serializers.CharField(max_length=120, allow_blank=True, default="")
    job_title = serializers.CharField(max_length=120, allow_blank=True, default="")
    group = serializers.PrimaryKeyRelatedField(queryset=Group.objects.all(), allow_null=True, default=None)


class InvitationFilter(django_filters.FilterSet):
    email = django_filters.CharFilter(lookup_expr="iexact", label="E-mail address.")

    class Meta:
        model = Invitation
        fields = ["state"]


class InvitationViewSet(viewsets.ReadOnlyModelViewSet[Invitation]):
    """Who was invited. For managers and administrators."""

    rule = staticmethod(may_see_people)
    area = "members"
    serializer_class = InvitationSerializer
    queryset = Invitation.objects.all()
    filterset_class = InvitationFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-created_at", "-id")

    @extend_schema(request=NewInvitationSerializer, responses={201: InvitationSerializer})
    def create(self, request: Request) -> Response:
        """Invite somebody by letter. A manager invites learners, an administrator anybody."""
        wish = NewInvitationSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        facts = wish.validated_data
        invited = Invited(
            email=facts["email"].lower(),
            roles=tuple(facts["roles"]),
            name=facts["name"],
            job_title=facts["job_title"],
            group_id=facts["group"].pk if facts["group"] else None,
        )
        made = invitation_create(invited=invited, by=request._request.membership)
        return Response(InvitationSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def resend(self, request: Request, uid: str) -> Response:
        """Send it again with a new link, not within five minutes."""
        invitations_resend(invitations=[self.get_object()], by=request._request.membership)
        return Response(InvitationSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=InvitationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, uid: str) -> Response:
        """Its link stops working."""
        invitations_withdraw(invitations=[self.get_object()], by=request._request.membership)
        return Response(InvitationSerializer(self.get_object()).data)


class GroupSerializer(serializers.ModelSerializer[Group]):
    rule = serializers.DictField(
        read_only=True, help_text="Empty, or match and: role, job_title, joined_after, language."
    )

    class Meta:
        model = Group
        fields = ["id", "name", "about", "rule", "created_at"]
        read_only_fields = fields


class RuleSerializer(serializers.Serializer[Any]):
    match = serializers.ChoiceField(choices=["all", "any"], required=False)
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    job_title = serializers.CharField(max_length=120, required=False)
    joined_after = serializers.DateField(required=False)
    language = serializers.CharField(max_length=8, required=False)

    def to_internal_value(self, data: Any) -> Any:
        """As JSON keeps it."""
        return {name: str(value) for name, value in super().to_internal_value(data).items()}


class GroupWishSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    about = serializers.CharField(max_length=200, allow_blank=True, default="")
    rule = RuleSerializer(required=False)


class AddressesSerializer(serializers.Serializer[Any]):
    people = serializers.ListField(
        child=serializers.EmailField(), allow_empty=False, max_length=1000, help_text="E-mail addresses of members."
    )


class CountSerializer(serializers.Serializer[Any]):
    new = serializers.IntegerField(help_text="How many were not in it.")


class AddressSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField(help_text="E-mail address.")


class GroupMemberSerializer(serializers.ModelSerializer[GroupMember]):
    name = serializers.CharField(source="person.name", read_only=True)
    email = serializers.EmailField(source="person.email", read_only=True)

    class Meta:
        model = GroupMember
        fields = ["name", "email", "by_rule"]
        read_only_fields = fields


class GroupMembersSerializer(serializers.Serializer[Any]):
    results = GroupMemberSerializer(many=True)


class GroupViewSet(viewsets.ReadOnlyModelViewSet[Group]):
    """Members who belong together. For managers and administrators."""

    rule = staticmethod(may_see_people)
    area = "members"
    serializer_class = GroupSerializer
    queryset = Group.objects.all()
    lookup_value_converter = "int"
    orderings = ("name", "created_at")

    @extend_schema(request=GroupWishSerializer, responses={201: GroupSerializer})
    def create(self, request: Request) -> Response:
        """A group; with a rule, everybody whom it fits is in it."""
        return Response(self._saved(request, None), status=status.HTTP_201_CREATED)

    @extend_schema(request=GroupWishSerializer, responses=GroupSerializer)
    def update(self, request: Request, pk: int) -> Response:
        """Another name, purpose or rule. Who was put in by hand stays."""
        return Response(self._saved(request, self.get_object()))

    def _saved(self, request: Request, group: Group | None) -> Any:
        wish = GroupWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        facts = {"rule": {}, **wish.validated_data}
        return GroupSerializer(group_save(group=group, by=request._request.membership, **facts)).data

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Take the group away; its members stay."""
        group_delete(group=self.get_object(), by=request._request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(methods=["get"], responses=GroupMembersSerializer)
    @extend_schema(methods=["post"], request=AddressesSerializer, responses=CountSerializer)
    @action(detail=True, methods=["get", "post"], pagination_class=None)
    def members(self, request: Request, pk: int) -> Response:
        """Who is in it; put members into it by hand, up to 1 000 at once."""
        group = self.get_object()
        if request.method != "POST":
            return Response(GroupMembersSerializer({"results": group_members(group=group)}).data)
        wish = AddressesSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        ids = people_of(wish.validated_data["people"]).values_list("person_id", flat=True)
        return Response({"new": group_members_add(group=group, person_ids=ids, by=request._request.membership)})

    @extend_schema(request=AddressSerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        """Take somebody out who was put in by hand."""
        group = self.get_object()
        wish = AddressSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        person = member_of_email(email=wish.validated_data["person"])
        if person is None:
            raise serializers.ValidationError({"person": ["Nobody here has this address."]})
        group_member_remove(group=group, person_id=person.pk, by=request._request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)


def people_of(emails: list[str]) -> QuerySet[Membership]:
    """The members with these addresses. Refuses addresses that nobody here has."""
    wanted = {email.lower() for email in emails}
    rows = Membership.objects.filter(ended_at=None, person__email__in=wanted)
    strange = sorted(wanted - set(rows.values_list("person__email", flat=True)))
    if strange:
        raise serializers.ValidationError({"people": [f"Nobody here has the address {email}." for email in strange]})
    return rows
