"""Who gets a seat: the rules of an event, requests that wait for an answer, and seats that are moved."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.uids import uid_of
from events.access import may_answer, may_organise
from events.exceptions import EventError
from events.forms import DecideForm, MoveForm, QuestionForm, RulesForm, SeriesForm
from events.organise_views import elsewhere_said, event_here
from events.selectors import movable_to, people_in, questions_of, requests_for
from events.services import event_set, question_add, question_end, request_decide, seat_move, series_make
from events.services.rows import LONGEST_REASON

PER_PAGE = 50


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """Order, approval, substitutes, and who may book and take part."""
    found, by = event_here(request, slug), actor(request)
    form = RulesForm(request.POST or None, event=found, by=by)
    if request.method == "POST" and form.is_valid():
        try:
            event_set(event=found, by=by, **form.facts())
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:event", slug)
    return render(request, "events/rules.html", {"event": found, "form": form}, status=400 if form.errors else 200)


@requires(may_answer)
@require_http_methods(["GET", "HEAD", "POST"])
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for one's answer, the oldest first; ``do`` is yes or no."""
    by = actor(request)
    waiting = requests_for(by)
    form, refused, about = DecideForm(request.POST or None), "", ""
    if request.method == "POST":
        seat = get_object_or_404(waiting, uid=uid_of(request.POST.get("uid", "")))
        approve, about = request.POST.get("do") == "yes", str(seat.uid)
        try:
            if not form.is_valid():
                raise EventError(_("At most %(most)s characters.") % {"most": LONGEST_REASON})
            request_decide(seat=seat, approve=approve, reason=form.cleaned_data["reason"], by=by)
        except EcosystemError as refusal:
            refused = str(refusal)
        else:
            messages.success(
                request, _("They are told that they may come.") if approve else _("They are told why not.")
            )
            return redirect("organise:requests")
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "refused": refused, "about": about, "form": DecideForm()}
    return render(request, "events/requests.html", context, status=400 if refused else 200)


@requires(may_organise)
@require_POST
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """The seat that ``uid`` names goes to another event, or stays when nothing is free there."""
    found = event_here(request, slug)
    seat = people_in(found).filter(uid=uid_of(request.POST.get("uid", ""))).first()
    form = MoveForm(request.POST, others=movable_to(found, by=actor(request)))
    if seat is None or not form.is_valid():
        raise Http404
    try:
        to = form.others[form.cleaned_data["to"]]
        seat_move(seat=seat, to=to, by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Moved. They are told."))
        elsewhere_said(request, to, person_id=seat.person_id)
    return redirect("organise:event", slug)


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a series of one event."""
    found = event_here(request, slug)
    form = SeriesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _made, left_out = series_make(event=found, by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The series is there."))
            if left_out:
                days = ", ".join(date_format(day, "j F") for day in left_out)
                messages.warning(request, _("Left out, because a trainer or room is taken: %(days)s") % {"days": days})
            return redirect("organise:home")
    return render(request, "events/repeat.html", {"event": found, "form": form}, status=400 if form.errors else 200)


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, slug: str) -> HttpResponse:
    """What people are asked when they book; ``do=end`` takes the one away that ``question`` names."""
    found, by = event_here(request, slug), actor(request)
    ends = request.method == "POST" and request.POST.get("do") == "end"
    form = QuestionForm(request.POST if request.method == "POST" and not ends else None)
    try:
        if ends:
            asked = [one for one in questions_of(found) if str(one.pk) == request.POST.get("question", "")]
            for one in asked:
                question_end(question=one, by=by)
            return redirect("organise:questions", slug)
        if request.method == "POST" and form.is_valid():
            question_add(event=found, by=by, **form.facts())
            messages.success(request, _("Saved. Whoever books from now on is asked."))
            return redirect("organise:questions", slug)
    except EcosystemError as refusal:
        form.add_error(None, str(refusal))
    context = {"event": found, "form": form, "questions": questions_of(found)}
    return render(request, "events/questions.html", context, status=400 if form.errors else 200)
