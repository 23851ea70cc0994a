"""Pages: making, changing and bringing back; every text that was saved is kept."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.exceptions import ContentError, PageChangedError
from content.models import Image, Page, PageVersion
from content.services.images import image_keep
from content.words import MOST_CHARACTERS, pictures_of
from ecosystem import clock
from ecosystem.markup import ATTACHMENT_SCHEME, markdown_to_html, plain_text
from ecosystem.models import Person
from ecosystem.pictures import picture_kept
from ecosystem.scope import current_scope
from ecosystem.search import index_element
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create, element_update


@transaction.atomic
def page_create(
    *,
    title: str,
    markdown: str,
    creators: Iterable[Person | str],
    kind: str = "page",
    by: Person | None = None,
    pictures: Mapping[str, tuple[str, bytes]] | None = None,
    **facts: Any,
) -> Page:
    """A new page, job aid or checklist in the open environment, with its first version.

    ``pictures``: (name, content) of those that the text names, by the sha256 it names them with; others are added once
    the page is there. Refuses an empty or endless text, and one that names a picture that is not there.
    """
    markdown = _lines(markdown)
    _refuse(markdown, pictures or {})
    element = element_create(kind=kind, title=title, creators=creators, **facts)
    for named, (name, content) in (pictures or {}).items():
        kept = image_keep(element=element, name=name, drawn=picture_kept(content))
        markdown = markdown.replace(f"{ATTACHMENT_SCHEME}:{named}", f"{ATTACHMENT_SCHEME}:{kept}")
    html = markdown_to_html(markdown)
    index_element(element=element, body=plain_text(html))
    page = Page.objects.create(
        environment_id=current_scope().environment_id, element=element, markdown=markdown, html=html
    )
    _keep(page, by)
    return page


@transaction.atomic
def page_save(*, page: Page, base: int, markdown: str, by: Person, restored: int | None = None, **facts: Any) -> Page:
    """Put a new version in place of version ``base``; ``facts`` are those of the element. The same again changes nothing.

    Refuses a page from above, a text whose pictures say nothing or are not here, and (PageChangedError) another base
    than what is there now: somebody saved in the meantime.
    """
    if page.environment_id != current_scope().environment_id:
        raise ContentError(_("It comes from the environment above and is changed there."))
    fresh = Page.objects.select_for_update(of=("self",)).select_related("element").get(pk=page.pk)
    if fresh.revision != base:
        raise PageChangedError(_("Somebody else saved this page while you were writing."), revision=fresh.revision)
    markdown = _lines(markdown)
    _refuse(markdown, set(Image.objects.filter(element=fresh.element).values_list("sha256", flat=True)))
    before = _told(fresh)
    if not fresh.versions.filter(number=fresh.revision).exists():  # from before versions were kept
        _keep(fresh, None)
    element = element_update(element=fresh.element, **facts)
    fresh.element = element
    if _told(fresh) == before and fresh.markdown == markdown:
        return fresh
    fresh.markdown, fresh.html, fresh.revision = markdown, markdown_to_html(markdown), fresh.revision + 1
    fresh.save(update_fields=["markdown", "html", "revision"])
    _keep(fresh, by, restored)
    index_element(element=element, body=plain_text(fresh.html))
    audit(
        act="page.saved",
        by=by,
        target=fresh,
        before={"version": base, "title": before[0]},
        after={"version": fresh.revision, "title": element.title},
    )
    return fresh


@transaction.atomic
def page_restore(*, page: Page, number: int, base: int, by: Person) -> Page:
    """Make what version ``number`` said the newest version; what is there now stays in the list.

    Refuses what ``page_save`` refuses, and a version that is not there.
    """
    version = PageVersion.objects.filter(page=page, number=number).first()
    if version is None:
        raise ContentError(_("There is no such version."))
    return page_save(
        page=page,
        base=base,
        markdown=version.markdown,
        by=by,
        restored=number,
        title=version.title,
        summary=version.summary,
    )


def _told(page: Page) -> tuple[str, str]:
    return page.element.title, page.element.summary


def _keep(page: Page, by: Person | None, restored: int | None = None) -> None:
    PageVersion.objects.create(
        environment_id=page.environment_id,
        element_id=page.element_id,
        page=page,
        number=page.revision,
        title=page.element.title,
        summary=page.element.summary,
        markdown=page.markdown,
        person=by,
        restored=restored,
        saved_at=clock.now(),
    )


def _lines(text: str) -> str:
    """Browsers end lines in two characters, and a text must not differ from itself for that."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refuse(markdown: str, pictures: Collection[str]) -> None:
    """What cannot be the text of a page that has these pictures (sha256)."""
    if not markdown.strip():
        raise ContentError(_("Write something first."))
    if len(markdown) > MOST_CHARACTERS:
        raise ContentError(_("The text is too long for one page. Make two of it."))
    for picture in pictures_of(markdown):
        if not picture.says:
            raise ContentError(_("A picture has no description. Write between its brackets what it shows."))
        if not picture.is_ours:
            raise ContentError(_("Pictures from other sites are not shown. Add the picture to the page instead."))
        if picture.address.removeprefix(f"{ATTACHMENT_SCHEME}:") not in pictures:
            raise ContentError(_("The text names a picture that is not on this page."))
