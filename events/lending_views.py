"""Equipment that sessions can have, for who organises events."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from events.access import may_organise
from events.clashing import equipment_here, lent_to
from events.forms import EquipmentForm
from events.services import equipment_add, equipment_end, equipment_set


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """What there is; a post adds one."""
    form = EquipmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            equipment_add(by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("It is there. Sessions can have it from now on."))
            return redirect("organise:equipment")
    context = {"rows": equipment_here(), "form": form}
    return render(request, "events/equipment.html", context, status=400 if form.errors else 200)


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing, and who has it; ``do=end`` takes it away."""
    by, found = actor(request), get_object_or_404(equipment_here(), pk=pk)
    ends = request.POST.get("do") == "end"
    initial = {"name": found.name, "pieces": found.pieces}
    form = EquipmentForm(request.POST if request.method == "POST" and not ends else None, initial=initial)
    try:
        if ends:
            equipment_end(equipment=found, by=by)
            messages.success(request, _("Taken away."))
            return redirect("organise:equipment")
        if request.method == "POST" and form.is_valid():
            equipment_set(equipment=found, by=by, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("organise:equipment")
    except EcosystemError as refusal:
        if ends:
            messages.error(request, str(refusal))
            return redirect("organise:equipment-one", pk)
        form.add_error(None, str(refusal))
    context = {"equipment": found, "form": form, "uses": lent_to(found)}
    return render(request, "events/equipment_one.html", context, status=400 if form.errors else 200)
