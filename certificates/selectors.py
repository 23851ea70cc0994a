from collections.abc import Collection

from django.urls import reverse

from certificates.models import Certificate, Standing
from ecosystem.models import Membership
from ecosystem.registry import Achievement, remembered


def certificates_of(*, membership: Membership) -> list[Certificate]:
    """The person's certificates here, newest first."""
    return list(
        Certificate.objects.filter(person_id=membership.person_id).select_related("element").order_by("-issued_at")
    )


def recall_of(certificates: Collection[Certificate], *, person_id: int) -> dict[int, int]:
    """How much their holder still knows of the courses that gave them: by course, in percent, where anything is known."""
    courses = {certificate.element_id for certificate in certificates}
    found: dict[int, int] = {}
    for source in remembered if courses else ():
        found |= source(person_id=person_id, element_ids=courses)
    return found


def certificate_by_serial(*, serial: str) -> Certificate | None:
    """For the public page: whoever knows the serial may know that it is true."""
    return Certificate.objects.filter(serial=serial.strip().upper()).first()


def certificates_earned(membership: Membership) -> list[Achievement]:
    """For the transcript, each with its public page; one query."""
    rows = Certificate.objects.filter(person_id=membership.person_id).order_by("-issued_at")
    return [
        Achievement(
            row.title,
            row.issued_at,
            until=row.expires_at,
            note="" if row.standing() == Standing.VALID else row.standing().label,
            href=reverse("certificates:verify", args=[row.serial]),
        )
        for row in rows
    ]
