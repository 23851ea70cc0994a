"""Questions of a bank as a file."""

from collections.abc import Callable, Mapping

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.exporters.gift import write_gift
from assessments.exporters.moodle_xml import write_moodle_xml
from assessments.exporters.qti3 import write_qti3
from assessments.exporters.sources import Exported, Media, Source
from assessments.models import Picture, Question, QuestionVersion
from ecosystem.models import Element

FORMATS: dict[str, Callable[..., Exported]] = {
    "moodle_xml": write_moodle_xml,
    "qti3": write_qti3,
    "gift": write_gift,
}


def bank_export(*, bank: Element, format: str, questions: QuerySet[Question] | None = None) -> Exported:
    """The questions in use of a bank, or those of ``questions``, in a file; what the format cannot carry is named.

    Writes nothing. Refuses (AssessmentError) a format that is not known.
    """
    write = FORMATS.get(format)
    if write is None:
        raise AssessmentError(_("There is no such format."))
    found = questions if questions is not None else Question.objects.filter(element=bank, retired_at=None, newest__gt=0)
    versions = QuestionVersion.objects.filter(question__in=found.order_by(), number=F("question__newest"))
    rows = versions.select_related("question").order_by("question__category", "question_id")
    return write([Source(row.question, row) for row in rows], _media(bank), filename=bank.slug)


def _media(bank: Element) -> Mapping[str, Media]:
    def reader(picture: Picture) -> Callable[[], bytes]:
        def read() -> bytes:
            with picture.file.open() as file:
                content: bytes = file.read()
            return content

        return read

    return {
        picture.sha256: Media(picture.sha256, picture.media_type, reader(picture))
        for picture in Picture.objects.filter(element=bank)
    }
