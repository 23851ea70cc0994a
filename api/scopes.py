"""What a key may be allowed to do: read or write, everywhere or in one area of the API."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Area -> what it is about. A viewset names its own (``area = "courses"``).
AREAS: dict[str, Promise] = {
    "elements": _("elements and how they are connected"),
    "courses": _("courses and getting into them"),
    "enrolments": _("enrolments"),
    "members": _("people and their roles"),
    "environments": _("environments below this one"),
    "assessments": _("quizzes, attempts and question banks"),
    "handins": _("hand-ins and their review"),
    "events": _("events, seats and attendance"),
    "discussions": _("discussions"),
    "certificates": _("certificates"),
    "cards": _("daily cards"),
    "records": _("learning records and changes"),
    "reports": _("figures, charter and KPIs"),
    "notices": _("notices"),
    "webhooks": _("webhooks"),
}
VERBS = ("read", "write")
SCOPES = (*VERBS, *(f"{area}:{verb}" for area in AREAS for verb in VERBS))


def described() -> dict[str, str]:
    """Each scope in words."""
    said = {"read": str(_("read everything you may see")), "write": str(_("change everything you may change"))}
    for area, about in AREAS.items():
        said[f"{area}:read"] = str(_("read: %(area)s") % {"area": about})
        said[f"{area}:write"] = str(_("change: %(area)s") % {"area": about})
    return said


def allows(scopes: Iterable[str], *, area: str, verb: str) -> bool:
    """Whether a key with these scopes may do ``verb`` in ``area``.

    What has no area is the person themselves: any scope that reads tells who it is, only plain ``write`` changes them.
    """
    held = set(scopes)
    if verb in held:
        return True
    if area:
        return f"{area}:{verb}" in held
    return verb == "read" and any(scope.endswith(":read") for scope in held)
