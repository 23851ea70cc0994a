from django.contrib.admin.apps import AdminConfig


class GroveAdminConfig(AdminConfig):
    """Django's admin with our site: rights come from the membership, rows from the scope."""

    default_site = "ecosystem.admin_site.GroveAdminSite"
