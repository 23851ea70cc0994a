"""Records that move a learner on in their courses; synchronous, because they wait for the next activity."""

from courses.services import progress_apply
from records.dispatch import on
from records.models import Statement


@on("launched", "attempted", "completed", "passed", "failed", sync=True)
def move_on(statement: Statement) -> None:
    progress_apply(statement=statement)
