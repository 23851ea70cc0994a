"""Pages of handed-in PDFs as pictures: made once, when whoever marks the work first looks at one."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from ecosystem.documents import PDF
from ecosystem.models import Membership
from ecosystem.services.storage import file_remove, file_store
from handins.access import not_of, work_of
from handins.exceptions import HandinError
from handins.files.pictures import SECONDS, Picture, picture_of
from handins.models import HandinFile, HandinPage, Round, RoundState
from handins.services.locking import submission_held

REFUSED_FOR = 3600  # seconds


@transaction.atomic
def page_kept(*, file: HandinFile, number: int, by: Membership) -> HandinPage:
    """The page, made if it is not there yet. For whoever marks the work; refuses what has no such page or cannot be shown."""
    _refuse_other(file, by)
    if file.media_type != PDF:
        raise HandinError(_("Only a PDF has pages."))
    before: HandinPage | None = HandinPage.objects.filter(file=file, number=number).first()
    if before is not None:
        return before
    made = _painted(file, number, by)
    if not made.width:
        raise HandinError(_("The file has %(n)s pages.") % {"n": made.pages})
    # The path names the page, so two at once write the same.
    path = f"handins/{file.environment_id}/pages/{file.uid}-{number}.webp"
    stored = file_store(path=path, content=made.data, keep=True)
    submission_held(pk=file.round.submission_id)  # the maker may have taken it back meanwhile
    _refuse_other(file, by)
    facts = {
        "person_id": file.person_id, "pages": made.pages, "width": made.width, "height": made.height, "picture": stored,
    }  # fmt: skip
    kept, _made = HandinPage.objects.get_or_create(
        environment_id=file.environment_id, file=file, number=number, defaults=facts
    )
    found: HandinPage = kept
    return found


def _refuse_other(file: HandinFile, by: Membership) -> None:
    marked = Round.objects.filter(work_of(by), not_of(by.person_id), pk=file.round_id, files=file.pk)
    if not marked.exclude(state=RoundState.DRAFT).exists():
        raise HandinError(_("Only somebody who marks the work of this person can do that."))


def _painted(file: HandinFile, number: int, by: Membership) -> Picture:
    """One at a time for each person, and what could not be made is not tried at every look: it may have taken long."""
    refused, busy = f"handins:page:{file.environment_id}:{file.uid}:{number}", f"handins:painting:{by.person_id}"
    if cache.get(refused) is None:
        if not _is_first(busy):
            raise HandinError(_("Another page is being made for you. Try again in a moment."))
        try:
            with file.file.storage.open(file.file.name) as content:
                made = picture_of(content, number=number, size=file.size)
        except FileNotFoundError:
            made = None
        finally:
            cache.delete(busy)
        if made is not None:
            return made
        cache.set(refused, 1, REFUSED_FOR)
    raise HandinError(_("This page cannot be shown as a picture. Download the file to read it."))


def _is_first(busy: str) -> bool:
    try:
        return bool(cache.add(busy, 1, 2 * SECONDS))
    except RedisError:  # then nobody is counted
        return True


def pages_remove(*, file: HandinFile) -> None:
    """Before the file goes."""
    for page in HandinPage.objects.filter(file=file):
        path = page.picture.name
        page.delete()
        file_remove(path=path)
