"""Figures for somebody: about all of the environment, or about the courses and groups that they may report on."""

from datetime import datetime

from django.utils.translation import gettext as _

from ecosystem.models import Element, Group
from ecosystem.registry import Figure, Measure, measures
from ecosystem.spans import Span
from reporting.measures import members_now, taken
from reporting.small_groups import FEWEST


def measures_for(span: Span) -> list[Measure]:
    """Those that can be about ``span``."""
    return [measure for measure in measures if span.everything or measure.narrows]


def too_few(span: Span, at: datetime) -> bool:
    """Whether a report about part of the environment would be about fewer than five people."""
    if span.everything:
        return False
    people = members_now(span).values("person_id").union(taken(at, span).values("person_id"))
    return len(people[:FEWEST]) < FEWEST


def figure_of(measure: Measure, *, at: datetime, span: Span, few: bool) -> Figure:
    """``few``: what ``too_few`` says, asked once for many figures."""
    if few:
        return Figure(value=None, note=_("Figures about fewer than five people are not shown."))
    return measure.compute(at, span=span) if measure.narrows else measure.compute(at)


def about(span: Span) -> list[str]:
    """The names of the courses and groups that it is about, none when it is about everything."""
    if span.everything:
        return []
    courses = Element.objects.filter(pk__in=span.courses).order_by("title").values_list("title", flat=True)
    groups = Group.objects.filter(pk__in=span.groups).order_by("name").values_list("name", flat=True)
    return [*courses, *groups]
