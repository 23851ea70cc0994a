"""Marks that wait for a moderator, and what was found of a mark."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from ecosystem.models import Membership
from ecosystem.prepared import Given
from handins.models import Agreement, IndependentMark, Mark, Moderation, Picked, Round, Verdict


def open_moderation(round: Round) -> Moderation | None:
    """Of its newest mark, while there is no verdict."""
    if not round.awaits:
        return None
    found: Moderation = Moderation.objects.filter(round_id=round.pk).latest("pk")
    return found


def is_held_back(round: Round) -> bool:
    """Its release waits for a moderator."""
    return bool(round.awaits) and round.submission.assignment.moderation_active


def stands_for_two(round: Round) -> bool:
    """Its mark, which is not released yet, was agreed on by two or upheld by a moderator: one alone does not change it."""
    if not round.is_judged:
        return False
    newest = Mark.objects.filter(round=round).order_by("-pk").values("pk")[:1]
    agreed = Agreement.objects.filter(mark__in=newest)
    return agreed.exists() or Verdict.objects.filter(moderation__mark__in=newest, is_upheld=True).exists()


def to_moderate(rows: QuerySet[Round], person_id: Given) -> QuerySet[Round]:
    """Those of ``rows`` whose mark waits for a moderator, who may be this person.

    Nobody looks at a mark of a round that they marked, alone, as one of two or recording what two agreed on. At a
    correction, which is then the newest mark, anybody may look but who made it.
    """
    marks = Mark.objects.filter(round_id=OuterRef("pk"), by_id=person_id)
    alone = IndependentMark.objects.filter(round_id=OuterRef("pk"), by_id=person_id)
    newer = Mark.objects.filter(round_id=OuterRef("round_id"), pk__gt=OuterRef("pk"))
    corrected = marks.exclude(because="").filter(~Exists(newer))
    is_correction = Q(awaits=Picked.CORRECTED)
    may = (is_correction & ~Exists(corrected)) | (~is_correction & ~Exists(marks) & ~Exists(alone))
    return rows.exclude(awaits="").filter(may)


def may_moderate(person_id: int, round: Round) -> bool:
    return to_moderate(Round.objects.filter(pk=round.pk), person_id).exists()


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
    may = waiting is not None and may_moderate(membership.person_id, round)
    return Moderating(waiting, may, verdicts)
