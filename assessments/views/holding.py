"""How a quiz is held, for its authors: settings, questions and draws, exceptions, a look as a learner."""

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.exceptions import AssessmentError
from assessments.forms.answers import posted_answer
from assessments.forms.holding import ArrangeForm, DrawForm, OverrideForm, SectionForm, SettingsForm
from assessments.forms.making import QuizForm
from assessments.models import Assessment, AssessmentQuestion, Draw, Override, Section
from assessments.selectors import parts_named
from assessments.selectors.holding import contents_of, overrides_of, preview_of, quizzes_here
from assessments.services import (
    assessment_set,
    draw_add,
    draw_remove,
    override_remove,
    override_save,
    question_take_out,
    section_add,
    section_change,
    section_remove,
)
from assessments.services.arranging import into_section, question_step
from assessments.services.drawing import questions_draw
from assessments.services.making import quiz_make
from assessments.showing import cards_told
from ecosystem.access import requires
from ecosystem.models import Membership, Person
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug

PREVIEW = "assessments.preview.sections"


@requires(is_author)
def quizzes(request: HttpRequest) -> HttpResponse:
    return render(request, "assessments/quizzes.html", {"quizzes": quizzes_here()})


@requires(is_author)
def quiz_new(request: HttpRequest) -> HttpResponse:
    """From the questions of a bank; what else there is to say comes on the next page."""
    form = QuizForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = quiz_make(by=by(request), **form.cleaned_data)
        except AssessmentError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error(None, str(refusal))
        else:
            return redirect("assessments:settings", made.element.slug)
    return render(request, "assessments/quiz_new.html", {"form": form})


@requires(is_author)
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """How it is held; one form."""
    assessment = ours(slug)
    form = SettingsForm(request.POST or None, assessment=assessment)
    if request.method == "POST" and form.is_valid():
        try:
            assessment_set(assessment=assessment, by=by(request), **form.settings())
        except AssessmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. It counts from now on."))
            return redirect("assessments:settings", slug)
    tone, cards = cards_told(review=assessment.review, closes_at=assessment.closes_at)
    context = {**tabs(assessment, "settings"), "form": form, "cards": cards, "cards_tone": tone}
    return render(request, "assessments/settings.html", context)


@requires(is_author)
def contents(request: HttpRequest, slug: str) -> HttpResponse:
    """Sections, fixed questions and draws; the forms add a section or a draw, and arrange what is there."""
    assessment = ours(slug)
    if request.method == "POST" and not request.POST.get("add"):
        return _arranged(request, assessment)
    adding = request.POST.get("add", "")
    number = request.GET.get("section", "")
    changed = assessment.sections.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if number and changed is None:
        messages.error(request, _("This section is no longer there."))
        return redirect("assessments:contents", slug)
    section = SectionForm(request.POST if adding == "section" else None, prefix="section", section=changed)
    draw = DrawForm(request.POST if adding == "draw" else None, prefix="draw", assessment=assessment)
    form = {"section": section, "draw": draw}.get(adding)
    if form is not None and form.is_valid():
        try:
            if adding == "section" and changed:
                section_change(section=changed, by=by(request), **section.facts)
            elif adding == "section":
                section_add(assessment=assessment, by=by(request), **section.facts)
            else:
                draw_add(assessment=assessment, by=by(request), **form.cleaned_data)
        except AssessmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("assessments:contents", slug)
    context = {
        **tabs(assessment, "contents"),
        "parts": contents_of(assessment),
        "section_form": section,
        "changed": changed,
        "draw_form": draw,
        "sections": assessment.sections.all(),
    }
    return render(request, "assessments/contents.html", context)


