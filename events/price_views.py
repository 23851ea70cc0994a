"""What a seat costs and codes, for who organises events; what is to be invoiced, for finance."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from events.access import may_organise
from events.forms import CodeForm, PriceForm
from events.models import Event
from events.organise_views import event_here
from events.selectors import codes_of
from events.services import charges_export, code_add, code_end, event_set


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def price(request: HttpRequest, slug: str) -> HttpResponse:
    """A post sets the price; ``do=add`` adds a code, and ``do=end`` takes away the one of number ``number``."""
    found, do = event_here(request, slug), request.POST.get("do", "")
    form = PriceForm.of(found, request.POST if request.method == "POST" and not do else None)
    code = CodeForm(request.POST if do == "add" else None, auto_id="code_%s", event=found)
    try:
        if do == "end" or form.is_valid() or (do == "add" and code.is_valid()):
            messages.success(request, _act(request, found, form=form, code=code))
            return redirect("organise:price", slug)
    except EcosystemError as refusal:
        (code if do == "add" else form).add_error(None, str(refusal))
    codes = codes_of(event=found).select_related("group")
    context = {"event": found, "form": form, "code": code, "codes": codes}
    return render(request, "events/price.html", context, status=400 if form.errors or code.errors else 200)


def _act(request: HttpRequest, found: Event, *, form: PriceForm, code: CodeForm) -> str:
    by, do = actor(request), request.POST.get("do", "")
    if do == "add":
        return _("The code is there: %(code)s") % {"code": code_add(event=found, by=by, **code.cleaned_data)}
    if do == "end":
        number = request.POST.get("number", "")
        for one in codes_of(event=found):
            if str(one.pk) == number:
                code_end(code=one, by=by)
        return _("Nobody books with that code any more.")
    event_set(event=found, by=by, **form.cleaned_data)
    return _("Saved. Who has a seat keeps the price of the day they asked.")


@requires(may_organise)
@never_cache
@require_safe
def charges(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What is to be invoiced, of one event or of all, as CSV."""
    found = event_here(request, slug) if slug else None
    body = "".join(charges_export(event=found, by=actor(request)))
    name = f"{slug or 'events'}-invoice.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers=headers)
