"""What peers count for in a mark: mixed when somebody who marks gives one, never by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from handins.exceptions import HandinError
from handins.models import Mark, PeerBlend, Round
from handins.selectors.peers import peer_phase_of
from handins.selectors.peers_weighed import reviewing_of, weighed


def peers_mixed(*, round: Round, facts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """The facts of a mark with what peers count for, and how it was mixed; None where they count for nothing.

    Refuses while they are still reviewing. What nobody said anything about counts for who marks.
    """
    phase = peer_phase_of(round.element_id)
    given = facts["score"]
    if phase is None or not (phase.plan.is_on and phase.plan.counts) or phase.opened_at is None:
        return dict(facts), None
    if given is None or facts["rubric"] is None:  # without a rubric peers write words only
        return dict(facts), None
    if not phase.plan.is_over:
        raise HandinError(
            _("Peers are still reviewing, and what they find counts. Give the mark when that has closed.")
        )
    every = weighed(phase)
    peers = every.scores.get(round.pk) if phase.plan.share else None
    reviewing = reviewing_of(round, every) if phase.plan.quality else None
    share = phase.plan.share if peers is not None else 0
    quality = phase.plan.quality if reviewing is not None else 0
    if not share and not quality:
        return dict(facts), None
    score = ((100 - share - quality) * given + share * (peers or 0.0) + quality * (reviewing or 0.0)) / 100
    score = min(1.0, max(0.0, score))
    pass_mark = round.submission.assignment.pass_mark
    passed = facts["passed"] if pass_mark is None else score * 100 + 1e-6 >= pass_mark
    blend = {"given": given, "peers": peers, "reviewing": reviewing, "share": share, "quality": quality}
    return {**facts, "score": score, "passed": passed}, blend


def blend_keep(*, mark: Mark, blend: Mapping[str, Any] | None) -> None:
    if blend is not None:
        PeerBlend.objects.create(
            environment_id=mark.environment_id, mark=mark, round_id=mark.round_id, person_id=mark.person_id, **blend
        )
