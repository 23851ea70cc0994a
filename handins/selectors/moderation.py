"""Marks that wait for a moderator, and what was found of a mark."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from ecosystem.models import Membership
from handins.models import IndependentMark, Mark, Moderation, Round, RoundState, Verdict

MOST = 2_000  # marks that wait for a moderator at once


def open_moderations() -> QuerySet[Moderation]:
    """Those without a verdict, of marks that no later mark has replaced."""
    later = Mark.objects.filter(round_id=OuterRef("round_id"), pk__gt=OuterRef("mark_id"), because="")
    given = Verdict.objects.filter(moderation=OuterRef("pk"))
    going_on = [RoundState.DRAFT, *RoundState.waiting()]
    return Moderation.objects.exclude(round__state__in=going_on).filter(~Exists(given), ~Exists(later))


def open_moderation(round: Round) -> Moderation | None:
    found: Moderation | None = open_moderations().filter(round_id=round.pk).first()
    return found


def awaits_verdict(round: Round) -> bool:
    """Its release waits for a moderator."""
    return round.submission.assignment.moderation_active and open_moderations().filter(round_id=round.pk).exists()


def has_marked(person_id: int, round: Round) -> bool:
    """Alone, as one of two, or as whoever recorded what two agreed on."""
    return any(model.objects.filter(round_id=round.pk, by_id=person_id).exists() for model in (Mark, IndependentMark))


def to_moderate(rows: QuerySet[Round], membership: Membership) -> QuerySet[Round]:
    """Of these those whose mark waits for a moderator who did not give it.

    The ids come first, in a query of their own: in one PostgreSQL looks at every round for a moderation.
    """
    waiting = list(open_moderations().order_by("pk").values_list("round_id", flat=True)[:MOST])
    mine = [model.objects.filter(by_id=membership.person_id).values("round_id") for model in (Mark, IndependentMark)]
    rows = rows.filter(pk__in=waiting)
    return rows.exclude(pk__in=mine[0]).exclude(pk__in=mine[1])


def verdicts_of(round: Round) -> list[Verdict]:
    return list(Verdict.objects.filter(round=round).select_related("by", "moderation").order_by("pk"))


@dataclass(frozen=True)
class Moderating:
    """What the page of a mark says of its moderation. ``waiting``: no verdict yet; ``may``: this person may give it."""

    waiting: Moderation | None
    may: bool
    verdicts: list[Verdict]


def moderating_of(round: Round, membership: Membership) -> Moderating | None:
    """None for marks that nobody else looks at."""
    waiting, verdicts = open_moderation(round), verdicts_of(round)
    if waiting is None and not verdicts:
        return None
    may = waiting is not None and not has_marked(membership.person_id, round)
    return Moderating(waiting, may, verdicts)
