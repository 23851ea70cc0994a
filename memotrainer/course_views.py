"""How a course is remembered, for who runs it: who falls behind, what fades, which questions mislead, what a change costs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import AssessmentQuestion
from courses.models import Activity, VersionState
from ecosystem.access import requires
from ecosystem.models import Membership
from ecosystem.rules import may_somewhere
from ecosystem.slugs import row_of_slug
from memotrainer.enums import Mode
from memotrainer.exceptions import CardError
from memotrainer.forms import TrainingForm
from memotrainer.insight import costs_of, readiness_by_objective
from memotrainer.models import Card, Trainer, Training
from memotrainer.services import training_save
from memotrainer.standing import reach_of, streak_of_course
from memotrainer.training import LOOK, courses_seen, may_train
from memotrainer.watching import behind, leeches

MOST_PEOPLE = 20


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
    quizzes = Activity.objects.filter(element=element, version__state=VersionState.PUBLISHED).values("target_id")
    questions = AssessmentQuestion.objects.filter(element_id__in=quizzes).values("question_id")
    cards = Card.objects.filter(question_id__in=questions)
    people = cards.values("person_id").distinct().count()
    context = {
        "course": element,
        "training": training,
        "mode": Mode(training.mode).label,
        "form": form,
        "may_change": may_change,
        "people": people,
        "objectives": readiness_by_objective(cards),
        "behind": behind(cards, most=MOST_PEOPLE),
        "leeches": leeches(question_ids=questions),
        "costs": costs_of(cards, people=people) if people else [],
        "test": reach_of(training, cards, people=people),
        "streak": streak_of_course(cards, training),
        "reminded": Trainer.objects.filter(
            person_id__in=cards.values("person_id"), next_reminder_at__isnull=False
        ).count(),
        "back": reverse("memotrainer:courses"),
    }
    return render(request, "memotrainer/course.html", context)
