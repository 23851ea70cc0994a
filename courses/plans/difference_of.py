"""What a draft changes of what is published."""

from courses.conditions.wording import condition_sentence
from courses.learning.facts import names_for
from courses.models import CourseVersion
from courses.plans.difference import Difference, differences
from courses.plans.plan import Row
from courses.plans.rows import rows_of
from courses.plans.versions import newest_published
from ecosystem.models import Element


def difference_of(course: Element, draft: CourseVersion) -> list[Difference]:
    """What the draft changes of the version that was published last."""
    last = newest_published(course.pk)
    before, after = rows_of(last) if last else {}, rows_of(draft)
    titles = {row["target"]: row["title"] for row in [*before.values(), *after.values()] if row["kind"] == "activity"}

    trees = [row["condition"] for row in [*before.values(), *after.values()] if row["kind"] == "activity"]
    names = names_for(trees=trees, titles=titles)

    def opens(row: Row) -> str:
        return condition_sentence(row["condition"], names=names)

    return differences(before, after, opens=opens)
