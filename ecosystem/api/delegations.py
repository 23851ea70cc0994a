"""Powers that somebody was given, for other software."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.api.elements import NOBODY, member_or_error
from ecosystem.models import Delegation, Element, Group, Person, Power, Reach
from ecosystem.proof import refuse_unproven
from ecosystem.rules import may_give
from ecosystem.selectors import delegations_over, people_to_ask
from ecosystem.services.delegations import (
    delegation_extend,
    delegation_grant,
    delegation_reattest,
    delegation_revoke,
)
from ecosystem.slugs import own_first
from ecosystem.spans import span_of


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    person = serializers.EmailField(source="person.email", read_only=True)
    powers = serializers.ListField(child=serializers.ChoiceField(choices=Power.choices), read_only=True)
    course = serializers.CharField(source="element.slug", read_only=True, allow_null=True, default=None)
    group = serializers.IntegerField(source="group_id", read_only=True, allow_null=True)
    granted_by = serializers.CharField(source="grantor_name", read_only=True)

    class Meta:
        model = Delegation
        fields = [
            "id", "person", "powers", "reach", "course", "group", "granted_by", "granted_at", "starts_at", "ends_at",
            "reattested_at", "revoked_at",
        ]  # fmt: skip
        read_only_fields = fields


class NewDelegationSerializer(serializers.Serializer[Any]):
    person = serializers.EmailField(help_text="E-mail address of a member.")
    powers = serializers.ListField(
        child=serializers.ChoiceField(choices=Power.choices), allow_empty=False, max_length=20
    )
    until = serializers.DateTimeField()
    starts = serializers.DateTimeField(allow_null=True, default=None)
    reach = serializers.ChoiceField(choices=Reach.choices, default=Reach.HERE)
    course = serializers.SlugField(allow_null=True, default=None, help_text="With the reach `course`.")
    group = serializers.PrimaryKeyRelatedField(
        queryset=Group.objects.all(), allow_null=True, default=None, help_text="With the reach `group`."
    )

    def validate_person(self, value: str) -> Person:
        person = member_or_error(value)
        found = people_to_ask(words=person.email, by=self.context["request"]._request.membership)
        if person.pk != self.context["request"].user.pk and all(row.person_id != person.pk for row in found):
            raise serializers.ValidationError(NOBODY)
        return person

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        slug, wanted = attrs.pop("course"), attrs["reach"] == Reach.COURSE
        courses = Element.objects.filter(kind="course", slug=slug or "").order_by(own_first(), "pk")
        attrs["element"] = courses.first() if wanted else None
        if wanted and attrs["element"] is None:
            raise serializers.ValidationError({"course": ["There is no such course."]})
        if attrs["reach"] != Reach.GROUP:
            attrs["group"] = None
        return attrs


class UntilSerializer(serializers.Serializer[Any]):
    until = serializers.DateTimeField()


class DelegationViewSet(viewsets.ReadOnlyModelViewSet[Delegation]):
    """Who may do what here by delegation, as far as one may pass powers on oneself."""

    rule = staticmethod(may_give)
    area = "members"
    serializer_class = DelegationSerializer
    queryset = Delegation.objects.select_related("person", "element", "group")
    filterset_fields = {"revoked_at": ["isnull"]}
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Delegation]:
        span = span_of(self.request._request.membership, Power.DELEGATE)
        return super().get_queryset().filter(delegations_over(span))

    @extend_schema(request=NewDelegationSerializer, responses={201: DelegationSerializer})
    def create(self, request: Request) -> Response:
        """Give powers that you may pass on yourself. The same again changes nothing. A page's session must be proven."""
        refuse_unproven(request)
        wish = NewDelegationSerializer(data=request.data, context={"request": request})
        wish.is_valid(raise_exception=True)
        made = delegation_grant(by=request._request.membership, **wish.validated_data)
        return Response(DelegationSerializer(made).data, status=status.HTTP_201_CREATED)

    def shown(self) -> Response:
        return Response(DelegationSerializer(self.get_object()).data)

    @extend_schema(request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"], filterset_fields={})
    def revoke(self, request: Request, pk: int) -> Response:
        """Take the powers back at once, with what was given on from them."""
        refuse_unproven(request)
        delegation_revoke(delegation=self.get_object(), by=request._request.membership)
        return self.shown()

    @extend_schema(request=UntilSerializer, responses=DelegationSerializer)
    @action(detail=True, methods=["post"], filterset_fields={})
    def extend(self, request: Request, pk: int) -> Response:
        """Let it last longer, at most two years."""
        refuse_unproven(request)
        delegation = self.get_object()
        wish = UntilSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        delegation_extend(delegation=delegation, by=request._request.membership, **wish.validated_data)
        return self.shown()

    @extend_schema(request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"], filterset_fields={})
    def confirm(self, request: Request, pk: int) -> Response:
        """Say that it is still needed."""
        delegation_reattest(delegation=self.get_object(), by=request._request.membership)
        return self.shown()
