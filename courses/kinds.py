"""What courses add to the site."""

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

import courses.packaging  # noqa: F401 -- registers how courses go into packages
from courses.access import may_build_some, may_look
from courses.forms.building import TaskForm
from courses.learning.gate import locked_among, locked_in_course
from courses.learning.judging import JUDGE
from courses.models import Activity, Dependency, VersionState
from courses.selectors.circles import run_circles, run_guides, run_uids
from courses.selectors.guiding import guides_of
from courses.selectors.learning import (
    course_todos,
    courses_completed,
    courses_section,
    elements_asked,
    people_in,
    steps_in,
)
from courses.services.opening_notices import OPENED
from courses.services.runs import group_joined
from courses.services.tasks_on_the_job import TASK, task_make
from ecosystem.addresses import address
from ecosystem.circles import Circles, circles
from ecosystem.conditions import judges
from ecosystem.gates import gates, gates_among
from ecosystem.models import Element, Power
from ecosystem.registry import (
    ActivityType,
    ElementKind,
    InlineForm,
    NavEntry,
    RolePage,
    TranscriptSection,
    activity_types,
    audit_acts,
    element_kinds,
    group_joins,
    home_sections,
    inline_forms,
    nav,
    role_pages,
    todos,
    transcript_sections,
)
from ecosystem.rules import may_somewhere
from ecosystem.spans import Takers, takers
from ecosystem.supervising import guides
from ecosystem.visibility import openings
from notifications.models import Channel
from notifications.registry import NoticeKind, notice_kinds


def _uses(element: Element) -> set[int]:
    """Of what is published, what is done in it and what its conditions ask for: without that, what waits for it would stay
    closed below. A draft brings nothing along yet."""
    published = {"element": element, "version__state": VersionState.PUBLISHED}
    targets = set(Activity.objects.filter(**published).values_list("target_id", flat=True))
    return targets | set(Dependency.objects.filter(**published).values_list("subject_id", flat=True))


element_kinds.register(
    "course",
    ElementKind("course", _("course"), "route", lambda element: address("courses:course", element.slug), _uses),
)
element_kinds.register(
    TASK, ElementKind(TASK, _("task on the job"), "hand-helping", lambda element: address("tasks:task", element.slug))
)
activity_types.register(
    TASK,
    ActivityType(
        TASK,
        _("Task on the job"),
        "hand-helping",
        lambda element, onward: f"{address('tasks:task', element.slug)}?{urlencode({'next': onward})}",
    ),
)
inline_forms.register(TASK, InlineForm(_("Task on the job"), "hand-helping", TaskForm, task_make))
for _key, _label, _about, _why in (
    (
        "task-waiting",
        _("Tasks that wait for you"),
        _("tasks of your learners"),
        _("You get this because you guide somebody who has done a task."),
    ),
    (
        OPENED,
        _("Steps that open"),
        _("steps that open"),
        _("You get this because a step of your course has opened."),
    ),
    (
        "task-answered",
        _("Answers to your tasks"),
        _("answers to tasks that you have done"),
        _("You get this because you have done a task on the job."),
    ),
):
    notice_kinds.register(
        _key, NoticeKind(_key, _label, _about, _why, channels=frozenset({Channel.APP}), icon="hand-helping")
    )
nav.register("courses", NavEntry("courses", _("My courses"), _("Courses"), "route", lambda: address("courses:mine")))
todos.register("courses", course_todos)
gates.register("courses", locked_in_course)
gates_among.register("courses", locked_among)
judges.register("courses", JUDGE)
openings.register("courses", elements_asked)
group_joins.register("courses", group_joined)
takers.register("courses", Takers(people_in, steps_in))
guides.register("courses", guides_of)
circles.register("courses", Circles(run_circles, run_guides, run_uids))
home_sections.register("courses", courses_section)
for _act, _said in (
    ("course.created", _("Course made")),
    ("course.published", _("Course published")),
    ("course.exported", _("Course taken out as a package")),
    ("course.imported", _("Course brought in from a package")),
    ("run.created", _("Run started")),
    ("run.changed", _("Run changed")),
    ("run.version_changed", _("Run moved to another version")),
    ("run.guide_added", _("Instructor or mentor added to a run")),
    ("run.guide_removed", _("Instructor or mentor removed from a run")),
    ("run.group_added", _("Group enrols in a run")),
    ("run.group_removed", _("Group no longer enrols in a run")),
    ("enrolments.paused", _("Enrolments paused")),
    ("enrolments.resumed", _("Enrolments resumed")),
    ("enrolments.extended", _("Enrolments given another last day")),
    ("enrolments.guided", _("Learners given an instructor or mentor")),
):
    audit_acts.register(_act, _said)
audit_acts.register("task.confirmed", _("Task on the job confirmed"))
audit_acts.register("task.sent_back", _("Task on the job sent back"))
audit_acts.register("enrolments.created", _("People enrolled"))
audit_acts.register("activity.released", _("Activity opened by hand"))
audit_acts.register("activity.held", _("Activity locked again by hand"))
audit_acts.register("enrolment.withdrawn", _("Enrolment withdrawn"))
role_pages.register("studio", RolePage(_("Build courses"), lambda: address("studio:home"), may_build_some))
role_pages.register("guiding", RolePage(_("My learners"), lambda: address("guiding:home"), may_somewhere(Power.MARK)))
role_pages.register("runs", RolePage(_("Runs"), lambda: address("studio:planning"), may_look))
transcript_sections.register("courses", TranscriptSection(20, _("Completed courses"), "route", courses_completed))
