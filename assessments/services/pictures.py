"""Pictures, sounds and films of a bank, one by one."""

from typing import Any

from django.core.files.base import File
from django.db import transaction

from assessments.exceptions import AssessmentError
from assessments.importers.pictures import LARGEST_MEDIA, LARGEST_PICTURE, keep_file, picture_size
from assessments.importers.results import Attachment, QuestionRefusedError
from assessments.services.imports import pictures_keep
from ecosystem.documents import plain_name
from ecosystem.models import Element


@transaction.atomic
def picture_add(*, bank: Element, upload: File, keep: bool = True) -> dict[str, Any]:
    """Keep a picture in the bank; returns {"picture", "width", "height"} as `hotspot` names it.

    keep False: only say so, for a look at a question that is not saved. Refuses (AssessmentError) what is no picture.
    """
    taken: dict[str, Attachment] = {}
    content = upload.read(LARGEST_PICTURE + 1)
    try:
        placeholder = keep_file(name=plain_name(upload.name or ""), content=content, taken=taken)
    except QuestionRefusedError as refused:
        raise AssessmentError(str(refused)) from None
    width, height = picture_size(content)
    if keep:
        pictures_keep(bank=bank, pictures=taken)
    return {"picture": placeholder, "width": width, "height": height}


@transaction.atomic
def media_add(*, bank: Element, upload: File) -> Attachment:
    """Keep a picture, sound or film in the bank. Refuses (AssessmentError) anything else, and what is too large."""
    taken: dict[str, Attachment] = {}
    try:
        keep_file(name=plain_name(upload.name or ""), content=upload.read(LARGEST_MEDIA + 1), taken=taken)
    except QuestionRefusedError as refused:
        raise AssessmentError(str(refused)) from None
    pictures_keep(bank=bank, pictures=taken)
    return next(iter(taken.values()))
