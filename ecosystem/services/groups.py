"""Groups: who is in them by hand, and who because a rule fits. Every write is a few statements for any number."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.group_rules import rule_clean, rule_condition
from ecosystem.models import Environment, Group, GroupMember, Membership
from ecosystem.people_access import may_see_people
from ecosystem.people_predicates import group_key
from ecosystem.predicates import facts_changed
from ecosystem.prepared import prepared
from ecosystem.registry import group_ends, group_joins
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.delegations import delegations_end_over

BATCH = 2000
MOST_NAMED = 5


def _refuse_strangers(by: Membership) -> None:
    if not may_see_people(by):
        raise EcosystemError(_("Only a manager can change groups."))


@transaction.atomic
def group_save(
    *, name: str, by: Membership, group: Group | None = None, about: str = "", rule: dict[str, Any] | None = None
) -> Group:
    """Make or change a group and let its rule decide anew who is in it.

    Refuses a name that is taken (in any case of letters) and a rule that cannot be read.
    """
    _refuse_strangers(by)
    cleaned = rule_clean(rule or {})
    row = Group.objects.select_for_update().get(pk=group.pk) if group else Group(environment_id=by.environment_id)
    before = {"name": row.name, "about": row.about, "rule": row.rule} if group else {}
    row.name, row.about, row.rule = " ".join(name.split()), about.strip(), cleaned
    renamed = bool(group) and group_key(before["name"]) != group_key(row.name)
    if not row.name:
        raise EcosystemError(_("Give the group a name."))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise EcosystemError(_("There is already a group called “%(name)s”.") % {"name": row.name}) from None
    group_refresh(group=row)
    if renamed:
        _changed(_people_in(row), before["name"], row.name)
    after = {"name": row.name, "about": row.about, "rule": row.rule}
    audit(act="group.saved", by=by.person, target=row, before=before, after=after)
    return row


@transaction.atomic
def group_delete(*, group: Group, by: Membership) -> None:
    """Take a group away. Its members stay members of the environment; open invitations lose the group.

    What somebody was given over the group ends with it. Refuses one by which something goes that stays, such as the order of an event.
    """
    _refuse_strangers(by)
    delegations_end_over(group=group, by=by)
    audit(act="group.deleted", by=by.person, target=group, before={"name": group.name, "rule": group.rule})
    people = _people_in(group)
    for told in group_ends:
        told(group=group)
    try:
        group.delete()
    except ProtectedError as error:
        what = sorted({str(getattr(row, "audit_name", row._meta.verbose_name)) for row in error.protected_objects})
        raise EcosystemError(
            _("The group stays, because this goes by it: %(what)s.") % {"what": ", ".join(what[:MOST_NAMED])}
        ) from None
    _changed(people, group.name)


@transaction.atomic
def group_members_add(*, group: Group, person_ids: Iterable[int], by: Membership) -> int:
    """Put members into a group by hand; returns how many are new to it. People who are no members here are left out.

    Whoever was in it by the rule now stays whatever the rule says.
    """
    _refuse_strangers(by)
    here = Membership.objects.filter(person_id__in=list(person_ids), ended_at=None)
    ids = set(here.values_list("person_id", flat=True))
    known = set(GroupMember.objects.filter(group=group, person_id__in=ids).values_list("person_id", flat=True))
    GroupMember.objects.filter(group=group, person_id__in=known, by_rule=True).update(by_rule=False)
    _put_in(group, ids - known, by_rule=False)
    if ids - known:
        audit(act="group.members_added", by=by.person, target=group, after={"people": sorted(ids - known)})
    return len(ids - known)


@transaction.atomic
def group_member_put(*, group: Group, person_id: int) -> None:
    """One member into a group by hand, for whom an invitation said so; twice is once."""
    rows = GroupMember.objects.filter(group=group, person_id=person_id)
    if not rows.update(by_rule=False):
        _put_in(group, {person_id}, by_rule=False)


@transaction.atomic
def group_member_remove(*, group: Group, person_id: int, by: Membership) -> None:
    """Take somebody out of a group. Refuses whom the rule puts there: it would put them back."""
    _refuse_strangers(by)
    row = GroupMember.objects.select_for_update().filter(group=group, person_id=person_id).first()
    if row is None:
        return
    if row.by_rule:
        raise EcosystemError(_("The rule of this group puts them here. Change the rule instead."))
    row.delete()
    _changed([person_id], group.name)
    audit(act="group.member_removed", by=by.person, target=group, before={"person": person_id})
    groups_refresh(person_ids=[person_id])


@transaction.atomic
def group_refresh(*, group: Group) -> None:
    """Let the rule decide anew about everybody."""
    _apply(group, _environment(), Membership.objects.all(), GroupMember.objects.filter(group=group))


def groups_refresh(*, person_ids: Iterable[int]) -> None:
    """Let all rules decide anew about these people, because something about them has changed."""
    if groups := _with_rules():
        _refresh(groups, person_ids)


@prepared
def _with_rules() -> QuerySet[Group]:
    return Group.objects.exclude(rule={})


@transaction.atomic
def _refresh(groups: list[Group], person_ids: Iterable[int]) -> None:
    environment, ids = _environment(), list(person_ids)
    members = Membership.objects.filter(person_id__in=ids)
    for group in groups:
        _apply(group, environment, members, GroupMember.objects.filter(group=group, person_id__in=ids))


def _environment() -> Environment:
    return Environment.objects.get(pk=current_scope().environment_id)


def _apply(group: Group, environment: Environment, members: QuerySet[Membership], rows: QuerySet[GroupMember]) -> None:
    fitting = members.filter(rule_condition(group.rule, environment), ended_at=None)
    wanted = set(fitting.values_list("person_id", flat=True)) if group.rule else set()
    present = dict(rows.values_list("person_id", "by_rule"))
    gone = [person_id for person_id, by_rule in present.items() if by_rule and person_id not in wanted]
    rows.filter(person_id__in=gone, by_rule=True).delete()
    _changed(gone, group.name)
    _put_in(group, wanted - set(present), by_rule=True)


def _put_in(group: Group, person_ids: set[int], *, by_rule: bool) -> None:
    """Twice is once: somebody who was put in meanwhile stays as they are. Apps above are told who joined."""
    GroupMember.objects.bulk_create(
        [
            GroupMember(environment_id=group.environment_id, group=group, person_id=person_id, by_rule=by_rule)
            for person_id in sorted(person_ids)
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    for told in group_joins if person_ids else ():
        told(group=group, person_ids=person_ids)
    _changed(person_ids, group.name)


def _people_in(group: Group) -> list[int]:
    return list(GroupMember.objects.filter(group=group).values_list("person_id", flat=True))


def _changed(person_ids: Iterable[int], *names: str) -> None:
    """Conditions may ask who is in the group."""
    facts_changed(source="groups", person_ids=sorted(person_ids), subjects=[group_key(name) for name in names])
