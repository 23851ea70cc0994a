"""Telling the administrators that somebody asks to be erased: the law gives them a month, and nobody looks by chance."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.models import Membership, Role
from notifications.selectors import words_for
from notifications.services.telling import notify

KIND = "erasure"


def erasure_tell(*, membership: Membership) -> None:
    """Once a day at most, however often it is taken back and asked for. Names nobody: it outlives the erasure."""
    admins = Membership.objects.filter(roles__contains=[Role.ADMIN], ended_at=None).exclude(pk=membership.pk)
    for person_id in admins.order_by("pk").values_list("person_id", flat=True):
        with words_for(person_id=person_id):
            notify(
                person_id=person_id,
                key=f"{KIND}:{membership.pk}:{timezone.now():%Y-%m-%d}:{person_id}",
                kind=KIND,
                title=_("Somebody asks for their data to be erased"),
                body=_("Look at what would go, and confirm it. You have a month."),
                href=reverse("people:erase", args=[membership.pk]),
                mail=True,
            )
