from django.contrib import admin
from django.db.models import Q

from certificates.models import Certificate, CertificateTemplate
from ecosystem.admin_site import ReadOnlyAdmin
from ecosystem.models import Membership
from ecosystem.rules import may_see_results
from ecosystem.spans import RESULTS, span_of


@admin.register(CertificateTemplate)
class CertificateTemplateAdmin(ReadOnlyAdmin):
    named_by = ("title",)
    list_display = ("title", "element", "validity_months")
    list_select_related = ("element",)
    search_fields = ("title",)


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    """For whoever may see results: of the courses and groups that they have."""

    rule = staticmethod(may_see_results)
    named_by = ("title", "holder")
    list_display = ("serial", "holder", "title", "issued_at", "expires_at", "revoked_at")
    search_fields = ("serial", "holder", "title")
    date_hierarchy = "issued_at"

    def within(self, membership: Membership) -> Q:
        return span_of(membership, *RESULTS).of_courses()
