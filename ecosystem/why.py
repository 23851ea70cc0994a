"""Why can she see this? One function, asking the same rules that let people in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from ecosystem.delegation_words import last_day
from ecosystem.models import Credit, Element, Environment, Membership, Power, Role, Visibility
from ecosystem.powers import Reason, reasons_of
from ecosystem.registry import NavEntry, RolePage
from ecosystem.rules import Either, Has, May, Rule
from ecosystem.spans import Span
from ecosystem.visibility import elements_for, openings

About = Element | Membership | RolePage | NavEntry


@dataclass(frozen=True)
class Answer:
    """``allowed`` is what the site does; ``because`` the sentences that say why, none when it stays closed."""

    allowed: bool
    because: tuple[str, ...] = ()


def why_can(*, membership: Membership, about: About) -> Answer:
    """Whether the member may see an element, what another member does here, or a page, and every reason for it."""
    if isinstance(about, Element):
        return _element(membership, about)
    if isinstance(about, Membership):
        return _person(membership, about)
    return _rule(membership, about.rule)


def reason_words(reason: Reason) -> str:
    """One reason as a sentence: the role, or the delegation with its giver and end."""
    if reason.delegation is None:
        label = Role(reason.role).label
        if reason.level == 0:
            return _("%(role)s here") % {"role": str(label).capitalize()}
        where = Environment.objects.get(pk=reason.environment_id)
        return _("%(role)s of %(environment)s, the environment above") % {
            "role": str(label).capitalize(),
            "environment": where.name,
        }
    words = {
        "name": reason.delegation.grantor_name or _("the system"),
        "day": last_day(reason.delegation.ends_at),
    }
    if reason.level:
        return _("given by %(name)s in the environment above, until %(day)s") % words
    if reason.element_id:
        return _("given by %(name)s for one course, until %(day)s") % words
    if reason.group_id:
        return _("given by %(name)s for one group, until %(day)s") % words
    return _("given by %(name)s, until %(day)s") % words


def _sentences(reasons: list[Reason]) -> tuple[str, ...]:
    """“May see results: given by Anna, until 1 March 2027”; each once."""
    return tuple(
        dict.fromkeys(
            _("May %(power)s: %(why)s") % {"power": reason.power.label, "why": reason_words(reason)}
            for reason in reasons
        )
    )


def _with(membership: Membership, *powers: Power, course: int | None = None) -> tuple[str, ...]:
    wanted = [
        reason
        for reason in reasons_of(membership)
        if reason.power in powers and (reason.is_whole or (course and reason.element_id == course))
    ]
    return _sentences(wanted)


def _reaching(membership: Membership, other: Membership, *powers: Power) -> tuple[str, ...]:
    """The reasons for one of ``powers`` that reach another member."""
    found = []
    for reason in reasons_of(membership):
        if reason.power in powers:
            part = Span(
                everything=reason.is_whole,
                courses=frozenset(filter(None, [reason.element_id])),
                groups=frozenset(filter(None, [reason.group_id])),
            )
            if Membership.objects.filter(part.of_people(), pk=other.pk).exists():
                found.append(reason)
    return _sentences(found)


def _element(membership: Membership, element: Element) -> Answer:
    allowed = elements_for(membership).filter(pk=element.pk).exists()
    if not allowed:
        return Answer(allowed=False)
    because: list[str] = []
    if element.visibility == Visibility.MEMBERS and membership.is_current:
        because.append(_("Everybody who belongs here may see it"))
    if element.owner_id == membership.person_id:
        because.append(_("Owns it"))
    if Credit.objects.filter(element=element, person_id=membership.person_id).exists():
        because.append(_("Helped to make it"))
    if any(Element.objects.filter(pk=element.pk, pk__in=opening(membership)).exists() for opening in openings):
        because.append(_("Takes part in a course that uses it"))
    because += _with(membership, *Power, course=element.pk) if _is_course_of(membership, element) else ()
    because += _with(membership, Power.MANAGE_CONTENT)
    return Answer(allowed=True, because=tuple(dict.fromkeys(because)))


def _is_course_of(membership: Membership, element: Element) -> bool:
    return any(reason.element_id == element.pk for reason in reasons_of(membership))


def _person(membership: Membership, other: Membership) -> Answer:
    if membership.person_id == other.person_id:
        return Answer(allowed=True, because=(_("It is about themselves"),))
    because = _reaching(membership, other, Power.SEE_RESULTS, Power.MANAGE_PEOPLE)
    return Answer(allowed=bool(because), because=because)


def _rule(membership: Membership, rule: Rule) -> Answer:
    if not rule(membership):
        return Answer(allowed=False)
    return Answer(allowed=True, because=_rule_words(membership, rule) or (_("Everybody who belongs here may see it"),))


def _rule_words(membership: Membership, rule: Any) -> tuple[str, ...]:
    if isinstance(rule, Either):
        found = [words for one in rule.rules if one(membership) for words in _rule_words(membership, one)]
        return tuple(dict.fromkeys(found))
    if isinstance(rule, May):
        return _with(membership, *rule.powers)
    if isinstance(rule, Has):
        return tuple(
            _("%(role)s here") % {"role": str(role.label).capitalize()}
            for role in rule.roles
            if membership.has_role(role)
        )
    return ()
