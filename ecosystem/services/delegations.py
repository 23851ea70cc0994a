"""Giving powers, prolonging them, taking them back.

Everything hangs on one *authority*: the role of administrator here or above, or one delegation that holds ``delegate``
and all that is given on. What it gives is never wider than itself and never lasts longer, and goes when it goes. All of
this is decided under one lock per tree of environments, from what the database says then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.authorities import Over, authorities_of, over_of
from ecosystem.exceptions import EcosystemError
from ecosystem.models import (
    COURSE_POWERS,
    GROUP_POWERS,
    Delegation,
    Element,
    EnvironmentAncestor,
    Group,
    Membership,
    Person,
    Power,
    Reach,
)
from ecosystem.powers import Reason, is_above, reasons_for
from ecosystem.scope import current_scope, open_scope, reading_above
from ecosystem.services.audit import audit

LONGEST = timedelta(days=731)


@transaction.atomic
def delegation_grant(
    *,
    person: Person,
    powers: Iterable[str],
    until: datetime,
    by: Membership,
    reach: str = Reach.HERE,
    element: Element | None = None,
    group: Group | None = None,
    starts: datetime | None = None,
) -> Delegation:
    """Give ``person`` powers over the open environment until a moment; the same again changes nothing.

    Refuses oneself, somebody above oneself, who is no member here (or where the giver belongs, above), powers that the
    giver does not hold with ``delegate`` over at least as much and as long, and powers that do not fit a course or a group.
    """
    _lock_tree()
    now = clock.now()
    over = Over(reach, element.pk if element else None, group.pk if group else None)
    wanted = _known_powers(powers, over=over)
    if not now < until <= now + LONGEST or (starts and starts >= until):
        raise EcosystemError(_("Choose an end in the future, at most two years from now."))
    if person.pk == by.person_id:
        raise EcosystemError(_("You cannot give powers to yourself. Ask somebody else who may."))
    mine = reasons_for(person_id=by.person_id)
    if is_above(reasons_for(person_id=person.pk), mine):
        raise EcosystemError(
            _("%(name)s may do more here than you, so you cannot give them powers.") % {"name": person}
        )
    home = _home_of(person, by=by)
    authority = next((one for one in authorities_of(mine) if one.allows(powers=wanted, over=over, until=until)), None)
    if authority is None:
        raise EcosystemError(_why_not(mine, wanted))
    facts = {
        "environment_id": current_scope().environment_id,
        "person": person,
        "powers": sorted(wanted),
        "reach": reach,
        "element": element,
        "group": group,
        "ends_at": until,
    }
    same = Delegation.objects.filter(**facts, grantor_id=by.person_id, revoked_at=None).first()
    if same is not None:
        return same
    delegation = Delegation(
        **facts,
        home_id=home,
        starts_at=starts or now,
        granted_at=now,
        grantor_id=by.person_id,
        grantor_name=by.person.name,
        basis=authority.basis,
        basis_environment_id=authority.environment_id,
    )
    delegation.remind_at = delegation.reminder_after(now)
    delegation.save()
    audit(act="delegation.granted", by=by.person, target=delegation, after=_told(delegation))
    return delegation


@transaction.atomic
def delegation_revoke(*, delegation: Delegation, by: Membership) -> list[Delegation]:
    """Take the powers back at once, with everything that was given on from them; returns all that ended.

    May be done by the person themselves, by the giver and those whose delegation it hangs on, and by administrators of
    the environment it was given from or above. Twice is once.
    """
    _lock_tree()
    delegation = _fresh(delegation)
    if delegation.revoked_at is not None:
        return []
    if not may_end(delegation=delegation, by=by):
        raise EcosystemError(_("Only who gave this, somebody above them, or an administrator can take it back."))
    return _end_with_all([delegation], by=by.person)


@transaction.atomic
def delegation_extend(*, delegation: Delegation, until: datetime, by: Membership) -> Delegation:
    """Let it last longer; at most as long as what it rests on, and at most two years.

    Refuses the person themselves, an earlier end (take it back instead), one that has ended, and who could not give it.
    """
    _lock_tree()
    delegation = _fresh(delegation)
    now, before = clock.now(), delegation.ends_at
    _may_prolong(delegation, by=by)
    if not before < until <= now + LONGEST:
        raise EcosystemError(_("Choose a later end than now, at most two years away."))
    if delegation.basis_id and until > _basis_end(delegation):
        raise EcosystemError(
            _("It rests on powers of %(name)s that end earlier. Prolong those first.")
            % {"name": delegation.grantor_name}
        )
    delegation.ends_at = until
    delegation.remind_at = delegation.reminder_after(now)
    delegation.save(update_fields=["ends_at", "remind_at"])
    audit(
        act="delegation.extended",
        by=by.person,
        target=delegation,
        before={"until": before},
        after={"until": until},
    )
    return delegation


@transaction.atomic
def delegation_reattest(*, delegation: Delegation, by: Membership) -> Delegation:
    """Say that it is still needed; asked again after 180 days. Refuses the person themselves."""
    _lock_tree()
    delegation = _fresh(delegation)
    _may_prolong(delegation, by=by)
    now, before = clock.now(), delegation.reattested_at
    delegation.reattested_at = now
    delegation.remind_at = delegation.reminder_after(now)
    delegation.save(update_fields=["reattested_at", "remind_at"])
    audit(
        act="delegation.reattested",
        by=by.person,
        target=delegation,
        before={"reattested_at": before},
        after={"reattested_at": now},
    )
    return delegation


@transaction.atomic
def delegations_end_for(*, memberships: Iterable[Membership], by: Person | None) -> list[Delegation]:
    """For who ends memberships here: what these people hold as members here ends too, with all that hangs on it."""
    _lock_tree()
    here, people = current_scope().environment_id, [row.person_id for row in memberships]
    with open_scope(environment_id=here, readable=_below()):
        held = list(Delegation.objects.filter(person_id__in=people, home_id=here, revoked_at=None))
    return _end_with_all(held, by=by) if held else []


@transaction.atomic
def delegations_end_over(*, group: Group, by: Membership) -> list[Delegation]:
    """For who takes a group away: what was given over it ends, with all that hangs on it, and lets go of the group."""
    _lock_tree()
    held = list(Delegation.objects.filter(group=group, revoked_at=None))
    ended = _end_with_all(held, by=by.person) if held else []
    Delegation.objects.filter(group=group).update(group=None)
    return ended


def delegations_hanging_on(delegations: Iterable[Delegation]) -> list[Delegation]:
    """Live delegations that were given on from these, to any depth and in environments below, nearest first."""
    found, known, basis = [], set(), {row.pk for row in delegations}
    with open_scope(environment_id=current_scope().environment_id, readable=_below()):
        while basis:
            rows = Delegation.objects.filter(basis_id__in=basis, revoked_at=None).exclude(pk__in=known)
            rows = list(rows.select_related("person", "environment").order_by("pk"))
            found += rows
            basis = {row.pk for row in rows}
            known |= basis
    return found


def may_end(*, delegation: Delegation, by: Membership) -> bool:
    """Whether ``by`` may take this delegation back."""
    if by.person_id == delegation.person_id:
        return True
    reasons = reasons_for(person_id=by.person_id)
    with reading_above() as chain:
        above, basis = set(), delegation.basis_id
        while basis:
            row = Delegation.objects.get(pk=basis)
            above.add(row.pk)
            basis = row.basis_id
    enough = chain.index(delegation.basis_environment_id)
    strong = any(
        by.person_id == delegation.grantor_id
        or (one.basis is None and one.level >= enough)
        or (one.basis is not None and one.basis.pk in above)
        for one in authorities_of(reasons)
    )
    return strong and not is_above(reasons_for(person_id=delegation.person_id), reasons)


def refuse_if_above(*, membership: Membership, by: Membership) -> None:
    """For services that act on a member: nobody acts on somebody who may do all that they may, and more."""
    if membership.person_id == by.person_id:
        return
    if is_above(reasons_for(person_id=membership.person_id), reasons_for(person_id=by.person_id)):
        raise EcosystemError(_("%(name)s may do more here than you.") % {"name": membership})


def _may_prolong(delegation: Delegation, *, by: Membership) -> None:
    if delegation.revoked_at is not None or delegation.ends_at <= clock.now():
        raise EcosystemError(_("This has ended. Give the powers anew if they are still needed."))
    if by.person_id == delegation.person_id:
        raise EcosystemError(_("You cannot prolong your own powers. Ask somebody else who may."))
    able = any(
        one.allows(
            powers=frozenset(map(Power, delegation.powers)),
            over=over_of(delegation),
            until=min(delegation.ends_at, one.basis.ends_at) if one.basis else delegation.ends_at,
        )
        for one in authorities_of(reasons_for(person_id=by.person_id))
    )
    if not (able and may_end(delegation=delegation, by=by)):
        raise EcosystemError(_("Only somebody who could give these powers can do that."))


def _end_with_all(delegations: list[Delegation], *, by: Person | None) -> list[Delegation]:
    everything = [*delegations, *delegations_hanging_on(delegations)]
    now, ended = clock.now(), list({row.pk: row for row in everything}.values())
    for known in ended:
        with open_scope(environment_id=known.environment_id, person_id=current_scope().person_id):
            row = Delegation.objects.select_for_update(of=("self",)).select_related("person").get(pk=known.pk)
            row.revoked_at, row.remind_at = now, None
            row.revoker_id, row.revoker_name = (by.pk, by.name) if by else (None, "")
            row.save(update_fields=["revoked_at", "remind_at", "revoker_id", "revoker_name"])
            audit(act="delegation.revoked", by=by, target=row, before=_told(row), after={"with": delegations[0].pk})
    return ended


def _lock_tree() -> None:
    """One at a time in the whole tree, until the transaction ends: what is decided here rests on what is above."""
    root = EnvironmentAncestor.objects.filter(environment_id=current_scope().environment_id).order_by("-depth")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('delegations'), %s)", [root[0].ancestor_id])


def _below() -> tuple[int, ...]:
    links = EnvironmentAncestor.objects.filter(ancestor_id=current_scope().environment_id)
    return tuple(links.values_list("environment_id", flat=True))


def _fresh(delegation: Delegation) -> Delegation:
    if delegation.environment_id != current_scope().environment_id:
        raise EcosystemError(_("This was given in the environment above. It is changed there."))
    return Delegation.objects.select_for_update(of=("self",)).select_related("person").get(pk=delegation.pk)


def _basis_end(delegation: Delegation) -> datetime:
    with reading_above():
        return Delegation.objects.get(pk=delegation.basis_id).ends_at


def _known_powers(powers: Iterable[str], *, over: Over) -> frozenset[Power]:
    named = set(powers)
    if not named or not named <= set(Power.values) or over.reach not in Reach.values:
        raise EcosystemError(_("Choose at least one power, and over what."))
    wanted = frozenset(map(Power, named))
    is_course = Element.objects.filter(pk=over.element_id, kind="course").exists() if over.element_id else False
    if (over.reach == Reach.COURSE) != is_course or (over.element_id and not is_course):
        raise EcosystemError(_("Choose the course."))
    is_group = Group.objects.filter(pk=over.group_id).exists() if over.group_id else False
    if (over.reach == Reach.GROUP) != is_group or (over.group_id and not is_group):
        raise EcosystemError(_("Choose the group."))
    fitting = {Reach.COURSE: COURSE_POWERS, Reach.GROUP: GROUP_POWERS}.get(Reach(over.reach))
    if fitting is not None and not wanted <= fitting:
        raise EcosystemError(
            _("These powers are about a whole environment, not about one course or group: %(powers)s.")
            % {"powers": _listed(wanted - fitting)}
        )
    return wanted


def _home_of(person: Person, *, by: Membership) -> int:
    """Where the person is a member: here, else the nearest environment above of which the giver is a member too."""
    with reading_above() as chain:
        rows = Membership.objects.filter(
            person_id__in=[person.pk, by.person_id], ended_at=None, person__is_active=True
        ).values_list("person_id", "environment_id")
        places = set(rows)
    for level, environment_id in enumerate(chain):
        if (person.pk, environment_id) in places and (level == 0 or (by.person_id, environment_id) in places):
            return environment_id
    raise EcosystemError(_("%(name)s is no member here. Invite them first.") % {"name": person})


def _why_not(reasons: Iterable[Reason], wanted: frozenset[Power]) -> str:
    authorities = authorities_of(reasons)
    if not authorities:
        return _("You may not give powers to others here.")
    missing = wanted - frozenset().union(*(one.powers for one in authorities))
    if missing:
        return _("You cannot give what you may not pass on yourself: %(powers)s.") % {"powers": _listed(missing)}
    latest = max((one.basis.ends_at for one in authorities if one.basis), default=None)
    day = date_format(localtime(latest), "j F Y") if latest else ""
    return _("Your own powers do not reach that far, or end earlier (%(day)s).") % {"day": day}


def _listed(powers: Iterable[Power]) -> str:
    chosen = set(powers)
    return ", ".join(str(power.label) for power in Power if power in chosen)


def _told(delegation: Delegation) -> dict[str, object]:
    return {
        "person": delegation.person.name,
        "powers": delegation.powers,
        "reach": delegation.reach,
        "element": delegation.element_id,
        "group": delegation.group_id,
        "until": delegation.ends_at,
    }
