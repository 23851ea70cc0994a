"""Assignments for their authors: made, changed, and the rubric by which they are judged."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug
from handins.forms.making import AssignmentForm, HandinRubricForm, rubric_text
from handins.models import Assignment
from handins.selectors import assignments_for, newest_rubric
from handins.services import assignment_make, assignment_set, handin_rubric_save

PER_PAGE = 50


def own_assignment(request: HttpRequest, slug: str) -> Assignment:
    """Those from above are changed there."""
    rows = assignments_for(actor(request)).filter(environment_id=current_scope().environment_id)
    return row_of_slug(rows, slug, element="element__")


@requires(is_author)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every assignment of this environment, the newest first."""
    rows = assignments_for(actor(request)).filter(environment_id=current_scope().environment_id).order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "handins/assignments.html", {"page": page})


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = AssignmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = assignment_make(by=actor(request), **form.facts())
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The assignment is there. Say next by what it is judged."))
            return redirect("assignments:settings", made.element.slug)
    return render(request, "handins/new.html", {"form": form}, status=400 if form.errors else 200)


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    found = own_assignment(request, slug)
    form = AssignmentForm.of(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            assignment_set(assignment=found, by=actor(request), **form.facts())
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("assignments:settings", slug)
    return _settings(request, found, form, None)


@requires(is_author)
@require_http_methods(["POST"])
def rubric(request: HttpRequest, slug: str) -> HttpResponse:
    """Another version of the rubric; marks that were given keep theirs."""
    found = own_assignment(request, slug)
    form = HandinRubricForm(request.POST)
    if form.is_valid():
        try:
            handin_rubric_save(assignment=found, criteria=form.cleaned_data["text"], by=actor(request))
        except EcosystemError as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("The rubric is saved; it counts for marks from now on."))
            return redirect("assignments:settings", slug)
    return _settings(request, found, AssignmentForm.of(found), form)


def _settings(
    request: HttpRequest, found: Assignment, form: AssignmentForm, rubric_form: HandinRubricForm | None
) -> HttpResponse:
    now = newest_rubric(found)
    context = {
        "assignment": found,
        "form": form,
        "rubric": now,
        "rubric_form": rubric_form or HandinRubricForm(initial={"text": rubric_text(now)}),
    }
    wrong = form.errors or (rubric_form and rubric_form.errors)
    return render(request, "handins/settings.html", context, status=400 if wrong else 200)
