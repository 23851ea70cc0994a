from certificates.models import Certificate
from ecosystem.models import Membership


def certificates_of(*, membership: Membership) -> list[Certificate]:
    """The person's certificates here, newest first."""
    return list(
        Certificate.objects.filter(person_id=membership.person_id).select_related("element").order_by("-issued_at")
    )


def certificate_by_serial(*, serial: str) -> Certificate | None:
    """For the public page: whoever knows the serial may know that it is true."""
    return Certificate.objects.filter(serial=serial.strip().upper()).first()
