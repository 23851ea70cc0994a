"""Which routes are the same code about rows of another table: the first of them is attacked for all.

Of each model in the admin the list and the form are attacked, and every page for which its class has a method of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.views.generic import RedirectView

from ecosystem.admin_site import ReadOnlyAdmin, ScopedAdmin
from tests.guards.cross_routes import Route

# What the other pages of the admin work by: two classes that have the same methods for it have the same page. The row is
# found as for the form, which is attacked for each.
WORKS_BY = {
    "add_view": ("add_view", "changeform_view", "has_add_permission"),
    "delete_view": ("delete_view", "has_delete_permission"),
    "history_view": ("history_view", "has_view_permission", "noted_on"),
}
# Pages that let through nobody, whichever row it is; where somebody is let through, the form has fields of its own.
CLOSED_BY = {
    "add_view": ("has_add_permission", ReadOnlyAdmin.has_add_permission),
    "delete_view": ("has_delete_permission", ScopedAdmin.has_delete_permission),
}


def first_of_each(routes: Iterable[Route]) -> Iterator[Route]:
    seen = set()
    for route in routes:
        code = code_of(route)
        if code not in seen:
            yield route
        if code is not None:
            seen.add(code)


def code_of(route: Route) -> tuple[Any, ...] | None:
    """The same for pages of the admin that are the same code; None for all that is to be attacked by itself."""
    view, name = getattr(route.callback, "model_admin", None), getattr(route.callback, "__name__", "")
    if view is None:
        return None
    if getattr(route.callback, "view_class", None) is RedirectView:  # to the form, whatever is asked for
        return (RedirectView,)
    hook, closed = CLOSED_BY.get(name, ("", None))
    if name not in WORKS_BY or (hook and getattr(type(view), hook) is not closed):
        return None
    return (name, *(getattr(type(view), method) for method in WORKS_BY[name]))


def is_of_model(route: Route) -> bool:
    """Of a model in the admin, where Django reads forms and nothing else of what is sent."""
    return getattr(route.callback, "model_admin", None) is not None


def is_first_in_admin(view: Any) -> bool:
    """The one of which is asked what Django itself answers for all."""
    return view is next(iter(admin.site._registry.values()))


def has_own(view: Any, *names: str) -> bool:
    """Whether its class has one of these methods of its own."""
    return any(getattr(type(view), name) is not getattr(ScopedAdmin, name) for name in names)
