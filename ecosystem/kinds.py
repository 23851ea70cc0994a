"""The kinds of elements that need no app of their own."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ecosystem.registry import ElementKind, NavEntry, element_kinds, nav

element_kinds.register("external", ElementKind("external", _("outside tool"), "plug", lambda element: element.url))

nav.register("home", NavEntry("home", _("Home"), _("Home"), "house", lambda: reverse("home")))
