"""The kinds of elements that need no app of their own."""

from django.utils.translation import gettext_lazy as _

from ecosystem.addresses import address
from ecosystem.audit_words import ACTS
from ecosystem.packaging import PackagedKind, closed_schema, packaged_kinds
from ecosystem.registry import ElementKind, NavEntry, RolePage, audit_acts, element_kinds, nav, role_pages
from ecosystem.rules import is_member, may_brand, may_give, may_read_people, may_set
from ecosystem.services.elements import element_create

element_kinds.register("external", ElementKind("external", _("outside tool"), "plug", lambda element: element.url))
packaged_kinds.register(
    "external",
    PackagedKind(
        closed_schema(url={"type": "string", "maxLength": 200}),
        lambda element, out: {"url": element.url},
        lambda *, facts, part, coming: element_create(kind="external", url=part["url"], **facts),
    ),
)

nav.register("home", NavEntry("home", _("Home"), _("Home"), "house", lambda: address("home")))
role_pages.register("people", RolePage(_("People"), lambda: address("people:list"), may_read_people))
role_pages.register("my-profile", RolePage(_("My profile"), lambda: address("my-profile"), is_member))
role_pages.register("my-data", RolePage(_("My data"), lambda: address("my-data"), is_member))
role_pages.register("delegations", RolePage(_("Who may do what"), lambda: address("delegations"), may_give))
role_pages.register("settings", RolePage(_("Settings"), lambda: address("settings:list"), may_set))
role_pages.register("my-transcript", RolePage(_("My transcript"), lambda: address("my-transcript"), is_member))
role_pages.register("audit", RolePage(_("Audit log"), lambda: address("settings:audit"), may_set))
role_pages.register("environments", RolePage(_("Environments"), lambda: address("settings:environments"), may_set))
role_pages.register("look", RolePage(_("Look and words"), lambda: address("settings:look"), may_brand))

for _act, _words in ACTS.items():
    audit_acts.register(_act, _words)
