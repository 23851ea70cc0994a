"""What may come into a draft as a file, and how it is kept."""

from __future__ import annotations

from uuid import uuid4

from django.core.files.base import File
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.documents import ending_of
from ecosystem.models import Membership
from ecosystem.services.storage import file_store
from handins.exceptions import HandinError
from handins.files.types import AUDIO, ENDINGS, VIDEO, file_type, refuse_size
from handins.models import Assignment, HandinFile, Round, TeamDeed
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


def file_keep(*, held: Round, name: str, content: File, size: int, by: Membership) -> HandinFile:
    """Look at the content, and keep it under a name that nobody chose."""
    most_mb = held.submission.assignment.most_mb
    media_type = file_type(name=name, file=content, size=size, most_mb=most_mb)  # type: ignore[arg-type]
    made: HandinFile = HandinFile.objects.create(
        environment_id=held.environment_id,
        round=held,
        person_id=by.person_id,
        name=name,
        media_type=media_type,
        size=size,
        file=file_store(path=f"handins/{held.environment_id}/{uuid4()}.bin", content=content),
        added_at=clock.now(),
    )
    deed_note(round=held, by=by, deed=TeamDeed.ADDED)
    return made
