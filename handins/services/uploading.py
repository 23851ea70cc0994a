"""A large file, part by part: begun, received, put together, given up. What was received is never sent again."""

from __future__ import annotations

import hashlib
import io
import logging
from datetime import timedelta
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.documents import plain_name
from ecosystem.models import Membership
from ecosystem.scope import current_scope, open_scope, system_rows
from ecosystem.services.storage import file_store, files_remove, refuse_without_room
from handins.exceptions import HandinError, WrongOffsetError
from handins.files.types import MARK, refuse_beginning
from handins.models import FeedbackFile, HandinFile, Round, RoundState, Upload, UploadPart
from handins.services.feedback_files import feedback_file_keep, refuse_feedback_file, reviewed_round_held
from handins.services.filing import file_keep, refuse_file
from handins.services.locking import draft_held

logger = logging.getLogger(__name__)

LARGEST_PART = 4 * 1024 * 1024
SMALLEST_PART = 64 * 1024  # but for the last, so that a file is no million rows
PIECE = 1024 * 1024
KEPT = timedelta(days=3)  # without a sign of life
BATCH = 100


@transaction.atomic
def upload_begin(*, round: Round, name: str, size: int, by: Membership, is_feedback: bool = False) -> Upload:
    """Room for a file of the draft, or of the feedback. The same file again goes on where it was.

    Refuses (HandinError, DocumentError, EcosystemError) what ``upload_finish`` would refuse, as far as that is known now.
    """
    held, name = _round_held(round, by, is_feedback=is_feedback), plain_name(name)
    mine = Upload.objects.filter(round=held, person=by.person, file=None, feedback=None)
    found: Upload | None = mine.filter(name=name, size=size).first()
    if found is not None:
        return found
    if size < 1:
        raise HandinError(_("There is nothing in this file."))
    _refuse(held, name, size, by, is_feedback=is_feedback, on_their_way=mine.count())
    refuse_without_room(size=size)
    made: Upload = Upload.objects.create(
        environment_id=current_scope().environment_id,
        round=held,
        person=by.person,
        name=name,
        size=size,
        is_feedback=is_feedback,
        touched_at=clock.now(),
    )
    return made


@transaction.atomic
def upload_take(*, upload: Upload, start: int, content: File, by: Membership) -> Upload:
    """The next part. The same part again is taken once.

    Refuses (WrongOffsetError) one from another place than where the last one ended, and whatever is no part of this file.
    """
    held = _held(upload, by)
    if held.is_done:
        return held
    if start != held.received:
        if held.parts.filter(start=start, size=content.size).exists():
            return held
        raise WrongOffsetError(held.received)
    if not held.is_feedback and Round.objects.get(pk=held.round_id).state != RoundState.DRAFT:
        raise HandinError(_("It is handed in. Take it back first, to change it."))
    end = start + content.size
    least = 1 if end == held.size else SMALLEST_PART
    if end > held.size or not least <= content.size <= LARGEST_PART:
        raise HandinError(_("A part of a file has another size than this."))
    if start == 0:
        content.seek(0)
        refuse_beginning(name=held.name, beginning=content.read(MARK))
        content.seek(0)
    UploadPart.objects.create(
        environment_id=held.environment_id,
        upload=held,
        person_id=held.person_id,
        start=start,
        size=content.size,
        file=file_store(path=f"handins/{held.environment_id}/{uuid4()}.part", content=content),
    )
    held.received, held.touched_at = end, clock.now()
    held.save(update_fields=["received", "touched_at"])
    return held


@transaction.atomic
def upload_finish(*, upload: Upload, sha256: str, by: Membership) -> HandinFile | FeedbackFile:
    """All is here: put it together and into the draft or the feedback. Twice is once.

    Refuses one of which something is missing or has another sum than ``sha256`` (64 hexadecimal digits).
    """
    held = _held(upload, by)
    if held.is_done:
        done: HandinFile | FeedbackFile = held.file or held.feedback
        return done
    if held.received != held.size:
        raise WrongOffsetError(held.received)
    content = _Whole(held)
    if _sum(content) != sha256.lower():
        raise HandinError(_("The file has changed on its way. Take it away and send it again."))
    _parts_forget(held)
    if held.is_feedback:
        held.feedback = feedback_file_keep(round=held.round, name=held.name, content=content, size=held.size, by=by)
    else:
        held.file = file_keep(round=held.round, name=held.name, content=content, size=held.size, by=by)
    UploadPart.objects.filter(upload=held).delete()
    held.touched_at = clock.now()
    held.save(update_fields=["file", "feedback", "touched_at"])
    made: HandinFile | FeedbackFile = held.file or held.feedback
    return made


