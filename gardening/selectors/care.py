"""What needs care first, and the charter it is done for."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ecosystem.prepared import prepared
from gardening.health import Problem
from gardening.models import Charter
from gardening.selectors.inventory import Item

AT_MOST = 10
URGENCY = {"bad": 0, "warn": 1}


@dataclass(frozen=True)
class Care:
    """An element with the first reason it needs care, and one act."""

    item: Item
    reason: str
    act: str
    href: str


def care_list(items: list[Item]) -> list[Care]:
    """Own elements with a problem: dry before thirsty, then the most used; at most ten. Parts of a course count once."""
    needy = [item for item in items if item.is_ours and item.health.problems]
    needy.sort(key=lambda item: (URGENCY[item.health.level], -(item.facts.uses or 0), item.element.title))
    chosen, per_course = [], Counter[tuple[int, ...]]()
    for item in needy:
        # Twelve unread pages of one new course are one worry, not twelve.
        if item.courses and item.health.problems[0] == "unused":
            per_course[item.courses] += 1
            if per_course[item.courses] > 1:
                continue
        chosen.append(item)
    return [care_of(item) for item in chosen[:AT_MOST]]


def care_of(item: Item) -> Care:
    """The one act that the first problem of an element asks for."""
    problem: Problem = item.health.problems[0]
    change = reverse("admin:ecosystem_element_change", args=[item.pk])
    connect = f"{reverse('admin:ecosystem_connection_add')}?source={item.pk}"
    questions = (_("Look at its questions"), reverse("assessments:analysis", args=[item.element.slug]))
    act, href = {
        "questions": questions,
        "fading": questions
        if item.element.kind == "assessment"
        else (_("Connect what they can practise with"), connect),
        "unused": (_("Connect it"), connect),
        "stale": (_("Review it"), change),
        "unowned": (_("Give it an owner"), change),
        "alone": (_("Connect it"), connect),
    }[problem]
    return Care(item, item.health.reasons[0], act, href)


def charter_of_environment() -> Charter | None:
    """The charter with sponsor and champion, when there is one."""
    return next(iter(_charters()), None)


@prepared
def _charters() -> QuerySet[Charter]:
    return Charter.objects.select_related("sponsor", "champion").order_by("pk")[:1]
