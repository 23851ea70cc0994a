import pytest

from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem.services.elements import element_create


@pytest.fixture
def make_course():
    """``make_course([(element, condition), ...])`` publishes a course in the open scope and gives its run."""
    count = 0

    def make(plan, **dates):
        nonlocal count
        count += 1
        course = element_create(kind="course", title=f"Course {count}", slug=f"course-{count}", creators=["Ada"])
        activities = [PlannedActivity(target=element, condition=condition) for element, condition in plan]
        course_publish(element=course, blocks=[PlannedBlock("One", activities)])
        return run_open(element=course, **dates)

    return make
