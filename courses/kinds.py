"""What courses add to the site."""

from django.utils.translation import gettext_lazy as _

from courses.gate import locked_in_course
from courses.models import Activity, Dependency
from courses.selectors import course_todos, courses_completed, courses_section, elements_asked, people_in, steps_in
from ecosystem.addresses import address
from ecosystem.gates import gates
from ecosystem.models import Element
from ecosystem.registry import (
    ElementKind,
    NavEntry,
    TranscriptSection,
    audit_acts,
    element_kinds,
    home_sections,
    nav,
    todos,
    transcript_sections,
)
from ecosystem.spans import Takers, takers
from ecosystem.visibility import openings


def _uses(element: Element) -> set[int]:
    """What is done in it, and what its conditions ask for: without that, what waits for it would stay closed below."""
    targets = set(Activity.objects.filter(element=element).values_list("target_id", flat=True))
    return targets | set(Dependency.objects.filter(element=element).values_list("subject_id", flat=True))


element_kinds.register(
    "course",
    ElementKind("course", _("course"), "route", lambda element: address("courses:course", element.slug), _uses),
)
nav.register("courses", NavEntry("courses", _("My courses"), _("Courses"), "route", lambda: address("courses:mine")))
todos.register("courses", course_todos)
gates.register("courses", locked_in_course)
openings.register("courses", elements_asked)
takers.register("courses", Takers(people_in, steps_in))
home_sections.register("courses", courses_section)
audit_acts.register("enrolments.created", _("People enrolled"))
audit_acts.register("activity.released", _("Activity opened by hand"))
audit_acts.register("activity.held", _("Activity locked again by hand"))
audit_acts.register("enrolment.withdrawn", _("Enrolment withdrawn"))
transcript_sections.register("courses", TranscriptSection(20, _("Completed courses"), "route", courses_completed))
