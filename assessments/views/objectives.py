"""The learning objectives of a bank."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Objective
from assessments.selectors.banks import objectives_of
from assessments.services.questions import objective_remove, objective_write
from assessments.views.bank_access import actor, bank_of, is_ours, own_bank
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element
from ecosystem.rules import is_author


class ObjectiveForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What somebody can do afterwards"), max_length=300,
        help_text=gettext_lazy("A sentence with a verb, such as: read a plan of the hall."),
    )  # fmt: skip


@requires(is_author)
def objectives(request: HttpRequest, slug: str) -> HttpResponse:
    """All of them with how many questions ask for each; a new one."""
    bank = bank_of(slug)
    form = ObjectiveForm(request.POST or None)
    if request.method == "POST":
        bank = own_bank(request, slug)
        if form.is_valid() and _kept(request, form, bank):
            return redirect("assessments:objectives", bank.slug)
    rows = objectives_of(bank=bank)
    context = {"bank": bank, "rows": rows, "form": form, "ours": is_ours(request, bank)}
    return render(request, "assessments/objectives.html", context)


@requires(is_author)
def objective(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Reword one, or take it away."""
    bank = own_bank(request, slug)
    row = Objective.objects.filter(element=bank, pk=pk).first()
    if row is None:
        raise Http404
    form = ObjectiveForm(request.POST or None, initial={"text": row.text})
    if request.method == "POST" and "remove" in request.POST:
        objective_remove(objective=row, by=actor(request))
        messages.success(request, _("Taken away. Its questions are still here."))
        return redirect("assessments:objectives", bank.slug)
    if request.method == "POST" and form.is_valid() and _kept(request, form, bank, row):
        return redirect("assessments:objectives", bank.slug)
    context = {"bank": bank, "row": row, "form": form, "asked": row.questions.filter(retired_at=None).count()}
    return render(request, "assessments/objective.html", context)


def _kept(request: HttpRequest, form: ObjectiveForm, bank: Element, row: Objective | None = None) -> bool:
    try:
        objective_write(bank=bank, text=form.cleaned_data["text"], by=actor(request), objective=row)
    except EcosystemError as refusal:
        form.add_error("text", str(refusal))
        return False
    messages.success(request, _("Saved."))
    return True
