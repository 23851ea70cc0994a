"""Files that are handed in as an answer, one after the other: two at the same moment are both named in it."""

import uuid

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.exceptions import AnswerError
from assessments.models import Answer, AnswerFile, Attempt
from assessments.question_types.base import texts_in
from assessments.question_types.file_upload import files_in, most_files
from assessments.services.attempts import answer_save, refuse_after_the_end
from ecosystem.documents import document_type, ending_of, plain_name
from ecosystem.services.storage import file_store, files_gone_on_failure

KEPT_PER_PLACE = 10


@transaction.atomic
def answer_file_add(*, attempt_uid: uuid.UUID, person_id: int, position: int, upload: File) -> AnswerFile:
    """Keep the file and name it in the answer, after what is named there already.

    Refuses (AnswerError, DocumentError) a question that asks for no file, more files than it asks for, other kinds, a
    finished attempt and a full environment; Answer.DoesNotExist when the attempt is not the person's own.
    """
    answer = _answer(attempt_uid, person_id, position)
    body = answer.version.body
    if answer.version.type != "file_upload":
        raise AnswerError(_("This question does not ask for a file."))
    refuse_after_the_end(attempt=answer.attempt)
    _refuse_more(answer)
    name = plain_name(upload.name or "")
    endings = texts_in(body, "endings")
    if endings and ending_of(name) not in endings:
        raise AnswerError(_("This question takes these kinds of files: %(kinds)s.") % {"kinds": ", ".join(endings)})
    media_type = document_type(name=name, file=upload, size=upload.size)  # type: ignore[arg-type]
    with files_gone_on_failure():
        kept = AnswerFile.objects.create(
            environment_id=answer.environment_id,
            person_id=person_id,
            answer=answer,
            name=name,
            media_type=media_type,
            size=upload.size,
            # Under a name that nobody chose.
            file=file_store(path=f"answers/{answer.environment_id}/{uuid.uuid4()}.bin", content=upload),
        )
        # Only now, so that no saving waits while a large file is on its way.
        named = _refuse_more(_answer(attempt_uid, person_id, position, hold=True))
        form = {"answer": [*named, str(kept.uid)]}
        kept.answer = answer_save(attempt_uid=attempt_uid, person_id=person_id, position=position, response=form)
    return kept


def _answer(attempt_uid: uuid.UUID, person_id: int, position: int, *, hold: bool = False) -> Answer:
    if hold:  # first, since what is read with a lock on another row may be what was there before
        Attempt.objects.select_for_update(of=("self",), no_key=True).get(uid=attempt_uid, person_id=person_id)
    rows = Answer.objects.select_related("version", "attempt__assessment")
    return rows.get(attempt__uid=attempt_uid, attempt__person_id=person_id, position=position)


def _refuse_more(answer: Answer) -> list[str]:
    """The files it names so far."""
    named, most = files_in(answer.response), most_files(answer.version.body)
    if AnswerFile.objects.filter(answer=answer).count() >= KEPT_PER_PLACE * most:  # what was taken back is kept too
        raise AnswerError(_("You have handed in too many files with this question. Ask whoever marks it what to do."))
    if len(named) >= most:
        raise AnswerError(_("No more files can be handed in here. Untick one and save first."))
    return named
