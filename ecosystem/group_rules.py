"""Which members a rule of a group fits. A rule is ``{}`` (nobody) or a few facts and ``match``: all or any of them.

``role`` (one of ``Role``), ``job_title`` (a part of it, any case), ``joined_after`` (an ISO date, in the time zone of
the environment), ``language`` (the person's, else the environment's).
"""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Environment, Role

Rule = dict[str, Any]
LANGUAGES = {code for code, _name in settings.LANGUAGES}


def _role(value: str, environment: Environment) -> Q:
    return Q(roles__contains=[value])


def _job_title(value: str, environment: Environment) -> Q:
    return Q(job_title__icontains=value)


def _joined_after(value: str, environment: Environment) -> Q:
    day = parse_date(value) or date.max
    return Q(joined_at__gt=datetime.combine(day, time.max, tzinfo=ZoneInfo(environment.time_zone)))


def _language(value: str, environment: Environment) -> Q:
    speaks = Q(person__language=value)
    return speaks | Q(person__language="") if environment.language == value else speaks


FACTS: dict[str, Callable[[str, Environment], Q]] = {
    "role": _role,
    "job_title": _job_title,
    "joined_after": _joined_after,
    "language": _language,
}


def rule_clean(rule: Rule) -> Rule:
    """The rule without empty facts. Refuses unknown facts and values that no member could have."""
    facts = {name: str(value).strip() for name, value in rule.items() if name != "match" and str(value or "").strip()}
    if not facts:
        return {}
    if not set(facts) <= set(FACTS) or rule.get("match", "all") not in {"all", "any"}:
        raise EcosystemError(_("This rule cannot be read."))
    wrong = (
        facts.get("role", Role.LEARNER) not in Role.values
        or facts.get("language", settings.LANGUAGE_CODE) not in LANGUAGES
        or not _is_day(facts.get("joined_after", "2000-01-01"))
        or len(facts.get("job_title", "")) > 120
    )
    if wrong:
        raise EcosystemError(_("This rule cannot be read."))
    return {"match": rule.get("match", "all"), **facts}


def _is_day(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:
        return False


def rule_condition(rule: Rule, environment: Environment) -> Q:
    """The rule as a condition on memberships. An empty rule fits nobody."""
    parts = [FACTS[name](value, environment) for name, value in rule.items() if name in FACTS]
    if not parts:
        return Q(pk__in=[])
    whole = parts[0]
    for part in parts[1:]:
        whole = whole | part if rule["match"] == "any" else whole & part
    return whole
