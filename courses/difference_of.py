"""What a draft changes of what is published."""

from courses.difference import Difference, differences
from courses.models import CourseVersion, VersionState
from courses.outline import opens_when
from courses.plan import Row
from courses.plan_rows import rows_of
from ecosystem.models import Element


def difference_of(course: Element, draft: CourseVersion) -> list[Difference]:
    """What the draft changes of the version that was published last."""
    last = CourseVersion.objects.filter(element=course, state=VersionState.PUBLISHED).order_by("-number").first()
    before, after = rows_of(last) if last else {}, rows_of(draft)
    titles = {row["target"]: row["title"] for row in [*before.values(), *after.values()] if row["kind"] == "activity"}

    def opens(row: Row) -> str:
        return opens_when(row["condition"], titles)

    return differences(before, after, opens=opens)
