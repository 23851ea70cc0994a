"""The builder: one page on which a course is put together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.access import buildable, may_build_some
from courses.exceptions import CourseError
from courses.forms.building import ActivityForm, BlockForm, EditForm, NewCourseForm
from courses.models import CourseVersion, DraftEdit
from courses.selectors.naming import labels_of
from courses.selectors.outline import Outline, OutlineBlock, OutlineStep, elements_to_add, outline_of
from courses.selectors.preview import preview_of
from courses.services import course_create, draft_discard, draft_of, draft_seen, element_make
from courses.services.acts import draft_edit
from courses.services.drafts import added_already, draft_locked
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element, Membership
from ecosystem.people_views.reading import actor, text_of
from ecosystem.registry import activity_types, element_kinds, inline_forms
from ecosystem.rules import is_author
from ecosystem.services.storage import files_gone_on_failure
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import elements_for

CONFLICT = 409
ADDING = frozenset({"activity_add", "activity_new"})


@requires(may_build_some)
@require_safe
def studio(request: HttpRequest) -> HttpResponse:
    """The courses that one may build."""
    membership = actor(request)
    courses = Element.objects.filter(buildable(membership)).order_by("title")
    states: dict[int, list[int]] = {}
    for element_id, number in CourseVersion.objects.filter(element__in=courses).values_list("element_id", "number"):
        states.setdefault(element_id, []).append(number)
    rows = [(course, max(states.get(course.pk, [0])), 0 in states.get(course.pk, [])) for course in courses]
    return render(request, "courses/studio.html", {"rows": rows, "may_create": is_author(membership)})


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A course from scratch."""
    form = NewCourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            course = course_create(by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("courses:build", slug=course.slug)
    return render(request, "courses/new.html", {"form": form})


@requires(may_build_some)
@require_http_methods(["GET", "HEAD", "POST"])
def build(request: HttpRequest, slug: str) -> HttpResponse:
    """The outline and, beside it, what is chosen. A post is one edit."""
    course = course_to_build(request, slug)
    if request.method == "POST":
        return _change(request, course)
    return _show(request, course, Panel(request.GET.get("chosen", ""), request.GET.get("add", "")))


@requires(may_build_some)
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft as somebody sees it who has just enrolled."""
    course = course_to_build(request, slug)
    return render(request, "courses/preview.html", {"course": course, "journey": preview_of(element=course)})


def course_to_build(request: HttpRequest, slug: str) -> Element:
    """The course of the address, or 404 for whoever may not build it."""
    return row_of_slug(Element.objects.filter(buildable(actor(request))), slug)


class Panel:
    """What stands beside the outline: a chosen step or chapter, or what could be added to a chapter."""

    def __init__(self, chosen: str = "", add: str = "", form: forms.Form | None = None, kind: str = "") -> None:
        self.chosen, self.add, self.form, self.kind = chosen, add, form, kind


def _change(request: HttpRequest, course: Element) -> HttpResponse:
    act, by = request.POST.get("act", ""), actor(request)
    asked = request.POST.dict()
    button = next((name for name in ("up", "down") if name in asked), "")
    if button:  # one form around the outline: the button says which row
        act, asked["uid"] = button, asked[button]
    said = EditForm(asked)
    panel = Panel(request.POST.get("uid", ""), request.POST.get("block", "") if act in ADDING else "")
    if act == "start":
        draft_of(element=course, by=by)
        return redirect("courses:build", slug=course.slug)
    if not said.is_valid():
        return _show(request, course, panel, refusal=_("This could not be read. Load the page again."))
    if button:
        panel.chosen = ""
    try:
        with files_gone_on_failure(), transaction.atomic():
            made = _do(request, course, act, said, panel)
    except EcosystemError as refusal:
        return _show(request, course, panel, refusal=str(refusal), status=CONFLICT)
    if panel.form is not None and panel.form.errors:
        return _show(request, course, panel, status=400)
    return redirect(_back(course, act, made, panel))


def _do(request: HttpRequest, course: Element, act: str, said: EditForm, panel: Panel) -> DraftEdit | None:
    """Refusals leave nothing behind: neither an edit nor a new element."""
    by, facts, seen = actor(request), said.facts(), said.cleaned_data["seen"]
    draft = draft_seen(element=course, pk=said.cleaned_data["draft"])
    if act == "discard":
        draft_discard(draft=draft, by=by, seen=seen)
        messages.success(request, _("The draft is gone. This is what is published."))
        return None
    if act in {"activity_change", "block_rename", "activity_new"}:
        panel.kind = request.POST.get("kind", "")
        panel.form = _form_of(act, panel.kind)(request.POST, request.FILES or None)
        if not panel.form.is_valid():
            return None
    if act == "activity_add":
        facts["target"] = elements_for(by).filter(uid=said.cleaned_data["element"]).first()
    elif act == "activity_new":
        type_ = inline_forms[panel.kind].kind or panel.kind
        made = {"title": panel.form.cleaned_data["title"], "block": facts.get("block"), "type": type_}  # type: ignore[union-attr]
        if twice := added_already(draft=draft_locked(draft=draft, by=by), by=by, seen=seen, **made):
            return twice  # the same form again: the element is there too
        facts["target"] = element_make(kind=panel.kind, cleaned=panel.form.cleaned_data, by=by)  # type: ignore[union-attr]
        act = "activity_add"
    elif panel.form is not None:
        facts |= panel.form.cleaned_data
    return draft_edit(draft=draft, act=act, by=by, seen=seen, facts=facts)


def _form_of(act: str, kind: str) -> Any:
    if act == "activity_new":
        known = inline_forms.get(kind)
        if known is None:
            raise CourseError(_("This cannot be made here."))
        return known.form
    return BlockForm if act == "block_rename" else ActivityForm


def _back(course: Element, act: str, made: DraftEdit | None, panel: Panel) -> str:
    """To the page as it was, with what was just made or moved in sight."""
    address = reverse("courses:build", args=[course.slug])
    uid = _uid_of(act, made)
    if act in ADDING and panel.add:
        return f"{address}?{urlencode({'add': panel.add})}#s-{uid}"
    if act in {"activity_change", "block_rename", "activity_move"} and panel.chosen:
        return f"{address}?{urlencode({'chosen': panel.chosen})}#s-{panel.chosen}"
    return f"{address}#s-{uid}" if uid else address


def _uid_of(act: str, made: DraftEdit | None) -> str:
    if made is None:
        return ""
    if act.endswith(("_add", "_new")):
        return next((uid for uid, (before, _after) in made.changes.items() if before is None), "")
    return ""


def _show(request: HttpRequest, course: Element, panel: Panel, *, refusal: str = "", status: int = 200) -> HttpResponse:
    outline = outline_of(element=course)
    context: dict[str, Any] = {
        "course": course,
        "outline": outline,
        "seen": outline.version.edit_count if outline.version else 0,
        "refusal": refusal,
        "may_export": outline.version is not None and is_author(actor(request)),
        **_beside(request, actor(request), outline, panel),
    }
    return render(request, "courses/build.html", context, status=status)


def _beside(request: HttpRequest, by: Membership, outline: Outline, panel: Panel) -> dict[str, Any]:
    if not outline.is_draft:
        return {}
    block = outline.find(panel.add)
    if isinstance(block, OutlineBlock):
        return _adding(request, by, outline, panel, block)
    chosen = outline.find(panel.chosen)
    if isinstance(chosen, OutlineStep):
        row = chosen.activity
        facts = {name: getattr(row, name) for name in ("title", "minutes", "weight", "optional")}
        form = panel.form or ActivityForm(initial=facts)
        here = next(found for found in outline.blocks if chosen in found.steps)
        return {
            "step": chosen,
            "form": form,
            "here": here,
            "target_href": element_kinds[row.target.kind].href(row.target),
        }
    if isinstance(chosen, OutlineBlock):
        return {"chapter": chosen, "form": panel.form or BlockForm(initial={"title": chosen.block.title})}
    return {}


def _adding(
    request: HttpRequest, by: Membership, outline: Outline, panel: Panel, block: OutlineBlock
) -> dict[str, Any]:
    text = text_of(request.GET, "q")
    used = [step.activity.target_id for step in outline.steps]
    rows = elements_to_add(membership=by, text=text, used=used)
    labels = labels_of((row.kind, row.pk) for row in rows)
    found = [(row, activity_types[row.kind].icon, labels[row.pk]) for row in rows]
    makers = [
        (
            key,
            maker,
            panel.form if key == panel.kind and panel.form else maker.form(prefix=None, auto_id=f"id_{key}_%s"),
        )
        for key, maker in inline_forms.items()
        if maker.rule(by)
    ]
    return {"adding": block, "found": found, "q": text, "makers": makers, "open_kind": panel.kind}
