"""What a reviewer can learn from the others who looked at the same work: what they noted, and the reviewer did not."""

from __future__ import annotations

from dataclasses import dataclass

from handins.models import Mark, PeerReview, PeerState, RoundState


@dataclass(frozen=True)
class Missed:
    """One criterion. ``theirs``: the teacher's level and words; ``others``: words of other peers. ``is_missed``: the levels
    differ, or others said something where the reviewer did not."""

    title: str
    mine: str
    mine_said: str
    theirs: str
    theirs_said: str
    others: list[str]

    @property
    def is_missed(self) -> bool:
        differs = bool(self.theirs) and self.theirs != self.mine
        return differs or (not self.mine_said and bool(self.theirs_said or self.others))


def missed_of(review: PeerReview) -> list[Missed]:
    """Once the reviewing is over and the mark is released; nothing before that, and nothing of a mark by another rubric."""
    if review.state != PeerState.DONE or not review.phase.plan.is_over or review.rubric is None:
        return []
    if review.round.state != RoundState.RETURNED:
        return []
    mark = Mark.objects.filter(round_id=review.round_id, rubric_id=review.rubric_id).order_by("-pk").first()
    others = PeerReview.objects.filter(round_id=review.round_id, state=PeerState.DONE, excluded="")
    said = list(others.exclude(pk=review.pk).order_by("allocated_at", "pk").values_list("comments", flat=True))
    found = []
    for place, criterion in enumerate(review.rubric.criteria):
        key, levels = str(place), criterion["levels"]
        theirs = mark.levels.get(key) if mark else None
        found.append(
            Missed(
                criterion["title"],
                levels[review.levels[key]]["title"] if key in review.levels else "",
                review.comments.get(key, ""),
                "" if theirs is None else levels[theirs]["title"],
                mark.comments.get(key, "") if mark else "",
                [words[key] for words in said if words.get(key)],
            )
        )
    return found
