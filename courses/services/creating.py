"""New courses, and new elements made while one is built."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.exceptions import CourseError
from courses.services.drafts import draft_of
from ecosystem.models import Element, Membership, Visibility
from ecosystem.registry import inline_forms
from ecosystem.rules import is_author
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create
from ecosystem.slugs import slug_free


@transaction.atomic
def course_create(*, title: str, by: Membership, summary: str = "", **facts: Any) -> Element:
    """A course from scratch, with an empty draft; ``by`` is its maker and owner. For who may change content here."""
    if not is_author(by):
        raise CourseError(_("You cannot make a course here."))
    course = element_create(
        kind="course",
        title=title,
        summary=summary,
        slug=slug_free(title=title, kind="course"),
        creators=[by.person],
        **facts,
    )
    draft_of(element=course, by=by)
    audit(act="course.created", by=by.person, target=course, after={"title": title})
    return course


@transaction.atomic
def element_make(*, kind: str, cleaned: dict[str, Any], by: Membership) -> Element:
    """A new element for the course that ``by`` is building, by the form that its kind registered.

    Who builds a single course only makes elements that are seen by its makers and in their courses, by nobody else.
    """
    maker = inline_forms.get(kind)
    if maker is None or not maker.rule(by):
        raise CourseError(_("This cannot be made here."))
    seen_by = Visibility.MEMBERS if is_author(by) else Visibility.PRIVATE
    return maker.create(
        cleaned=cleaned, by=by, slug=slug_free(title=cleaned["title"], kind=maker.kind or kind), visibility=seen_by
    )
