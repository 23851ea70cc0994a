"""Before the words of somebody erased go: what was counted of theirs is counted no more."""

from __future__ import annotations

from django.db.models import Count, F, IntegerField, OuterRef, Subquery

from ecosystem.models import Person
from social.models import Post, Thread


def replies_leave(*, person: Person) -> None:
    """Their replies that stand leave the threads, which are held until their posts are blanked."""
    mine = Post.objects.filter(
        person_id=person.pk, is_opening=False, withdrawn_at=None, hidden_at=None, is_erased=False
    )
    ids = list(mine.order_by().values_list("thread_id", flat=True).distinct())
    held = list(
        Thread.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
    )
    theirs = mine.filter(thread_id=OuterRef("pk")).order_by().values("thread_id").annotate(all=Count("pk"))
    fewer = Subquery(theirs.values("all"), output_field=IntegerField())
    # One may have been withdrawn before its thread was held.
    Thread.objects.filter(pk__in=held).filter(pk__in=mine.values("thread_id")).update(replies=F("replies") - fewer)
