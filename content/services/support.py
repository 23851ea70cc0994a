"""Help at the moment of need: ticking off, saying whether it helped, and searches that found nothing."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from content.enums import HELPED, NOT_HELPED
from content.exceptions import ContentError
from content.models import MissedSearch, Page, Tick
from content.ticks import keys_of
from ecosystem import clock
from ecosystem.models import Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from records.models import Fact
from records.services import record

AGAIN_AFTER = timedelta(days=1)
SHORTEST, LONGEST = 3, 120
MOST_MISSED = 500  # that nobody has seen to; more than anybody reads
HANDLED_KEPT_FOR = timedelta(days=90)


@transaction.atomic
def ticks_save(*, page: Page, items: Iterable[str]) -> list[str]:
    """What the person of the scope has ticked off from now on; returns it. Lines that are not in the text are left out.

    All ticked is done: the page is completed, once.
    """
    scope = current_scope()
    known = keys_of(page.markdown)
    wanted = set(items) & set(known)
    mine = Tick.objects.filter(person_id=scope.person_id, element_id=page.element_id)
    mine.exclude(item__in=wanted).delete()
    there = set(mine.values_list("item", flat=True))
    now = clock.now()
    Tick.objects.bulk_create(
        [
            Tick(
                environment_id=scope.environment_id,
                person_id=scope.person_id,
                element_id=page.element_id,
                item=key,
                ticked_at=now,
            )
            for key in sorted(wanted - there)
        ],
        ignore_conflicts=True,
    )
    done = Fact.objects.filter(person_id=scope.person_id, element_id=page.element_id, verb="completed")
    if known and len(wanted) == len(known) and not done.exists():
        record(verb="completed", element=page.element, result={"completion": True})
    return [key for key in known if key in wanted]


@transaction.atomic
def help_judge(*, page: Page, helped: bool) -> bool:
    """The person says whether it helped; the same within a day is heard once. Returns whether it was heard."""
    verb = HELPED if helped else NOT_HELPED
    since = clock.now() - AGAIN_AFTER
    facts = Fact.objects.filter(person_id=current_scope().person_id, element_id=page.element_id, last_at__gt=since)
    if facts.filter(verb=verb).exists():
        return False
    record(verb=verb, element=page.element, result={"success": helped})
    return True


@transaction.atomic
def search_miss(*, text: str) -> None:
    """Somebody looked for these words and nothing was found. Who it was is not kept.

    New words take the place of those that were missed least and longest ago, and of what was seen to long ago.
    """
    words = " ".join(text.lower().split())[:LONGEST]
    if len(words) < SHORTEST:
        return
    now = clock.now()
    here = current_scope().environment_id
    row, created = MissedSearch.objects.get_or_create(
        environment_id=here, words=words, defaults={"first_at": now, "last_at": now}
    )
    if not created:
        MissedSearch.objects.filter(pk=row.pk).update(times=F("times") + 1, last_at=now, handled_at=None)
        return
    known = MissedSearch.objects.filter(environment_id=here)
    known.filter(handled_at__lt=now - HANDLED_KEPT_FOR).delete()
    too_many = known.filter(handled_at=None).order_by("-times", "-last_at", "-pk")[MOST_MISSED:]
    known.filter(pk__in=list(too_many.values_list("pk", flat=True))).delete()


@transaction.atomic
def search_handle(*, missed: MissedSearch, by: Person) -> None:
    """Somebody has seen to it; it comes back when it is missed again. Twice is once."""
    if missed.handled_at is None:
        MissedSearch.objects.filter(pk=missed.pk).update(handled_at=clock.now())
        audit(act="search.handled", by=by, target=missed)


@transaction.atomic
def page_embeddable(*, page: Page, embeddable: bool, by: Person) -> Page:
    """Whether everybody, signed in or not, may read the page inside sites that the environment allows.

    Refuses a page from above.
    """
    if page.environment_id != current_scope().environment_id:
        raise ContentError(_("It comes from the environment above and is changed there."))
    if page.embeddable != embeddable:
        audit(
            act="page.embeddable", by=by, target=page, before={"embeddable": page.embeddable},
            after={"embeddable": embeddable},
        )  # fmt: skip
        page.embeddable = embeddable
        page.save(update_fields=["embeddable"])
    return page
