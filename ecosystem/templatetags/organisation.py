from django import template
from django.urls import reverse

from ecosystem.models import IdentityProvider
from ecosystem.organisation import provider_id_of

register = template.Library()


@register.simple_tag
def organisations() -> list[tuple[str, str]]:
    """(name, address) of the sign-ins of the organisation that this host offers."""
    rows = IdentityProvider.objects.filter(is_on=True).order_by("name")
    return [(row.name, reverse("openid_connect_login", args=[provider_id_of(row)])) for row in rows]
