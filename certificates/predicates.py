"""Condition: somebody holds a certificate that is valid now."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.models import Certificate
from ecosystem.predicates import (
    Ask,
    Facts,
    Invention,
    Names,
    Predicate,
    Source,
    Subject,
    moment_of,
    predicate_add,
    sources,
)

SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)
FOREVER = datetime.max.replace(tzinfo=UTC)


class HoldsCertificate(Predicate):
    """``of``: the course that gives it."""

    key, source, label = "certificate", "certificates", gettext_lazy("Holds a certificate")
    group = gettext_lazy("What the learner has done")
    asks = (Ask("of", "element", gettext_lazy("Of which course"), kinds=lambda: frozenset({"course"})),)

    def _until(self, value: Any, facts: Facts) -> datetime | None:
        until: datetime | None = facts.known.get("certificates", {}).get(value)
        return until

    def holds(self, value: Any, facts: Facts) -> bool:
        until = self._until(value, facts)
        return until is not None and facts.at < until

    def moments(self, value: Any, facts: Facts) -> Iterable[datetime]:
        until = self._until(value, facts)
        return () if until in {None, FOREVER} else (until,)  # type: ignore[return-value]  # None is not among them

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        if negated:
            return _("you do not hold a valid certificate of “%(title)s”") % {"title": names.element(value)}
        return _("you hold a valid certificate of “%(title)s”") % {"title": names.element(value)}

    def impossible(self, value: Any, kinds: Mapping[int, str], names: Names) -> str:
        if kinds.get(value, "course") == "course":
            return ""
        return _("“%(title)s” is no course, so it gives no certificate") % {"title": names.element(value)}

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        later = SOME_DAY + timedelta(days=1)
        return [Facts(SOME_DAY), Facts(SOME_DAY, known={"certificates": {value: later}})]


def _held(person_ids: Collection[int], subjects: Collection[Subject]) -> Mapping[int, Mapping[int, datetime]]:
    """Until when, by course; the longest of several cycles."""
    rows = Certificate.objects.filter(person_id__in=person_ids, element_id__in=subjects, revoked_at=None)
    found: dict[int, dict[int, datetime]] = {}
    for person_id, element_id, expires_at in rows.values_list("person_id", "element_id", "expires_at"):
        held = found.setdefault(person_id, {})
        held[element_id] = max(held.get(element_id, SOME_DAY.min.replace(tzinfo=UTC)), expires_at or FOREVER)
    return found


def _invented(until: str | None, at: datetime) -> datetime:
    """Valid to the end of that day, or to that time of it; without a day for ever."""
    day = moment_of(until) if until else None
    if day is None:
        return FOREVER
    if isinstance(day, datetime):
        return day.replace(tzinfo=at.tzinfo)
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=at.tzinfo)


def _invented_words(until: str | None) -> str:
    day = moment_of(until) if until else None
    if day is None:
        return _("valid for ever")
    moment = date_format(day, "j F Y, H:i" if isinstance(day, datetime) else "j F Y")
    return _("valid until %(moment)s") % {"moment": moment}


INVENTED = Invention(
    gettext_lazy("Certificate"),
    Ask("until", "moment", gettext_lazy("Valid until"), gettext_lazy("Empty: for ever."), required=False),
    _invented,
    _invented_words,
)
sources.register("certificates", Source("certificates", _held, {}, invent=INVENTED))
predicate_add(HoldsCertificate())
