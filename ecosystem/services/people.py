"""People and what they are in an environment."""

from collections.abc import Iterable

from django.db import transaction

from ecosystem.models import Membership, Person, Role
from ecosystem.scope import current_scope


@transaction.atomic
def member_add(
    *,
    email: str,
    name: str,
    roles: Iterable[str] = (Role.LEARNER,),
    job_title: str = "",
    language: str = "",
    password_hash: str = "",
) -> Membership:
    """Make a person (by e-mail) a member of the open scope's environment; run twice is run once.

    An existing person keeps name, language and password. A member who had left is taken back.
    """
    person, created = Person.objects.get_or_create(
        email=email.strip().lower(), defaults={"name": name, "language": language}
    )
    if created:
        if password_hash:
            person.password = password_hash
        else:
            person.set_unusable_password()
        person.save(update_fields=["password"])
    membership, _ = Membership.objects.update_or_create(
        environment_id=current_scope().environment_id,
        person=person,
        defaults={"roles": sorted(set(roles)), "job_title": job_title, "ended_at": None},
    )
    return membership
