"""Inviting people from a file: look first, then all or nothing."""

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.csv_reading import Problem, Reading
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Group, Invitation, InvitationState, Membership, PeopleImport
from ecosystem.people_access import may_see_people, roles_to_give
from ecosystem.people_csv import Known, people_read
from ecosystem.services.invitations import Invited, invitations_create

KEPT_FOR = timedelta(days=1)
PEOPLE = "people"


@transaction.atomic
def people_import_read(*, data: bytes, by: Membership) -> tuple[PeopleImport | None, Reading]:
    """Read a file and keep it to be confirmed; no import when one line cannot be used. Invites nobody.

    What ``by`` looked at before and did not confirm goes.
    """
    if not may_see_people(by):
        raise EcosystemError(_("Only a manager can invite people."))
    groups = {name.lower(): pk for pk, name in Group.objects.values_list("pk", "name")}
    reading = people_read(data, Known(groups=groups, roles=frozenset(roles_to_give(by))))
    reading.problems += _known_already([(row["line"], row["email"]) for row in reading.rows])
    reading.problems.sort(key=lambda problem: problem.line)
    PeopleImport.objects.filter(kind=PEOPLE, by=by.person, done_at=None).delete()
    if reading.problems:
        return None, reading
    kept = PeopleImport.objects.create(
        environment_id=by.environment_id, kind=PEOPLE, by=by.person, rows=reading.rows, count=len(reading.rows)
    )
    return kept, reading


@transaction.atomic
def people_import_confirm(*, uid: uuid.UUID, by: Membership) -> PeopleImport:
    """Invite everybody of a file that ``by`` has looked at. Confirming twice is confirming once.

    Refuses a file that is not kept any longer, and the whole file when something has changed since.
    """
    kept = PeopleImport.objects.select_for_update().filter(uid=uid, kind=PEOPLE, by=by.person).first()
    if kept is None or (kept.done_at is None and kept.created_at < timezone.now() - KEPT_FOR):
        raise EcosystemError(_("This file is not here any longer. Choose it again."))
    if kept.done_at is not None:
        return kept
    if problems := _known_already([(row["line"], row["email"]) for row in kept.rows]):
        raise EcosystemError(
            _("Line %(line)s: %(reason)s Choose the file again.")
            % {"line": problems[0].line, "reason": problems[0].reason}
        )
    invitations_create(
        invited=[
            Invited(
                email=row["email"],
                roles=tuple(row["roles"]),
                name=row["name"],
                job_title=row["job_title"],
                group_id=row["group"],
            )
            for row in kept.rows
        ],
        by=by,
    )
    kept.done_at = timezone.now()
    kept.save(update_fields=["done_at", "rows"])
    return kept


def _known_already(lines: list[tuple[int, str]]) -> list[Problem]:
    """Lines of people who are members or invited; two queries for any number of lines."""
    emails = [email for _line, email in lines]
    members = set(
        Membership.objects.filter(person__email__in=emails, ended_at=None).values_list("person__email", flat=True)
    )
    invited = set(
        Invitation.objects.filter(email__in=emails, state=InvitationState.OPEN).values_list("email", flat=True)
    )
    found = []
    for line, email in lines:
        if email in members:
            found.append(Problem(line, _("This person is a member already."), email))
        elif email in invited:
            found.append(Problem(line, _("This person is invited already."), email))
    return found
