"""Browsers that a person lets us push to."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.scope import current_scope
from notifications.exceptions import NotificationsError
from notifications.models import PushDevice
from notifications.push_endpoints import EndpointError, endpoint_check
from notifications.webpush import KeyFormatError, receiver_key, receiver_secret

MOST = 10


@transaction.atomic
def device_add(*, person_id: int, endpoint: str, p256dh: str, auth: str, label: str) -> PushDevice:
    """Push to this browser from now on. The same browser again is the same device, now of this person.

    Refuses addresses that are not those of a push service, and keys that are none. More than ten devices: the
    oldest goes.
    """
    try:
        endpoint_check(endpoint)
        receiver_key(p256dh), receiver_secret(auth)
    except (EndpointError, KeyFormatError) as error:
        raise NotificationsError(_("This browser's push service is not known here.")) from error
    device, _created = PushDevice.objects.update_or_create(
        environment_id=current_scope().environment_id,
        endpoint=endpoint,
        defaults={
            "person_id": person_id,
            "p256dh": p256dh,
            "auth": auth,
            "label": label[:80] or _("Browser"),
            "created_at": timezone.now(),
        },
    )
    mine = PushDevice.objects.filter(person_id=person_id).order_by("-created_at", "-pk")
    for old in mine[MOST:]:
        old.delete()
    return device


def device_remove(*, person_id: int, device_id: int) -> bool:
    """Push to it no more; what was on its way goes with it. False when it is not the person's."""
    gone, _by_model = PushDevice.objects.filter(pk=device_id, person_id=person_id).delete()
    return bool(gone)
