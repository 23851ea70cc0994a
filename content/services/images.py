"""Pictures of pages: drawn anew, counted with the storage, named by their content."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from content.exceptions import ContentError
from content.models import Image, Page
from ecosystem.markup import ATTACHMENT_SCHEME
from ecosystem.models import Element
from ecosystem.pictures import Drawn, picture_drawn
from ecosystem.scope import current_scope
from ecosystem.services.storage import file_store

LONGEST_DESCRIPTION = 300


@transaction.atomic
def image_add(*, page: Page, name: str, data: bytes, says: str) -> str:
    """Put a picture on the page; returns the Markdown that shows it. The same picture twice is one.

    Refuses a picture without a description, what is no JPEG, PNG or WebP, pages from above, and a full environment.
    """
    here = current_scope().environment_id
    if page.environment_id != here:
        raise ContentError(_("It comes from the environment above and is changed there."))
    text = " ".join(says.split())[:LONGEST_DESCRIPTION]
    if not text:
        raise ContentError(_("Describe the picture: people who cannot see it get this text instead."))
    digest = image_keep(element=page.element, name=name, drawn=picture_drawn(data))
    words = text.replace("\\", "").replace("[", "(").replace("]", ")")
    return f"![{words}]({ATTACHMENT_SCHEME}:{digest})"


def image_keep(*, element: Element, name: str, drawn: Drawn) -> str:
    """Store a drawn picture with an element, once; returns its sha256."""
    here = current_scope().environment_id
    digest = hashlib.sha256(drawn.content).hexdigest()
    if not Image.objects.filter(element=element, sha256=digest).exists():
        path = file_store(path=f"images/{here}/{digest}.webp", content=drawn.content, keep=True)
        Image.objects.create(
            environment_id=here,
            element=element,
            sha256=digest,
            name=name[:250],
            width=drawn.width,
            height=drawn.height,
            file=path,
        )
    return digest
