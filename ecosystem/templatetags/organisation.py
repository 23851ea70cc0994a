from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse

from ecosystem.models import IdentityProvider, SignInMethod
from ecosystem.navigation import own_path
from ecosystem.organisation import provider_id_of
from ecosystem.setting_kinds import setting_of
from ecosystem.ways_in import SETTING

register = template.Library()


@register.simple_tag(takes_context=True)
def ways_in(context: Context) -> list[str]:
    """The ways to sign in that this host offers, the one that the page proposes first."""
    offered = setting_of(context["request"].environment, SETTING)
    return [way for way in SignInMethod.values if way in offered]


@register.simple_tag(takes_context=True)
def next_query(context: Context) -> str:
    """``?next=...`` for the other ways in: whoever wanted a page gets it, however they sign in."""
    wanted = own_path(context["request"], default="")
    return f"?{urlencode({'next': wanted})}" if wanted else ""


@register.simple_tag(takes_context=True)
def organisations(context: Context) -> list[tuple[str, str]]:
    """(name, address) of the sign-ins of the organisation that this host offers."""
    if SignInMethod.ORGANISATION not in ways_in(context):
        return []
    rows = IdentityProvider.objects.filter(is_on=True).order_by("name")
    query = next_query(context)
    return [(row.name, reverse("openid_connect_login", args=[provider_id_of(row)]) + query) for row in rows]
