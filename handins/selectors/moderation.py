"""Marks that wait for a moderator, and what was found of a mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ecosystem.models import Membership
from ecosystem.prepared import Given, prepared
from handins.models import Agreement, IndependentMark, Mark, Moderation, Picked, Round, RoundState, Verdict

MOST = 2_000  # marks that wait for a moderator at once


def _open_ones(verdicts: QuerySet[Verdict]) -> QuerySet[Moderation]:
    """Those that none of ``verdicts`` is about, of marks that no later mark has replaced. A correction replaces it where it is
    looked at itself.

    The verdicts are read once and looked up: asked of each mark, PostgreSQL first joins the rounds of all that were ever
    looked at.
    """
    newer = Moderation.objects.filter(round_id=OuterRef("round_id"), pk__gt=OuterRef("pk"))
    later = Mark.objects.filter(round_id=OuterRef("round_id"), pk__gt=OuterRef("mark_id"), because="")
    going_on = [RoundState.DRAFT, *RoundState.waiting()]
    waiting = Moderation.objects.exclude(pk__in=verdicts.order_by().values("moderation_id"))
    return waiting.exclude(round__state__in=going_on).filter(~Exists(later), ~Exists(newer))


def _open_of(round: Round) -> QuerySet[Moderation]:
    return _open_ones(Verdict.objects.filter(round_id=round.pk)).filter(round_id=round.pk)


def open_moderation(round: Round) -> Moderation | None:
    found: Moderation | None = _open_of(round).first()
    return found


def awaits_verdict(round: Round) -> bool:
    """Its release waits for a moderator."""
    return round.submission.assignment.moderation_active and _open_of(round).exists()


def stands_for_two(round: Round) -> bool:
    """Its mark, which is not released yet, was agreed on by two or upheld by a moderator: one alone does not change it."""
    if not round.is_judged:
        return False
    newest = Mark.objects.filter(round=round).order_by("-pk").values("pk")[:1]
    agreed = Agreement.objects.filter(mark__in=newest)
    return agreed.exists() or Verdict.objects.filter(moderation__mark__in=newest, is_upheld=True).exists()


def _for(person_id: Given) -> Q:
    """Nobody looks at a mark of a round that they marked, alone, as one of two or recording what two agreed on. At a
    correction anybody may look but who made it."""
    said = [model.objects.filter(round_id=OuterRef("round_id"), by_id=person_id) for model in (Mark, IndependentMark)]
    corrected = Mark.objects.filter(pk=OuterRef("mark_id"), by_id=person_id)
    is_correction = Q(reason=Picked.CORRECTED)
    return (is_correction & ~Exists(corrected)) | (~is_correction & ~Exists(said[0]) & ~Exists(said[1]))


def may_moderate(person_id: int, moderation: Moderation) -> bool:
    return Moderation.objects.filter(_for(person_id), pk=moderation.pk).exists()


@prepared
def awaiting_verdict(*, person: Given) -> QuerySet[Any]:
    """Ids of the rounds whose mark waits for a moderator who did not give it, be it this person's to see or not.

    In a query of their own: in one with the rounds PostgreSQL looks at every round for a moderation.
    """
    waiting = _open_ones(Verdict.objects.all()).filter(_for(person)).order_by("pk")
    return waiting.values_list("round_id", flat=True)[:MOST]


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
    may = waiting is not None and may_moderate(membership.person_id, waiting)
    return Moderating(waiting, may, verdicts)
