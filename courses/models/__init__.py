"""Courses as templates (content) and as they are lived through (private)."""

from courses.models.drafts import DraftEdit
from courses.models.enrolments import ActivityState, Enrolment, EnrolmentState, State
from courses.models.packages import CourseImport
from courses.models.plans import Activity, Block, CourseVersion, VersionState
from courses.models.runs import CourseRun, Pace, RunGroup, RunGuide, RunRole, VersionMove
from courses.models.tasks import ReportState, TaskReport
from courses.models.waiting import Dependency, Topic, Wake

__all__ = [
    "Activity",
    "ActivityState",
    "Block",
    "CourseImport",
    "CourseRun",
    "CourseVersion",
    "Dependency",
    "DraftEdit",
    "Enrolment",
    "EnrolmentState",
    "Pace",
    "ReportState",
    "RunGroup",
    "RunGuide",
    "RunRole",
    "State",
    "TaskReport",
    "Topic",
    "VersionMove",
    "VersionState",
    "Wake",
]
