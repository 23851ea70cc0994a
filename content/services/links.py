"""Links: made, and looked at once a week by a worker."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.exceptions import ContentError
from content.models import Link, LinkState
from content.services.facts import facts_change
from content.tasks import check_link
from ecosystem import clock
from ecosystem.hints import hint
from ecosystem.models import Element, Membership, Person
from ecosystem.outbound import Outcome, UnsafeAddressError, look, target_of
from ecosystem.scope import current_scope, open_scope, system_rows
from ecosystem.services.elements import element_create
from notifications.services import notify

WEEK = timedelta(days=7)
# After a failure: soon, later, tomorrow; then it is broken and looked at more and more seldom.
RETRIES = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
LONGEST = timedelta(days=28)
LEASE = timedelta(minutes=10)  # a look that takes longer is of a worker that died
BATCH = 200
BUDGET = 120  # seconds after which a sweep begins no other look
JITTER = 0.1
GONE = frozenset({404, 410})
ASKS_WHO = frozenset({401, 403, 405, 406, 429})  # somebody is there, and does not talk to software
_RANDOM = random.SystemRandom()


@transaction.atomic
def link_create(*, title: str, url: str, creators: Iterable[Person | str], **facts: Any) -> Link:
    """A new element of the kind ``link``; a worker looks at it soon. Refuses what is no address of the web."""
    _check(url)
    element = element_create(kind="link", title=title, url=url, creators=creators, **facts)
    link = Link.objects.create(environment_id=current_scope().environment_id, element=element, due_at=clock.now())
    _look_soon(link)
    return link


@transaction.atomic
def link_save(*, link: Link, by: Person, **facts: Any) -> Link:
    """Change what is said about it or where it leads, which is then looked at anew."""
    before = link.element.url
    if "url" in facts:
        _check(facts["url"])
    link.element = facts_change(element=link.element, by=by, **facts)
    if link.element.url != before:
        link_check_soon(link=link)
    return link


@transaction.atomic
def link_check_soon(*, link: Link) -> None:
    """Have it looked at now. Refuses one from above."""
    if link.environment_id != current_scope().environment_id:
        raise ContentError(_("It comes from the environment above and is changed there."))
    Link.objects.filter(pk=link.pk).update(due_at=clock.now(), failures=0)
    _look_soon(link)


def _check(url: str) -> None:
    try:
        target_of(url, plain=True)
    except UnsafeAddressError as refusal:
        raise ContentError(_("Write an address such as https://example.org/page.")) from refusal


def _look_soon(link: Link) -> None:
    hint(check_link, queue="bulk", environment_id=link.environment_id, link_id=link.pk)


def links_check_due(*, budget: float = BUDGET) -> int:
    """Look at what is due in all environments; returns how many. What is left stays due."""
    end = time.monotonic() + budget
    with system_rows():
        due = Link.objects.filter(due_at__lte=clock.now()).order_by("due_at")
        rows = list(due.values_list("environment_id", "pk")[:BATCH])
    count = 0
    for environment_id, pk in rows:
        if time.monotonic() >= end:
            break
        count += link_check(environment_id=environment_id, link_id=pk)
    return count


def link_check(*, environment_id: int, link_id: int) -> bool:
    """Claim one link, look, write down what was found. False when it is not due or somebody else looks at it."""
    now = clock.now()
    with open_scope(environment_id=environment_id):
        rows = Link.objects.select_for_update(skip_locked=True, of=("self",)).select_related("element")
        link = rows.filter(pk=link_id, environment_id=environment_id, due_at__lte=now).first()
        if link is None:
            return False
        Link.objects.filter(pk=link.pk).update(due_at=now + LEASE)
        url = link.element.url
    outcome = look(url=url)
    with open_scope(environment_id=environment_id):
        fresh = Link.objects.select_for_update(of=("self",)).select_related("element").filter(pk=link_id).first()
        if fresh is not None and fresh.element.url == url:
            _write(fresh, outcome, now)
    return True


def _write(link: Link, outcome: Outcome, now: datetime) -> None:
    was = link.state
    link.status, link.error, link.checked_at = outcome.status, outcome.error[:300], now
    if outcome.is_success or outcome.status in ASKS_WHO:
        link.state, link.failures, wait = LinkState.FINE, 0, WEEK
    else:
        link.failures = min(link.failures + 1, 100)
        is_broken = outcome.status in GONE or link.failures > len(RETRIES)
        link.state = LinkState.BROKEN if is_broken else LinkState.UNSURE
        wait = _wait_when_broken(link.failures) if is_broken else RETRIES[link.failures - 1]
    link.due_at = now + wait * (1 + JITTER * (2 * _RANDOM.random() - 1))
    link.save(update_fields=["state", "status", "error", "failures", "checked_at", "due_at"])
    if link.state == LinkState.BROKEN and was != LinkState.BROKEN:
        _tell_owner(link.element, now)


def _wait_when_broken(failures: int) -> timedelta:
    return min(WEEK * 2 ** max(failures - len(RETRIES) - 1, 0), LONGEST)


def _tell_owner(element: Element, now: datetime) -> None:
    owner = Membership.objects.filter(person_id=element.owner_id, ended_at=None).first() if element.owner_id else None
    if owner is not None:
        notify(
            person_id=owner.person_id,
            key=f"link-broken:{element.pk}:{now:%Y-%m-%d}",
            kind="link-broken",
            title=element.title,
            body=gettext_lazy("This link no longer leads anywhere. Give it another address, or retire it."),
            href=f"/content/{element.slug}/edit/",
        )
