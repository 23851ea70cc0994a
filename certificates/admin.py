from django.contrib import admin

from certificates.models import Certificate, CertificateTemplate
from ecosystem.admin_site import ReadOnlyAdmin


@admin.register(CertificateTemplate)
class CertificateTemplateAdmin(ReadOnlyAdmin):
    list_display = ("title", "element", "validity_months")
    list_select_related = ("element",)
    search_fields = ("title",)


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ("serial", "holder", "title", "issued_at", "expires_at", "revoked_at")
    search_fields = ("serial", "holder", "title")
    date_hierarchy = "issued_at"
