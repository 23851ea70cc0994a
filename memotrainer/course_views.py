"""How a course is remembered, for who runs it: who falls behind, what fades, which questions mislead, what a change costs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.models import Membership
from ecosystem.rules import may_somewhere
from ecosystem.slugs import row_of_slug
from memotrainer.course_cards import audience_of, costs_of_course, questions_asked, readiness_of_questions
from memotrainer.enums import Mode
from memotrainer.exceptions import CardError
from memotrainer.forms import TrainingForm
from memotrainer.models import Card, Training
from memotrainer.services import training_save
from memotrainer.standing import reach_of, streak_of_course
from memotrainer.training import LOOK, courses_seen, may_train
from memotrainer.watching import leeches


@requires(may_somewhere(*LOOK))
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The courses that somebody may look at."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    ways = dict(Training.objects.values_list("element_id", "mode"))
    rows = [
        {"course": course, "mode": Mode(ways.get(course.pk, Mode.MAINTAIN)).label}
        for course in courses_seen(membership).order_by("title")
    ]
    return render(request, "memotrainer/courses.html", {"rows": rows})


@requires(may_somewhere(*LOOK))
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """One course; whoever marks its work may change how it is trained."""
    membership: Membership = request.membership  # type: ignore[attr-defined]
    element = row_of_slug(courses_seen(membership), slug)
    training = Training.objects.filter(element=element).first() or Training(element=element)
    may_change = may_train(membership, element)
    form = TrainingForm(
        request.POST or None, initial={name: getattr(training, name) for name in TrainingForm.base_fields}
    )
    if request.method == "POST" and may_change and form.is_valid():
        try:
            training_save(course=element, by=membership, **form.cleaned_data)
        except CardError as refusal:
            form.add_error("test_on", str(refusal))
        else:
            messages.success(request, _("Saved. The cards get their new days in a moment."))
            return redirect("memotrainer:course", slug=slug)
    questions = questions_asked(element.pk)
    audience = audience_of(questions)
    cards, people = Card.objects.filter(question_id__in=questions), audience.people
    context = {
        "course": element,
        "training": training,
        "mode": Mode(training.mode).label,
        "form": form,
        "may_change": may_change,
        "people": people,
        "objectives": readiness_of_questions(questions),
        "behind": audience.behind,
        "leeches": leeches(question_ids=questions),
        "costs": costs_of_course(questions, audience),
        "test": reach_of(training, cards, people=people),
        "streak": streak_of_course(cards, training),
        "back": reverse("memotrainer:courses"),
    }
    return render(request, "memotrainer/course.html", context)
