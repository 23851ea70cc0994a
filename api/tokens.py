"""One's own tokens, made and revoked on a signed-in page."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import Token
from api.parsers import BoundedJSON
from api.permissions import DeclaredRule, SignedInPage
from api.scopes import SCOPES
from api.services import token_create, token_revoke
from ecosystem.proof import refuse_unproven
from ecosystem.rules import is_here


class TokenSerializer(serializers.ModelSerializer[Token]):
    class Meta:
        model = Token
        fields = ["id", "name", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
        read_only_fields = fields


class NewTokenSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120, help_text="What it is for.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=SCOPES), allow_empty=False, max_length=len(SCOPES), default=["read"]
    )
    days = serializers.IntegerField(min_value=1, max_value=366, default=90, help_text="How long it works.")


class GivenTokenSerializer(TokenSerializer):
    token = serializers.CharField(read_only=True, help_text="The secret. It is shown this once.")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]
        read_only_fields = fields


class TokenViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Token]):
    """Your tokens in this environment; those of somebody from above work while they look after it."""

    rule = staticmethod(is_here)
    area = ""
    permission_classes = [DeclaredRule, SignedInPage]
    parser_classes = [BoundedJSON]
    serializer_class = TokenSerializer
    queryset = Token.objects.all()
    lookup_value_converter = "int"
    ordering = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Token]:
        return super().get_queryset().filter(person_id=self.request._request.membership.person_id)

    @extend_schema(request=NewTokenSerializer, responses={201: GivenTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token for yourself. Only this answer holds the secret. Asks to have shown who you are in the last five minutes."""
        refuse_unproven(request)
        wish = NewTokenSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        token, secret = token_create(
            person=request.user,
            name=wish.validated_data["name"],
            scopes=wish.validated_data["scopes"],
            valid_for=timedelta(days=wish.validated_data["days"]),
        )
        body = {**TokenSerializer(token).data, "token": secret}
        return Response(body, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Revoke a token; it stays in the list, as a trace."""
        token_revoke(token=self.get_object(), by=request._request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)
