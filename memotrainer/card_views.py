"""One card: asked and told, with its pictures; taking an answer back, and reporting a question. Of any environment that
shares the person's daily set; the pages are this one's."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from assessments.importers.pictures import MEDIA_TYPES
from assessments.models import Picture
from ecosystem.access import requires
from ecosystem.models import Membership
from ecosystem.rules import is_member
from ecosystem.serving import stored_file
from memotrainer.daily import due_ids, is_withheld
from memotrainer.exceptions import CardError, UnknownCardError
from memotrainer.models import Card, Review
from memotrainer.places import at_answer, at_card
from memotrainer.selectors import ShownCard, shown_from
from memotrainer.services import answer_withdraw, card_answer, question_report


@requires(is_member)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last answer back. From a form it leads to the card again; a device gets JSON."""
    uid = _uid(request.POST.get("uid", ""))
    asks_json = "application/json" in request.headers.get("accept", "")
    if uid is None:
        raise Http404
    try:
        with at_answer(uid, here=request.membership) as there:  # type: ignore[attr-defined]
            found = answer_withdraw(person_id=there.person_id, uid=uid)
    except UnknownCardError as stranger:
        raise Http404 from stranger
    except CardError as refusal:
        if asks_json:
            return JsonResponse({"detail": str(refusal)}, status=409)
        messages.error(request, str(refusal))
        return redirect("memotrainer:session")
    if asks_json:
        return JsonResponse({"withdrawn": str(uid)})
    messages.success(request, _("Taken back."))
    return redirect("memotrainer:card", pk=found.pk) if found else redirect("memotrainer:session")


@requires(is_member)
@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a question is wrong or unclear."""
    try:
        with at_card(pk, here=request.membership) as there:  # type: ignore[attr-defined]
            question_report(person_id=there.person_id, card_id=pk, text=request.POST.get("text", ""))
    except UnknownCardError as stranger:
        raise Http404 from stranger
    if "application/json" in request.headers.get("accept", ""):
        return JsonResponse({"reported": pk})
    messages.success(request, _("Thank you. Who made this question will see it."))
    return redirect("memotrainer:session")


@requires(is_member)
@never_cache
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """One card as a plain form; after the answer the same address tells how it went."""
    here = request.membership  # type: ignore[attr-defined]
    try:
        with at_card(pk, here=here) as there:
            found = _card_found(request, pk, there, is_answer=request.method == "POST")
    except UnknownCardError as stranger:
        raise Http404 from stranger
    if isinstance(found, HttpResponse):
        return found
    left = len(due_ids(person_id=here.person_id, here=here))
    return render(request, "memotrainer/card.html", {**found, "left": left, "uid": uuid4()})


def _card_found(
    request: HttpRequest, pk: int, there: Membership, *, is_answer: bool
) -> HttpResponse | dict[str, object]:
    """What there is to show of a card of the open scope, or where to go instead."""
    person_id = there.person_id
    question_id = Card.objects.filter(pk=pk, person_id=person_id).values_list("question_id", flat=True).first()
    shown = shown_from(there, card_ids=[pk], here=request.membership).get(pk) if question_id else None  # type: ignore[attr-defined]
    if shown is None or question_id is None:
        raise Http404
    if is_withheld(person_id=person_id, question_id=question_id):
        messages.info(
            request, _("This question is part of a test whose answers are not shown now. It comes back later.")
        )
        return redirect("/")
    if is_answer:
        return _card_answered(request, shown, there)
    uid = _uid(request.GET.get("answered", ""))
    mine = Review.objects.select_related("version").filter(uid=uid, person_id=person_id, question_id=question_id)
    review = mine.first() if uid else None
    return {"shown": shown, "told": shown.told(review) if review else None}


def _card_answered(request: HttpRequest, shown: ShownCard, there: Membership) -> HttpResponse:
    uid = _uid(request.POST.get("uid", "")) or uuid4()
    data = {name: request.POST.getlist(name) for name in request.POST if name.startswith("answer")}
    here = reverse("memotrainer:card", args=[shown.card.pk])
    if not any(value.strip() for values in data.values() for value in values):
        messages.warning(request, _("Choose or write an answer first."))
        return redirect(here)
    try:
        card_answer(
            person_id=there.person_id,
            uid=uid,
            card_id=shown.card.pk,
            data=data,
            version_id=_number(request.POST.get("version", "")),
        )
    except UnknownCardError:
        raise
    except CardError as refusal:
        messages.error(request, str(refusal))
        return redirect("memotrainer:session")
    return redirect(f"{here}?answered={uid}")


@requires(is_member)
@require_GET
def media(request: HttpRequest, pk: int, sha256: str) -> HttpResponseBase:
    """A picture, sound or film of the bank of one's card, also where that is another environment's."""
    try:
        with at_card(pk, here=request.membership) as there:  # type: ignore[attr-defined]
            banks = Card.objects.filter(pk=pk, person_id=there.person_id).values("bank_id")
            found = Picture.objects.filter(sha256=sha256, element_id__in=banks).first()
            if found is None or found.media_type not in MEDIA_TYPES:
                raise Http404
            return stored_file(request, found.file, media_type=found.media_type, name=found.name, is_fixed=True)
    except UnknownCardError as stranger:
        raise Http404 from stranger


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
