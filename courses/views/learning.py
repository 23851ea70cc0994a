"""The learner's courses."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from courses.selectors.guiding import guides_somebody
from courses.selectors.journeys import journey_of
from courses.selectors.learning import enrolment_in, enrolments_of, next_activities
from courses.views.workload import workload_shown
from ecosystem.access import requires
from ecosystem.rules import is_member
from ecosystem.selectors import makers_of


@requires(is_member)
def mine(request: HttpRequest) -> HttpResponse:
    enrolments = enrolments_of(membership=request.membership)  # type: ignore[attr-defined]
    following = next_activities(enrolments=enrolments)
    rows = [(enrolment, following.get(enrolment.pk)) for enrolment in enrolments]
    guides = guides_somebody(request.membership)  # type: ignore[attr-defined]
    return render(request, "courses/mine.html", {"rows": rows, "guides": guides})


@requires(is_member)
def course(request: HttpRequest, slug: str) -> HttpResponse:
    """The journey of an enrolled person; others see the catalogue page, which knows how to get in."""
    enrolment = enrolment_in(membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if enrolment is None:
        return redirect("catalogue:item", slug=slug)
    journey = journey_of(enrolment=enrolment)
    makers = makers_of(elements=[enrolment.element]).get(enrolment.element_id, [])
    return render(
        request,
        "courses/course.html",
        {
            "course": enrolment.element,
            "enrolment": enrolment,
            "journey": journey,
            "workload": workload_shown(journey.weeks, most=8),
            "makers": makers,
        },
    )


@requires(is_member)
def go_on(request: HttpRequest, slug: str) -> HttpResponse:
    """To the next open activity; to the course when there is none."""
    enrolment = enrolment_in(membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if enrolment is None:
        return redirect("catalogue:item", slug=slug)
    step = journey_of(enrolment=enrolment).next_step
    if step is None:
        if enrolment.completed_at:
            messages.success(request, _("You have finished this course."))
        return redirect("courses:course", slug=slug)
    return redirect(step.href)
