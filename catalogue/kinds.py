"""What the catalogue adds to the site."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.models import Membership
from ecosystem.registry import NavEntry, Todo, nav, todos


def discover(membership: Membership) -> list[Todo]:
    """Always last: look for something new."""
    return [
        Todo(
            rank=60,
            kind=_("Catalogue"),
            icon="compass",
            title=_("Find something that helps"),
            href=reverse("catalogue:index"),
            action=_("Open the catalogue"),
            why=_("Nothing is waiting for you."),
        )
    ]


todos.register("discover", discover)
nav.register(
    "catalogue",
    NavEntry(
        "catalogue", gettext_lazy("Catalogue"), gettext_lazy("Discover"), "compass", lambda: reverse("catalogue:index")
    ),
)
