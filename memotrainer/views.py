"""Today's cards, one by one; how much is known; when the cards come."""

import json
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ecosystem import charts
from ecosystem.access import requires
from ecosystem.bodies import body_of
from ecosystem.rules import anyone, is_member
from memotrainer.device import answers_in, session_payload
from memotrainer.exceptions import CardError
from memotrainer.forms import HolidayForm, PauseForm, SettingsForm
from memotrainer.insight import ahead_of, calendar_of, costs_of_person, readiness_of_person
from memotrainer.models import Trainer
from memotrainer.places import each_place
from memotrainer.selectors import (
    due_days,
    recall_now,
    session_of,
    waiting_elsewhere,
)
from memotrainer.services import (
    answers_take_everywhere,
    holiday_forget,
    holiday_plan,
    trainer_pause,
    trainer_settings_save,
    wish_everywhere,
)
from memotrainer.standing import outlooks_of, streaks_of

OFFLINE_FILES = (
    "css/base.css",
    "css/app.css",
    "css/play.css",
    "js/app.js",
    "js/memo-trainer.js",
    "js/store.js",
    "img/icons.svg",
)


@requires(is_member)
@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """The cards of today. Without JavaScript the first one is a form; the right answers are not in the page."""
    today = session_of(membership=request.membership)  # type: ignore[attr-defined]
    if not today.cards:
        return _rest(request)
    return render(
        request,
        "memotrainer/session.html",
        {"session": today, "shown": today.cards[0], "count": len(today.cards), "uid": uuid4()},
    )


def _rest(request: HttpRequest) -> HttpResponse:
    """Nothing is due: what is known, what waits elsewhere, and more for who wants it."""
    person_id = request.membership.person_id  # type: ignore[attr-defined]
    trainer = Trainer.objects.filter(person_id=person_id).first() or Trainer()
    today = timezone.localdate()
    context = {
        "recall": recall_now(person_id=person_id),
        "elsewhere": waiting_elsewhere(request.membership),  # type: ignore[attr-defined]
        "paused_until": trainer.back_on(today),
        "today": today,
    }
    return render(request, "memotrainer/rest.html", context)


@requires(is_member)
@never_cache
@require_GET
def extra(request: HttpRequest) -> HttpResponse:
    """More than today's cards, weakest first. Answers count as any others."""
    more = session_of(membership=request.membership, extra=True)  # type: ignore[attr-defined]
    if not more.cards:
        return _rest(request)
    return render(
        request,
        "memotrainer/session.html",
        {"session": more, "shown": more.cards[0], "count": len(more.cards), "uid": uuid4(), "extra": True},
    )


@requires(is_member)
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """A break until a day; without a day it is over. Holidays are planned and taken back here too."""
    here = request.membership  # type: ignore[attr-defined]
    if {"first", "last", "forget"} & request.POST.keys():
        return _holiday(request)
    form = PauseForm(request.POST)
    until = form.cleaned_data["until"] if form.is_valid() else None
    if until is None and request.POST.get("until"):
        messages.error(request, _("Choose a day between tomorrow and a year from now."))
        return redirect("memotrainer:settings")
    try:
        wish_everywhere(here=here, save=trainer_pause, until=until)
    except CardError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Paused. Enjoy the break.") if until else _("Your cards are back."))
    return redirect("memotrainer:settings")


def _holiday(request: HttpRequest) -> HttpResponse:
    here = request.membership  # type: ignore[attr-defined]
    form = HolidayForm(request.POST)
    filled, forget = form.is_valid(), request.POST.get("forget")
    if forget is None and not filled:
        return _wishes_page(request, holiday_form=form)
    try:
        if forget is not None:
            wish_everywhere(here=here, save=holiday_forget, first=forget)
        else:
            wish_everywhere(here=here, save=holiday_plan, **form.cleaned_data)
    except CardError as refusal:
        form.add_error("last", str(refusal))
        return _wishes_page(request, holiday_form=form)
    messages.success(request, _("Planned. Your cards know.") if forget is None else _("Taken out. Your cards know."))
    return redirect("memotrainer:settings")


@requires(is_member)
@never_cache
@require_GET
def session_data(request: HttpRequest) -> HttpResponse:
    """The same cards with their answers, to train without network."""
    extra = "extra" in request.GET
    return JsonResponse(session_payload(session_of(membership=request.membership, extra=extra)))  # type: ignore[attr-defined]


# Not @requires(is_member): a redirect to the sign-in page would look like success to a device that sends answers.
@requires(anyone)
@require_POST
def answers(request: HttpRequest) -> HttpResponse:
    """Take what a device kept. What is ``accepted``, or ``refused`` for ever, may leave it; the rest is sent again later."""
    if request.membership is None:  # type: ignore[attr-defined]
        return JsonResponse({"detail": _("Sign in again; your answers stay on this device.")}, status=401)
    try:
        items, broken = answers_in(json.loads(body_of(request)))
    except (ValueError, RecursionError):
        return JsonResponse({"detail": _("This is not JSON.")}, status=400)
    taken = answers_take_everywhere(here=request.membership, items=items)  # type: ignore[attr-defined]
    refused = {str(uid): why for uid, why in taken.refused.items()} | dict.fromkeys(broken, _("This cannot be read."))
    rows = [{"id": uid, "detail": why} for uid, why in refused.items()]
    return JsonResponse({"accepted": taken.accepted, "refused": rows})


