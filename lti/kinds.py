"""What external tools add to the site."""

from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

import lti.packaging  # noqa: F401 -- registers how activities in tools go into packages of courses
from ecosystem.addresses import address
from ecosystem.models import Element, Membership
from ecosystem.registry import (
    ActivityType,
    ElementKind,
    InlineForm,
    RolePage,
    activity_types,
    audit_acts,
    element_kinds,
    inline_forms,
    role_pages,
)
from ecosystem.rules import is_admin, is_author
from lti.forms import InlineToolForm
from lti.services import link_make
from lti.services.linking import KIND


def _href(element: Element) -> str:
    return address("lti:activity", element.slug)


def _made(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    own = {name: cleaned[name] for name in ("title", "tool", "target_url", "done_when", "pass_mark")}
    element: Element = link_make(by=by, **own, **facts).element
    return element


element_kinds.register(KIND, ElementKind(KIND, _("external tool"), "plug", _href))
activity_types.register(
    KIND,
    ActivityType(
        KIND,
        _("External tool"),
        "plug",
        lambda element, onward: f"{_href(element)}?{urlencode({'next': onward})}",
        passes=frozenset({"passed"}),
        fails=frozenset({"failed"}),
    ),
)
inline_forms.register(KIND, InlineForm(_("External tool"), "plug", InlineToolForm, _made, rule=is_author))
role_pages.register("tools", RolePage(_("Activities in external tools"), lambda: address("lti:home"), is_author))
role_pages.register("lti", RolePage(_("External tools"), lambda: address("lti:registrations"), is_admin))
for _act, _said in (
    ("lti_tool.saved", _("External tool registered or changed")),
    ("lti_tool.removed", _("External tool removed")),
    ("lti_key.rotated", _("Key for external tools renewed")),
    ("lti_link.made", _("Activity in an external tool made")),
    ("lti_link.changed", _("Activity in an external tool changed")),
):
    audit_acts.register(_act, _said)
