"""The plan of a version, read as rows."""

from courses.models import Activity, Block, CourseVersion
from courses.plans.plan import Rows


def rows_of(version: CourseVersion) -> Rows:
    """The plan of a version as rows by uid; two queries."""
    rows: Rows = {}
    blocks = {}
    for block in Block.objects.filter(version=version).order_by("position"):
        blocks[block.pk] = str(block.uid)
        rows[str(block.uid)] = {"kind": "block", "title": block.title, "position": block.position}
    for activity in Activity.objects.filter(version=version).order_by("block__position", "position"):
        rows[str(activity.uid)] = {
            "kind": "activity", "block": blocks[activity.block_id], "position": activity.position,
            "target": activity.target_id, "type": activity.type, "title": activity.title, "minutes": activity.minutes,
            "weight": activity.weight, "optional": activity.optional, "condition": activity.condition,
        }  # fmt: skip
    return rows
