"""Who the caller is here."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.models import Token
from api.tokens import TokenSerializer
from ecosystem.models import Environment, Person, Role
from ecosystem.rules import is_here
from ecosystem.services.memberships import profile_update
from ecosystem.time_zones import known_zones


class EnvironmentSerializer(serializers.ModelSerializer[Environment]):
    class Meta:
        model = Environment
        fields = ["slug", "name", "language", "time_zone"]
        read_only_fields = fields


class MeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    email = serializers.EmailField()
    language = serializers.CharField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    environment = EnvironmentSerializer()
    token = TokenSerializer(
        allow_null=True, help_text="The token of this request; null on a signed-in page and for OAuth."
    )


class MeChangeSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, required=False)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, allow_blank=True, required=False)
    time_zone = serializers.CharField(max_length=60, allow_blank=True, required=False)

    def validate_time_zone(self, value: str) -> str:
        if value and value not in known_zones():
            raise serializers.ValidationError("There is no such time zone.")
        return value


class Me(APIView):
    """The person of the token or the page, with their roles in this environment."""

    rule = staticmethod(is_here)
    area = ""

    @extend_schema(responses=MeSerializer, operation_id="me_retrieve")
    def get(self, request: Request) -> Response:
        return self._shown(request, request.user)

    @extend_schema(request=MeChangeSerializer, responses=MeSerializer, operation_id="me_update")
    def patch(self, request: Request) -> Response:
        """Your own name, language and time zone, the same in every environment."""
        wish = MeChangeSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        person = request.user
        now = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
        return self._shown(request, profile_update(person=person, **{**now, **wish.validated_data}))

    def _shown(self, request: Request, person: Person) -> Response:
        membership = request._request.membership
        facts = {
            "name": person.name,
            "email": person.email,
            "language": person.language or request._request.environment.language,
            "roles": membership.roles,
            "environment": request._request.environment,
            "token": request.auth if isinstance(request.auth, Token) else None,
        }
        return Response(MeSerializer(facts).data)
