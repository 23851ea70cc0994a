"""The people of an environment as lists, a page at a time, with the same number of queries for ten and ten thousand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Q, QuerySet

from ecosystem.group_rules import rule_clean, rule_condition
from ecosystem.models import Environment, Group, GroupMember, Membership, Person, Role
from ecosystem.models.people import words_of_person
from ecosystem.scope import current_scope
from ecosystem.spans import WHOLE, Span

PER_PAGE = 50
STATES = ("here", "left", "never")


@dataclass(frozen=True)
class MemberWish:
    """What to look for. ``state``: here, left, or never (here, but never signed in)."""

    text: str = ""
    role: str = ""
    group: int | None = None
    state: str = "here"
    after: int | None = None


@dataclass(frozen=True)
class MemberPage:
    """``next`` is the ``after`` of the following page, None on the last one."""

    members: list[Membership]
    groups: dict[int, list[str]] = field(default_factory=dict)
    next: int | None = None


def people_called(text: str) -> QuerySet[Person]:
    """People in whose name or address each word begins a word. Nobody when the text holds no word."""
    words = re.findall(r"\w+", text)[:8]
    if not words:
        return Person.objects.none()
    query = SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")
    return Person.objects.alias(words=words_of_person()).filter(words=query)


def members_found(*, wish: MemberWish, span: Span = WHOLE) -> MemberPage:
    """The members who fit, by name; every page begins where the last one ended, however long the list is.

    Of those whom ``span`` reaches, with those of their groups that it reaches.
    """
    rows = _filtered(wish, span).filter(span.of_people())
    if place := _place(wish.after):
        name, person_id = place
        # The first condition is what the index can use.
        rows = rows.filter(person__name__gte=name).filter(
            Q(person__name__gt=name) | Q(person__name=name, person_id__gt=person_id)
        )
    found = list(rows.select_related("person").order_by("person__name", "person_id")[: PER_PAGE + 1])
    shown, more = found[:PER_PAGE], len(found) > PER_PAGE
    groups = group_names(person_ids=[row.person_id for row in shown], span=span)
    return MemberPage(shown, groups, shown[-1].pk if more else None)


def groups_within(span: Span) -> QuerySet[Group]:
    """All groups, or those that ``span`` names, by name."""
    rows = Group.objects.order_by("name")
    return rows if span.everything else rows.filter(pk__in=span.groups)


def _filtered(wish: MemberWish, span: Span) -> QuerySet[Membership]:
    rows = Membership.objects.filter(ended_at__isnull=wish.state != "left")
    if wish.state == "never":
        rows = rows.filter(person__last_login=None)
    if wish.role in Role.values:
        rows = rows.filter(roles__contains=[wish.role])
    if wish.group is not None:
        inside = GroupMember.objects.filter(group__in=groups_within(span).filter(pk=wish.group).order_by())
        rows = rows.filter(person_id__in=inside.values("person_id"))
    if wish.text:
        rows = rows.filter(person_id__in=people_called(wish.text).values("pk"))
    return rows


def _place(after: int | None) -> tuple[str, int] | None:
    """Name and id of the member after whom the page begins. The address holds a number, never a name."""
    if after is None:
        return None
    return Membership.objects.filter(pk=after).values_list("person__name", "person_id").first()


def group_names(*, person_ids: list[int], span: Span = WHOLE) -> dict[int, list[str]]:
    """The groups of each person that ``span`` reaches, by name."""
    found: dict[int, list[str]] = {}
    rows = GroupMember.objects.filter(person_id__in=person_ids).order_by("group__name")
    if not span.everything:
        rows = rows.filter(group_id__in=span.groups)
    for person_id, name in rows.values_list("person_id", "group__name"):
        found.setdefault(person_id, []).append(name)
    return found


def groups_with_counts() -> list[Group]:
    """All groups with ``size``, the number of their members who are still here."""
    here = Membership.objects.filter(ended_at=None).values("person_id")
    sizes = dict(
        GroupMember.objects.filter(person_id__in=here)
        .values_list("group_id")
        .annotate(size=Count("pk"))
        .values_list("group_id", "size")
    )
    groups = list(Group.objects.order_by("name"))
    for group in groups:
        group.size = sizes.get(group.pk, 0)  # type: ignore[attr-defined]
    return groups


@dataclass(frozen=True)
class RulePreview:
    """How many a rule would put into a group, and the first of them by name."""

    count: int
    first: list[Membership]


def rule_preview(*, rule: dict[str, Any]) -> RulePreview:
    """Who would be in it. Refuses a rule that cannot be read."""
    environment = Environment.objects.get(pk=current_scope().environment_id)
    fitting = Membership.objects.filter(rule_condition(rule_clean(rule), environment), ended_at=None)
    first = fitting.select_related("person").order_by("person__name", "person_id")[:10]
    return RulePreview(fitting.count(), list(first))


def group_members(*, group: Group) -> QuerySet[GroupMember]:
    """The rows of a group whose people are still here, by name."""
    here = Membership.objects.filter(ended_at=None).values("person_id")
    rows = GroupMember.objects.filter(group=group, person_id__in=here)
    return rows.select_related("person").order_by("person__name", "person_id")
