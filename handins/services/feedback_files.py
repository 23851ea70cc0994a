"""Feedback that is spoken, or written into a file: kept with the round, unseen by the learner until it is released."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.documents import plain_name
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from ecosystem.services.storage import file_remove, files_gone_on_failure
from handins.access import work_of
from handins.exceptions import HandinError
from handins.files.types import file_type, refuse_size
from handins.models import FeedbackFile, Round, RoundState
from handins.services.confirming import refuse_unconfirmed
from handins.services.filing import stored
from handins.services.locking import refuse_own, round_held, round_seen

MOST_FILES, MOST_MB = 5, 200


def reviewed_round_held(*, round: Round, by: Membership) -> Round:
    """The round, held, for somebody who marks it; refuses others, one's own work and drafts."""
    _refuse_stranger(round, by)
    return _reviewed(round_held(pk=round.pk), by)


def _reviewed_round_seen(round: Round, by: Membership) -> Round:
    _refuse_stranger(round, by)
    return _reviewed(round_seen(pk=round.pk), by)


def _refuse_stranger(round: Round, by: Membership) -> None:
    if not Round.objects.filter(work_of(by), pk=round.pk).exists():
        raise HandinError(_("Only somebody who marks the work of this person can do that."))


def _reviewed(found: Round, by: Membership) -> Round:
    refuse_own(round=found, person_id=by.person_id)
    if found.state == RoundState.DRAFT:
        raise HandinError(_("It was taken back."))
    return found


def refuse_feedback_file(*, held: Round, name: str, size: int, by: Membership, on_their_way: int = 0) -> None:
    """Refuses (HandinError, DocumentError) other kinds, larger ones, more than a few, and any to what is not confirmed yet."""
    refuse_unconfirmed(held=held)
    if FeedbackFile.objects.filter(round=held, by=by.person).count() + on_their_way >= MOST_FILES:
        raise HandinError(_("Feedback has at most %(most)s files.") % {"most": MOST_FILES})
    refuse_size(name=name, size=size, most_mb=MOST_MB)


def feedback_file_keep(*, round: Round, name: str, content: File, size: int, by: Membership) -> FeedbackFile:
    """Look at the content, store it, and keep it beside the mark if it still may be then; else nothing of it stays."""
    refuse_feedback_file(held=_reviewed_round_seen(round, by), name=name, size=size, by=by)
    media_type = file_type(name=name, file=content, size=size, most_mb=MOST_MB)  # type: ignore[arg-type]
    with files_gone_on_failure():
        path = stored(content=content)
        held = reviewed_round_held(round=round, by=by)
        refuse_feedback_file(held=held, name=name, size=size, by=by)
        return _kept(held, name, media_type, size, path, by)


def _kept(held: Round, name: str, media_type: str, size: int, path: str, by: Membership) -> FeedbackFile:
    made: FeedbackFile = FeedbackFile.objects.create(
        environment_id=held.environment_id,
        round=held,
        person_id=held.person_id,
        by=by.person,
        name=name,
        media_type=media_type,
        size=size,
        file=path,
        added_at=clock.now(),
    )
    audit(act="handin.feedback_added", by=by.person, target=held, after={"round": held.number, "file": name})
    return made


@transaction.atomic
def feedback_file_add(*, round: Round, upload: File, by: Membership) -> FeedbackFile:
    """Put a file beside the mark. The learner has it once the round is released, or at once if it is."""
    return feedback_file_keep(round=round, name=plain_name(upload.name or ""), content=upload, size=upload.size, by=by)


@transaction.atomic
def feedback_file_remove(*, file: FeedbackFile, by: Membership) -> None:
    """Take it away, as long as the learner has not had it. Twice is once."""
    held = reviewed_round_held(round=file.round, by=by)
    if held.state == RoundState.RETURNED:
        raise HandinError(_("The learner has it already."))
    found = FeedbackFile.objects.filter(round=held, pk=file.pk).first()
    if found is not None:
        path = found.file.name
        found.delete()
        file_remove(path=path)
