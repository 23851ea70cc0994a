"""Runs of a course: their dates, the people in them, who guides whom."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.access import may_build, may_look, may_release, may_run, sees_learners
from courses.exceptions import CourseError
from courses.forms.runs import CopyForm, RunForm
from courses.models import CourseRun, CourseVersion, Enrolment, EnrolmentState, RunGuide, RunRole, VersionMove
from courses.moving.impact import MOVABLE, impact_of
from courses.plans.versions import newest_published
from courses.runs.people_list import list_of
from courses.selectors.runs import courses_published, courses_run, learners_of, month_of, runs_shown, workload_of
from courses.services import bulk, runs
from courses.services.many import enrolments_create
from courses.services.version_moves import CHOICES, STAY, run_move
from courses.views.workload import workload_shown
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element, Group, Membership, Person, Power
from ecosystem.people_forms import PeopleFileForm
from ecosystem.people_views.reading import actor, chosen, number_of, text_of
from ecosystem.services.list_imports import list_import_confirm, list_import_read
from ecosystem.slugs import row_of_slug
from ecosystem.spans import span_of

PER_PAGE = 50
SHOWN = 200


def course_to_run(request: HttpRequest, slug: str) -> Element:
    return row_of_slug(courses_run(actor(request)), slug)


def run_or_404(request: HttpRequest, slug: str, uid: uuid.UUID) -> CourseRun:
    course = course_to_run(request, slug)
    run = CourseRun.objects.select_related("element", "version").filter(element=course, uid=uid).first()
    if run is None:
        raise Http404
    return run


@requires(may_look)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The runs of a course, and a form for a new one."""
    course, by = course_to_run(request, slug), actor(request)
    form = RunForm(request.POST or None, initial={"title": course.title, "complete_at": 100, "pace": "fixed"})
    if request.method == "POST" and form.is_valid():
        try:
            run = runs.run_create(element=course, by=by, **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The run is there. Now enrol people."))
            return redirect("courses:run", slug=slug, uid=run.uid)
    context = {
        "course": course,
        "runs": runs_shown(by).filter(element=course).order_by("-starts_on", "-pk"),
        "form": form,
        "may_run": may_run(by, course.pk),
        "may_build": may_build(by, course),
        "published": newest_published(course.pk) is not None,
    }
    return render(request, "courses/runs.html", context)


@requires(may_look)
@require_safe
def detail(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    run, by = run_or_404(request, slug, uid), actor(request)
    text, state = text_of(request.GET, "q"), text_of(request.GET, "state")
    guided = "guided" in request.GET
    rows = learners_of(run=run, membership=by, text=text, state=state, guided=guided)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    newest = newest_published(run.element_id)
    guides = list(RunGuide.objects.filter(run=run).select_related("person").order_by("role", "person__name"))
    context = {
        **request.session.pop(_typed_in(run), {}),
        "course": run.element,
        "run": run,
        "page": page,
        "q": text,
        "state": state,
        "guided": guided,
        "guides_here": any(guide.person_id == by.person_id for guide in guides),
        "workload": workload_shown(workload_of(run), most=26),
        "states": EnrolmentState.choices,
        "guides": guides,
        "newer": newest if newest and _some_on_older(run, newest) else None,
        "move": VersionMove.objects.filter(run=run, finished_at=None).first(),
        "may_run": may_run(by, run.element_id),
        "may_enrol": may_enrol_some(by, run),
        "may_release": may_release(by, run.element_id),
        "query": urlencode(
            {name: value for name, value in (("q", text), ("state", state), ("guided", "1" if guided else "")) if value}
        ),
    }
    return render(request, "courses/run.html", context)


def _some_on_older(run: CourseRun, newest: CourseVersion) -> bool:
    """The run itself, or learners who stayed behind when it changed for new learners only."""
    behind = Enrolment.objects.filter(run=run, state__in=MOVABLE).exclude(version=newest)
    return newest.pk != run.version_id or behind.exists()


def may_enrol_some(by: Membership, run: CourseRun) -> bool:
    span = span_of(by, Power.ENROL)
    return span.covers_course(run.element_id) or bool(span.groups)


@requires(may_look)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Title, dates, completion, guides, groups, a copy."""
    run, by = _to_change(request, slug, uid), actor(request)
    act = request.POST.get("act", "")
    form = RunForm(request.POST if act == "save" else None, initial={name: getattr(run, name) for name in runs.FACTS})
    copy = CopyForm(request.POST if act == "copy" else None, initial={"title": run.title}, auto_id="copy_%s")
    if request.method == "POST":
        try:
            answer = _setting(request, run, by, form, copy)
        except EcosystemError as refusal:
            answer = _refused(request, run, str(refusal), next((one for one in (form, copy) if one.is_bound), None))
        if answer is not None:
            return answer
    context = {
        "course": run.element,
        "run": run,
        "form": form,
        "copy": copy,
        "guides": RunGuide.objects.filter(run=run).select_related("person").order_by("role", "person__name"),
        "roles": RunRole.choices,
        "groups": [row.group for row in run.groups.select_related("group").order_by("group__name")],
        "other_groups": Group.objects.exclude(pk__in=run.groups.values("group_id")).order_by("name"),
    }
    return render(request, "courses/run_settings.html", context)


def _to_change(request: HttpRequest, slug: str, uid: uuid.UUID) -> CourseRun:
    run = run_or_404(request, slug, uid)
    if not may_run(actor(request), run.element_id):
        raise Http404
    return run


def _again(run: CourseRun) -> HttpResponse:
    return redirect("courses:run-settings", slug=run.element.slug, uid=run.uid)


def _refused(request: HttpRequest, run: CourseRun, why: str, form: Form | None) -> HttpResponse | None:
    """At the form that was sent, or as a message."""
    if form is not None:
        form.add_error(None, why)
        return None
    messages.error(request, why)
    return _again(run)


def _setting(
    request: HttpRequest, run: CourseRun, by: Membership, form: RunForm, copy: CopyForm
) -> HttpResponse | None:
    act = request.POST.get("act", "")
    if act == "save":
        if not form.is_valid():
            return None
        runs.run_update(run=run, by=by, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("courses:run", slug=run.element.slug, uid=run.uid)
    if act == "copy":
        if not copy.is_valid():
            return None
        made = runs.run_copy(run=run, by=by, **copy.cleaned_data)
        messages.success(request, _("This is the copy. Nobody is in it yet."))
        return redirect("courses:run", slug=run.element.slug, uid=made.uid)
    said = _guides_and_groups(request, run, by, act)
    messages.success(request, said)
    return _again(run)


def _guides_and_groups(request: HttpRequest, run: CourseRun, by: Membership, act: str) -> str:
    if act == "guide_add":
        email = text_of(request.POST, "email").lower()
        person = Person.objects.filter(email=email, memberships__ended_at=None).first()
        if person is None:
            raise CourseError(_("Nobody here has this address."))
        runs.run_guide_add(run=run, person=person, role=request.POST.get("role", ""), by=by)
        return _("%(name)s guides this run.") % {"name": person.name}
    if act == "guide_remove":
        guide = RunGuide.objects.filter(run=run, pk=number_of(request.POST, "guide") or 0).first()
        if guide is not None:
            runs.run_guide_remove(guide=guide, by=by)
        return _("Saved.")
    group = Group.objects.filter(pk=number_of(request.POST, "group") or 0).first()
    if group is None or act not in {"group_add", "group_remove"}:
        raise CourseError(_("Choose a group."))
    if act == "group_remove":
        runs.run_group_remove(run=run, group=group, by=by)
        return _("Who joins “%(name)s” is not enrolled any more.") % {"name": group.name}
    count = runs.run_group_add(run=run, group=group, by=by)
    return ngettext("%(n)s person enrolled.", "%(n)s people enrolled.", count) % {"n": count}


@requires(may_look)
@require_POST
def people(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Something for the people that are ticked, or (``enrol``) for addresses."""
    run, by = run_or_404(request, slug, uid), actor(request)
    try:
        said = _with_people(request, run, by)
    except CourseError as refusal:
        if "emails" in request.POST and request.POST.get("act") == "enrol":
            request.session[_typed_in(run)] = {"emails": request.POST["emails"][:20_000], "refusal": str(refusal)}
        else:
            messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(reverse("courses:run", args=[slug, uid]))


def _typed_in(run: CourseRun) -> str:
    """Where addresses that could not be enrolled wait for the page, as they were written, with the reason."""
    return f"not-enrolled-{run.pk}"


def _with_people(request: HttpRequest, run: CourseRun, by: Membership) -> str:
    act, ids = request.POST.get("act", ""), chosen(request)
    if act == "enrol":
        return _enrol(request, run, by)
    plain: dict[str, Callable[..., int]] = {
        "withdraw": bulk.enrolments_withdraw,
        "pause": bulk.enrolments_pause,
        "resume": bulk.enrolments_resume,
    }
    if act in plain:
        count = plain[act](run=run, ids=ids, by=by)
    elif act == "extend":
        count = bulk.enrolments_extend(run=run, ids=ids, by=by, ends_on=_day(request.POST.get("ends_on", "")))
    elif act in RunRole.values:
        person_id = number_of(request.POST, act)
        count = bulk.enrolments_guide(run=run, ids=ids, by=by, role=act, person_id=person_id)
    else:
        raise CourseError(_("Choose what to do."))
    return ngettext("Done for %(n)s person.", "Done for %(n)s people.", count) % {"n": count}


def _enrol(request: HttpRequest, run: CourseRun, by: Membership) -> str:
    """All or nobody: each address that cannot be enrolled is named."""
    emails = request.POST.get("emails", "")[:300_000].replace(",", " ").replace(";", " ").split()
    if not emails:
        raise CourseError(_("Write at least one e-mail address."))
    with transaction.atomic():
        report = enrolments_create(run=run, emails=emails, by=by)
        if bad := [line.email for line in report if line.outcome == "refused"]:
            names = ", ".join(bad[:10])
            raise CourseError(
                _("Nobody is enrolled, because nobody here has this address: %(names)s") % {"names": names}
            )
    count = sum(line.outcome == "enrolled" for line in report)
    return ngettext("%(n)s person enrolled.", "%(n)s people enrolled.", count) % {"n": count}


def _day(text: str) -> date:
    found = _date(text)
    if found is None:
        raise CourseError(_("Choose a day."))
    return found


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@requires(may_look)
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """People from a CSV file: looked at first, then all of them or nobody."""
    run, by = _to_change(request, slug, uid), actor(request)
    kind = list_of(run)
    if "confirm" in request.POST:
        return _confirm(request, run, by)
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    found: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        kept, reading = list_import_read(kind=kind, data=upload.read(), by=by)
        found = {
            "kept": kept,
            "filename": upload.name,
            "rows": reading.rows[:SHOWN],
            "problems": reading.problems[:SHOWN],
            "count": len({problem.line for problem in reading.problems}),
            "more": max(len(reading.problems) - SHOWN, 0),
            "more_rows": max(len(reading.rows) - SHOWN, 0),
        }
    context = {
        "run": run,
        "course": run.element,
        "kind": kind,
        "form": form,
        "columns": ", ".join(kind.columns),
        **found,
    }
    return render(request, "courses/run_file.html", context)


def _confirm(request: HttpRequest, run: CourseRun, by: Membership) -> HttpResponse:
    try:
        kept = list_import_confirm(kind=list_of(run), uid=_uid(request.POST.get("confirm", "")), by=by)
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
        return redirect("courses:run-file", slug=run.element.slug, uid=run.uid)
    messages.success(request, ngettext("Done: %(n)s line.", "Done: %(n)s lines.", kept.count) % {"n": kept.count})
    return redirect("courses:run", slug=run.element.slug, uid=run.uid)


def _uid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


@requires(may_look)
@require_http_methods(["GET", "HEAD", "POST"])
def version(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """The newest version for a run that is on an older one: looked at learner by learner, then done."""
    run, by = run_or_404(request, slug, uid), actor(request)
    if not (may_run(by, run.element_id) or may_build(by, run.element)):
        raise Http404
    newest = newest_published(run.element_id)
    if newest is None:
        raise Http404
    if request.method == "POST":
        how = request.POST.get("how", STAY)
        try:
            move = run_move(run=run, version=newest, how=how if how in CHOICES else "", by=by)
        except CourseError as refusal:
            messages.error(request, str(refusal))
            return redirect("courses:run-version", slug=slug, uid=uid)
        messages.success(request, _("The learners are being moved.") if move else _("Saved."))
        return redirect("courses:run", slug=slug, uid=uid)
    found = impact_of(run=run, version=newest)
    context = {
        "course": run.element, "run": run, "newest": newest, "impact": found, "shown": found.touched[:SHOWN],
        "more": max(len(found.touched) - SHOWN, 0), "names": sees_learners(by, run.element_id), "choose": True,
        "back_href": reverse("courses:run", args=[slug, uid]),
    }  # fmt: skip
    return render(request, "courses/impact.html", context)


@requires(may_look)
@require_safe
def planning(request: HttpRequest) -> HttpResponse:
    """A month of runs, and the courses that have them."""
    by, first = actor(request), _month(text_of(request.GET, "month"))
    context = {
        "month": month_of(membership=by, first=first),
        "today": timezone.localdate(),
        "page": Paginator(courses_published(by), PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode({"month": first.strftime("%Y-%m")}),
    }
    return render(request, "courses/planning.html", context)


def _month(text: str) -> date:
    found = _date(f"{text}-01")
    if found is None or not 2000 <= found.year <= 2200:
        return timezone.localdate().replace(day=1)
    return found
