"""Certificates for other software."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certificates.models import Certificate, Standing
from certificates.services import certificate_revoke
from ecosystem.rules import is_admin, is_member


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    course = serializers.SlugField(source="element.slug", read_only=True)
    person = serializers.EmailField(source="person.email", read_only=True)
    standing = serializers.SerializerMethodField()
    verify_url = serializers.SerializerMethodField(help_text="The public page that says whether it is true.")

    class Meta:
        model = Certificate
        fields = [
            "uid", "serial", "course", "title", "holder", "person", "standing", "issued_at", "expires_at", "revoked_at",
            "revoked_because", "verify_url",
        ]  # fmt: skip
        read_only_fields = fields

    def get_standing(self, certificate: Certificate) -> Standing:
        return certificate.standing()

    def get_verify_url(self, certificate: Certificate) -> str:
        return self.context["request"].build_absolute_uri(reverse("certificates:verify", args=[certificate.serial]))


class ReasonSerializer(serializers.Serializer[Any]):
    because = serializers.CharField(max_length=300, help_text="Stands on the public page.")


class CertificateFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="element__slug", label="Slug of the course.")
    issued_since = django_filters.IsoDateTimeFilter(field_name="issued_at", lookup_expr="gte")

    class Meta:
        model = Certificate
        fields: list[str] = []


class CertificateViewSet(viewsets.ReadOnlyModelViewSet[Certificate]):
    """One's own certificates; administrators see everybody's."""

    rule = staticmethod(is_member)
    rules = {"revoke": is_admin}
    area = "certificates"
    serializer_class = CertificateSerializer
    queryset = Certificate.objects.select_related("element", "person")
    filterset_class = CertificateFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-issued_at", "-id")
    orderings = ("issued_at", "serial")

    def get_queryset(self) -> QuerySet[Certificate]:
        certificates, membership = super().get_queryset(), self.request._request.membership
        return certificates if is_admin(membership) else certificates.filter(person_id=membership.person_id)

    @extend_schema(request=ReasonSerializer, responses=CertificateSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, uid: str) -> Response:
        """Withdraw it, with the reason that its public page gives. Again changes nothing."""
        certificate = self.get_object()
        wish = ReasonSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        certificate_revoke(certificate=certificate, by=request._request.membership, **wish.validated_data)
        return Response(self.get_serializer(self.get_object()).data)
