"""Samples to practise reviewing on: made by who marks, tried by who learns, and what a try shows."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import Assignment, Exemplar, ExemplarState, PeerSample, PeerTry
from handins.selectors.assignments import newest_rubric
from handins.selectors.peers_training import samples_for
from handins.services.checking import levels_checked, words_kept
from handins.services.marking_rights import refuse_no_marker

MOST, LONGEST = 3, 20_000


@transaction.atomic
def peer_sample_add(
    *,
    assignment: Assignment,
    title: str,
    levels: Mapping[str, int],
    by: Membership,
    text: str = "",
    exemplar: Exemplar | None = None,
    comments: Mapping[str, str] | None = None,
    comment: str = "",
) -> PeerSample:
    """A sample with what the teacher finds of it: a text, or an example whose maker agrees. At most three; needs a rubric."""
    refuse_no_marker(by=by, element_id=assignment.element_id)
    Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
    rubric, text = newest_rubric(assignment), words_kept(said=text, most=LONGEST)
    if rubric is None:
        raise HandinError(_("Give the assignment a rubric first: that is what they practise with."))
    if PeerSample.objects.filter(element_id=assignment.element_id).count() >= MOST:
        raise HandinError(_("At most %(most)s samples.") % {"most": MOST})
    if not title.strip() or bool(text) == (exemplar is not None):
        raise HandinError(_("Give the sample a title, and either a text or an example."))
    if exemplar is not None and (exemplar.element_id, exemplar.state) != (assignment.element_id, ExemplarState.AGREED):
        raise HandinError(_("This example is not shown any more."))
    chosen = levels_checked(rubric=rubric, levels=levels)
    kept = {
        place: words
        for place, said in (comments or {}).items()
        if place in chosen and (words := words_kept(said=said, most=LONGEST))
    }
    made: PeerSample = PeerSample.objects.create(
        environment_id=current_scope().environment_id, element_id=assignment.element_id, title=title.strip()[:120], text=text,
        exemplar=exemplar, rubric=rubric, levels=chosen, comments=kept, comment=words_kept(said=comment, most=LONGEST),
        score=min(1.0, rubric.share(chosen)), by=by.person, at=clock.now(),
    )  # fmt: skip
    audit(act="handin.sample_added", by=by.person, target=made, after={"title": made.title})
    return made


@transaction.atomic
def peer_sample_remove(*, sample: PeerSample, by: Membership) -> None:
    """Take a sample away, with what people made of it. Twice is once."""
    found = PeerSample.objects.filter(pk=sample.pk).first()
    if found is None:
        return
    assignment = Assignment.objects.get(element_id=found.element_id)
    refuse_no_marker(by=by, element_id=assignment.element_id)
    audit(act="handin.sample_removed", by=by.person, target=found, before={"title": found.title})
    found.delete()


@transaction.atomic
def peer_sample_try(*, sample: PeerSample, levels: Mapping[str, int], by: Membership, words: str = "") -> PeerTry:
    """What somebody finds of a sample, before they see what the teacher does. The first one stays."""
    found = samples_for(by).filter(pk=sample.pk).first()
    if found is None:
        raise HandinError(_("This sample is not shown any more."))
    chosen = levels_checked(rubric=found.rubric, levels=levels)
    made, _new = PeerTry.objects.get_or_create(
        environment_id=found.environment_id,
        sample=found,
        person_id=by.person_id,
        defaults={
            "levels": chosen,
            "words": words_kept(said=words, most=LONGEST),
            "score": min(1.0, found.rubric.share(chosen)),
            "at": clock.now(),
        },
    )
    tried: PeerTry = made
    return tried