@requires(is_member)
def progress(request: HttpRequest) -> HttpResponse:
    """Coverage and recall as two numbers, the weeks behind and ahead, and each objective."""
    person_id = request.membership.person_id  # type: ignore[attr-defined]
    also = each_place(request.membership, lambda there: there.environment)  # type: ignore[attr-defined]
    beside = [environment.pk for environment in also]
    known, days = recall_now(person_id=person_id), due_days(person_id=person_id, beside=beside)
    today = timezone.localdate()
    rows = [(_("Today") if day == today else capfirst(formats.date_format(day, "l")), count) for day, count in days]
    palette = charts.screen_palette()
    chart = charts.bars(
        [charts.Bar(label, count) for label, count in rows],
        palette=palette,
        title=_("Cards by day"),
        description=_("How many cards come due on each of the next seven days."),
        width=charts.PHONE,
        label_width=96,
    )
    context = {
        "recall": known,
        "chart": chart,
        "rows": rows,
        "columns": [_("Day"), _("Cards")],
        "has_coming": any(count for _day, count in days),
        "calendar": calendar_of(person_id=person_id, beside=beside),
        "also_at": [environment.name for environment in also],
    }
    if known.met:
        wanted = Trainer.objects.filter(person_id=person_id).values_list("desired_retention", flat=True).first() or 0.9
        context |= _ahead(person_id, wanted, palette)
        context |= {
            "objectives": readiness_of_person(person_id),
            "costs": costs_of_person(person_id),
            "wanted": wanted,
            "tests": outlooks_of(person_id=person_id),
            "streaks": streaks_of(person_id=person_id),
        }
    return render(request, "memotrainer/progress.html", context)


def _ahead(person_id: int, wanted: float, palette: charts.Palette) -> dict[str, object]:
    ahead = ahead_of(person_id=person_id, desired_retention=wanted)
    if ahead is None:
        return {}
    today = timezone.localdate()
    labels = [formats.date_format(today + timedelta(days=n + 1), "j N") for n in range(len(ahead.without))]
    drawn = charts.lines(
        [
            charts.Series(_("with your cards"), ahead.with_practice),
            charts.Series(_("without"), ahead.without, kind="second"),
        ],
        labels=labels,
        palette=palette,
        title=_("Recall in the coming four weeks"),
        description=_("What you would answer right, with daily cards and without."),
        unit="%",
    )
    every = range(6, len(labels), 7)
    return {
        "ahead": drawn,
        "ahead_columns": [_("Day"), _("with your cards"), _("without")],
        "ahead_rows": [(labels[n], f"{ahead.with_practice[n]:.0f}%", f"{ahead.without[n]:.0f}%") for n in every],
    }


@requires(is_member)
def wishes(request: HttpRequest) -> HttpResponse:
    """When the cards come, and how many."""
    here = request.membership  # type: ignore[attr-defined]
    if request.method == "POST":
        form = SettingsForm(request.POST)
        if form.is_valid():
            wanted = dict(form.cleaned_data)
            off = not wanted.pop("reminders")
            wish_everywhere(here=here, save=trainer_settings_save, reminders_off=off, **wanted)
            messages.success(request, _("Saved."))
            return redirect("memotrainer:settings")
        return _wishes_page(request, form=form)
    return _wishes_page(request)


def _wishes_page(
    request: HttpRequest, *, form: SettingsForm | None = None, holiday_form: HolidayForm | None = None
) -> HttpResponse:
    here = request.membership  # type: ignore[attr-defined]
    trainer = Trainer.objects.filter(person_id=here.person_id).first() or Trainer()
    today = timezone.localdate()
    context = {
        "form": form or SettingsForm(initial=SettingsForm.wishes(trainer)),
        "pause_form": PauseForm(),
        "paused_until": trainer.paused_until if trainer.paused_until and trainer.paused_until > today else None,
        "week": today + timedelta(days=7),
        "holidays": [one for one in trainer.holidays if one[1] >= today],
        "holiday_form": holiday_form or HolidayForm(),
        "also_at": each_place(here, lambda there: there.environment.name),
    }
    return render(request, "memotrainer/settings.html", context, status=400 if holiday_form else 200)


@requires(anyone)
@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, under the address whose pages it may serve."""
    theme = request.environment.theme_hash or "default"  # type: ignore[attr-defined]
    files = [
        reverse("memotrainer:session"),
        f"/theme/{theme}.css",
        *(staticfiles_storage.url(name) for name in OFFLINE_FILES),
        f"{settings.STATIC_URL}js/store.js",
    ]
    script = render(request, "memotrainer/sw.js", {"files": json.dumps(list(dict.fromkeys(files)))})
    script.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return script
