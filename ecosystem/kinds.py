"""The kinds of elements that need no app of their own."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ecosystem.registry import ElementKind, NavEntry, RolePage, element_kinds, nav, role_pages
from ecosystem.rules import may_give

element_kinds.register("external", ElementKind("external", _("outside tool"), "plug", lambda element: element.url))

nav.register("home", NavEntry("home", _("Home"), _("Home"), "house", lambda: reverse("home")))
role_pages.register("delegations", RolePage(_("Who may do what"), lambda: reverse("delegations"), may_give))