@transaction.atomic
def upload_drop(*, upload: Upload, by: Membership) -> None:
    """Give it up. Twice is once; a file that is there already stays."""
    held = _held(upload, by)
    _parts_forget(held)
    held.delete()


def uploads_abandoned() -> list[int]:
    """Environments in which something has been given up without a word."""
    with system_rows():
        old = Upload.objects.filter(touched_at__lt=clock.now() - KEPT)
        return sorted(set(old.values_list("environment_id", flat=True)))


def uploads_abandoned_remove(*, environment_id: int) -> int:
    """Take those away, each in a transaction of its own; returns how many. One that fails stops no other."""
    with open_scope(environment_id=environment_id):
        old = Upload.objects.filter(touched_at__lt=clock.now() - KEPT).order_by("touched_at")
        pks = list(old.values_list("pk", flat=True)[:BATCH])
    return sum(_abandon(environment_id, pk) for pk in pks)


def _abandon(environment_id: int, pk: int) -> int:
    try:
        with open_scope(environment_id=environment_id):
            rows = Upload.objects.select_for_update(skip_locked=True, of=("self",))
            held = rows.filter(pk=pk, touched_at__lt=clock.now() - KEPT).first()
            if held is None:
                return 0
            _parts_forget(held)
            held.delete()
            return 1
    except Exception:
        logger.exception("an upload could not be taken away")
        return 0


def _held(upload: Upload, by: Membership) -> Upload:
    rows = Upload.objects.select_for_update(of=("self",), no_key=True).select_related("round", "file", "feedback")
    found: Upload | None = rows.filter(pk=upload.pk, person_id=by.person_id).first()
    if found is None:
        raise HandinError(_("This upload was given up. Choose the file again."))
    return found


def _round_held(round: Round, by: Membership, *, is_feedback: bool) -> Round:
    return reviewed_round_held(round=round, by=by) if is_feedback else draft_held(round=round, by=by)


def _refuse(held: Round, name: str, size: int, by: Membership, *, is_feedback: bool, on_their_way: int = 0) -> None:
    if is_feedback:
        refuse_feedback_file(held=held, name=name, size=size, by=by, on_their_way=on_their_way)
    else:
        refuse_file(held=held, name=name, size=size, on_their_way=on_their_way)


def _parts_forget(held: Upload) -> None:
    """They count no more; their bytes stay readable until the commit."""
    files_remove(paths=UploadPart.objects.filter(upload=held).values_list("file", flat=True))


def _sum(content: File) -> str:
    found = hashlib.sha256()
    for piece in content.chunks(PIECE):
        found.update(piece)
    return found.hexdigest()


class _Reading(io.RawIOBase):
    """The parts one after the other, of which one at a time is open.

    Each is asked for when its turn comes: PostgreSQL hangs up on whoever is silent for a minute within a transaction.
    """

    def __init__(self, upload: Upload) -> None:
        self.rows = UploadPart.objects.filter(upload=upload)
        self.size, self.place, self.until = upload.size, 0, 0
        self.open: File | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        self._shut()
        self.place = place + {io.SEEK_SET: 0, io.SEEK_CUR: self.place, io.SEEK_END: self.size}[whence]
        return self.place

    def tell(self) -> int:
        return self.place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.place >= self.size:
            return 0
        if self.open is None or self.place >= self.until:
            self._turn()
        piece = self.open.read(min(len(buffer), self.until - self.place)) if self.open else b""
        if not piece:
            raise OSError("a part of an upload is shorter than it was")
        buffer[: len(piece)] = piece
        self.place += len(piece)
        return len(piece)

    def _turn(self) -> None:
        self._shut()
        start, size, path = (
            self.rows.filter(start__lte=self.place).order_by("-start").values_list("start", "size", "file")[0]
        )
        self.open, self.until = default_storage.open(path), start + size
        self.open.seek(self.place - start)

    def _shut(self) -> None:
        if self.open is not None:
            self.open.close()
        self.open, self.until = None, 0

    def close(self) -> None:
        self._shut()
        super().close()


class _Whole(File):
    """The file as its parts make it; never in memory at once."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(io.BufferedReader(_Reading(upload), PIECE), name=upload.name)
        self.size = upload.size
