"""Conditions on who somebody is: in a group, in a role.

A group is meant by its name, in any case of letters: a course that is used in several organisations then works in each that
has a group of that name.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.models import Group, GroupMember, Membership, Role
from ecosystem.predicates import Ask, Facts, Names, Predicate, Source, Subject, predicate_add, sources

SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)
PERSON = gettext_lazy("Who the learner is")


def group_key(name: str) -> str:
    """Names that differ in case or spaces only are the same group."""
    return " ".join(name.split()).lower()


def _group_choices() -> list[tuple[Any, Any]]:
    return [(name, name) for name in Group.objects.order_by("name").values_list("name", flat=True)]


class InGroup(Predicate):
    key, source, group, label = "group", "groups", PERSON, gettext_lazy("Is in a group")
    asks = (
        Ask(
            "name", "text", gettext_lazy("Group"), gettext_lazy("The name of the group, as it is on the page “People”."),
            choices=_group_choices, tells=True,
        ),
    )  # fmt: skip

    def subjects(self, value: Any) -> frozenset[Subject]:
        return frozenset({group_key(value)})

    def holds(self, value: Any, facts: Facts) -> bool:
        return group_key(value) in facts.known.get("groups", ())

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        sentence = _("you are not in the group “%(name)s”") if negated else _("you are in the group “%(name)s”")
        return sentence % {"name": value}

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        return [Facts(SOME_DAY), Facts(SOME_DAY, known={"groups": self.subjects(value)})]


class InRole(Predicate):
    key, source, group, label = "role", "roles", PERSON, gettext_lazy("Has a role")
    asks = (Ask("role", "choice", gettext_lazy("Role"), choices=lambda: list(Role.choices)),)

    def subjects(self, value: Any) -> frozenset[Subject]:
        return frozenset({value})

    def holds(self, value: Any, facts: Facts) -> bool:
        return value in facts.known.get("roles", ())

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        sentence = _("you do not have the role of %(role)s") if negated else _("you have the role of %(role)s")
        return sentence % {"role": Role(value).label}

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        return [Facts(SOME_DAY), Facts(SOME_DAY, known={"roles": frozenset({value})})]


def _groups(person_ids: Collection[int], subjects: Collection[Subject]) -> Mapping[int, frozenset[str]]:
    rows = GroupMember.objects.filter(person_id__in=person_ids).values_list("person_id", "group__name")
    found: dict[int, set[str]] = {}
    for person_id, name in rows:
        found.setdefault(person_id, set()).add(group_key(name))
    return {person_id: frozenset(names & set(subjects)) for person_id, names in found.items()}


def _roles(person_ids: Collection[int], subjects: Collection[Subject]) -> Mapping[int, frozenset[str]]:
    rows = Membership.objects.filter(person_id__in=person_ids, ended_at=None).values_list("person_id", "roles")
    return {person_id: frozenset(roles) for person_id, roles in rows}


sources.register("groups", Source("groups", _groups, frozenset()))
sources.register("roles", Source("roles", _roles, frozenset()))
predicate_add(InGroup())
predicate_add(InRole())
