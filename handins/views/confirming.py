"""Work on the job, for whoever looks after the learner there: what waits for their word, and one of them."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here
from handins.models import Assignment, Confirmation, ConfirmationState, Round
from handins.selectors import RoundShown, rounds_shown
from handins.selectors.confirming import asked_of, confirmations_for, is_legible
from handins.services.confirming import LONGEST, confirmation_answer
from handins.views.playing import players_set, playing

PER_PAGE = 30


class ConfirmationForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Your words"),
        help_text=gettext_lazy("What you saw, or what is still missing. The learner and whoever marks it read it."),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@requires(is_here)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one is asked to confirm, and what one has answered."""
    page = Paginator(asked_of(actor(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "handins/confirmations.html", {"page": page})


@requires(is_here)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What somebody says they have done at work; ``do=confirm`` confirms it, anything else says what is missing."""
    by = actor(request)
    found = confirmations_for(by).filter(uid=uid).first()
    if found is None:
        raise Http404
    form = ConfirmationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        confirm = request.POST.get("do") == "confirm"
        try:
            confirmation_answer(confirmation=found, confirm=confirm, words=form.cleaned_data["words"], by=by)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error("words", str(refusal))
        else:
            messages.success(
                request, _("Confirmed. Thank you.") if confirm else _("Sent back. They read what is missing.")
            )
            return redirect("confirming:one", uid)
    shown = _shown(found)
    players_set(request, [shown] if shown else [])
    context = {
        "confirmation": found, "assignment": Assignment.objects.get(element_id=found.element_id), "shown": shown,
        "form": form if found.state == ConfirmationState.WAITING else None,
    }  # fmt: skip
    return playing(request, render(request, "handins/confirm.html", context, status=400 if form.errors else 200))


def _shown(found: Confirmation) -> RoundShown | None:
    """What was handed in, without marks; nothing once it has become a draft again."""
    if not is_legible(found):
        return None
    round = Round.objects.select_related("submission").get(pk=found.round_id)
    shown = rounds_shown(round.submission, for_reviewer=False, rounds=Round.objects.filter(pk=round.pk))[0]
    shown.mark, shown.feedback = None, []
    return shown
