"""A task on the job, for who does it and for who guides them."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from content.models import Page
from content.selectors import shown_row, with_images
from content.services import page_open
from courses.models import ReportState, TaskReport
from courses.selectors.guiding import guided_by, learners_shown, reports_for, reports_waiting
from courses.services.tasks_on_the_job import LONGEST, TASK, task_answer, task_report
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.navigation import own_path
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_author, is_here, is_member
from ecosystem.selectors import makers_of

PER_PAGE = 50
MOST_WAITING = 100


class ReportForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("How it went"),
        help_text=gettext_lazy("What you did, where, and what you noticed. Name nobody who is not at work here."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class AnswerForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Your words"),
        help_text=gettext_lazy("What went well, or what is still missing. The learner reads it."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@requires(is_member)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, slug: str) -> HttpResponse:
    """What is to be done, and how far it is; a post says that it is done."""
    by = actor(request)
    found = shown_row(Page, membership=by, slug=slug)
    if found.element.kind != TASK:
        return redirect("content:page", slug=slug)
    if closed := closed_page(request, found.element):
        return closed
    onward, form = own_path(request, default=""), ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            task_report(task=found.element, note=form.cleaned_data["note"], by=by)
        except EcosystemError as refusal:
            form.add_error("note", str(refusal))
        else:
            messages.success(request, _("Thank you. Whoever guides you looks at it."))
            return redirect(onward or request.path)
    elif request.method != "POST":
        page_open(element=found.element)
    reports = TaskReport.objects.filter(person_id=by.person_id, element=found.element).select_related("answered_by")
    tries = list(reports.order_by("-number"))
    context = {
        "element": found.element, "html": with_images(found.html), "onward": onward, "form": form, "tries": tries,
        "makers": makers_of(elements=[found.element]).get(found.element_id, []),
        "is_open": not tries or tries[0].state == ReportState.SENT_BACK,
        "may_edit": found.environment_id == by.environment_id and is_author(by),
    }  # fmt: skip
    return render(request, "courses/task.html", context, status=400 if form.errors else 200)


@requires(is_here)
@require_safe
def guiding(request: HttpRequest) -> HttpResponse:
    """The people somebody guides, and what of them waits for an answer."""
    by = actor(request)
    rows = guided_by(by).select_related("person", "run", "element").order_by("person__name", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    waiting = list(reports_waiting(by)[:MOST_WAITING])
    context = {"page": page, "learners": learners_shown(page.object_list), "waiting": waiting}
    return render(request, "courses/guiding.html", context)


@requires(is_here)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What one learner says of one task; a post confirms it or sends it back."""
    by = actor(request)
    found = get_object_or_404(reports_for(by).select_related("person", "element", "answered_by"), uid=uid)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        confirm = request.POST.get("do") == "confirm"
        try:
            task_answer(report=found, confirm=confirm, words=form.cleaned_data["words"], by=by)
        except EcosystemError as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("Confirmed.") if confirm else _("Sent back."))
            return redirect("guiding:home")
    earlier = TaskReport.objects.filter(person_id=found.person_id, element_id=found.element_id, number__lt=found.number)
    page = get_object_or_404(Page, element_id=found.element_id)
    context = {
        "report": found,
        "form": form,
        "html": with_images(page.html),
        "earlier": earlier.select_related("answered_by").order_by("-number"),
    }
    return render(request, "courses/report.html", context, status=400 if form.errors else 200)
