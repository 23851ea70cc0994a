"""Giving and taking back certificates."""

from calendar import monthrange
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from certificates.exceptions import CertificateError
from certificates.models import Certificate, CertificateTemplate
from ecosystem import clock
from ecosystem.models import Element, Membership, Person
from ecosystem.predicates import facts_changed
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from records.services import record


@transaction.atomic
def template_save(
    *, course: Element, title: str, text: str = "", validity_months: int | None = None
) -> CertificateTemplate:
    """What finishing the course gives from now on; certificates already given stay as they are."""
    template, _created = CertificateTemplate.objects.update_or_create(
        environment_id=current_scope().environment_id,
        element=course,
        defaults={"title": title, "text": text, "validity_months": validity_months},
    )
    return template


@transaction.atomic
def certificate_issue(*, template: CertificateTemplate, person: Person, at: datetime) -> Certificate | None:
    """Give the certificate of the first cycle; None when the person has it already.

    The PDF is made afterwards, by whoever hears of the record *issued*.
    """
    expires_at = months_later(at, template.validity_months) if template.validity_months else None
    certificate, created = Certificate.objects.get_or_create(
        environment_id=current_scope().environment_id,
        person=person,
        element_id=template.element_id,
        cycle=1,
        defaults={
            "template": template,
            "holder": person.name,
            "title": template.title,
            "issued_at": at,
            "expires_at": expires_at,
        },
    )
    if not created:
        return None
    _announce(certificate)
    record(
        verb="issued",
        element=Element.objects.get(pk=template.element_id),
        person_id=person.pk,
        context={"certificate": certificate.pk},
        occurred_at=at,
    )
    return certificate


@transaction.atomic
def certificate_revoke(*, certificate: Certificate, because: str, by: Membership | None) -> None:
    """Withdraw it; the public page says so at once. ``by`` None is the system itself.

    Refuses to do so without a reason; again changes nothing.
    """
    if not because.strip():
        raise CertificateError(_("Say why the certificate is withdrawn."))
    facts = {"revoked_at": clock.now(), "revoked_because": because.strip()[:300]}
    if Certificate.objects.filter(pk=certificate.pk, revoked_at=None).update(**facts):
        audit(act="certificate.revoked", by=by.person if by else None, target=certificate, after=facts)
        _announce(certificate)


def _announce(certificate: Certificate) -> None:
    """Conditions may ask for it."""
    facts_changed(source="certificates", person_ids=[certificate.person_id], subjects=[certificate.element_id])


def months_later(at: datetime, months: int) -> datetime:
    """The same day of the month, or its last day where there is no such day."""
    index = at.month - 1 + months
    year, month = at.year + index // 12, index % 12 + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))
