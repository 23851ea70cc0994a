"""Invitations: made, sent again, withdrawn, accepted."""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.hints import hint
from ecosystem.models import Group, Invitation, InvitationState, Membership, Person
from ecosystem.models.invitations import VALID_FOR
from ecosystem.people_access import may_see_people, roles_to_give
from ecosystem.services.audit import audit
from ecosystem.services.groups import group_member_put
from ecosystem.services.people import member_add
from ecosystem.tasks import send_due_invitations

BATCH = 1000
NOT_AGAIN_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Invited:
    """Somebody to invite. ``email`` in small letters; ``roles`` at least one."""

    email: str
    roles: tuple[str, ...]
    name: str = ""
    job_title: str = ""
    group_id: int | None = None


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invitation_create(*, invited: Invited, by: Membership) -> Invitation:
    """Invite somebody by letter. Refuses a member, and somebody who has an open invitation."""
    email = invited.email.strip().lower()
    if Membership.objects.filter(person__email=email, ended_at=None).exists():
        raise EcosystemError(_("%(email)s is a member already.") % {"email": email})
    if Invitation.objects.filter(email=email, state=InvitationState.OPEN).exists():
        raise EcosystemError(_("%(email)s is invited already. Send that invitation again.") % {"email": email})
    invitations_create(invited=[invited], by=by)
    return Invitation.objects.get(email=email, state=InvitationState.OPEN)


@transaction.atomic
def invitations_create(*, invited: Iterable[Invited], by: Membership) -> int:
    """Invite many in a few statements; returns how many are new. Who has an open invitation keeps it.

    Refuses roles that ``by`` may not give, and groups of elsewhere.
    """
    people = list(invited)
    if not may_see_people(by):
        raise EcosystemError(_("Only a manager can invite people."))
    allowed = set(roles_to_give(by))
    if any(not one.roles or not set(one.roles) <= allowed for one in people):
        raise EcosystemError(_("You cannot give this role."))
    groups = {one.group_id for one in people if one.group_id is not None}
    if Group.objects.filter(pk__in=groups).count() != len(groups):
        raise EcosystemError(_("There is no such group."))
    now = timezone.now()
    rows = [_row(one, by=by) for one in people]
    for row in rows:
        row.created_at = row.mail_due_at = now
        row.expires_at = now + VALID_FOR
    Invitation.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    made = Invitation.objects.filter(token_hash__in=[row.token_hash for row in rows]).count()
    # One entry for any number: who was invited stands in the invitations themselves.
    audit(act="people.invited", by=by.person, after={"count": made})
    hint(send_due_invitations, queue="default")
    return made


def _row(one: Invited, *, by: Membership) -> Invitation:
    row = Invitation(
        environment_id=by.environment_id,
        email=one.email.strip().lower(),
        name=" ".join(one.name.split()),
        job_title=one.job_title.strip(),
        roles=sorted(set(one.roles)),
        group_id=one.group_id,
        invited_by_id=by.person_id,
    )
    row.token_hash = _hashed(row.token)
    return row


@transaction.atomic
def invitations_resend(*, invitations: Iterable[Invitation], by: Membership) -> int:
    """Send open invitations again with a new link, valid anew; the earlier links stop working.

    Returns how many will be sent. One that was sent less than five minutes ago, or is not open, is left alone.
    """
    if not may_see_people(by):
        raise EcosystemError(_("Only a manager can invite people."))
    now = timezone.now()
    ids = [row.pk for row in invitations]
    rows = [
        row
        for row in Invitation.objects.select_for_update().filter(pk__in=ids, state=InvitationState.OPEN).order_by("pk")
        if row.mailed_at is None or row.mailed_at <= now - NOT_AGAIN_WITHIN
    ]
    for row in rows:
        row.nonce, row.expires_at = uuid.uuid4(), now + VALID_FOR
        row.mail_due_at, row.mail_attempts = now, 0
        row.token_hash = _hashed(row.token)
    Invitation.objects.bulk_update(rows, ["nonce", "token_hash", "expires_at", "mail_due_at", "mail_attempts"], BATCH)
    if rows:
        audit(act="people.invited_again", by=by.person, after={"count": len(rows)})
        hint(send_due_invitations, queue="default")
    return len(rows)


@transaction.atomic
def invitations_withdraw(*, invitations: Iterable[Invitation], by: Membership) -> int:
    """The links stop working; returns how many were open. Twice is once."""
    if not may_see_people(by):
        raise EcosystemError(_("Only a manager can invite people."))
    ids = [row.pk for row in invitations]
    count = Invitation.objects.filter(pk__in=ids, state=InvitationState.OPEN).update(
        state=InvitationState.WITHDRAWN, ended_at=timezone.now(), mail_due_at=None
    )
    if count:
        audit(act="people.invitations_withdrawn", by=by.person, after={"count": count})
    return count


def invitation_of_token(*, token: str) -> Invitation | None:
    """The open, unexpired invitation of a link; None for every other link, whatever is wrong with it."""
    if len(token) > 200:
        return None
    found = Invitation.objects.filter(
        token_hash=_hashed(token), state=InvitationState.OPEN, expires_at__gt=timezone.now()
    )
    return found.select_related("invited_by", "group").first()


@transaction.atomic
def invitation_accept(*, token: str, name: str = "", password: str = "") -> Membership:
    """Become a member by a link: a new person with name and password, an existing one as they are.

    An existing person is not signed in by this and keeps name and password: they sign in as they always do.
    Refuses a link that does not work (any longer), and a new person without name or password.
    """
    found = invitation_of_token(token=token)
    invitation = Invitation.objects.select_for_update().filter(pk=found.pk).first() if found else None
    if invitation is None or invitation.state != InvitationState.OPEN:
        raise EcosystemError(_("This invitation does not work any longer. Ask for a new one."))
    person = Person.objects.filter(email=invitation.email).first()
    if person is None and not (name.strip() and password):
        raise EcosystemError(_("Tell us your name and choose a password."))
    membership = Membership.objects.filter(person=person, ended_at=None).first() if person else None
    if membership is None:
        membership = member_add(
            email=invitation.email,
            name=" ".join(name.split())[:120],
            roles=invitation.roles,
            job_title=invitation.job_title,
            password_hash=make_password(password) if person is None else "",
        )
    if invitation.group_id is not None:
        group_member_put(group=invitation.group, person_id=membership.person_id)
    invitation.state, invitation.ended_at = InvitationState.ACCEPTED, timezone.now()
    invitation.person_id, invitation.mail_due_at = membership.person_id, None
    invitation.save(update_fields=["state", "ended_at", "person", "mail_due_at"])
    audit(act="invitation.accepted", by=membership.person, target=membership, after={"roles": membership.roles})
    return membership
