"""Another e-mail address: asked for by the person, counts once somebody who reads that mailbox has said so.

Nothing is kept meanwhile: the link carries it, signed, for a day and once. It stops working when the password or the
address changes first.
"""

from __future__ import annotations

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Person
from ecosystem.scope import current_scope, open_scope
from ecosystem.selectors import environments_of_person, where_signed_in
from ecosystem.services.account_letters import GOOD_FOR, account_letter_queue
from ecosystem.services.audit import audit
from ecosystem.services.sign_ins import sign_ins_end

SALT = "ecosystem.email_changes"


@dataclass(frozen=True)
class EmailChange:
    person_id: int
    before: str
    after: str


@transaction.atomic
def email_change_ask(*, person: Person, email: str) -> None:
    """Send a link to the new address, and word of it to the old one. Refuses the address that the person has.

    When somebody has the new address already nothing shows it: as much is written, and that letter goes to nobody.
    """
    wanted = email.strip().lower()
    if wanted == person.email:
        raise EcosystemError(_("That is your address already."))
    is_taken = Person.objects.filter(email=wanted).exists()
    token = signing.dumps([person.pk, person.email, wanted, _stamp(person)], salt=SALT, compress=True)
    facts = {"path": reverse("email-change-confirm", args=[token])}
    account_letter_queue(to="" if is_taken else wanted, kind="email_confirm", facts=facts)
    account_letter_queue(to=person.email, kind="email_change_asked", facts={"email": wanted})
    audit(act="email.change_asked", by=person, target=person)


def email_change_of_token(*, token: str) -> EmailChange | None:
    """What a link asks for; None for one that does not work, whatever is wrong with it."""
    try:
        person_id, before, after, stamp = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    person = Person.objects.filter(pk=person_id, is_active=True, email=before).first()
    if person is None or not constant_time_compare(stamp, _stamp(person)) or cache.get(_key(token)):
        return None
    return EmailChange(person.pk, before, after)


@transaction.atomic
def email_change_confirm(*, token: str, but: int | None = None) -> Person:
    """From now on this is the person's address, in every environment; other devices are signed out (``but`` one sign-in).

    Refuses a link that does not work, or an address that somebody has taken since, in the same words.
    """
    found = email_change_of_token(token=token)
    refusal = EcosystemError(_("This link does not work any more. Ask for a new one."))
    person = (
        Person.objects.select_for_update().filter(pk=found.person_id, email=found.before).first() if found else None
    )
    if found is None or person is None or not cache.add(_key(token), 1, GOOD_FOR.total_seconds()):
        raise refusal
    person.email = found.after
    try:
        with transaction.atomic():
            person.save(update_fields=["email"])
    except IntegrityError:
        raise refusal from None
    EmailAddress.objects.filter(user_id=person.pk).delete()  # allauth's notes of the old one
    account_letter_queue(to=found.before, kind="email_changed", facts={"email": found.after})
    here = current_scope().environment_id
    with open_scope(environment_id=here, person_id=person.pk):
        places = {membership.environment_id for membership in environments_of_person()} | set(where_signed_in())
    for environment_id in sorted(places):
        with open_scope(environment_id=environment_id, person_id=person.pk):
            audit(act="email.changed", by=person, target=person)
            sign_ins_end(person=person, but=but if environment_id == here else None)
    return person


def _stamp(person: Person) -> str:
    """Another password, another stamp."""
    return salted_hmac(SALT, person.password).hexdigest()[:32]


def _key(token: str) -> str:
    return f"email-change:{salted_hmac(SALT, token).hexdigest()}"
