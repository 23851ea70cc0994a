"""Who the caller is here."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.models import Token
from api.tokens import TokenSerializer
from ecosystem.models import Environment, Role
from ecosystem.rules import is_member


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


class Me(APIView):
    """The person of the token or the page, with their roles in this environment."""

    rule = staticmethod(is_member)
    area = ""

    @extend_schema(responses=MeSerializer, operation_id="me_retrieve")
    def get(self, request: Request) -> Response:
        membership, person = request._request.membership, request.user
        facts = {
            "name": person.name,
            "email": person.email,
            "language": person.language or request._request.environment.language,
            "roles": membership.roles,
            "environment": request._request.environment,
            "token": request.auth if isinstance(request.auth, Token) else None,
        }
        return Response(MeSerializer(facts).data)
