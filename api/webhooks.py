"""Webhooks by REST: the same as on the page of an administrator."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import WebhookDelivery, WebhookEndpoint
from api.services.webhooks import (
    delivery_replay,
    webhook_create,
    webhook_delete,
    webhook_ping,
    webhook_replay,
    webhook_secret_rotate,
    webhook_update,
)
from ecosystem.proof import refuse_unproven
from ecosystem.rules import is_admin

NO_STORE = {"Cache-Control": "no-store"}


class WebhookSerializer(serializers.ModelSerializer[WebhookEndpoint]):
    disabled_because = serializers.CharField(read_only=True, help_text="gone, silent, or empty.")

    class Meta:
        model = WebhookEndpoint
        fields = ["uid", "url", "name", "verbs", "enabled", "disabled_because", "failing_since", "created_at"]
        read_only_fields = fields


class WebhookChangeSerializer(serializers.Serializer[Any]):
    url = serializers.URLField(max_length=500, required=False)
    name = serializers.CharField(max_length=120, required=False)
    verbs = serializers.ListField(
        child=serializers.SlugField(max_length=64), max_length=50, required=False, help_text="Empty means all."
    )
    enabled = serializers.BooleanField(required=False)


class NewWebhookSerializer(serializers.Serializer[Any]):
    url = serializers.URLField(max_length=500)
    name = serializers.CharField(max_length=120)
    verbs = serializers.ListField(
        child=serializers.SlugField(max_length=64), max_length=50, default=list, help_text="Empty means all."
    )


class SecretSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField(help_text="It is shown this once.")


class GivenWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(read_only=True, help_text="It is shown this once.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer[WebhookDelivery]):
    class Meta:
        model = WebhookDelivery
        fields = ["id", "message_id", "kind", "state", "attempts", "status", "error", "created_at", "due_at", "done_at"]
        read_only_fields = fields


class PeriodSerializer(serializers.Serializer[Any]):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()


class ReplayedSerializer(serializers.Serializer[Any]):
    messages = serializers.IntegerField()


class WebhookViewSet(viewsets.ReadOnlyModelViewSet[WebhookEndpoint]):
    """Addresses that are told what happens here. For administrators."""

    rule = staticmethod(is_admin)
    area = "webhooks"
    serializer_class = WebhookSerializer
    queryset = WebhookEndpoint.objects.all()
    lookup_field = "uid"
    lookup_value_converter = "uuid"

    @extend_schema(request=NewWebhookSerializer, responses={201: GivenWebhookSerializer})
    def create(self, request: Request) -> Response:
        """A new endpoint. Only this answer holds its secret. A session must have shown who it is in the last five minutes."""
        refuse_unproven(request)
        wish = NewWebhookSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        endpoint, secret = webhook_create(by=request._request.membership, **wish.validated_data)
        body = {**WebhookSerializer(endpoint).data, "secret": secret}
        return Response(body, status=status.HTTP_201_CREATED, headers=NO_STORE)

    @extend_schema(request=WebhookChangeSerializer, responses=WebhookSerializer)
    def partial_update(self, request: Request, uid: str) -> Response:
        """Change it, or switch it on or off. A session must have shown who it is in the last five minutes."""
        refuse_unproven(request)
        endpoint = self.get_object()
        wish = WebhookChangeSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        changed = webhook_update(endpoint=endpoint, by=request._request.membership, **wish.validated_data)
        return Response(WebhookSerializer(changed).data)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, uid: str) -> Response:
        """Remove it with its log."""
        webhook_delete(endpoint=self.get_object(), by=request._request.membership)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=SecretSerializer)
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, uid: str) -> Response:
        """A new secret. The old one signs beside it for another 24 hours. A session must have shown who it is first."""
        refuse_unproven(request)
        secret = webhook_secret_rotate(endpoint=self.get_object(), by=request._request.membership)
        return Response({"secret": secret}, headers=NO_STORE)

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, uid: str) -> Response:
        """Send a signed test."""
        delivery = webhook_ping(endpoint=self.get_object(), by=request._request.membership)
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=PeriodSerializer, responses={202: ReplayedSerializer})
    @action(detail=True, methods=["post"])
    def replay(self, request: Request, uid: str) -> Response:
        """Send what was recorded in that time again, also what was never sent."""
        endpoint = self.get_object()
        wish = PeriodSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        count = webhook_replay(endpoint=endpoint, by=request._request.membership, **wish.validated_data)
        return Response({"messages": count}, status=status.HTTP_202_ACCEPTED)


class DeliveryViewSet(viewsets.ReadOnlyModelViewSet[WebhookDelivery]):
    """What was sent to webhooks, newest first. For administrators."""

    rule = staticmethod(is_admin)
    area = "webhooks"
    serializer_class = DeliverySerializer
    queryset = WebhookDelivery.objects.select_related("endpoint")
    lookup_value_converter = "int"
    ordering = ("-created_at", "-id")
    filterset_fields = {"state": ["exact"], "endpoint__uid": ["exact"]}

    @extend_schema(request=None, responses={202: DeliverySerializer})
    @action(detail=True, methods=["post"], filterset_fields={})
    def replay(self, request: Request, pk: int) -> Response:
        """Send one again, with the same id."""
        delivery = self.get_object()
        delivery_replay(delivery=delivery, by=request._request.membership)
        delivery.refresh_from_db()
        return Response(DeliverySerializer(delivery).data, status=status.HTTP_202_ACCEPTED)
