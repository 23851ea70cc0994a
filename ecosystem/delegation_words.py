"""Delegations as people read them."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ecosystem.models import Delegation, Power, Reach


def power_list(powers: Iterable[str]) -> str:
    """“invite people, mark work and see results”."""
    chosen = set(powers)
    words = [str(power.label) for power in Power if power.value in chosen]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def last_day(ends_at: datetime) -> str:
    """The last day on which it holds: “1 March 2027”."""
    return date_format(localtime(ends_at - timedelta(microseconds=1)), "j F Y")


def over_what(*, reach: str, environment: str, course: str = "", group: str = "") -> str:
    if reach == Reach.COURSE:
        return _("the course “%(course)s” in %(environment)s") % {"course": course, "environment": environment}
    if reach == Reach.GROUP:
        return _("the group “%(group)s” in %(environment)s") % {"group": group, "environment": environment}
    if reach == Reach.BELOW:
        return _("%(environment)s and everything below it") % {"environment": environment}
    return environment


def over_of(delegation: Delegation) -> str:
    """The same for one that exists; needs environment, element and group."""
    return over_what(
        reach=delegation.reach,
        environment=delegation.environment.name,
        course=delegation.element.title if delegation.element_id else "",
        group=delegation.group.name if delegation.group_id else "",
    )


def summary(*, name: str, powers: Iterable[str], over: str, ends_at: datetime) -> str:
    """“Anna may invite people and see results in Quayside until 1 March 2027.”"""
    return _("%(name)s may %(powers)s in %(over)s until %(day)s.") % {
        "name": name,
        "powers": power_list(powers),
        "over": over,
        "day": last_day(ends_at),
    }


def summary_of(delegation: Delegation) -> str:
    """The same for one that exists; needs person, environment, element and group."""
    return summary(
        name=delegation.person.name,
        powers=delegation.powers,
        over=over_of(delegation),
        ends_at=delegation.ends_at,
    )
