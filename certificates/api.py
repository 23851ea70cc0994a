"""Certificates for other software; reading only."""

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from rest_framework import serializers, viewsets

from certificates.models import Certificate, Standing
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


class CertificateFilter(django_filters.FilterSet):
    course = django_filters.CharFilter(field_name="element__slug", label="Slug of the course.")
    issued_since = django_filters.IsoDateTimeFilter(field_name="issued_at", lookup_expr="gte")

    class Meta:
        model = Certificate
        fields: list[str] = []


class CertificateViewSet(viewsets.ReadOnlyModelViewSet[Certificate]):
    """One's own certificates; administrators see everybody's."""

    rule = staticmethod(is_member)
    area = "certificates"
    serializer_class = CertificateSerializer
    queryset = Certificate.objects.select_related("element", "person")
    filterset_class = CertificateFilter
    lookup_field = "uid"
    lookup_value_converter = "uuid"
    ordering = ("-issued_at", "-id")

    def get_queryset(self) -> QuerySet[Certificate]:
        certificates, membership = super().get_queryset(), self.request._request.membership
        return certificates if is_admin(membership) else certificates.filter(person_id=membership.person_id)