def _arranged(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """A step up or down for one question, or another section for what is ticked."""
    page = reverse("assessments:contents", args=[assessment.element.slug])
    up, down = request.POST.get("up", ""), request.POST.get("down", "")
    if number := up or down:
        if not (number.isascii() and number.isdecimal()):
            raise Http404
        row = get_object_or_404(AssessmentQuestion, pk=int(number[:18]), assessment=assessment)
        question_step(row=row, up=bool(up), by=by(request))
        return redirect(f"{page}#q-{row.pk}")
    form = ArrangeForm(request.POST, assessment=assessment)
    if form.is_valid():
        facts = {"section": form.cleaned_data["section"], "rows": form.ids("row"), "draws": form.ids("draw")}
        into_section(assessment=assessment, by=by(request), **facts)
    else:
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
    return redirect(page)


@requires(is_author)
@require_POST
def take_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a section, a question or a draw out of the quiz."""
    assessment, row = ours(slug), request.POST.get("row", "")
    what, _colon, number = row.partition(":")
    acts = {
        "section": (Section, section_remove),
        "draw": (Draw, draw_remove),
        "row": (AssessmentQuestion, question_take_out),
    }
    if what in acts and number.isascii() and number.isdecimal():
        model, act = acts[what]
        act(**{what: get_object_or_404(model, pk=int(number[:18]), assessment=assessment)}, by=by(request))  # type: ignore[operator]
    return redirect("assessments:contents", slug)


@requires(is_author)
def exceptions(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has other terms, and a form for one more."""
    assessment = ours(slug)
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _save_exception(request, assessment, form):
        return redirect("assessments:exceptions", slug)
    context = {**tabs(assessment, "exceptions"), "rows": overrides_of(assessment), "form": form}
    return render(request, "assessments/exceptions.html", context)


def _save_exception(request: HttpRequest, assessment: Assessment, form: OverrideForm) -> bool:
    facts = dict(form.cleaned_data)
    email, person = facts.pop("email"), None
    if email:
        row = Membership.objects.filter(
            environment_id=current_scope().environment_id, person__email__iexact=email, ended_at=None
        ).first()
        if row is None:
            form.add_error("email", _("Nobody here has this address."))
            return False
        person = row.person
    try:
        override_save(assessment=assessment, by=by(request), person=person, **facts)
    except AssessmentError as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


@requires(is_author)
@require_POST
def end_exception(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    override_remove(override=get_object_or_404(Override, pk=pk, assessment=ours(slug)), by=by(request))
    return redirect("assessments:exceptions", slug)


@requires(is_author)
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """One question at a time as a learner would be asked; a POST marks what was given. Nothing of it is kept.

    What was drawn travels along in the address, signed.
    """
    assessment = ours(slug)
    try:
        if "asked" not in request.GET:
            drawn = questions_draw(assessment=assessment, person_id=None)
            asked = signing.dumps([[one.version.pk, one.section] for one in drawn], salt=PREVIEW, compress=True)
            return redirect(f"{request.path}?{urlencode({'asked': asked, 'n': 1})}")
        places = signing.loads(request.GET["asked"], salt=PREVIEW)
    except (AssessmentError, signing.BadSignature) as refusal:
        messages.error(request, str(refusal) if isinstance(refusal, AssessmentError) else _("Start the preview again."))
        return redirect("assessments:contents", slug)
    number = request.GET.get("n", "")
    position = int(number) if number.isascii() and number.isdecimal() and 0 < int(number[:6]) <= len(places) else 1
    form = posted_answer(request.POST)[0] if request.method == "POST" else None
    version_id, section = places[position - 1]
    shown = preview_of(version_id=version_id, position=position, form=form)
    known = parts_named(assessment_id=assessment.pk, titles=[section]).get(section)
    part = {
        "section": known.title if known else "",
        "text": known.text if known else "",
        "opens": section not in {at[1] for at in places[: position - 1]},
    }
    asked = {"total": len(places), "asked": request.GET["asked"]}
    context = {**tabs(assessment, "preview"), "shown": shown, "part": part, **asked}
    return render(request, "assessments/preview.html", context)


def ours(slug: str) -> Assessment:
    """A quiz of this environment: one that is offered from above is held as its makers say."""
    rows = Assessment.objects.select_related("element").filter(environment_id=current_scope().environment_id)
    return row_of_slug(rows, slug, element="element__")


def tabs(assessment: Assessment, current: str) -> dict[str, object]:
    """What every page about a quiz needs for its head."""
    return {"assessment": assessment, "element": assessment.element, "tab": current}


def by(request: HttpRequest) -> Person:
    return request.membership.person  # type: ignore[attr-defined]
