"""What may come into a draft as a file, and how it is kept."""

from __future__ import annotations

from uuid import uuid4

from django.core.files.base import File
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.documents import ending_of
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from ecosystem.services.storage import file_store, files_gone_on_failure
from handins.exceptions import HandinError
from handins.files.types import AUDIO, ENDINGS, VIDEO, file_type, refuse_size
from handins.models import Assignment, HandinFile, Round, TeamDeed
from handins.services.locking import draft_held, draft_seen
from handins.services.sharing import deed_note


def endings_of(*, assignment: Assignment) -> list[str]:
    """The kinds of files that it takes; recordings where it asks for those."""
    found = list(assignment.endings or ENDINGS) if assignment.takes_files else []
    found += [*(AUDIO if assignment.takes_audio else ()), *(VIDEO if assignment.takes_video else ())]
    return list(dict.fromkeys(found))


def refuse_file(*, held: Round, name: str, size: int, on_their_way: int = 0) -> None:
    """Refuses (HandinError, DocumentError) other kinds, larger ones and more than the assignment allows."""
    assignment = held.submission.assignment
    if not assignment.takes_uploads:
        raise HandinError(_("This assignment takes no files."))
    if HandinFile.objects.filter(round=held).count() + on_their_way >= assignment.most_files:
        raise HandinError(_("No more files can be handed in here. Take one away first."))
    endings = endings_of(assignment=assignment)
    if ending_of(name) not in endings:
        raise HandinError(_("It takes these kinds of files: %(kinds)s.") % {"kinds": ", ".join(endings)})
    refuse_size(name=name, size=size, most_mb=assignment.most_mb)


def stored(*, content: File) -> str:
    """Its path, under a name that nobody chose. Before a submission is held: a large file takes its time."""
    return file_store(path=f"handins/{current_scope().environment_id}/{uuid4()}.bin", content=content)


def file_keep(*, round: Round, name: str, content: File, size: int, by: Membership) -> HandinFile:
    """Look at the content, store it, and put it into the draft if that still takes it then; else nothing of it stays."""
    seen = draft_seen(round=round, by=by)
    refuse_file(held=seen, name=name, size=size)
    most_mb = seen.submission.assignment.most_mb
    media_type = file_type(name=name, file=content, size=size, most_mb=most_mb)  # type: ignore[arg-type]
    with files_gone_on_failure():
        path = stored(content=content)
        held = draft_held(round=round, by=by)
        refuse_file(held=held, name=name, size=size)
        return _kept(held, name, media_type, size, path, by)


def _kept(held: Round, name: str, media_type: str, size: int, path: str, by: Membership) -> HandinFile:
    made: HandinFile = HandinFile.objects.create(
        environment_id=held.environment_id,
        round=held,
        person_id=by.person_id,
        name=name,
        media_type=media_type,
        size=size,
        file=path,
        added_at=clock.now(),
    )
    deed_note(round=held, by=by, deed=TeamDeed.ADDED)
    return made
