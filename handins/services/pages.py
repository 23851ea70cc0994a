"""Pages of handed-in PDFs as pictures: made once, when whoever marks the work first looks at one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.documents import PDF
from ecosystem.models import Membership
from ecosystem.services.storage import file_remove, file_store
from handins.access import not_of, work_of
from handins.exceptions import HandinError
from handins.files.pictures import picture_of
from handins.models import HandinFile, HandinPage, Round, RoundState


@transaction.atomic
def page_kept(*, file: HandinFile, number: int, by: Membership) -> HandinPage:
    """The page, made if it is not there yet. For whoever marks the work; refuses what has no such page or cannot be shown."""
    marked = Round.objects.filter(work_of(by), not_of(by.person_id), pk=file.round_id)
    if not marked.exclude(state=RoundState.DRAFT).exists():
        raise HandinError(_("Only somebody who marks the work of this person can do that."))
    if file.media_type != PDF:
        raise HandinError(_("Only a PDF has pages."))
    before: HandinPage | None = HandinPage.objects.filter(file=file, number=number).first()
    if before is not None:
        return before
    try:
        with file.file.storage.open(file.file.name) as content:
            made = picture_of(content, number=number, size=file.size)
    except FileNotFoundError:
        made = None
    if made is None:
        raise HandinError(_("This page cannot be shown as a picture. Download the file to read it."))
    if not made.width:
        raise HandinError(_("The file has %(n)s pages.") % {"n": made.pages})
    # The platform makes it, so it counts and is not refused; the path names the page, so two at once write the same.
    path = f"handins/{file.environment_id}/pages/{file.uid}-{number}.webp"
    stored = file_store(path=path, content=made.data, keep=True, always=True)
    facts = {
        "person_id": file.person_id, "pages": made.pages, "width": made.width, "height": made.height, "picture": stored,
    }  # fmt: skip
    kept, _made = HandinPage.objects.get_or_create(
        environment_id=file.environment_id, file=file, number=number, defaults=facts
    )
    found: HandinPage = kept
    return found


def pages_remove(*, file: HandinFile) -> None:
    """Before the file goes."""
    for page in HandinPage.objects.filter(file=file):
        path = page.picture.name
        page.delete()
        file_remove(path=path)
