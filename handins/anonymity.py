"""Work that is marked without names: from whom they are hidden, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone

from ecosystem.documents import ending_of
from ecosystem.models import Membership
from ecosystem.nameless.cleaning import can_clean
from ecosystem.prepared import Given
from handins.access import not_of
from handins.models import HandinFile, Reveal, Round, RoundState, Submission

if TYPE_CHECKING:
    from handins.selectors.rounds import RoundShown


def is_hidden_from(person_id: Given, *, submission: str = "submission") -> Q:
    """Rows about work whose maker this person may not know yet: a round of it is handed in and not released.

    ``submission`` leads to the hand-in, empty for hand-ins themselves. Whoever looked the name up knows it.
    """
    of, key = (f"{submission}__", f"{submission}_id") if submission else ("", "pk")
    under_way = Round.objects.filter(submission_id=OuterRef(key)).exclude(
        state__in=[RoundState.DRAFT, RoundState.RETURNED]
    )
    told = Reveal.objects.filter(submission_id=OuterRef(key), by_id=person_id)
    return Q(**{f"{of}assignment__is_anonymous": True}) & Exists(under_way) & ~Exists(told)


def with_hidden(rows: QuerySet[Round], person: Given) -> QuerySet[Round]:
    """Each with ``is_hidden`` from this person, which ``Round.called`` reads."""
    return rows.annotate(is_hidden=ExpressionWrapper(is_hidden_from(person), output_field=BooleanField()))


def is_hidden(round_id: int, membership: Membership) -> bool:
    """For whoever marks it; one's own work is never hidden from oneself."""
    rows = Round.objects.filter(not_of(membership.person_id), pk=round_id)
    return rows.filter(is_hidden_from(membership.person_id)).exists()


def hidden_submissions(membership: Membership) -> QuerySet[Submission]:
    """Hand-ins whose maker is hidden, with those that members of a hidden team have besides."""
    hidden = Submission.objects.filter(is_hidden_from(membership.person_id, submission=""))
    shared = hidden.filter(team__members__person_id=OuterRef("person_id"), element_id=OuterRef("element_id"))
    return Submission.objects.filter(Q(pk__in=hidden.values("pk")) | Q(team=None) & Exists(shared))


def neutral_name(file: HandinFile) -> str:
    """A name that says nothing about who named it."""
    return f"file-{str(file.uid)[:4]}.{ending_of(file.name)}"


def veil(shown: Iterable[RoundShown]) -> None:
    """Take out who it is: files get neutral names, also in remarks about them, and days have no minutes. Not to be saved."""
    for one in shown:
        one.nameless, one.team = True, None
        quoted = [remark.file for _number, remark in one.remarked.remarks if remark.file is not None]
        for file in (*one.files, *quoted):
            file.name, file.can_clean = neutral_name(file), can_clean(file.media_type)


def day_of(moment: datetime | None) -> datetime | None:
    """The day only: a minute tells apart who handed in when."""
    return None if moment is None else timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
