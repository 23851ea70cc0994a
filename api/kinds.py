"""What the API adds to the site."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ecosystem.registry import RolePage, role_pages
from ecosystem.rules import is_member

role_pages.register("api", RolePage(_("API and webhooks"), lambda: reverse("developers:tokens"), is_member))
