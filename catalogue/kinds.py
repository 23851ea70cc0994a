"""What the catalogue adds to the site."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.selectors import offers_for
from ecosystem.addresses import address
from ecosystem.look import term
from ecosystem.models import Membership
from ecosystem.registry import HomeSection, NavEntry, Todo, home_sections, nav, todos


def discover(membership: Membership) -> list[Todo]:
    """Always last: look for something new."""
    return [
        Todo(
            rank=60,
            kind=term("catalogue", membership.environment.words),
            icon="compass",
            title=_("Find something that helps"),
            href=address("catalogue:index"),
            action=_("Open the catalogue"),
            why=_("Nothing is waiting for you."),
        )
    ]


def offers_section(membership: Membership) -> HomeSection | None:
    """Courses the person is not in yet."""
    cards = [
        {
            "title": offer.element.title,
            "href": address("catalogue:item", offer.element.slug),
            "art": offer.element.cover,
            "tint": 1 + at % 3,
            "items": [("clock", _("%(minutes)s min") % {"minutes": offer.element.minutes})],
            "summary": offer.element.summary,
            "percent": None,
            "next": "",
        }
        for at, offer in enumerate(offers_for(membership=membership))
    ]
    if not cards:
        return None
    return HomeSection(_("You could learn"), _("Open the catalogue"), address("catalogue:index"), cards)


home_sections.register("catalogue", offers_section)
todos.register("discover", discover)
nav.register(
    "catalogue",
    NavEntry(
        "catalogue", gettext_lazy("Catalogue"), gettext_lazy("Catalogue"), "compass", lambda: address("catalogue:index")
    ),
)
